/** A sweep job of Azure ML's later command line, as a sweep of this machine. */
import * as v from 'valibot';
import { DefinitionRefusal, optionalField } from '../base/definitionFile.ts';
import type { RegisteredDataSet } from '../data-sets/registeredDataSets.ts';
import { type Expression, expressionSchema } from '../orchestration/sweep/expressions.ts';
import { policySchema } from '../orchestration/sweep/terminationPolicy.ts';
import { commandTemplate, type Meaning } from './commandTemplate.ts';
import { type Components, componentFields } from './component.ts';
import { commandSource, type JobCommand, jobCommand } from './jobCommand.ts';
import { commandFields, inputsField, jobFields, number, outputsField, text } from './jobFields.ts';
import { meaningOfInput } from './jobInputs.ts';

const distribution = v.looseObject({
  type: text,
  values: optionalField(v.unknown()),
  min_value: optionalField(number),
  max_value: optionalField(number),
  mu: optionalField(number),
  sigma: optionalField(number),
  q: optionalField(number),
  upper: optionalField(number),
});

/** What a file of a sweep job has to be. */
export const sweepJobSettings = v.looseObject(
  {
    ...jobFields,
    trial: v.union([text, v.looseObject(componentFields)], 'must be a command, or the file of a component'),
    search_space: v.record(v.string(), distribution, 'must be a set of keys with values'),
    objective: v.looseObject({
      primary_metric: text,
      goal: v.pipe(text, v.toLowerCase(), v.picklist(['maximize', 'minimize'], 'must be maximize or minimize')),
    }),
    sampling_algorithm: optionalField(
      v.union([text, v.looseObject({ type: text, seed: optionalField(number) })], 'must be random, grid or bayesian'),
    ),
    early_termination: optionalField(
      v.looseObject({
        type: text,
        evaluation_interval: optionalField(number),
        delay_evaluation: optionalField(number),
        slack_factor: optionalField(number),
        slack_amount: optionalField(number),
        truncation_percentage: optionalField(number),
        exclude_finished_jobs: optionalField(v.boolean('must be true or false')),
      }),
    ),
    limits: optionalField(
      v.looseObject({
        max_total_trials: optionalField(number),
        max_concurrent_trials: optionalField(number),
        timeout: optionalField(number),
        trial_timeout: optionalField(number),
      }),
    ),
    inputs: inputsField,
    outputs: outputsField,
    compute: commandFields.compute,
    resources: commandFields.resources,
  },
  'must be a sweep job',
);

type SweepJobFile = v.InferOutput<typeof sweepJobSettings>;

/** What Azure ML takes where a file does not say. */
const defaultTrials = 1000;

export interface SweepJob {
  /** Undefined where its component was not read. */
  readonly command: JobCommand | undefined;
  /** What `submitOrchestration` takes, without the job. */
  readonly definition: object;
}

export interface SweepJobOptions {
  /** Of the job's file, absolute. */
  readonly folder: string;
  /** Undefined where none were read: what depends on them is not looked at. */
  readonly components: Components | undefined;
  readonly dataSets: readonly RegisteredDataSet[];
}

/** Names of components that the job needs. */
export function componentsOfSweep({ trial }: SweepJobFile): readonly string[] {
  return typeof trial === 'string' ? [trial] : [];
}

/**
 * What a sweep job means here.
 *
 * @throws DefinitionRefusal for what cannot be run here
 */
export function sweepJobOf(file: SweepJobFile, options: SweepJobOptions): SweepJob {
  const { objective, limits } = file;
  const type = samplingType(file);
  const policy = policyOf(file);
  if (type === 'bayesian' && policy !== undefined) {
    throw new DefinitionRefusal(
      ['early_termination'],
      'cannot go with bayesian sampling, which learns from whole trials',
      true,
    );
  }
  const seed = typeof file.sampling_algorithm === 'object' ? file.sampling_algorithm.seed : undefined;
  return {
    command: trialOf(file, options),
    definition: {
      kind: 'sweep',
      sampling: { type, ...(seed !== undefined && { seed }), space: spaceOf(file, type) },
      hyperparametersIn: 'command',
      primaryMetric: { name: objective.primary_metric, goal: objective.goal },
      maxTotalRuns: countOf(file, 'max_total_trials') ?? defaultTrials,
      maxConcurrentRuns: countOf(file, 'max_concurrent_trials'),
      ...(limits?.timeout !== undefined && { maxDurationMinutes: Math.max(1, limits.timeout / 60) }),
      ...(policy !== undefined && { policy }),
    },
  };
}

function trialOf(file: SweepJobFile, { folder, components, dataSets }: SweepJobOptions): JobCommand | undefined {
  const { trial, limits, compute, resources } = file;
  const source = commandSource(trial, ['trial'], folder, components);
  if (source === undefined) {
    return undefined;
  }
  const { fields, command, at } = source;
  const outputs = new Set<string>();
  const meaningOf = (expression: string): Meaning => {
    const [kind, name = ''] = expression.split('.', 2);
    if (kind === 'search_space' && Object.hasOwn(file.search_space, name)) {
      return { word: { parameter: name }, isPath: false };
    }
    const isOutput = [file.outputs, fields.outputs].some((known) => known !== undefined && Object.hasOwn(known, name));
    if (kind === 'outputs' && isOutput) {
      outputs.add(`outputs/${name}`);
      return `outputs/${name}`;
    }
    if (kind === 'inputs') {
      // Of a component, what is tried out may be one of its inputs.
      if (Object.hasOwn(file.search_space, name)) {
        return { word: { parameter: name }, isPath: false };
      }
      const declared = fields.inputs?.[name];
      const given = file.inputs?.[name] ?? declared;
      const type = typeof declared === 'object' ? declared?.type : undefined;
      const isOptional = typeof declared === 'object' && declared?.optional === true;
      if (isOptional && file.inputs?.[name] == null && declared?.default === undefined) {
        return undefined;
      }
      if (given != null) {
        const place = file.inputs?.[name] == null ? [...at] : ['inputs', name];
        return meaningOfInput(given, place, type, {
          folder,
          dataSets,
          bound: (text) => unknownExpression(text, place),
        });
      }
    }
    return unknownExpression(expression, at);
  };
  // Asked once before: which folders there are is known when all expressions have been looked at.
  commandTemplate(command, meaningOf);
  const runnable = commandTemplate(command, meaningOf, [...outputs]);
  const own = { ...(typeof trial === 'object' ? trial : {}), compute, resources: resources ?? fields.resources };
  return jobCommand(source, { ...own, limits: { timeout: limits?.trial_timeout } }, runnable);
}

function unknownExpression(expression: string, at: readonly string[]): never {
  throw new DefinitionRefusal(at, `nothing stands for \${{${expression}}}`);
}

function samplingType({ sampling_algorithm: algorithm }: SweepJobFile): 'random' | 'grid' | 'bayesian' {
  const type = (typeof algorithm === 'object' ? algorithm.type : (algorithm ?? 'random')).toLowerCase();
  switch (type) {
    case 'random':
    case 'grid':
    case 'bayesian':
      return type;
    case 'sobol':
      return 'random';
    default:
      throw new DefinitionRefusal(['sampling_algorithm'], 'must be random, grid or bayesian');
  }
}

/** What each kind of sampling can choose from. */
const takenBy = {
  random: undefined,
  grid: ['choice'],
  bayesian: ['choice', 'uniform', 'quniform'],
} as const satisfies Record<string, readonly Expression[0][] | undefined>;

function spaceOf({ search_space }: SweepJobFile, type: keyof typeof takenBy): Readonly<Record<string, Expression>> {
  const taken: readonly string[] | undefined = takenBy[type];
  const entries = Object.entries(search_space).map(([name, given]) => {
    const at = ['search_space', name];
    const kind = given.type.toLowerCase();
    const values = {
      choice: [given.values],
      randint: [given.upper],
      uniform: [given.min_value, given.max_value],
      normal: [given.mu, given.sigma],
    }[kind.replace(/^q/, '').replace(/^log/, '')];
    const parsed = v.safeParse(expressionSchema, [
      kind,
      values && [...values, ...(kind.startsWith('q') ? [given.q] : [])],
    ]);
    if (!parsed.success) {
      throw new DefinitionRefusal(at, `${given.type} needs ${neededBy(kind)}`);
    }
    if (taken?.includes(kind) === false) {
      throw new DefinitionRefusal([...at, 'type'], `${type} sampling takes only ${taken.join(', ')}`);
    }
    return [name, parsed.output] as const;
  });
  if (entries.length === 0) {
    throw new DefinitionRefusal(['search_space'], 'needs a hyperparameter');
  }
  return Object.fromEntries(entries);
}

function neededBy(kind: string): string {
  switch (kind) {
    case 'choice':
      return 'values: a list of texts, numbers or truth values';
    case 'randint':
      return 'upper: a whole number above 0';
    case 'uniform':
    case 'loguniform':
      return 'min_value below max_value';
    case 'quniform':
    case 'qloguniform':
      return 'min_value below max_value, and q above 0';
    case 'normal':
    case 'lognormal':
      return 'mu, and sigma above 0';
    case 'qnormal':
    case 'qlognormal':
      return 'mu, and sigma and q above 0';
    default:
      return 'to be a known kind of distribution, as choice or uniform';
  }
}

function policyOf({ early_termination: policy }: SweepJobFile): object | undefined {
  if (policy === undefined) {
    return undefined;
  }
  const fields = {
    type: policy.type.toLowerCase(),
    evaluationInterval: policy.evaluation_interval,
    delayEvaluation: policy.delay_evaluation,
    // 0 is written where there is none.
    slackFactor: policy.slack_amount ? policy.slack_factor || undefined : policy.slack_factor,
    slackAmount: policy.slack_factor ? policy.slack_amount || undefined : policy.slack_amount,
    truncationPercentage: policy.truncation_percentage,
    excludeFinishedJobs: policy.exclude_finished_jobs,
  };
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  const parsed = v.safeParse(policySchema, given);
  if (!parsed.success) {
    throw new DefinitionRefusal(['early_termination'], parsed.issues[0].message);
  }
  return given;
}

function countOf({ limits }: SweepJobFile, key: 'max_total_trials' | 'max_concurrent_trials'): number | undefined {
  const count = limits?.[key];
  if (count !== undefined && (!Number.isInteger(count) || count < 1)) {
    throw new DefinitionRefusal(['limits', key], 'must be a whole number, at least 1');
  }
  return count;
}
