import { RunledgerError } from '../../core/base/errors.ts';
import { splitArguments } from './splitArguments.ts';

/**
 * Environment variables that are written in a line as a shell has them before a command: `LEVEL=debug NAME="two words"`.
 *
 * @throws RunledgerError `invalid-argument`
 */
export function variablesOf(line: string): Readonly<Record<string, string>> {
  const variables = new Map<string, string>();
  for (const word of splitArguments(line)) {
    const [, name, value] = /^([^=\s]+)=(.*)$/s.exec(word) ?? [];
    if (name === undefined || value === undefined) {
      throw new RunledgerError('invalid-argument', `"${word}" is no variable.`, {
        advice: 'Write NAME=value, and quotes around a value with spaces.',
      });
    }
    variables.set(name, value);
  }
  return Object.fromEntries(variables);
}
