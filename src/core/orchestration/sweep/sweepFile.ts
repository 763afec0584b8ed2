/** The configuration of a sweep in a file, as Azure ML's command line took it. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import * as v from 'valibot';
import { optionalField, parseDefinitionFile, plainWord } from '../../base/definitionFile.ts';
import { fileError } from '../../base/errors.ts';

const samplingTypes = { random: 'random', grid: 'grid', bayesian: 'bayesian' } as const;
const policyTypes = {
  bandit: 'bandit',
  medianstopping: 'median_stopping',
  truncationselection: 'truncation_selection',
  notermination: 'none',
  none: 'none',
} as const;

/** One of the names in `types`, with `suffix` or without. */
function typeName<T extends Readonly<Record<string, string>>>(types: T, suffix: RegExp, message: string) {
  return v.pipe(
    plainWord,
    v.transform((text) => text.replace(suffix, '')),
    v.check((text) => Object.hasOwn(types, text), message),
    v.transform((text) => types[text as keyof T]),
  );
}

const parameterSchema = v.pipe(
  v.object({
    name: v.string('must be the name of an argument'),
    expression: v.pipe(v.string('must be an expression'), v.toLowerCase()),
    values: v.array(v.unknown(), 'must be a list'),
  }),
  v.transform(({ name, expression, values }) => {
    const list = expression === 'choice' ? [values] : values;
    return [name, [expression, list]] as const;
  }),
);

/** What a file of a sweep has to be. */
export const sweepFileSettings = v.pipe(
  v.object(
    {
      sampling: v.object({
        type: typeName(samplingTypes, /(parameter)?sampling$/, 'must be random, grid or bayesian'),
        seed: optionalField(v.number('must be a number')),
        parameter_space: v.array(parameterSchema, 'must be a list of {name, expression, values}'),
      }),
      policy: optionalField(
        v.object({
          type: typeName(
            policyTypes,
            /policy$/,
            'must be a BanditPolicy, MedianStoppingPolicy, TruncationSelectionPolicy or NoTerminationPolicy',
          ),
          evaluation_interval: optionalField(v.number()),
          delay_evaluation: optionalField(v.number()),
          slack_factor: optionalField(v.number()),
          slack_amount: optionalField(v.number()),
          truncation_percentage: optionalField(v.number()),
          exclude_finished_jobs: optionalField(v.boolean()),
        }),
      ),
      primary_metric_name: v.string('must be the name of a metric'),
      primary_metric_goal: v.pipe(v.string('must be maximize or minimize'), v.toLowerCase()),
      max_total_runs: v.number('must be a number'),
      max_concurrent_runs: optionalField(v.number('must be a number')),
      max_duration_minutes: optionalField(v.number('must be a number')),
    },
    'must be the configuration of a sweep',
  ),
  v.transform((file) => ({
    kind: 'sweep',
    sampling: {
      type: file.sampling.type,
      ...(file.sampling.seed !== undefined && { seed: file.sampling.seed }),
      space: Object.fromEntries(file.sampling.parameter_space),
    },
    primaryMetric: { name: file.primary_metric_name, goal: file.primary_metric_goal },
    maxTotalRuns: file.max_total_runs,
    maxConcurrentRuns: file.max_concurrent_runs,
    ...(file.max_duration_minutes !== undefined && { maxDurationMinutes: file.max_duration_minutes }),
    ...(file.policy !== undefined && { policy: policyOf(file.policy) }),
  })),
);

interface FilePolicy {
  readonly type: string;
  readonly evaluation_interval?: number | undefined;
  readonly delay_evaluation?: number | undefined;
  readonly slack_factor?: number | undefined;
  readonly slack_amount?: number | undefined;
  readonly truncation_percentage?: number | undefined;
  readonly exclude_finished_jobs?: boolean | undefined;
}

function policyOf(policy: FilePolicy): object {
  const fields = {
    evaluationInterval: policy.evaluation_interval,
    delayEvaluation: policy.delay_evaluation,
    slackFactor: policy.slack_factor,
    slackAmount: policy.slack_amount,
    truncationPercentage: policy.truncation_percentage,
    excludeFinishedJobs: policy.exclude_finished_jobs,
  };
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  return { type: policy.type, ...Object.fromEntries(given) };
}

/**
 * Reads the text of a sweep's configuration.
 *
 * @param label names the file in messages
 * @returns the definition without its job; what its values mean is checked when it is submitted
 * @throws RunledgerError `invalid-argument` with line and column
 */
export function parseSweepFile(text: string, label: string): object {
  return parseDefinitionFile(sweepFileSettings, text, label);
}

/**
 * Reads a sweep's configuration from a file.
 *
 * @throws RunledgerError as `parseSweepFile` does; `not-found`
 */
export async function readSweepFile(path: string): Promise<object> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw fileError(error, 'read the sweep configuration', path);
  }
  return parseSweepFile(text, basename(path));
}
