import * as vscode from 'vscode';
import { describeAzureml, installSdk } from '../../core/sdk/installSdk.ts';
import { commandIds } from '../ids.ts';
import { pickInterpreter } from '../submit/pickInterpreter.ts';
import { requireTrust } from '../workspaces/trust.ts';
import type { Command } from './commandRunner.ts';

/**
 * Installs the SDK into a Python environment that the person picks, or into that of `{ interpreter: string }`. Returns what is
 * installed there.
 */
export const installSdkCommand: Command = {
  id: commandIds.installSdk,
  async run({ pythonSdkFolder, log }, argument) {
    requireTrust(vscode.l10n.t('Installing the SDK'));
    const interpreter =
      interpreterOf(argument) ?? (await pickInterpreter(vscode.l10n.t('Python environment for the SDK'), log));
    if (interpreter === undefined) {
      return undefined;
    }
    const installed = await vscode.window.withProgress(
      {
        location: vscode.ProgressLocation.Notification,
        title: vscode.l10n.t('Installing the Runledger SDK'),
        cancellable: true,
      },
      async (_progress, token) => {
        const abort = new AbortController();
        const subscription = token.onCancellationRequested(() => abort.abort());
        try {
          const onOutput = (text: string): void => log.info(text.trimEnd());
          return await installSdk(interpreter, { pythonSdkFolder, onOutput, signal: abort.signal });
        } finally {
          subscription.dispose();
        }
      },
    );
    const done = vscode.l10n.t('Runledger {0} is installed for {1}.', installed.version, installed.interpreter);
    void vscode.window.showInformationMessage(`${done} ${describeAzureml(installed)}`);
    return installed;
  },
};

function interpreterOf(argument: unknown): string | undefined {
  return typeof argument === 'object' &&
    argument !== null &&
    'interpreter' in argument &&
    typeof argument.interpreter === 'string'
    ? argument.interpreter
    : undefined;
}
