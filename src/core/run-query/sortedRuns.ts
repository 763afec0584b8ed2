/**
 * The first runs of a set in an order. Where there is an order by the first key, an index or numbers that are put in order as far as
 * they are wanted, it is walked: with many matches a page is full soon, and with few they are sorted. Both give the same.
 */
import { metricColumn } from '../run-index/metricColumns.ts';
import { readRuns } from './matchingRuns.ts';
import { MetricOrder, type Start } from './metricOrder.ts';
import type { SortKey } from './query.ts';
import { RunSet } from './runSet.ts';
import {
  readPairs,
  runComparison,
  type SortedRun,
  type Sorting,
  type SortValue,
  withSortValues,
} from './sortValues.ts';
import { fragment } from './sqlFragment.ts';

const newestFirst: SortKey = { field: { kind: 'attribute', name: 'created' }, isDescending: true };

/**
 * @param after only runs behind this place
 * @param bound no run of the set comes before this value of the first key
 * @returns keys of runs, at most `limit`
 */
export function sortedRuns(
  sorting: Sorting,
  runs: RunSet,
  keys: readonly SortKey[],
  limit: number,
  after: SortedRun | undefined,
  bound?: SortValue,
): number[] {
  if (limit <= 0 || runs.size === 0) {
    return [];
  }
  const [first = newestFirst, ...rest] = keys;
  const index = runs.size <= sorting.thresholds.sortedAtOnce ? undefined : sortedIndex(sorting, runs, first);
  if (index === undefined) {
    return firstOf(sorting, runs, keys, limit, after);
  }
  const start = after === undefined ? bound : keys.length === 0 ? after.created : after.values[0];
  const tail: SortedRun | undefined = after && { ...after, values: after.values.slice(1) };
  const ties: Walk['ties'] = (tied, count, place) =>
    // Runs made at one time differ in nothing but their keys: walking that index again would not end.
    (keys.length === 0 ? firstOf : sortedRuns)(sorting, tied, rest, count, place);
  const found = start === null ? [] : walk(sorting, runs, { ...index, ties, start, tail }, limit);
  if (found.length >= limit) {
    return found;
  }
  const missing = runs.minus(RunSet.of(index.everyRow()));
  const more = sortedRuns(sorting, missing, rest, limit - found.length, start === null ? tail : undefined);
  return [...found, ...more];
}

/** Sorts by reading the values of every run. */
function firstOf(
  sorting: Sorting,
  runs: RunSet,
  keys: readonly SortKey[],
  limit: number,
  after: SortedRun | undefined,
): number[] {
  const compare = runComparison(keys);
  const first: SortedRun[] = [];
  for (const run of withSortValues(sorting, runs, keys)) {
    const worst = first.length < limit ? undefined : first.at(-1);
    const isBehind = after === undefined || compare(run, after) > 0;
    if (isBehind && (worst === undefined || compare(run, worst) < 0)) {
      first.splice(placeOf(first, run, compare), 0, run);
      first.length = Math.min(first.length, limit);
    }
  }
  return first.map(({ run }) => run);
}

/** By bisection. */
function placeOf(
  sorted: readonly SortedRun[],
  run: SortedRun,
  compare: (a: SortedRun, b: SortedRun) => number,
): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = sorted[middle];
    if (other !== undefined && compare(other, run) < 0) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

interface SortedIndex {
  /** At most so many runs and values in the order of a key, from a place on where one is given. Runs without a value are not among them. */
  readonly rows: (
    start: Start | undefined,
    count: number,
  ) => readonly [runs: readonly number[], values: readonly SortValue[]];
  /** All runs that have a value. */
  readonly tied: (value: SortValue) => readonly number[];
  readonly everyRow: () => readonly number[];
}

/** What has runs in the order of a key, where there is something. */
function sortedIndex({ database }: Sorting, runs: RunSet, { field, isDescending }: SortKey): SortedIndex | undefined {
  if (field.kind === 'metric') {
    const order = new MetricOrder(metricColumn(database, field.name, field.part), runs, isDescending);
    return {
      rows: (start, count) => order.first(start, count),
      tied: (value) => order.tied(value),
      everyRow: () => order.runs(),
    };
  }
  if (field.kind !== 'attribute' || field.name !== 'created') {
    return undefined;
  }
  const direction = isDescending ? 'DESC' : 'ASC';
  const behind = isDescending ? '<' : '>';
  return {
    rows: (start, count) => {
      const from = start === undefined ? '' : `AND created ${behind}${start.isBehind ? '' : '='} ?`;
      return readPairs(
        database,
        fragment(
          `SELECT run, created AS value FROM runs INDEXED BY runs_by_created WHERE created IS NOT NULL ${from}
           ORDER BY created ${direction}, run ${direction} LIMIT ?`,
          ...(start === undefined ? [] : [start.value]),
          count,
        ),
      );
    },
    tied: (value) =>
      readRuns(database, fragment('SELECT run FROM runs INDEXED BY runs_by_created WHERE created = ?', value)),
    everyRow: () => readRuns(database, fragment('SELECT run FROM runs')),
  };
}

interface Walk extends SortedIndex {
  /** Sorts runs that have one value. */
  readonly ties: (runs: RunSet, limit: number, after: SortedRun | undefined) => readonly number[];
  readonly start: SortValue | undefined;
  /** The place to go on from among runs whose value is `start`. */
  readonly tail: SortedRun | undefined;
}

/** Reads more rows each time, and of a value that many runs have only those: a sweep may have set it. */
function walk(sorting: Sorting, runs: RunSet, { rows, tied, ties, start, tail }: Walk, limit: number): number[] {
  const found: number[] = [];
  const add = (value: SortValue, group: readonly number[]): void => {
    if (group.length === 1 && value !== start) {
      found.push(...group);
    } else {
      found.push(...ties(RunSet.of(group), limit - found.length, value === start ? tail : undefined));
    }
  };
  let place: Start | undefined = start === undefined ? undefined : { value: start, isBehind: false };
  let count = Math.max(sorting.thresholds.rowsAtFirst, limit * 2);
  while (found.length < limit) {
    const [keys, values] = rows(place, count);
    const isWhole = keys.length < count;
    const last = values.at(-1) ?? null;
    for (const { value, group } of groupsOf(runs, keys, values)) {
      if (found.length < limit && (isWhole || value !== last)) {
        add(value, group);
      }
    }
    if (isWhole) {
      break;
    }
    if (found.length < limit) {
      add(
        last,
        tied(last).filter((run) => runs.has(run)),
      );
    }
    place = { value: last, isBehind: true };
    count *= 4;
  }
  return found.slice(0, limit);
}

interface Group {
  readonly value: SortValue;
  readonly group: readonly number[];
}

/** Runs of the set that have one value, value by value. */
function* groupsOf(runs: RunSet, keys: readonly number[], values: readonly SortValue[]): Generator<Group> {
  let group: number[] = [];
  for (const [index, run] of keys.entries()) {
    if (runs.has(run)) {
      group.push(run);
    }
    const value = values[index] ?? null;
    if (group.length > 0 && (index === keys.length - 1 || values[index + 1] !== value)) {
      yield { value, group };
      group = [];
    }
  }
}
