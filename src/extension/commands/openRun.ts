import * as vscode from 'vscode';
import { commandIds } from '../ids.ts';
import type { Command } from './commandRunner.ts';
import { resolveRunTarget } from './runTarget.ts';

/** Opens the page of a run. */
export const openRunCommand: Command = {
  id: commandIds.openRun,
  async run(services, argument) {
    const target = await resolveRunTarget(services, argument, { placeHolder: vscode.l10n.t('Run to open') });
    if (target !== undefined) {
      await services.pages.open(target.workspaceFolder, target.runId);
    }
  },
};
