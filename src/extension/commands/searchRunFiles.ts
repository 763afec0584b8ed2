import * as vscode from 'vscode';
import { artifactsFolder } from '../../core/store/storeLayout.ts';
import { commandIds } from '../ids.ts';
import { searchPattern } from '../text/searchPattern.ts';
import type { Command } from './commandRunner.ts';
import { resolveRunTargets } from './runTarget.ts';

/**
 * Opens VS Code's own search over what runs wrote: their logs, outputs and all other files. It searches the files themselves, since
 * VS Code lets no extension answer a search in a file system of its own; the store is ignored by git, so ignore files do not count.
 */
export const searchRunFilesCommand: Command = {
  id: commandIds.searchRunFiles,
  async run(services, argument, selection) {
    const targets = await resolveRunTargets(services, argument, selection, {
      placeHolder: vscode.l10n.t('Run whose files to search'),
    });
    if (targets.length === 0) {
      return;
    }
    const folders = await Promise.all(targets.map((target) => services.runFiles.runFolder(target)));
    await vscode.commands.executeCommand('workbench.action.findInFiles', {
      filesToInclude: folders.map((folder) => searchPattern(artifactsFolder(folder))).join(', '),
      filesToExclude: '',
      useExcludeSettingsAndIgnoreFiles: false,
      onlyOpenEditors: false,
    });
  },
};
