import * as vscode from 'vscode';
import { RunledgerError } from '../../core/base/errors.ts';
import type { TransferOptions } from '../../core/transfer/transferProgress.ts';

/** Works with a notification that shows progress and can cancel. */
export function transferring<T>(title: string, work: (options: TransferOptions) => Promise<T>): Thenable<T> {
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    async (progress, token) => {
      const abort = new AbortController();
      const subscription = token.onCancellationRequested(() => abort.abort());
      let shown = 0;
      const onProgress = (message: string, fraction: number): void => {
        progress.report({ message, increment: Math.max(0, fraction * 100 - shown) });
        shown = Math.max(shown, fraction * 100);
      };
      try {
        return await work({ signal: abort.signal, onProgress });
      } finally {
        subscription.dispose();
      }
    },
  );
}

/** Shows a file or a folder in the explorer, or where it is outside the open folders, in the system's file manager. */
export async function revealFile(uri: vscode.Uri): Promise<void> {
  const isOpen = vscode.workspace.getWorkspaceFolder(uri) !== undefined;
  await vscode.commands.executeCommand(isOpen ? 'revealInExplorer' : 'revealFileInOS', uri);
}

/** Where a dialog is open to other machines, as in a browser, what is chosen must still be on this one. Throws `invalid-argument`. */
export function onThisMachine(uri: vscode.Uri): vscode.Uri {
  if (uri.scheme !== 'file') {
    throw new RunledgerError('invalid-argument', vscode.l10n.t('{0} is on another machine.', uri.toString(true)), {
      advice: vscode.l10n.t('Choose a place on the machine where the workspace is.'),
    });
  }
  return uri;
}
