import * as vscode from 'vscode';
import { commandIds } from '../ids.ts';
import type { Command } from './commandRunner.ts';
import { resolveRunTarget } from './runTarget.ts';
import { revealFile } from './transferNotification.ts';

/** Shows the folder of a run in the explorer, or where it is outside the open folders, in the system's file manager. */
export const revealRunFolderCommand: Command = {
  id: commandIds.revealRunFolder,
  async run(services, argument) {
    const target = await resolveRunTarget(services, argument, {
      placeHolder: vscode.l10n.t('Run whose folder to show'),
    });
    if (target === undefined) {
      return;
    }
    const catalog = await services.workspaces.catalog(target.workspaceFolder);
    const { folder } = await catalog.details(target.runId);
    await revealFile(vscode.Uri.file(folder));
  },
};
