import * as vscode from 'vscode';
import { commandIds } from '../ids.ts';
import type { Command } from './commandRunner.ts';
import { resolveModelTarget } from './modelTarget.ts';

/** Copies the id of a model, as `digits:3`, which the SDK and the command line take. */
export const copyModelIdCommand: Command = {
  id: commandIds.copyModelId,
  async run(services, argument) {
    const target = await resolveModelTarget(services, argument, {
      placeHolder: vscode.l10n.t('Model whose id to copy'),
    });
    if (target !== undefined) {
      await vscode.env.clipboard.writeText(target.model.id);
      vscode.window.setStatusBarMessage(vscode.l10n.t('Model id copied'), 2000);
    }
  },
};
