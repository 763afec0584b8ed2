import * as vscode from 'vscode';
import { deleteModel, restoreModel } from '../../core/models/modelChanges.ts';
import { commandIds } from '../ids.ts';
import { requireTrust } from '../workspaces/trust.ts';
import type { Command } from './commandRunner.ts';
import { showFailure } from './commandRunner.ts';
import { isConfirmed } from './confirmation.ts';
import { resolveModelTarget } from './modelTarget.ts';

/** Asks, moves a version to the trash, and offers to undo it. `confirmed: true` beside the model leaves out the question. */
export const deleteModelCommand: Command = {
  id: commandIds.deleteModel,
  async run(services, argument) {
    requireTrust(vscode.l10n.t('Deleting a model'));
    const target = await resolveModelTarget(services, argument, { placeHolder: vscode.l10n.t('Model to delete') });
    if (target === undefined) {
      return;
    }
    const { workspaceFolder, model } = target;
    const question = {
      message: vscode.l10n.t('Delete {0}?', model.id),
      detail: vscode.l10n.t('It is moved to the trash of its workspace. Its number is not given again.'),
      action: vscode.l10n.t('Move to Trash'),
    };
    if (!(await isConfirmed(argument, question))) {
      return;
    }
    await deleteModel(workspaceFolder, model);
    services.models.tree.refresh();
    const undo = vscode.l10n.t('Undo');
    void vscode.window
      .showInformationMessage(vscode.l10n.t('{0} was moved to the trash.', model.id), undo)
      .then(async (answer) => {
        try {
          if (answer === undo) {
            await restoreModel(workspaceFolder, model);
            services.models.tree.refresh();
          }
        } catch (error) {
          showFailure(error, services.log);
        }
      });
  },
};
