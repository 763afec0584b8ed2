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

/** Tells of an error that is not meant for a person, and belongs into the log. */
export function reportDefect(error: unknown, onError: (error: unknown) => void): void {
  if (!RunledgerError.is(error) && !isNotFound(error)) {
    onError(error);
  }
}
