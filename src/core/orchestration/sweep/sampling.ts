/** Which hyperparameters a sweep tries. */
import { bayesianSample } from './bayesianSampling.ts';
import {
  combinationCount,
  type Hyperparameters,
  optionsOf,
  type SearchSpace,
  sampleExpression,
} from './expressions.ts';
import { uniformNumbers } from './randomness.ts';

export type Goal = 'maximize' | 'minimize';

export interface Sampling {
  readonly type: 'random' | 'grid' | 'bayesian';
  readonly seed: number;
  readonly space: SearchSpace;
}

/** A trial so far: what it tried, and its best value of the primary metric, if it logged one. */
export interface Observation {
  readonly hyperparameters: Hyperparameters;
  readonly best: number | undefined;
}

/** Draws for one trial of a space that could be used up before a new combination is found. */
const mostDraws = 1000;

/**
 * The hyperparameters of trial `number`, from 0; undefined where the space is used up. `earlier` are the trials before it.
 *
 * No combination comes twice where the space has an end.
 */
export function nextHyperparameters(
  sampling: Sampling,
  goal: Goal,
  number: number,
  earlier: readonly Observation[],
): Hyperparameters | undefined {
  const { space, seed, type } = sampling;
  const count = combinationCount(space);
  if (number >= count) {
    return undefined;
  }
  if (type === 'grid') {
    return gridPoint(space, number);
  }
  const tried = new Set(earlier.map(({ hyperparameters }) => JSON.stringify(hyperparameters)));
  for (let draw = 0; draw < mostDraws; draw++) {
    const uniform = uniformNumbers(seed, number, draw);
    const sample = type === 'bayesian' ? bayesianSample(space, goal, earlier, uniform) : randomPoint(space, uniform);
    if (!Number.isFinite(count) || !tried.has(JSON.stringify(sample))) {
      return sample;
    }
  }
  return firstUntried(space, count, tried);
}

function randomPoint(space: SearchSpace, uniform: () => number): Hyperparameters {
  return Object.fromEntries(
    Object.entries(space).map(([name, expression]) => [name, sampleExpression(expression, uniform)]),
  );
}

/** The point of a place in the grid, the last name changing fastest. */
function gridPoint(space: SearchSpace, place: number): Hyperparameters {
  let rest = place;
  const values = Object.entries(space)
    .reverse()
    .map(([name, expression]) => {
      const options = optionsOf(expression) ?? [];
      const option = options[rest % options.length] ?? '';
      rest = Math.floor(rest / options.length);
      return [name, option] as const;
    });
  return Object.fromEntries(values.reverse());
}

function firstUntried(space: SearchSpace, count: number, tried: ReadonlySet<string>): Hyperparameters | undefined {
  for (let place = 0; place < count; place++) {
    const point = gridPoint(space, place);
    if (!tried.has(JSON.stringify(point))) {
      return point;
    }
  }
  return undefined;
}
