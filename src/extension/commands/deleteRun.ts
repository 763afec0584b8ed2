import * as vscode from 'vscode';
import { childCount, deleteRun } from '../../core/store/trash.ts';
import { commandIds } from '../ids.ts';
import { isGoingOn, runLabel } from '../tree/nodes.ts';
import { requireTrust } from '../workspaces/trust.ts';
import type { Command } from './commandRunner.ts';
import { showFailure } from './commandRunner.ts';
import { isConfirmed } from './confirmation.ts';
import { restore } from './restoreRun.ts';
import { resolveRunTarget } from './runTarget.ts';

/** Asks, moves a run to the trash, and offers to undo it. `{ confirmed: true }` beside the run leaves out the question. */
export const deleteRunCommand: Command = {
  id: commandIds.deleteRun,
  async run(services, argument) {
    requireTrust(vscode.l10n.t('Deleting a run'));
    const target = await resolveRunTarget(services, argument, {
      placeHolder: vscode.l10n.t('Run to delete'),
      accepts: (run) => !isGoingOn(run),
    });
    if (target === undefined) {
      return;
    }
    const { workspaceFolder, runId } = target;
    const catalog = await services.workspaces.catalog(workspaceFolder);
    const entry = await catalog.run(runId);
    const name = entry === undefined ? runId : runLabel(entry);
    const children = await childCount(workspaceFolder, runId);
    const question = {
      message:
        children === 0
          ? vscode.l10n.t('Delete {0}?', name)
          : vscode.l10n.t('Delete {0} and its child runs ({1})?', name, children),
      detail: vscode.l10n.t('It is moved to the trash of its workspace, from where "Restore Run…" brings it back.'),
      action: vscode.l10n.t('Move to Trash'),
    };
    if (!(await isConfirmed(argument, question))) {
      return;
    }
    await deleteRun(workspaceFolder, runId);
    services.pages.close(workspaceFolder, runId);
    if (entry !== undefined) {
      await services.experiments.tree.noteRemoved(workspaceFolder, entry.experimentKey, runId);
    }
    const undo = vscode.l10n.t('Undo');
    void vscode.window
      .showInformationMessage(vscode.l10n.t('{0} was moved to the trash.', name), undo)
      .then(async (answer) => {
        try {
          if (answer === undo) {
            await restore(services, target);
          }
        } catch (error) {
          showFailure(error, services.log);
        }
      });
  },
};
