import * as v from 'valibot';
import { jobSchema } from '../job.ts';
import { combinationCount, expressionSchema, hyperparametersSchema, type SearchSpace } from './expressions.ts';
import type { Sampling } from './sampling.ts';
import { policySchema } from './terminationPolicy.ts';

/** A seed is as good as any; one that is not given is drawn once and kept. */
const seedLimit = 2 ** 31;

const samplingSchema = v.pipe(
  v.object({
    type: v.picklist(['random', 'grid', 'bayesian'], 'must be "random", "grid" or "bayesian"'),
    seed: v.optional(v.pipe(v.number(), v.safeInteger('must be whole')), () => Math.floor(Math.random() * seedLimit)),
    space: v.pipe(
      v.record(v.pipe(v.string(), v.nonEmpty('a hyperparameter needs a name')), expressionSchema),
      v.check((space) => Object.keys(space).length > 0, 'needs a hyperparameter'),
    ),
  }),
  v.check(
    ({ type, space }) => type !== 'grid' || hasOnly(space, ['choice']),
    'grid sampling takes only the expression choice',
  ),
  v.check(
    ({ type, space }) => type !== 'bayesian' || hasOnly(space, ['choice', 'uniform', 'quniform']),
    'Bayesian sampling takes only the expressions choice, uniform and quniform',
  ),
);

function hasOnly(space: SearchSpace, kinds: readonly string[]): boolean {
  return Object.values(space).every(([kind]) => kinds.includes(kind));
}

const count = v.pipe(v.number('must be a number'), v.integer('must be whole'), v.minValue(1, 'must be at least 1'));

const inheritedTrialSchema = v.object({
  hyperparameters: hyperparametersSchema,
  /** The best value of the primary metric, where one was logged. */
  best: v.optional(v.pipe(v.number(), v.finite('must be finite'))),
});

export const sweepSchema = v.pipe(
  v.object({
    kind: v.literal('sweep'),
    job: jobSchema,
    sampling: samplingSchema,
    /** How a trial learns them: as arguments at the end, or where templates of the job name them as parameters. */
    hyperparametersIn: v.optional(v.picklist(['arguments', 'command']), 'arguments'),
    primaryMetric: v.object({
      name: v.pipe(v.string(), v.nonEmpty('must name the metric that the script logs')),
      goal: v.picklist(['maximize', 'minimize'], 'must be "maximize" or "minimize"'),
    }),
    maxTotalRuns: count,
    /** Without: as many as this machine has processors. */
    maxConcurrentRuns: v.optional(count),
    maxDurationMinutes: v.optional(v.pipe(v.number(), v.minValue(1, 'must be at least 1')), 10080),
    policy: v.optional(policySchema, { type: 'none' }),
    /** Earlier sweeps: their trials are learned from, and what they tried is not tried again. */
    resumeFrom: v.optional(v.array(v.object({ runId: v.string(), trials: v.array(inheritedTrialSchema) }))),
  }),
  v.check(
    ({ sampling, policy }) => sampling.type !== 'bayesian' || policy.type === 'none',
    'Bayesian sampling takes no early termination policy: it learns from trials that ran to their end',
  ),
);

export type SweepDefinition = v.InferOutput<typeof sweepSchema> & { readonly sampling: Sampling };

/** How many trials a sweep has at most. */
export function trialLimit({ sampling, maxTotalRuns }: SweepDefinition): number {
  return Math.min(maxTotalRuns, combinationCount(sampling.space));
}
