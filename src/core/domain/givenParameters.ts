/** What a run was given when it was submitted: parameters, whether or not its script logs them. */
import type { Scalar } from './metric.ts';
import type { RunDetails, Trial } from './run.ts';

/** An option as Python's argument parsers spell it: `--learning-rate`, `-b`. A negative number is none. */
const OPTION = /^--?[A-Za-z][\w.-]*$/;
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const ASSIGNMENT = /^(--?[A-Za-z][\w.-]*)=(.*)$/s;

/** The parameters that a command line gives: options with their values, `true` for an option that stands alone. */
export function argumentParameters(words: readonly string[]): readonly (readonly [name: string, value: string])[] {
  const found: [string, string][] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? '';
    const assignment = ASSIGNMENT.exec(word);
    if (assignment !== null) {
      found.push([plainName(assignment[1] ?? ''), assignment[2] ?? '']);
    } else if (OPTION.test(word)) {
      const values: string[] = [];
      while (index + 1 < words.length && !isOption(words[index + 1] ?? '')) {
        index += 1;
        values.push(words[index] ?? '');
      }
      found.push([plainName(word), values.length === 0 ? 'true' : values.join(' ')]);
    }
  }
  return found;
}

/** Names that differ in dashes, underscores and case alone mean one parameter: `--batch-size` is logged as `batch_size`. */
export function sameParameter(name: string): string {
  return name.replaceAll(/[-_]/g, '').toLowerCase();
}

/**
 * What was logged, then what was given beyond it: the hyperparameters of a trial, and the options of the command line, of which
 * those that are written as numbers are numbers. Names have no dashes in front.
 */
export function withGivenParameters(
  logged: Readonly<Record<string, Scalar | null>>,
  trial: Trial | undefined,
  words: readonly string[],
): readonly (readonly [name: string, value: Scalar | null])[] {
  const all: (readonly [name: string, value: Scalar | null])[] = Object.entries(logged);
  const known = new Set(all.map(([name]) => sameParameter(name)));
  const hyperparameters = Object.entries(trial?.hyperparameters ?? {}).map(
    ([name, value]) => [plainName(name), value] as const,
  );
  const options = argumentParameters(words).map(
    ([name, text]) => [name, DECIMAL.test(text) ? Number(text) : text] as const,
  );
  for (const [name, value] of [...hyperparameters, ...options]) {
    if (!known.has(sameParameter(name))) {
      known.add(sameParameter(name));
      all.push([name, value]);
    }
  }
  return all;
}

/** The parameters of a run as it is shown, compared and found by them: see {@link withGivenParameters}. */
export function parametersOf({
  parameters,
  summary,
  submission,
}: Pick<RunDetails, 'parameters' | 'summary' | 'submission'>): readonly (readonly [
  name: string,
  value: Scalar | null,
])[] {
  return withGivenParameters(parameters, summary.trial, submission?.arguments ?? []);
}

function isOption(word: string): boolean {
  return OPTION.test(word) || ASSIGNMENT.test(word);
}

function plainName(option: string): string {
  return option.replace(/^--?/, '');
}
