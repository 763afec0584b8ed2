import * as vscode from 'vscode';
import { RunledgerError } from '../../core/base/errors.ts';
import { CommandFailure } from '../commands/commandFailure.ts';

/**
 * In Restricted Mode nothing is run and nothing is written, whoever calls the command.
 *
 * @param action begins the sentence, as in "Submitting a run"
 */
export function requireTrust(action: string): void {
  if (vscode.workspace.isTrusted) {
    return;
  }
  const error = new RunledgerError('invalid-state', vscode.l10n.t('{0} is off in Restricted Mode.', action), {
    advice: vscode.l10n.t('Trust this folder if you know where its code comes from.'),
  });
  throw new CommandFailure(error, [
    {
      title: vscode.l10n.t('Manage Workspace Trust'),
      run: () => vscode.commands.executeCommand('workbench.trust.manage'),
    },
  ]);
}
