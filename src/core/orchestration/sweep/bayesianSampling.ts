/**
 * Sampling that learns from the trials so far: a tree-structured Parzen estimator (Bergstra et al., "Algorithms for
 * Hyper-Parameter Optimization", 2011), each hyperparameter by itself. No library is used: those for Node that implement
 * one are not maintained.
 */
import type { Expression, Hyperparameters, HyperparameterValue, SearchSpace } from './expressions.ts';
import { sampleExpression, stepped } from './expressions.ts';
import type { Goal, Observation } from './sampling.ts';

/** Trials that are drawn at random before there is anything to learn from. */
const leastObservations = 8;
/** The part of the trials that counts as good. */
const goodPart = 0.25;
/** Draws from what is good, of which the most promising is tried. */
const candidateCount = 24;

interface Scored {
  readonly hyperparameters: Hyperparameters;
  readonly best: number;
}

export function bayesianSample(
  space: SearchSpace,
  goal: Goal,
  earlier: readonly Observation[],
  uniform: () => number,
): Hyperparameters {
  const scored = earlier.filter((trial): trial is Scored => trial.best !== undefined && Number.isFinite(trial.best));
  const sign = goal === 'maximize' ? -1 : 1;
  const ranked = [...scored].sort((a, b) => sign * (a.best - b.best));
  const goodCount = Math.max(1, Math.ceil(goodPart * ranked.length));
  return Object.fromEntries(
    Object.entries(space).map(([name, expression]) => {
      if (ranked.length < leastObservations) {
        return [name, sampleExpression(expression, uniform)];
      }
      const values = ranked.map(({ hyperparameters }) => hyperparameters[name]);
      return [name, promising(expression, values.slice(0, goodCount), values.slice(goodCount), uniform)];
    }),
  );
}

type Values = readonly (HyperparameterValue | undefined)[];

function promising(expression: Expression, good: Values, bad: Values, uniform: () => number): HyperparameterValue {
  if (expression[0] === 'choice') {
    return promisingOption(expression[1][0], good, bad, uniform);
  }
  if (expression[0] !== 'uniform' && expression[0] !== 'quniform') {
    return sampleExpression(expression, uniform);
  }
  const [low, high, step] = expression[1];
  const better = new ParzenEstimator(numbersOf(good), low, high);
  const worse = new ParzenEstimator(numbersOf(bad), low, high);
  let chosen = low;
  let highest = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < candidateCount; index++) {
    const candidate = better.sample(uniform);
    const score = Math.log(better.density(candidate)) - Math.log(worse.density(candidate));
    if (score > highest) {
      highest = score;
      chosen = candidate;
    }
  }
  return stepped(chosen, step);
}

function numbersOf(values: Values): number[] {
  return values.filter((value) => typeof value === 'number');
}

/** An option drawn by how often it was good and how seldom it was bad; one that was never tried counts as tried once. */
function promisingOption(
  options: readonly HyperparameterValue[],
  good: Values,
  bad: Values,
  uniform: () => number,
): HyperparameterValue {
  const share = (values: Values, option: HyperparameterValue): number =>
    (1 + values.filter((value) => value === option).length) / (options.length + values.length);
  const weights = options.map((option) => share(good, option) ** 2 / share(bad, option));
  let rest = uniform() * weights.reduce((sum, weight) => sum + weight, 0);
  for (const [index, option] of options.entries()) {
    rest -= weights[index] ?? 0;
    if (rest < 0) {
      return option;
    }
  }
  return options.at(-1) ?? '';
}

/** A density over an interval: one kernel for each value, and a wide one for all that nobody tried. */
class ParzenEstimator {
  private readonly low: number;
  private readonly high: number;
  private readonly kernels: readonly { readonly centre: number; readonly width: number }[];

  constructor(values: readonly number[], low: number, high: number) {
    this.low = low;
    this.high = high;
    const range = high - low;
    const sorted = [...values].sort((a, b) => a - b);
    const narrowest = range / Math.min(100, 1 + sorted.length);
    this.kernels = [
      { centre: low + range / 2, width: range },
      ...sorted.map((centre, index) => {
        const below = centre - (sorted[index - 1] ?? low);
        const above = (sorted[index + 1] ?? high) - centre;
        return { centre, width: Math.min(range, Math.max(narrowest, below, above)) };
      }),
    ];
  }

  density(value: number): number {
    const sum = this.kernels.reduce((total, { centre, width }) => {
      const distance = (value - centre) / width;
      return total + Math.exp(-0.5 * distance * distance) / width;
    }, 0);
    return sum / (this.kernels.length * Math.sqrt(2 * Math.PI));
  }

  sample(uniform: () => number): number {
    const kernel = this.kernels[Math.floor(uniform() * this.kernels.length)];
    if (kernel === undefined) {
      return this.low;
    }
    const drawn = sampleExpression(['normal', [kernel.centre, kernel.width]], uniform);
    return Math.min(this.high, Math.max(this.low, Number(drawn)));
  }
}
