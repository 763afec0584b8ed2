/** The parameters of a pipeline as one line of `name=value`. */
import { RunledgerError } from '../../core/base/errors.ts';
import { joinArguments, splitArguments } from './splitArguments.ts';

export type Parameters = Readonly<Record<string, string | number | boolean>>;

export function parameterLine(parameters: Parameters): string {
  return joinArguments(Object.entries(parameters).map(([name, value]) => `${name}=${value}`));
}

/**
 * The values of a line that differ from the defaults.
 *
 * @throws RunledgerError `invalid-argument` for what is no `name=value`, or names a parameter that is not there
 */
export function parametersOf(line: string, defaults: Parameters): Readonly<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const word of splitArguments(line)) {
    const end = word.indexOf('=');
    const name = end === -1 ? word : word.slice(0, end);
    if (end === -1) {
      throw new RunledgerError('invalid-argument', `${word} has no value: write ${word}=value.`);
    }
    if (!Object.hasOwn(defaults, name)) {
      throw new RunledgerError('invalid-argument', `The pipeline has no parameter ${JSON.stringify(name)}.`, {
        advice: `It has ${Object.keys(defaults).join(', ')}.`,
      });
    }
    const value = word.slice(end + 1);
    if (value !== String(defaults[name])) {
      values[name] = value;
    }
  }
  return values;
}
