import * as vscode from 'vscode';
import { commandIds } from '../ids.ts';
import type { Command } from './commandRunner.ts';
import { resolveRunTarget } from './runTarget.ts';

/** Copies the id of a run, which `get_run` and the command line take. */
export const copyRunIdCommand: Command = {
  id: commandIds.copyRunId,
  async run(services, argument) {
    const target = await resolveRunTarget(services, argument, { placeHolder: vscode.l10n.t('Run whose id to copy') });
    if (target !== undefined) {
      await vscode.env.clipboard.writeText(target.runId);
      vscode.window.setStatusBarMessage(vscode.l10n.t('Run id copied'), 2000);
    }
  },
};
