import process from 'node:process';

/** A task that ends here, for a reason that its reader can act on. Shown without a stack trace. */
export class TaskError extends Error {
  override readonly name = 'TaskError';
}

/** Runs a task's `main` and turns what it throws into a message and an exit code. */
export async function runTask(main: () => Promise<number | undefined>): Promise<void> {
  // Leaving through exit() runs the exit handlers, which end what was started.
  process.once('SIGINT', () => process.exit(130));
  process.once('SIGTERM', () => process.exit(143));
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    process.exitCode = 1;
    console.error(error instanceof TaskError ? `\n${error.message}` : error);
  }
}

/** The message of anything that was thrown. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
