/** Puts the points of a metric in order: of time, and of an axis. */
import type { SeriesAxis } from '../catalog/runCatalog.ts';
import type { PointBlock, PointBlocks, SortKey } from './ascendingRuns.ts';
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
export function tailNumbers(
  database: IndexDatabase,
  { series, points }: SeriesRow,
  chunkCount: number,
): OrderedNumbers | undefined {
  const tail =
    points === undefined ? database.row('SELECT tail FROM series WHERE series = ?', series)?.tail : undefined;
  const columns = points ?? (tail instanceof Uint8Array ? unpackColumns(tail) : undefined);
  if (columns === undefined) {
    return undefined;
  }
  const { count, values, times, steps } = columns;
  const start = chunkCount * chunkLength;
  return { x: steps ?? Float64Array.from({ length: count }, (_, index) => start + index), times, values };
}

/**
 * All points of a metric in the order of their records: time, then writer, then line; with what is no number.
 *
 * @param series those of one kind, of all writers
 * @param from how many points of each series to leave out
 */
export function recordedPoints(
  database: IndexDatabase,
  series: readonly SeriesRow[],
  from: ReadonlyMap<number, number> = new Map(),
): PointColumns {
  const byWriter = [...series].sort((a, b) => (a.writer < b.writer ? -1 : 1));
  const startOf = (row: SeriesRow): number => from.get(row.series) ?? 0;
  const count = byWriter.reduce((sum, row) => sum + row.count - startOf(row), 0);
  const values = new Float64Array(count);
  const times = new Float64Array(count);
  const steps = byWriter.some((row) => row.steps > 0) ? new Float64Array(count).fill(Number.NaN) : undefined;
  const kinds = byWriter.some((row) => row.numbers !== row.count) ? new Uint8Array(count) : undefined;
  let offset = 0;
  for (const row of byWriter) {
    let skipped = startOf(row) % chunkLength;
    for (const block of seriesBlocks(database, row, {
      from: Math.floor(startOf(row) / chunkLength),
      count: row.count,
      isPlaced: false,
    })) {
      values.set(block.values.subarray(skipped), offset);
      times.set(block.times.subarray(skipped), offset);
      steps?.set(block.x.subarray(skipped), offset);
      if (block.kinds !== undefined) {
        kinds?.set(block.kinds.subarray(skipped), offset);
      }
      offset += block.values.length - skipped;
      skipped = 0;
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

export interface BlockRange {
  /** Of blocks, of {@link chunkLength} points each. */
  readonly from: number;
  /** Points of the series that are read at most: it may grow meanwhile. */
  readonly count: number | undefined;
  /** Whether x is the place where a point has no step; else it is NaN. */
  readonly isPlaced: boolean;
  /** What fills no chunk, where it is not with the series. */
  readonly tail?: Uint8Array | null | undefined;
}

/** As {@link storedBlocks}, of any series. */
export function* seriesBlocks(
  database: IndexDatabase,
  { series, points }: SeriesRow,
  range: BlockRange,
): Generator<PointBlock, void> {
  if (points === undefined) {
    yield* storedBlocks(database, series, range);
  } else if (range.from === 0) {
    const { count, steps, times, values, kinds } = points;
    yield { x: placedSteps(steps, count, 0, range.isPlaced), times, values, kinds };
  }
}

/** The points of a series in the order in which it has them, a block at a time. */
export function* storedBlocks(
  database: IndexDatabase,
  series: number,
  { from, count = Number.POSITIVE_INFINITY, isPlaced, tail }: BlockRange,
): Generator<PointBlock, void> {
  let corners = ChunkCorners.none;
  for (let block = from; block * chunkLength < count; block++) {
    const start = block * chunkLength;
    if (block >= corners.length) {
      corners = ChunkCorners.read(database, series, corners);
    }
    if (block >= corners.length) {
      const row =
        tail === undefined ? database.row('SELECT tail, count FROM series WHERE series = ?', series) : { tail };
      if (Number(row?.count ?? 0) >= start + chunkLength) {
        // It was filled just now.
        block--;
        continue;
      }
      if (row?.tail instanceof Uint8Array) {
        const { values, times, steps, kinds } = unpackColumns(row.tail);
        yield cut({ x: placedSteps(steps, values.length, start, isPlaced), times, values, kinds }, count - start);
      }
      return;
    }
    const first = { step: corners.get(block, field.firstStep), time: corners.get(block, field.firstTime) };
    const [chunk] = readChunks(database, series, [block], () => first);
    if (chunk === undefined) {
      return;
    }
    const size = corners.get(block, field.stepSize);
    const steps = chunk.steps ?? (Number.isNaN(size) ? undefined : NumberColumn.regular(first.step, size));
    yield cut(
      {
        x: placedSteps(steps?.toArray(), chunkLength, start, isPlaced),
        times: chunk.times.toArray(),
        values: chunk.values,
        kinds: chunk.kinds,
      },
      count - start,
    );
  }
}

function placedSteps(steps: Float64Array | undefined, count: number, start: number, isPlaced: boolean): Float64Array {
  if (!isPlaced) {
    return steps ?? new Float64Array(count).fill(Number.NaN);
  }
  return Float64Array.from({ length: count }, (_, index) => {
    const step = steps?.[index] ?? Number.NaN;
    return Number.isNaN(step) ? start + index : step;
  });
}

function cut({ x, times, values, kinds }: PointBlock, count: number): PointBlock {
  return count >= x.length
    ? { x, times, values, kinds }
    : {
        x: x.subarray(0, count),
        times: times.subarray(0, count),
        values: values.subarray(0, count),
        kinds: kinds?.subarray(0, count),
      };
}

/** The points of one series in the order of its journal, from the chunk on in which the point `from` lies. */
export function* storedColumns(database: IndexDatabase, series: SeriesRow, from: number): Generator<PointColumns> {
  const range = { from: Math.floor(from / chunkLength), count: undefined, isPlaced: false };
  for (const { x, times, values, kinds } of seriesBlocks(database, series, range)) {
    yield { count: x.length, values, times, steps: x, kinds };
  }
}

/** The numbers that series have beyond some of their points, in the order of the axis; and the time of the first point. */
export function newNumbers(
  database: IndexDatabase,
  series: readonly SeriesRow[],
  known: ReadonlyMap<number, number>,
  axis: SeriesAxis,
): { readonly numbers: OrderedNumbers; readonly firstTime: number } {
  const points = recordedPoints(database, series, known);
  const places = [...known.values()].reduce((sum, count) => sum + count, 0);
  return { numbers: numbersInOrder(points, axis, places), firstTime: points.times[0] ?? Number.POSITIVE_INFINITY };
}

/** Points in order, to be taken one after the other. */
export interface SortedPoints {
  readonly count: number;
  each(take: (value: number, time: number, step: number, kind: number) => void): void;
}

/** Takes some blocks, of at least so many points together where there are as many, and puts these in order. */
export function sortedBlock(blocks: PointBlocks, atLeast: number, by: SortKey): SortedPoints {
  const taken: PointBlock[] = [];
  let count = 0;
  while (count < atLeast) {
    const next = blocks.next();
    if (next.done === true) {
      break;
    }
    taken.push(next.value);
    count += next.value.x.length;
  }
  const joined = (column: 'x' | 'times' | 'values'): Float64Array => {
    const all = new Float64Array(count);
    let offset = 0;
    for (const block of taken) {
      all.set(block[column], offset);
      offset += block.x.length;
    }
    return all;
  };
  const columns = { x: joined('x'), times: joined('times'), values: joined('values') };
  const kinds = new Uint8Array(count);
  let offset = 0;
  for (const block of taken) {
    kinds.set(block.kinds ?? new Uint8Array(block.x.length), offset);
    offset += block.x.length;
  }
  const order = stableOrder(columns[by]);
  return {
    count,
    each: (take) => {
      const { x, times, values } = columns;
      for (let place = 0; place < count; place++) {
        const index = order === undefined ? place : (order[place] as number);
        take(values[index] as number, times[index] as number, x[index] as number, kinds[index] as number);
      }
    },
  };
}

/**
 * The place of a point among the points of all series in the order of their records.
 *
 * @param series those of one kind, of all writers
 * @param place its place among those of its writer, in the order of the journal
 */
export function placeInOrder(
  database: IndexDatabase,
  series: readonly SeriesRow[],
  point: { readonly writer: string; readonly time: number; readonly place: number },
): number {
  return series.reduce((sum, row) => sum + pointsBefore(database, row, point), 0);
}

function pointsBefore(
  database: IndexDatabase,
  row: SeriesRow,
  point: { readonly writer: string; readonly time: number; readonly place: number },
): number {
  const { series, writer, count, isTimeOrdered } = row;
  if (writer === point.writer && isTimeOrdered) {
    return point.place;
  }
  const isBefore = (time: number, place: number): boolean =>
    time < point.time ||
    (time === point.time && (writer < point.writer || (writer === point.writer && place < point.place)));
  const corners = isTimeOrdered ? ChunkCorners.read(database, series, ChunkCorners.none) : ChunkCorners.none;
  let before = 0;
  // Chunks that end before it need not be read.
  while (before < corners.length && corners.get(before, field.lastTime) < point.time) {
    before++;
  }
  let found = before * chunkLength;
  let place = found;
  for (const { times } of seriesBlocks(database, row, { from: before, count, isPlaced: false })) {
    for (const time of times) {
      found += isBefore(time, place) ? 1 : 0;
      place++;
    }
    if (isTimeOrdered && (times.at(-1) as number) > point.time) {
      break;
    }
  }
  return found;
}

/**
 * The numbers among points, in the order of the axis. A point without a step has its place among all points as x.
 *
 * @param firstPlace points that come before these
 */
export function numbersInOrder(points: PointColumns, axis: SeriesAxis, firstPlace = 0): OrderedNumbers {
  const { count, steps, kinds } = points;
  let { values, times } = points;
  let x = Float64Array.from({ length: count }, (_, index) => {
    const step = steps?.[index] ?? Number.NaN;
    return Number.isNaN(step) ? firstPlace + index : step;
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
