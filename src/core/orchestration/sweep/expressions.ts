/** The expressions of a search space, as Azure ML's SDK v1 has them. */
import * as v from 'valibot';

export type HyperparameterValue = string | number | boolean;
export type Hyperparameters = Readonly<Record<string, HyperparameterValue>>;

const number = v.pipe(v.number('must be a number'), v.finite('must be finite'));
const positive = v.pipe(
  number,
  v.check((value) => value > 0, 'must be above 0'),
);
const value = v.union([v.string(), number, v.boolean()], 'must be a text, a number or a truth value');

/** What a trial tried. */
export const hyperparametersSchema = v.record(v.string(), value);

const bounds = v.pipe(
  v.strictTuple([number, number]),
  v.check(([low, high]) => low < high, 'needs a lower bound below the upper one'),
);
const boundsAndStep = v.pipe(
  v.strictTuple([number, number, positive]),
  v.check(([low, high]) => low < high, 'needs a lower bound below the upper one'),
);
const spread = v.strictTuple([number, positive]);
const spreadAndStep = v.strictTuple([number, positive, positive]);

/** `[kind, arguments]`. */
export const expressionSchema = v.union(
  [
    v.strictTuple([v.literal('choice'), v.strictTuple([v.pipe(v.array(value), v.minLength(1, 'needs an option'))])]),
    v.strictTuple([
      v.literal('randint'),
      v.strictTuple([v.pipe(number, v.integer('must be whole'), v.minValue(1, 'must be at least 1'))]),
    ]),
    v.strictTuple([v.picklist(['uniform', 'loguniform']), bounds]),
    v.strictTuple([v.picklist(['quniform', 'qloguniform']), boundsAndStep]),
    v.strictTuple([v.picklist(['normal', 'lognormal']), spread]),
    v.strictTuple([v.picklist(['qnormal', 'qlognormal']), spreadAndStep]),
  ],
  'must be an expression such as ["uniform", [0.1, 1]], with a lower bound below the upper one and steps above 0',
);

export type Expression = v.InferOutput<typeof expressionSchema>;

/** In the order in which people meet them. */
export const expressionKinds = [
  'choice',
  'uniform',
  'loguniform',
  'quniform',
  'qloguniform',
  'normal',
  'lognormal',
  'qnormal',
  'qlognormal',
  'randint',
] as const satisfies readonly Expression[0][];

export type SearchSpace = Readonly<Record<string, Expression>>;

/** The values that an expression can give; undefined where they are not a few. */
export function optionsOf(expression: Expression): readonly HyperparameterValue[] | undefined {
  if (expression[0] === 'choice') {
    return expression[1][0];
  }
  return expression[0] === 'randint' ? Array.from({ length: expression[1][0] }, (_, index) => index) : undefined;
}

/** How many combinations a space has; infinite where one of its expressions is continuous. */
export function combinationCount(space: SearchSpace): number {
  const counts = Object.values(space).map((expression) =>
    expression[0] === 'randint' ? expression[1][0] : (optionsOf(expression)?.length ?? Number.POSITIVE_INFINITY),
  );
  return counts.reduce((product, count) => product * count, 1);
}

/**
 * A value of an expression.
 *
 * @param uniform gives numbers in [0, 1), evenly distributed
 */
export function sampleExpression(expression: Expression, uniform: () => number): HyperparameterValue {
  const [kind] = expression;
  if (kind === 'choice') {
    const [options] = expression[1];
    return options[Math.floor(uniform() * options.length)] ?? '';
  }
  if (kind === 'randint') {
    return Math.floor(uniform() * expression[1][0]);
  }
  const [first, second, step] = expression[1];
  const isNormal = kind.endsWith('normal');
  const drawn = isNormal ? first + second * standardNormal(uniform) : first + uniform() * (second - first);
  return stepped(kind.includes('log') ? Math.exp(drawn) : drawn, step);
}

/** The nearest multiple of a step, without the noise of binary fractions. */
export function stepped(value: number, step: number | undefined): number {
  return step === undefined ? value : Number((Math.round(value / step) * step).toPrecision(12));
}

/** By the method of Box and Muller. */
function standardNormal(uniform: () => number): number {
  // 1 - u is never 0, whose logarithm is infinite.
  return Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}
