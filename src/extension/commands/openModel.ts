import * as vscode from 'vscode';
import { commandIds } from '../ids.ts';
import type { ModelNode } from '../tree/modelNodes.ts';
import type { Command } from './commandRunner.ts';
import { resolveModelTarget } from './modelTarget.ts';

/** Opens the page of a model, at the version that the command was called for. */
export const openModelCommand: Command = {
  id: commandIds.openModel,
  async run(services, argument) {
    const newest = isModelRow(argument) ? argument.children[0] : undefined;
    const target = await resolveModelTarget(services, newest ?? argument, {
      placeHolder: vscode.l10n.t('Model to open'),
    });
    if (target !== undefined) {
      const { modelKey, version } = target.model;
      await services.modelPages.open({ workspaceFolder: target.workspaceFolder, modelKey, version });
    }
  },
};

function isModelRow(argument: unknown): argument is ModelNode {
  return typeof argument === 'object' && argument !== null && 'kind' in argument && argument.kind === 'model';
}
