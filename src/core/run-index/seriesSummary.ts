/** What the index keeps of a series beside its points: numbers in a row, since a store has millions of series. */
import { float64Column } from './pointColumns.ts';

/** An extreme value with its place: the first of equal ones, in order of time. */
export interface Extreme {
  readonly value: number;
  readonly time: number;
  /** NaN where the point has none. */
  readonly step: number;
  /** In the order of the journal. */
  readonly place: number;
}

/** The numbers of a series. */
export interface SeriesNumbers {
  readonly records: number;
  readonly count: number;
  /** Points that are numbers, texts, and those that have a step. */
  readonly numbers: number;
  readonly texts: number;
  readonly steps: number;
  readonly isTimeOrdered: boolean;
  readonly isStepOrdered: boolean;
  /** Of the first record in order of time. */
  readonly firstTime: number;
  readonly firstLine: number;
  readonly firstPlace: number;
  readonly lastTime: number;
  /** NaN where it is no finite number. */
  readonly last: number;
  readonly lastStep: number;
  readonly min: Extreme | undefined;
  readonly max: Extreme | undefined;
}

const numberCount = 21;

/** Used again and again: SQLite copies what it is given. */
const shared = new Float64Array(numberCount);
const sharedBytes = new Uint8Array(shared.buffer);

/** @returns bytes that hold until the next call */
export function packSummary(summary: SeriesNumbers): Uint8Array {
  shared[0] = summary.records;
  shared[1] = summary.count;
  shared[2] = summary.numbers;
  shared[3] = summary.texts;
  shared[4] = summary.steps;
  shared[5] = summary.isTimeOrdered ? 1 : 0;
  shared[6] = summary.isStepOrdered ? 1 : 0;
  shared[7] = summary.firstTime;
  shared[8] = summary.firstLine;
  shared[9] = summary.firstPlace;
  shared[10] = summary.lastTime;
  shared[11] = summary.last;
  shared[12] = summary.lastStep;
  packExtreme(summary.min, 13);
  packExtreme(summary.max, 17);
  return sharedBytes;
}

function packExtreme(extreme: Extreme | undefined, at: number): void {
  shared[at] = extreme?.value ?? Number.NaN;
  shared[at + 1] = extreme?.time ?? Number.NaN;
  shared[at + 2] = extreme?.step ?? Number.NaN;
  shared[at + 3] = extreme?.place ?? Number.NaN;
}

export function unpackSummary(blob: Uint8Array): SeriesNumbers {
  const packed = float64Column(blob);
  const number = (at: number): number => packed[at] as number;
  const extreme = (at: number): Extreme | undefined =>
    Number.isNaN(number(at))
      ? undefined
      : { value: number(at), time: number(at + 1), step: number(at + 2), place: number(at + 3) };
  return {
    records: number(0),
    count: number(1),
    numbers: number(2),
    texts: number(3),
    steps: number(4),
    isTimeOrdered: number(5) === 1,
    isStepOrdered: number(6) === 1,
    firstTime: number(7),
    firstLine: number(8),
    firstPlace: number(9),
    lastTime: number(10),
    last: number(11),
    lastStep: number(12),
    min: extreme(13),
    max: extreme(17),
  };
}

/** What few series have. */
export interface SeriesTexts {
  /** The last value where it is no finite number, as JSON. */
  readonly last?: string | undefined;
  readonly description?: { readonly text: string; readonly time: number; readonly line: number } | undefined;
  /** Of a table, in the order in which they came. */
  readonly columns?: readonly string[] | undefined;
}

export function unpackTexts(json: unknown): SeriesTexts {
  return typeof json === 'string' ? (JSON.parse(json) as SeriesTexts) : {};
}
