import * as vscode from 'vscode';
import { RunledgerError } from '../../core/base/errors.ts';
import type { RunEntry } from '../../core/domain/run.ts';
import { childCount, deleteRun } from '../../core/store/trash.ts';
import { commandIds } from '../ids.ts';
import { plainMessage } from '../text/format.ts';
import { isGoingOn, runLabel } from '../tree/nodes.ts';
import { requireTrust } from '../workspaces/trust.ts';
import type { Command } from './commandRunner.ts';
import { showFailure } from './commandRunner.ts';
import type { CommandServices } from './commandServices.ts';
import { isConfirmed, type Question } from './confirmation.ts';
import { restore } from './restoreRun.ts';
import { type RunTarget, resolveRunTargets } from './runTarget.ts';

interface DoomedRun extends RunTarget {
  readonly entry: RunEntry | undefined;
}

/**
 * Asks, moves runs to the trash, and offers to undo it: those that are selected, else one. `{ confirmed: true }` beside the run leaves
 * out the question.
 */
export const deleteRunCommand: Command = {
  id: commandIds.deleteRun,
  async run(services, argument, selection) {
    requireTrust(vscode.l10n.t('Deleting a run'));
    const targets = await resolveRunTargets(services, argument, selection, {
      placeHolder: vscode.l10n.t('Run to delete'),
      accepts: (run) => !isGoingOn(run),
    });
    const { doomed, keptCount } = await sortOut(services, targets);
    const [first] = doomed;
    if (first === undefined) {
      if (keptCount > 1) {
        throw new RunledgerError('invalid-state', vscode.l10n.t('The {0} selected runs still go on.', keptCount), {
          advice: vscode.l10n.t('Cancel them first, then delete them.'),
        });
      }
      return;
    }
    const question = doomed.length === 1 ? await questionOf(first) : await questionOfSeveral(doomed, keptCount);
    if (!(await isConfirmed(argument, question))) {
      return;
    }
    for (const { workspaceFolder, runId, entry } of doomed) {
      await deleteRun(workspaceFolder, runId);
      services.pages.close(workspaceFolder, runId);
      if (entry !== undefined) {
        await services.experiments.tree.noteRemoved(workspaceFolder, entry.experimentKey, runId);
      }
    }
    offerUndo(services, doomed);
  },
};

/** Leaves out runs that go with their parents, and of several those that cannot be deleted now. One alone is refused with the reason. */
async function sortOut(
  { workspaces }: CommandServices,
  targets: readonly RunTarget[],
): Promise<{ readonly doomed: readonly DoomedRun[]; readonly keptCount: number }> {
  const ids = new Set(targets.map(({ runId }) => runId));
  const doomed: DoomedRun[] = [];
  let keptCount = 0;
  for (const target of targets) {
    const catalog = await workspaces.catalog(target.workspaceFolder);
    const entry = await catalog.run(target.runId);
    if (entry?.kind === 'run' && ids.has(entry.parentId ?? '')) {
      continue;
    }
    if (targets.length > 1 && entry !== undefined && isGoingOn(entry)) {
      keptCount++;
    } else {
      doomed.push({ ...target, entry });
    }
  }
  return { doomed, keptCount };
}

async function questionOf(run: DoomedRun): Promise<Question> {
  const children = await childCount(run.workspaceFolder, run.runId);
  return {
    message:
      children === 0
        ? vscode.l10n.t('Delete {0}?', nameOf(run))
        : vscode.l10n.t('Delete {0} and its child runs ({1})?', nameOf(run), children),
    detail: vscode.l10n.t('It is moved to the trash of its workspace, from where "Restore Run…" brings it back.'),
    action: vscode.l10n.t('Move to Trash'),
  };
}

async function questionOfSeveral(runs: readonly DoomedRun[], keptCount: number): Promise<Question> {
  let children = 0;
  for (const { workspaceFolder, runId } of runs) {
    children += await childCount(workspaceFolder, runId);
  }
  const detail = [
    vscode.l10n.t('They are moved to the trash of their workspace, from where "Restore Run…" brings them back.'),
    ...(keptCount === 0 ? [] : [vscode.l10n.t('Runs that still go on are kept: {0}.', keptCount)]),
  ];
  return {
    message:
      children === 0
        ? vscode.l10n.t('Delete {0} runs?', runs.length)
        : vscode.l10n.t('Delete {0} runs and their child runs ({1})?', runs.length, children),
    detail: detail.join(' '),
    action: vscode.l10n.t('Move to Trash'),
  };
}

function offerUndo(services: CommandServices, runs: readonly DoomedRun[]): void {
  const [first] = runs;
  const undo = vscode.l10n.t('Undo');
  const message =
    first !== undefined && runs.length === 1
      ? vscode.l10n.t('{0} was moved to the trash.', nameOf(first))
      : vscode.l10n.t('{0} runs were moved to the trash.', runs.length);
  void vscode.window.showInformationMessage(plainMessage(message), undo).then(async (answer) => {
    try {
      for (const run of answer === undo ? runs : []) {
        await restore(services, run);
      }
    } catch (error) {
      showFailure(error, services.log);
    }
  });
}

function nameOf({ entry, runId }: DoomedRun): string {
  return entry === undefined ? runId : runLabel(entry);
}
