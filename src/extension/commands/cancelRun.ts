import * as vscode from 'vscode';
import { cancelRun } from '../../core/submission/cancelRun.ts';
import { commandIds } from '../ids.ts';
import { canCancel, runLabel } from '../tree/nodes.ts';
import { requireTrust } from '../workspaces/trust.ts';
import type { Command } from './commandRunner.ts';
import { isConfirmed } from './confirmation.ts';
import { resolveRunTarget } from './runTarget.ts';

/** Asks, then ends a run and everything it started. `{ confirmed: true }` beside the run leaves out the question. */
export const cancelRunCommand: Command = {
  id: commandIds.cancelRun,
  async run(services, argument) {
    requireTrust(vscode.l10n.t('Canceling a run'));
    const target = await resolveRunTarget(services, argument, {
      placeHolder: vscode.l10n.t('Run to cancel'),
      accepts: canCancel,
    });
    if (target === undefined) {
      return;
    }
    const catalog = await services.workspaces.catalog(target.workspaceFolder);
    const entry = await catalog.run(target.runId);
    const name = entry === undefined ? target.runId : runLabel(entry);
    const question = {
      message: vscode.l10n.t('Cancel {0}?', name),
      detail: vscode.l10n.t('Its processes are ended. What it logged and wrote so far is kept.'),
      action: vscode.l10n.t('Cancel Run'),
      refusal: vscode.l10n.t('Keep Running'),
    };
    if (await isConfirmed(argument, question)) {
      await cancelRun(target.workspaceFolder, target.runId);
    }
  },
};
