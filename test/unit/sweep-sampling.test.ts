import { describe, expect, it } from 'vitest';
import { parseDefinition } from '../../src/core/orchestration/definition.ts';
import type { Hyperparameters, SearchSpace } from '../../src/core/orchestration/sweep/expressions.ts';
import { nextHyperparameters, type Observation, type Sampling } from '../../src/core/orchestration/sweep/sampling.ts';
import { builtInRunConfigurations } from '../../src/core/run-configurations/runConfiguration.ts';

function drawn(sampling: Sampling, most: number, score: (point: Hyperparameters) => number = () => 0): Observation[] {
  const trials: Observation[] = [];
  for (let number = 0; number < most; number++) {
    const hyperparameters = nextHyperparameters(sampling, 'maximize', number, trials);
    if (hyperparameters === undefined) {
      break;
    }
    trials.push({ hyperparameters, best: score(hyperparameters) });
  }
  return trials;
}

function numbers(space: SearchSpace, seed: number, count: number): number[] {
  return drawn({ type: 'random', seed, space }, count).map(({ hyperparameters }) => Number(hyperparameters.x));
}

function quantile(values: readonly number[], part: number): number {
  return [...values].sort((a, b) => a - b)[Math.floor(part * values.length)] ?? Number.NaN;
}

describe('sampling', () => {
  it('takes every point of a grid once, the last name changing fastest', () => {
    const space: SearchSpace = { '--lr': ['choice', [[0.1, 1]]], '--kind': ['choice', [['a', 'b', 'c']]] };
    const points = drawn({ type: 'grid', seed: 1, space }, 100).map(({ hyperparameters }) => hyperparameters);
    expect(points).toEqual([
      { '--lr': 0.1, '--kind': 'a' },
      { '--lr': 0.1, '--kind': 'b' },
      { '--lr': 0.1, '--kind': 'c' },
      { '--lr': 1, '--kind': 'a' },
      { '--lr': 1, '--kind': 'b' },
      { '--lr': 1, '--kind': 'c' },
    ]);
  });

  it('gives the same values for the same seed, and others for another', () => {
    const space: SearchSpace = { x: ['uniform', [0, 1]] };
    expect(numbers(space, 1, 5)).toEqual(numbers(space, 1, 5));
    expect(numbers(space, 1, 5)).not.toEqual(numbers(space, 2, 5));
  });

  it('never tries a combination twice where there is an end to them', () => {
    const space: SearchSpace = { '--a': ['choice', [[1, 2, 3]]], '--b': ['randint', [4]] };
    for (const type of ['random', 'bayesian'] as const) {
      const tried = drawn(
        { type, seed: 7, space: type === 'random' ? space : { '--a': ['choice', [[1, 2, 3]]] } },
        100,
      );
      const distinct = new Set(tried.map(({ hyperparameters }) => JSON.stringify(hyperparameters)));
      expect(distinct.size).toBe(tried.length);
      expect(tried).toHaveLength(type === 'random' ? 12 : 3);
    }
  });

  it('tries nothing again that a sweep has tried which it goes on from, and learns from it', () => {
    const space: SearchSpace = { '--a': ['choice', [[1, 2, 3]]], '--b': ['choice', [['x', 'y']]] };
    const inherited = [
      // In another order than that of the space.
      { hyperparameters: { '--b': 'x', '--a': 1 }, best: 0.5 },
      { hyperparameters: { '--a': 3, '--b': 'y' }, best: undefined },
    ];
    for (const type of ['grid', 'random', 'bayesian'] as const) {
      const trials: Observation[] = [];
      for (let number = 0; number < 10; number++) {
        const point = nextHyperparameters({ type, seed: 3, space }, 'maximize', number, trials, inherited);
        if (point === undefined) {
          break;
        }
        trials.push({ hyperparameters: point, best: 0 });
      }
      const tried = trials.map(({ hyperparameters: point }) => `${point['--a']}${point['--b']}`);
      expect(tried.toSorted()).toEqual(['1y', '2x', '2y', '3x']);
    }
    const wide: SearchSpace = { x: ['uniform', [0, 100]] };
    const good = Array.from({ length: 40 }, (_, index) => ({ hyperparameters: { x: index * 2.5 }, best: -index }));
    const first = Array.from({ length: 20 }, (_, seed) =>
      Number(nextHyperparameters({ type: 'bayesian', seed, space: wide }, 'maximize', 0, [], good)?.x),
    );
    expect(quantile(first, 0.5)).toBeLessThan(30);
  });

  // Each as its distribution has it: the lower quartile, the median and the upper quartile.
  it.each<[SearchSpace[string], number, number, number, number]>([
    [['uniform', [2, 6]], 3, 4, 5, 0.2],
    [['quniform', [0, 100, 10]], 20, 50, 80, 10],
    [['loguniform', [0, 4]], Math.exp(1), Math.exp(2), Math.exp(3), 1.5],
    [['qloguniform', [0, 4, 1]], 3, 7, 20, 2],
    [['normal', [10, 2]], 10 - 1.349, 10, 10 + 1.349, 0.3],
    [['qnormal', [10, 2, 1]], 9, 10, 11, 1],
    [['lognormal', [0, 1]], Math.exp(-0.6745), 1, Math.exp(0.6745), 0.2],
    [['qlognormal', [3, 0.5, 1]], 14, 20, 28, 2],
    [['randint', [1000]], 250, 500, 750, 40],
  ])('of %j is distributed as it says', (expression, lower, middle, upper, tolerance) => {
    const values = numbers({ x: expression }, 11, expression[0] === 'randint' ? 900 : 2000);
    for (const [part, expected] of [
      [0.25, lower],
      [0.5, middle],
      [0.75, upper],
    ] as const) {
      expect(Math.abs(quantile(values, part) - expected)).toBeLessThanOrEqual(tolerance);
    }
    const step = expression[0].startsWith('q') ? Number(expression[1].at(-1)) : undefined;
    expect(
      values.every((value) => step === undefined || Math.abs(value / step - Math.round(value / step)) < 1e-9),
    ).toBe(true);
  });

  it('has steps without the noise of binary fractions', () => {
    expect(new Set(numbers({ x: ['quniform', [0, 0.4, 0.1]] }, 3, 200))).toEqual(new Set([0, 0.1, 0.2, 0.3, 0.4]));
  });

  it('that is Bayesian learns: its last trials are better than those at random', () => {
    const space: SearchSpace = {
      '--lr': ['uniform', [0, 1]],
      '--layers': ['quniform', [1, 20, 1]],
      '--kind': ['choice', [['a', 'b', 'c', 'd']]],
    };
    const score = (point: Hyperparameters): number =>
      -((Number(point['--lr']) - 0.73) ** 2) -
      ((Number(point['--layers']) - 6) / 20) ** 2 -
      (point['--kind'] === 'c' ? 0 : 0.3);
    const lateMean = (type: 'bayesian' | 'random', seed: number): number => {
      const late = drawn({ type, seed, space }, 60, score).slice(40);
      return late.reduce((sum, { best }) => sum + (best ?? 0), 0) / late.length;
    };
    for (const seed of [1, 2, 3, 4, 5]) {
      expect(lateMean('bayesian', seed)).toBeGreaterThan(lateMean('random', seed) + 0.1);
    }
  });
});

describe('the definition of a sweep', () => {
  const [local] = builtInRunConfigurations;
  const definition = (change: object): object => ({
    kind: 'sweep',
    job: { sourceDirectory: '/source', script: 'train.py', runConfiguration: local?.configuration },
    sampling: { type: 'random', space: { '--lr': ['uniform', [0, 1]] } },
    primaryMetric: { name: 'acc', goal: 'maximize' },
    maxTotalRuns: 4,
    ...change,
  });

  it('has a seed of its own, a week, and no policy where nothing is said', () => {
    const parsed = parseDefinition(definition({}));
    expect(parsed).toMatchObject({
      sampling: { seed: expect.any(Number) },
      maxDurationMinutes: 10080,
      policy: { type: 'none' },
    });
  });

  it.each<[string, object, RegExp]>([
    [
      'bounds that are not',
      { sampling: { type: 'random', space: { '--lr': ['uniform', [1, 0]] } } },
      /sampling\.space.*lower bound/,
    ],
    ['a space of nothing', { sampling: { type: 'random', space: {} } }, /needs a hyperparameter/],
    ['a grid of more than choices', { sampling: { type: 'grid', space: { x: ['uniform', [0, 1]] } } }, /grid.*choice/],
    [
      'what Bayesian sampling does not know',
      { sampling: { type: 'bayesian', space: { x: ['normal', [0, 1]] } } },
      /Bayesian/,
    ],
    [
      'a policy beside Bayesian sampling',
      { sampling: { type: 'bayesian', space: { x: ['uniform', [0, 1]] } }, policy: { type: 'median_stopping' } },
      /no early termination/,
    ],
    ['a bandit without slack', { policy: { type: 'bandit' } }, /policy.*slackFactor or slackAmount/],
    ['a metric without a name', { primaryMetric: { name: '', goal: 'maximize' } }, /primaryMetric\.name.*must name/],
    ['a goal that is none', { primaryMetric: { name: 'acc', goal: 'max' } }, /primaryMetric\.goal.*"maximize"/],
    ['no trial at all', { maxTotalRuns: 0 }, /maxTotalRuns.*at least 1/],
    ['a policy that is none', { policy: { type: 'luck' } }, /policy.*bandit/],
  ])('with %s says so', (_what, change, message) => {
    expect(() => parseDefinition(definition(change))).toThrow(
      expect.objectContaining({ reason: 'invalid-argument', message: expect.stringMatching(message) }),
    );
  });
});
