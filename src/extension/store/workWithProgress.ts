import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';

export interface WorkProgress {
  readonly message: string;
  /** From 0 to 1. */
  readonly fraction: number;
}

/**
 * Work that ends sooner shows no progress: it would only flicker, and VS Code shows no more than three notifications that come at once,
 * so that what is told of the end would be lost.
 */
const quickMs = 400;

/** Works in a notification that shows how far it is, and that can be canceled: then it rejects with a `CancellationError`. */
export async function workWithProgress<T>(
  title: string,
  work: (onProgress: (progress: WorkProgress) => void, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const abort = new AbortController();
  let latest: WorkProgress | undefined;
  let show = (progress: WorkProgress): void => {
    latest = progress;
  };
  const result = work((progress) => show(progress), abort.signal);
  const ended = result.then(
    () => true,
    () => true,
  );
  if (await Promise.race([ended, delay(quickMs, false)])) {
    return await result;
  }
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return await vscode.window.withProgress(options, async (notification, token) => {
    const subscription = token.onCancellationRequested(() => abort.abort());
    let shown = 0;
    show = ({ message, fraction }) => {
      const percent = Math.max(shown, fraction * 100);
      notification.report({ message, increment: percent - shown });
      shown = percent;
    };
    if (latest !== undefined) {
      show(latest);
    }
    try {
      return await result;
    } catch (error) {
      throw token.isCancellationRequested ? new vscode.CancellationError() : error;
    } finally {
      subscription.dispose();
    }
  });
}
