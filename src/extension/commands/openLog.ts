import * as vscode from 'vscode';
import { commandIds } from '../ids.ts';
import type { Command } from './commandRunner.ts';
import { resolveRunTarget } from './runTarget.ts';

/** Opens the page of a run on its log, which is followed while the run goes on. */
export const openLogCommand: Command = {
  id: commandIds.openLog,
  async run(services, argument) {
    const target = await resolveRunTarget(services, argument, { placeHolder: vscode.l10n.t('Run whose log to open') });
    if (target !== undefined) {
      // The page shows the script's own output first, as soon as there is one.
      await services.pages.open(target.workspaceFolder, target.runId, 'files');
    }
  },
};
