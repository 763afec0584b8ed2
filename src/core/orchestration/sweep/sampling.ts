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
 * The hyperparameters of trial `number`, from 0; undefined where the space is used up. `earlier` are the trials before it, and
 * `inherited` those of the sweeps that this one goes on from.
 *
 * No combination comes twice where the space has an end.
 */
export function nextHyperparameters(
  sampling: Sampling,
  goal: Goal,
  number: number,
  earlier: readonly Observation[],
  inherited: readonly Observation[] = [],
): Hyperparameters | undefined {
  const { space, seed, type } = sampling;
  const count = combinationCount(space);
  if (number >= count) {
    return undefined;
  }
  if (type === 'grid') {
    return untriedPoint(space, count, number, triedOf(space, inherited));
  }
  const known = [...inherited, ...earlier];
  const tried = triedOf(space, Number.isFinite(count) ? known : []);
  for (let draw = 0; draw < mostDraws; draw++) {
    const uniform = uniformNumbers(seed, number, draw);
    const sample = type === 'bayesian' ? bayesianSample(space, goal, known, uniform) : randomPoint(space, uniform);
    if (tried.size === 0 || !tried.has(keyOf(space, sample))) {
      return sample;
    }
  }
  return untriedPoint(space, count, 0, tried);
}

function triedOf(space: SearchSpace, trials: readonly Observation[]): ReadonlySet<string> {
  return new Set(trials.map(({ hyperparameters }) => keyOf(space, hyperparameters)));
}

/** The same for the same values, in whatever order they were written. */
function keyOf(space: SearchSpace, hyperparameters: Hyperparameters): string {
  return JSON.stringify(Object.keys(space).map((name) => hyperparameters[name] ?? null));
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

/** The point of the grid after `skipped` others, those that were tried left out; undefined where there is none. */
function untriedPoint(
  space: SearchSpace,
  count: number,
  skipped: number,
  tried: ReadonlySet<string>,
): Hyperparameters | undefined {
  let left = skipped;
  for (let place = 0; place < count; place++) {
    const point = gridPoint(space, place);
    if (!tried.has(keyOf(space, point))) {
      if (left === 0) {
        return point;
      }
      left -= 1;
    }
  }
  return undefined;
}
