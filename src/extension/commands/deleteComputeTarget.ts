import { readFile, writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { fileError } from '../../core/base/errors.ts';
import { deleteTargetFile } from '../../core/compute/targetFiles.ts';
import { commandIds } from '../ids.ts';
import { requireTrust } from '../workspaces/trust.ts';
import { type Command, showFailure } from './commandRunner.ts';
import { resolveComputeTarget } from './computeTargetTarget.ts';
import { isConfirmed } from './confirmation.ts';

/** Asks, deletes the file that defines a compute target, and offers to undo it. `confirmed: true` leaves out the question. */
export const deleteComputeTargetCommand: Command = {
  id: commandIds.deleteComputeTarget,
  async run(services, argument) {
    requireTrust(vscode.l10n.t('Deleting a compute target'));
    const chosen = await resolveComputeTarget(services, argument, {
      placeHolder: vscode.l10n.t('Compute target to delete'),
      accepts: ({ path }) => path !== undefined,
      whenEmpty: vscode.l10n.t('No file defines a compute target here.'),
    });
    const path = chosen?.definition.path;
    if (chosen === undefined || path === undefined) {
      return;
    }
    const { name } = chosen.definition;
    const question = {
      message: vscode.l10n.t('Delete the compute target {0}?', name),
      detail: vscode.l10n.t('Its file is deleted: {0}. Runs that were submitted to it go on.', path),
      action: vscode.l10n.t('Delete'),
    };
    if (!(await isConfirmed(argument, question))) {
      return;
    }
    const content = await readFile(path).catch((error: unknown) => {
      throw fileError(error, 'read the compute target', path);
    });
    await deleteTargetFile({ name, path });
    const undo = vscode.l10n.t('Undo');
    void vscode.window
      .showInformationMessage(vscode.l10n.t('The compute target {0} was deleted.', name), undo)
      .then(async (answer) => {
        try {
          if (answer === undo) {
            await writeFile(path, content, { flag: 'wx' });
          }
        } catch (error) {
          showFailure(fileError(error, 'restore the compute target', path), services.log);
        }
      });
  },
};
