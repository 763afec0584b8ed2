/** Runs in the order of a metric's numbers. */
import quickselect from 'quickselect';
import type { MetricColumn } from '../run-index/metricColumns.ts';
import type { RunSet } from './runSet.ts';
import type { SortValue } from './sortValues.ts';

/** Where an order is gone on with. */
export interface Start {
  readonly value: SortValue;
  /** Whether runs of just this value are left out. */
  readonly isBehind: boolean;
}

/** Only the first runs are put in order: of many thousand, a page wants fifty. */
export class MetricOrder {
  /** Of the runs that have a number; of a descending order with the other sign, so that lower comes first. */
  private readonly keys: Float64Array;
  private readonly runsOf: Uint32Array;
  private readonly sign: number;

  constructor(column: MetricColumn, runs: RunSet, isDescending: boolean) {
    const { numbers } = column;
    this.sign = isDescending ? -1 : 1;
    const keys = new Float64Array(numbers.length);
    const runsOf = new Uint32Array(numbers.length);
    let size = 0;
    for (let index = 0; index < numbers.length; index += 1) {
      const number = numbers[index] as number;
      const run = column.runs[index] as number;
      if (!Number.isNaN(number) && runs.has(run)) {
        keys[size] = number * this.sign;
        runsOf[size] = run;
        size += 1;
      }
    }
    this.keys = keys.subarray(0, size);
    this.runsOf = runsOf.subarray(0, size);
  }

  runs(): number[] {
    return [...this.runsOf];
  }

  tied(value: SortValue): number[] {
    const key = this.keyOf(value);
    const tied: number[] = [];
    for (const [index, other] of this.keys.entries()) {
      if (other === key) {
        tied.push(this.runsOf[index] as number);
      }
    }
    return tied;
  }

  /** At most so many runs with their values, in order; the order of those that have one value says nothing. */
  first(start: Start | undefined, count: number): readonly [runs: readonly number[], values: readonly SortValue[]] {
    const { keys, runsOf, sign } = this;
    const from = start === undefined ? Number.NEGATIVE_INFINITY : this.keyOf(start.value);
    const isBehind = start?.isBehind === true;
    const candidates: number[] = [];
    for (let index = 0; index < keys.length; index += 1) {
      const key = keys[index] as number;
      if (isBehind ? key > from : key >= from) {
        candidates.push(key);
      }
    }
    const last = highestOf(candidates, count);
    if (last === undefined) {
      return [[], []];
    }
    const found: { readonly run: number; readonly key: number }[] = [];
    const tied: { readonly run: number; readonly key: number }[] = [];
    for (let index = 0; index < keys.length; index += 1) {
      const key = keys[index] as number;
      if (key <= last && (isBehind ? key > from : key >= from)) {
        (key === last ? tied : found).push({ run: runsOf[index] as number, key });
      }
    }
    found.sort((a, b) => a.key - b.key || a.run - b.run);
    found.push(...tied.slice(0, count - found.length));
    return [found.map(({ run }) => run), found.map(({ key }) => key * sign)];
  }

  private keyOf(value: SortValue): number {
    return typeof value === 'number' ? value * this.sign : Number.NaN;
  }
}

/** The highest of so many that are lower than the others. The numbers lose their order. */
function highestOf(numbers: number[], count: number): number | undefined {
  const place = Math.min(count, numbers.length) - 1;
  if (place < 0) {
    return undefined;
  }
  quickselect(numbers, place);
  return numbers[place];
}
