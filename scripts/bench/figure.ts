/** What a benchmark finds: a figure beside a peer's or a limit, measured in the same run. */

/** Repetitions of one measurement. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
  readonly count: number;
}

interface AnyFigure {
  /** What was measured, for people. */
  readonly what: string;
  /** What it is held against. */
  readonly against: string;
  /** In the words of the table: `at least 10 times as fast`. */
  readonly aim: string | undefined;
  readonly isMet: boolean | undefined;
}

/** Something that others do too. */
export interface PeerFigure extends AnyFigure {
  readonly kind: 'peer';
  readonly unit: string;
  readonly ours: Spread;
  readonly theirs: Spread;
  /** How many times as fast, or as much: more is better. */
  readonly ratio: number;
}

/** Something that must stay below a limit. */
export interface LimitFigure extends AnyFigure {
  readonly kind: 'limit';
  readonly unit: string;
  readonly ours: Spread;
  readonly limit: number;
  /** The part of the limit that is used: less is better. */
  readonly ratio: number;
}

/** Things that must all be there. */
export interface CountFigure extends AnyFigure {
  readonly kind: 'count';
  readonly found: number;
  readonly expected: number;
}

export type Figure = PeerFigure | LimitFigure | CountFigure;

export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  const median = sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
  return { median, least: sorted[0] ?? Number.NaN, most: sorted.at(-1) ?? Number.NaN, count: sorted.length };
}

export interface PeerComparison {
  readonly what: string;
  readonly against: string;
  /** Of both. */
  readonly unit: string;
  /** A value for each repetition. */
  readonly ours: readonly number[];
  readonly theirs: readonly number[];
  /** Whether a greater value is better (a rate), or a smaller one (a time). */
  readonly better: 'more' | 'less';
  /** The least ratio; none where the figure is told without an aim. */
  readonly atLeast?: number;
}

export function comparedWithPeer({ better, atLeast, ...rest }: PeerComparison): PeerFigure {
  const ours = spreadOf(rest.ours);
  const theirs = spreadOf(rest.theirs);
  const ratio = better === 'more' ? ours.median / theirs.median : theirs.median / ours.median;
  return {
    ...rest,
    kind: 'peer',
    ours,
    theirs,
    ratio,
    aim: atLeast === undefined ? undefined : `at least ${timesText(atLeast)}`,
    isMet: atLeast === undefined ? undefined : ratio >= atLeast,
  };
}

/** @param values one for each repetition, in the unit of the limit */
export function comparedWithLimit(what: string, values: readonly number[], limit: number, unit: string): LimitFigure {
  const ours = spreadOf(values);
  const aim = `at most ${numberText(limit)} ${unit}`;
  return {
    kind: 'limit',
    what,
    against: 'the limit',
    unit,
    ours,
    limit,
    ratio: ours.median / limit,
    aim,
    isMet: ours.median <= limit,
  };
}

export function counted(what: string, found: number, expected: number): CountFigure {
  return { kind: 'count', what, against: 'what was written', found, expected, aim: 'all', isMet: found === expected };
}

/** A line of the table: what, measured, against, ratio, aim, whether it is met. */
export function cellsOf(figure: Figure): readonly string[] {
  const met = figure.isMet === undefined ? '' : figure.isMet ? 'yes' : '**no**';
  const aim = figure.aim ?? '';
  switch (figure.kind) {
    case 'peer': {
      const against = `${figure.against}: ${spreadText(figure.theirs, figure.unit)}`;
      return [figure.what, spreadText(figure.ours, figure.unit), against, timesText(figure.ratio), aim, met];
    }
    case 'limit': {
      const against = `${figure.against}: ${numberText(figure.limit)} ${figure.unit}`;
      const part = `${numberText(figure.ratio)} of it`;
      return [figure.what, spreadText(figure.ours, figure.unit), against, part, aim, met];
    }
    case 'count': {
      const count = (value: number): string => value.toLocaleString('en');
      const share = figure.found === figure.expected ? 'all' : numberText(figure.found / figure.expected);
      return [figure.what, count(figure.found), `${figure.against}: ${count(figure.expected)}`, share, aim, met];
    }
  }
}

function spreadText({ median, least, most, count }: Spread, unit: string): string {
  const range = count > 1 ? ` (${numberText(least)} to ${numberText(most)})` : '';
  return `${numberText(median)} ${unit}${range}`;
}

function timesText(ratio: number): string {
  return `${numberText(ratio)}×`;
}

/** Three digits that count, or all of a whole number. */
function numberText(value: number): string {
  return Math.abs(value) >= 100
    ? Math.round(value).toLocaleString('en')
    : value.toLocaleString('en', { maximumSignificantDigits: 3 });
}
