import { RunledgerError } from '../base/errors.ts';
import type { StatusError } from './journalRecords.ts';

/** What a run's end says of an error. */
export function statusErrorOf(error: unknown): StatusError {
  if (error instanceof RunledgerError) {
    return { message: error.message, ...(error.advice !== undefined && { advice: error.advice }) };
  }
  return { message: error instanceof Error ? error.message : String(error) };
}
