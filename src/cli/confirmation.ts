import { createInterface } from 'node:readline/promises';
import { RunledgerError } from '../core/base/errors.ts';
import type { CliContext } from './context.ts';

/**
 * Asks on the terminal, where "no" is what Enter means. Without a terminal nobody can be asked, and the answer must be given
 * beforehand.
 *
 * @param isGiven whether `--yes` was
 * @throws RunledgerError `canceled` where the answer is no, `invalid-argument` where nobody can be asked
 */
export async function confirm(context: CliContext, question: string, isGiven: boolean | undefined): Promise<void> {
  if (isGiven === true) {
    return;
  }
  const { stdin, stderr } = context;
  if (!isTerminal(stdin) || !isTerminal(stderr)) {
    throw new RunledgerError('invalid-argument', `${question} There is no terminal to ask on.`, {
      advice: 'Pass --yes to go ahead without a question.',
    });
  }
  const lines = createInterface({ input: stdin, output: stderr });
  // The terminal's end, or Ctrl+C, is no consent.
  const closed = new Promise<string>((resolve) => {
    lines.once('close', () => resolve(''));
    lines.once('SIGINT', () => lines.close());
  });
  try {
    const answer = await Promise.race([lines.question(`${question} [y/N] `), closed]);
    if (!/^\s*(y|yes)\s*$/i.test(answer)) {
      throw new RunledgerError('canceled', 'Nothing was changed.');
    }
  } finally {
    lines.close();
  }
}

function isTerminal(stream: NodeJS.ReadableStream | NodeJS.WritableStream): boolean {
  return 'isTTY' in stream && stream.isTTY === true;
}
