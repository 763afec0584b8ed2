import * as vscode from 'vscode';
import { RunledgerError } from '../../core/base/errors.ts';
import { commandIds } from '../ids.ts';
import type { Command } from './commandRunner.ts';
import { resolveModelTarget } from './modelTarget.ts';

/** Opens the page of the run that a model was registered from. */
export const openModelRunCommand: Command = {
  id: commandIds.openModelRun,
  async run(services, argument) {
    const target = await resolveModelTarget(services, argument, {
      placeHolder: vscode.l10n.t('Model whose run to open'),
      accepts: (model) => model.runId !== undefined,
    });
    if (target === undefined) {
      return;
    }
    const { workspaceFolder, model } = target;
    if (model.runId === undefined) {
      throw new RunledgerError('not-found', vscode.l10n.t('{0} was not registered from a run.', model.id));
    }
    await services.pages.open(workspaceFolder, model.runId);
  },
};
