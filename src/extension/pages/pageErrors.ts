import { isNotFound, RunledgerError } from '../../core/base/errors.ts';

/** What a page shows of an error. */
export function errorSentence(error: unknown): string {
  if (RunledgerError.is(error)) {
    return error.fullMessage;
  }
  if (isNotFound(error)) {
    return 'The file is not there any more.';
  }
  return error instanceof Error ? error.message : String(error);
}

/** Whether an error is not meant for a person, and belongs into the log. */
export function isDefect(error: unknown): boolean {
  return !RunledgerError.is(error) && !isNotFound(error);
}
