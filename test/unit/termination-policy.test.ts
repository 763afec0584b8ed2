import { describe, expect, it } from 'vitest';
import type { Goal } from '../../src/core/orchestration/sweep/sampling.ts';
import { isToEnd, type TerminationPolicy } from '../../src/core/orchestration/sweep/terminationPolicy.ts';

type Schedule = { evaluationInterval?: number; delayEvaluation?: number };
const schedule = { evaluationInterval: 1, delayEvaluation: 0 };

const bandit = (slack: { slackFactor: number } | { slackAmount: number }, more: Schedule = {}): TerminationPolicy => ({
  type: 'bandit',
  ...schedule,
  ...slack,
  ...more,
});
const median: TerminationPolicy = { type: 'median_stopping', ...schedule };
const truncation = (truncationPercentage: number, excludeFinishedJobs = false): TerminationPolicy => ({
  type: 'truncation_selection',
  ...schedule,
  truncationPercentage,
  excludeFinishedJobs,
});

/** Whether a trial that logged `values` ends at its last one, beside others. */
function ends(policy: TerminationPolicy, goal: Goal, values: readonly number[], others: readonly number[][]): boolean {
  const logged = others.map((other) => ({ values: other, hasEnded: false }));
  return isToEnd(policy, goal, { values, hasEnded: false }, logged, values.length);
}

describe('the bandit policy', () => {
  it('ends what the slack factor does not lift to the leader at the same interval', () => {
    // The documentation's case: a leader of 0.8 and a factor of 0.2 end what is below 0.8 / 1.2 = 0.66…
    expect(ends(bandit({ slackFactor: 0.2 }), 'maximize', [0.66], [[0.8]])).toBe(true);
    expect(ends(bandit({ slackFactor: 0.2 }), 'maximize', [0.67], [[0.8]])).toBe(false);
    // What the leader logs later does not count yet.
    expect(ends(bandit({ slackFactor: 0.2 }), 'maximize', [0.67], [[0.8, 0.99]])).toBe(false);
  });

  it('takes the best value so far, not the last', () => {
    expect(ends(bandit({ slackFactor: 0.2 }), 'maximize', [0.7, 0.1], [[0.6, 0.8]])).toBe(false);
  });

  it('ends what is further from the leader than the slack amount', () => {
    expect(ends(bandit({ slackAmount: 0.1 }), 'maximize', [0.69], [[0.8]])).toBe(true);
    expect(ends(bandit({ slackAmount: 0.1 }), 'maximize', [0.71], [[0.8]])).toBe(false);
  });

  it('knows that less can be better', () => {
    expect(ends(bandit({ slackFactor: 0.2 }), 'minimize', [1.21], [[1]])).toBe(true);
    expect(ends(bandit({ slackFactor: 0.2 }), 'minimize', [1.19], [[1]])).toBe(false);
    expect(ends(bandit({ slackAmount: 0.1 }), 'minimize', [1.11], [[1]])).toBe(true);
  });

  it('waits for its interval and its delay', () => {
    const policy = bandit({ slackAmount: 0 }, { evaluationInterval: 2, delayEvaluation: 3 });
    const end = (count: number): boolean =>
      ends(policy, 'maximize', Array<number>(count).fill(0), [Array<number>(9).fill(1)]);
    expect([1, 2, 3, 4, 5, 6].map(end)).toEqual([false, false, false, true, false, true]);
  });

  it('leaves a trial alone that has nobody to be compared with, or logged nothing', () => {
    expect(ends(bandit({ slackAmount: 0 }), 'maximize', [0], [])).toBe(false);
    expect(ends(bandit({ slackAmount: 0 }), 'maximize', [], [[1]])).toBe(false);
  });
});

describe('the median stopping policy', () => {
  it('ends what is at best worse than the median of the running averages', () => {
    const others = [
      [0.2, 0.4],
      [0.5, 0.7],
      [0.8, 0.8],
    ];
    // The averages up to the second interval are 0.3, 0.6 and 0.8, and the trial's own.
    expect(ends(median, 'maximize', [0.1, 0.4], others)).toBe(true);
    expect(ends(median, 'maximize', [0.1, 0.6], others)).toBe(false);
    expect(ends(median, 'minimize', [0.9, 0.8], others)).toBe(true);
    expect(ends(median, 'minimize', [0.9, 0.3], others)).toBe(false);
  });
});

describe('the truncation selection policy', () => {
  const others = [[0.1], [0.2], [0.3], [0.5]];

  it('ends the lowest part of those that reached the interval', () => {
    expect(ends(truncation(20), 'maximize', [0.05], others)).toBe(true);
    expect(ends(truncation(20), 'maximize', [0.15], others)).toBe(false);
    expect(ends(truncation(40), 'maximize', [0.15], others)).toBe(true);
    expect(ends(truncation(20), 'minimize', [0.9], others)).toBe(true);
  });

  it('ends nobody where the part is less than one trial, or all are the same', () => {
    expect(ends(truncation(10), 'maximize', [0.05], others)).toBe(false);
    expect(ends(truncation(50), 'maximize', [1], [[1], [1], [1]])).toBe(false);
  });

  it('leaves finished trials out where that is asked for', () => {
    const trial = { values: [0.15], hasEnded: false };
    const finished = others.map((values, index) => ({ values, hasEnded: index > 0 }));
    expect(isToEnd(truncation(50), 'maximize', trial, finished, 1)).toBe(true);
    expect(isToEnd(truncation(50, true), 'maximize', trial, finished, 1)).toBe(false);
  });
});

it('without a policy nothing is ended', () => {
  expect(ends({ type: 'none' }, 'maximize', [0], [[1]])).toBe(false);
});
