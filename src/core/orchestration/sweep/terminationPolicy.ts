/** Ending trials early that promise little, by the rules that Azure ML's documentation gives for its policies. */
import * as v from 'valibot';
import type { Goal } from './sampling.ts';

const count = v.pipe(v.number('must be a number'), v.integer('must be whole'));
const schedule = {
  /** A trial is looked at each time it has logged the primary metric this many times more. */
  evaluationInterval: v.optional(v.pipe(count, v.minValue(1, 'must be at least 1')), 1),
  /** Not before it has logged the metric this many times. */
  delayEvaluation: v.optional(v.pipe(count, v.minValue(0, 'must not be below 0')), 0),
};
const slack = v.pipe(v.number('must be a number'), v.minValue(0, 'must not be below 0'));

export const policySchema = v.variant(
  'type',
  [
    v.pipe(
      v.object({
        type: v.literal('bandit'),
        ...schedule,
        slackFactor: v.optional(slack),
        slackAmount: v.optional(slack),
      }),
      v.check(
        ({ slackFactor, slackAmount }) => (slackFactor === undefined) !== (slackAmount === undefined),
        'needs either slackFactor or slackAmount',
      ),
    ),
    v.object({ type: v.literal('median_stopping'), ...schedule }),
    v.object({
      type: v.literal('truncation_selection'),
      ...schedule,
      truncationPercentage: v.pipe(
        count,
        v.minValue(1, 'must be from 1 to 99'),
        v.maxValue(99, 'must be from 1 to 99'),
      ),
      excludeFinishedJobs: v.optional(v.boolean(), false),
    }),
    v.object({ type: v.literal('none') }),
  ],
  'must have the type "bandit", "median_stopping", "truncation_selection" or "none"',
);

export type TerminationPolicy = v.InferOutput<typeof policySchema>;

/** What a trial logged of the primary metric, in order. */
export interface LoggedTrial {
  readonly values: readonly number[];
  readonly hasEnded: boolean;
}

/**
 * Whether a trial is to be ended, having logged the primary metric `interval` times.
 *
 * @param others the other trials of the sweep
 */
export function isToEnd(
  policy: TerminationPolicy,
  goal: Goal,
  trial: LoggedTrial,
  others: readonly LoggedTrial[],
  interval: number,
): boolean {
  if (
    policy.type === 'none' ||
    interval === 0 ||
    interval < policy.delayEvaluation ||
    interval % policy.evaluationInterval !== 0
  ) {
    return false;
  }
  // Larger is better from here on.
  const sign = goal === 'maximize' ? 1 : -1;
  const upTo = ({ values }: LoggedTrial): number[] =>
    values
      .slice(0, interval)
      .filter(Number.isFinite)
      .map((value) => sign * value);
  const best = Math.max(...upTo(trial));
  const compared = others.map(upTo).filter((values) => values.length > 0);
  if (compared.length === 0) {
    return false;
  }
  switch (policy.type) {
    case 'bandit': {
      const leader = Math.max(...compared.map((values) => Math.max(...values)));
      return best < leader - allowance(policy, leader, best);
    }
    case 'median_stopping':
      return best < median([upTo(trial), ...compared].map(mean));
    case 'truncation_selection': {
      const reached = others
        .filter(({ hasEnded, values }) => values.length >= interval && !(policy.excludeFinishedJobs && hasEnded))
        .map((other) => Math.max(...upTo(other)));
      const cutCount = Math.floor((policy.truncationPercentage / 100) * (reached.length + 1));
      return cutCount > 0 && reached.filter((other) => other < best).length < cutCount && reached.some((o) => o > best);
    }
    default:
      return false;
  }
}

/**
 * How far a trial may be behind the leader. By a factor: best x (1 + factor) must reach the leader where more is better, and
 * best must not exceed leader x (1 + factor) where less is; of values below 0 the factor is of their size.
 */
function allowance(policy: Extract<TerminationPolicy, { type: 'bandit' }>, leader: number, best: number): number {
  if (policy.slackAmount !== undefined) {
    return policy.slackAmount;
  }
  const factor = policy.slackFactor ?? 0;
  return factor * Math.abs(leader < 0 ? leader : best);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function median(values: readonly number[]): number {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NEGATIVE_INFINITY;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}
