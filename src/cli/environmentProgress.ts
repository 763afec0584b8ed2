import type { SubmitProgress } from '../core/submission/submission.ts';
import { type CliContext, writeLine } from './context.ts';
import { oneLine } from './text.ts';

/** Tells, on the standard error, how the making of an environment goes on: of a submission's parts the one that can take long. */
export function environmentProgress(context: CliContext): (progress: SubmitProgress) => void {
  let last = '';
  return ({ phase, message }) => {
    if (phase === 'environment' && message !== last) {
      last = message;
      writeLine(context.stderr, `Environment: ${oneLine(message)}`);
    }
  };
}
