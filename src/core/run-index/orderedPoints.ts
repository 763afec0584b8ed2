/** Puts the points of a metric in order: of time, and of an axis. */
import type { SeriesAxis } from '../catalog/runCatalog.ts';
import { ChunkCorners, field } from './chunkCorners.ts';
import { readChunks } from './chunkStore.ts';
import type { IndexDatabase } from './indexDatabase.ts';
import type { SeriesRow } from './metricSummaries.ts';
import { chunkLength, type PointColumns, pointKind, unpackColumns } from './pointColumns.ts';
import type { OrderedNumbers } from './seriesChunks.ts';
import { NumberColumn } from './storedChunk.ts';

/** Whether the order of the journal is the order of the axis, for a metric that one writer recorded. */
export function isStoredInOrder(series: readonly SeriesRow[], axis: SeriesAxis): boolean {
  const [only] = series;
  if (series.length !== 1 || only === undefined || !only.isTimeOrdered || only.numbers !== only.count) {
    return false;
  }
  return axis !== 'step' || only.steps === 0 || (only.steps === only.count && only.isStepOrdered);
}

/** The points of a series that fill no chunk yet. */
export function tailNumbers(database: IndexDatabase, series: number, chunkCount: number): OrderedNumbers | undefined {
  const tail = database.row('SELECT tail FROM series WHERE series = ?', series)?.tail;
  if (!(tail instanceof Uint8Array)) {
    return undefined;
  }
  const { count, values, times, steps } = unpackColumns(tail);
  const start = chunkCount * chunkLength;
  return { x: steps ?? Float64Array.from({ length: count }, (_, index) => start + index), times, values };
}

/**
 * All points of a metric in the order of their records: time, then writer, then line; with what is no number.
 *
 * @param series those of one kind, of all writers
 */
export function recordedPoints(database: IndexDatabase, series: readonly SeriesRow[]): PointColumns {
  const byWriter = [...series].sort((a, b) => (a.writer < b.writer ? -1 : 1));
  const count = byWriter.reduce((sum, row) => sum + row.count, 0);
  const values = new Float64Array(count);
  const times = new Float64Array(count);
  const steps = byWriter.some((row) => row.steps > 0) ? new Float64Array(count).fill(Number.NaN) : undefined;
  const kinds = byWriter.some((row) => row.numbers !== row.count) ? new Uint8Array(count) : undefined;
  let offset = 0;
  for (const row of byWriter) {
    for (const part of storedColumns(database, row.series, 0)) {
      values.set(part.values, offset);
      times.set(part.times, offset);
      if (part.steps !== undefined) {
        steps?.set(part.steps, offset);
      }
      if (part.kinds !== undefined) {
        kinds?.set(part.kinds, offset);
      }
      offset += part.count;
    }
  }
  const order = stableOrder(times);
  return order === undefined
    ? { count, values, times, steps, kinds }
    : {
        count,
        values: reordered(values, order),
        times: reordered(times, order),
        steps: steps && reordered(steps, order),
        kinds: kinds && reordered(kinds, order),
      };
}

/** Chunks that are read at once. */
const chunksAtOnce = 64;

/** The points of one series in the order of its journal, from the chunk on in which the point `from` lies. */
export function* storedColumns(database: IndexDatabase, series: number, from: number): Generator<PointColumns> {
  const corners = ChunkCorners.read(database, series, ChunkCorners.none);
  for (let first = Math.floor(from / chunkLength); first < corners.length; first += chunksAtOnce) {
    const length = Math.min(chunksAtOnce, corners.length - first);
    const chunks = Array.from({ length }, (_, index) => first + index);
    const firstOf = (chunk: number): { step: number; time: number } => ({
      step: corners.get(chunk, field.firstStep),
      time: corners.get(chunk, field.firstTime),
    });
    for (const [index, { values, times, steps, kinds }] of readChunks(database, series, chunks, firstOf).entries()) {
      const { step } = firstOf(first + index);
      const regular = Number.isNaN(corners.get(first + index, field.stepSize))
        ? undefined
        : NumberColumn.regular(step, corners.get(first + index, field.stepSize));
      yield { count: chunkLength, values, times: times.toArray(), steps: (steps ?? regular)?.toArray(), kinds };
    }
  }
  const tail = database.row('SELECT tail FROM series WHERE series = ?', series)?.tail;
  if (tail instanceof Uint8Array) {
    yield unpackColumns(tail);
  }
}

/** The numbers among points, in the order of the axis. A point without a step has its place among all points as x. */
export function numbersInOrder(points: PointColumns, axis: SeriesAxis): OrderedNumbers {
  const { count, steps, kinds } = points;
  let { values, times } = points;
  let x = Float64Array.from({ length: count }, (_, index) => {
    const step = steps?.[index] ?? Number.NaN;
    return Number.isNaN(step) ? index : step;
  });
  if (kinds !== undefined) {
    const isNumber = (_: number, index: number): boolean => kinds[index] === pointKind.number;
    x = x.filter(isNumber);
    times = times.filter(isNumber);
    values = values.filter(isNumber);
  }
  const order = axis === 'step' ? stableOrder(x) : undefined;
  return order === undefined
    ? { x, times, values }
    : { x: reordered(x, order), times: reordered(times, order), values: reordered(values, order) };
}

function reordered<T extends Float64Array | Uint8Array>(column: T, order: Uint32Array): T {
  const result = (column instanceof Float64Array ? new Float64Array(order.length) : new Uint8Array(order.length)) as T;
  for (let index = 0; index < order.length; index++) {
    result[index] = column[order[index] as number] as number;
  }
  return result;
}

/**
 * The places of values in rising order, equal ones as they were; undefined where they rise already. Merges the stretches that
 * rise (a natural merge sort): a series that was recorded in a few parts takes a few passes, however long it is.
 */
function stableOrder(values: Float64Array): Uint32Array | undefined {
  const bounds = [0];
  for (let index = 1; index < values.length; index++) {
    if ((values[index] as number) < (values[index - 1] as number)) {
      bounds.push(index);
    }
  }
  if (bounds.length === 1) {
    return undefined;
  }
  let runs = [...bounds, values.length];
  let order = Uint32Array.from(values, (_, index) => index);
  let merged = new Uint32Array(values.length);
  while (runs.length > 2) {
    const next = [0];
    for (let run = 0; run + 1 < runs.length; run += 2) {
      const start = runs[run] as number;
      const middle = runs[run + 1] as number;
      const end = runs[run + 2] ?? middle;
      mergeRuns(values, order, merged, start, middle, end);
      next.push(end);
    }
    [order, merged] = [merged, order];
    runs = next;
  }
  return order;
}

function mergeRuns(
  values: Float64Array,
  order: Uint32Array,
  merged: Uint32Array,
  start: number,
  middle: number,
  end: number,
): void {
  let left = start;
  let right = middle;
  for (let target = start; target < end; target++) {
    const takesLeft =
      right >= end ||
      (left < middle && (values[order[left] as number] as number) <= (values[order[right] as number] as number));
    merged[target] = order[takesLeft ? left++ : right++] as number;
  }
}
