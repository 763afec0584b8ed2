import type { CliContext } from './context.ts';

/** Works with a signal that Ctrl+C sets, in place of ending the process at once and leaving things half done. */
export async function interruptible<T>(context: CliContext, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const interrupt = new AbortController();
  const stopListening = context.onInterrupt(() => interrupt.abort());
  try {
    return await work(interrupt.signal);
  } finally {
    stopListening();
  }
}
