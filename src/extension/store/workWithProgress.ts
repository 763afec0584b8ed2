import * as vscode from 'vscode';

export interface WorkProgress {
  readonly message: string;
  /** From 0 to 1. */
  readonly fraction: number;
}

/** Works in a notification that shows how far it is, and that can be canceled: then it rejects with a `CancellationError`. */
export async function workWithProgress<T>(
  title: string,
  work: (onProgress: (progress: WorkProgress) => void, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return await vscode.window.withProgress(options, async (progress, token) => {
    const abort = new AbortController();
    const subscription = token.onCancellationRequested(() => abort.abort());
    let shown = 0;
    try {
      return await work(({ message, fraction }) => {
        const percent = Math.max(shown, fraction * 100);
        progress.report({ message, increment: percent - shown });
        shown = percent;
      }, abort.signal);
    } catch (error) {
      throw token.isCancellationRequested ? new vscode.CancellationError() : error;
    } finally {
      subscription.dispose();
    }
  });
}
