import * as vscode from 'vscode';
import { RunledgerError } from '../../core/base/errors.ts';
import { cancelRun } from '../../core/submission/cancelRun.ts';
import { commandIds } from '../ids.ts';
import { canCancel, runLabel } from '../tree/nodes.ts';
import { requireTrust } from '../workspaces/trust.ts';
import type { Command } from './commandRunner.ts';
import type { CommandServices } from './commandServices.ts';
import { isConfirmed } from './confirmation.ts';
import { type RunTarget, resolveRunTargets } from './runTarget.ts';

/**
 * Asks, then ends runs and everything they started: those that are selected, else one. `{ confirmed: true }` beside the run leaves out
 * the question.
 */
export const cancelRunCommand: Command = {
  id: commandIds.cancelRun,
  async run(services, argument, selection) {
    requireTrust(vscode.l10n.t('Canceling a run'));
    const chosen = await resolveRunTargets(services, argument, selection, {
      placeHolder: vscode.l10n.t('Run to cancel'),
      accepts: canCancel,
    });
    // One alone is canceled or refused with the reason; of several, those that have ended are passed over.
    const targets = chosen.length > 1 ? await cancelable(services, chosen) : chosen;
    const [first] = targets;
    if (first === undefined) {
      if (chosen.length > 0) {
        throw new RunledgerError('invalid-state', vscode.l10n.t('None of the selected runs can be canceled.'), {
          advice: vscode.l10n.t('They have ended, or were not submitted.'),
        });
      }
      return;
    }
    const isOne = targets.length === 1;
    const question = {
      message: isOne
        ? vscode.l10n.t('Cancel {0}?', await nameOf(services, first))
        : vscode.l10n.t('Cancel {0} runs?', targets.length),
      detail: isOne
        ? vscode.l10n.t('Its processes are ended. What it logged and wrote so far is kept.')
        : vscode.l10n.t('Their processes are ended. What they logged and wrote so far is kept.'),
      action: isOne ? vscode.l10n.t('Cancel Run') : vscode.l10n.t('Cancel Runs'),
      refusal: vscode.l10n.t('Keep Running'),
    };
    if (await isConfirmed(argument, question)) {
      for (const { workspaceFolder, runId } of targets) {
        await cancelRun(workspaceFolder, runId);
      }
    }
  },
};

async function cancelable({ workspaces }: CommandServices, targets: readonly RunTarget[]): Promise<RunTarget[]> {
  const found: RunTarget[] = [];
  for (const target of targets) {
    const entry = await (await workspaces.catalog(target.workspaceFolder)).run(target.runId);
    if (entry !== undefined && canCancel(entry)) {
      found.push(target);
    }
  }
  return found;
}

async function nameOf({ workspaces }: CommandServices, { workspaceFolder, runId }: RunTarget): Promise<string> {
  const entry = await (await workspaces.catalog(workspaceFolder)).run(runId);
  return entry === undefined ? runId : runLabel(entry);
}
