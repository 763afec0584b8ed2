/** The points of a metric in the order of an axis, in chunks of which each tells what it holds without being read. */
import type { SeriesAxis } from '../catalog/runCatalog.ts';
import type { IndexDatabase, Row, SqlValue } from './indexDatabase.ts';
import type { SeriesRow } from './metricSummaries.ts';
import type { SeriesPoint, Stretch } from './pixelColumns.ts';
import { chunkLength, float64Column, type PointColumns, pointKind, unpackColumns } from './pointColumns.ts';

/** Numbers in the order of the axis. All columns have the same length. */
export interface NumberColumns {
  /** The step, or the place where points have none. */
  readonly x: Float64Array;
  /** Unix seconds. */
  readonly times: Float64Array;
  /** May be non-finite. */
  readonly values: Float64Array;
}

export interface PointChunk {
  /** Numbers in it. */
  readonly count: number;
  /** Bounds on the axis. */
  readonly from: number;
  readonly to: number;
  /** Its corners, where it has no gap. */
  readonly stretch: Stretch | undefined;
  read(): NumberColumns;
}

/** Whether the order of the journal is the order of the axis, for a metric that one writer recorded. */
export function isStoredInOrder(series: readonly SeriesRow[], axis: SeriesAxis): boolean {
  const [only] = series;
  if (series.length !== 1 || only === undefined || !only.isTimeOrdered || only.numbers !== only.count) {
    return false;
  }
  return axis !== 'step' || only.steps === 0 || (only.steps === only.count && only.isStepOrdered);
}

const chunkColumns = `chunk, gaps, first_time, last_time, first_step, step_size, last_step, first, last, min, min_at,
  min_time, min_step, max, max_at, max_time, max_step`;

/**
 * The full chunks of a series whose order is that of the axis, as they are stored.
 *
 * @param known those that were read before: a full chunk never changes
 */
export function storedChunks(
  database: IndexDatabase,
  series: number,
  axis: SeriesAxis,
  known: readonly PointChunk[] = [],
): readonly PointChunk[] {
  const sql = `SELECT ${chunkColumns} FROM chunks WHERE series = ? AND chunk >= ? ORDER BY chunk`;
  const rows = database.rows(sql, series, known.length);
  return rows.length === 0
    ? known
    : [...known, ...rows.map((row) => storedChunk(database, series, row, axis === 'step'))];
}

/** The points of a series that fill no chunk yet. */
export function tailChunk(
  database: IndexDatabase,
  series: number,
  axis: SeriesAxis,
  chunkCount: number,
): PointChunk | undefined {
  const tail = database.row('SELECT tail FROM series WHERE series = ?', series)?.tail;
  return tail instanceof Uint8Array
    ? memoryChunk(withPlaces(unpackColumns(tail), chunkCount * chunkLength), axis === 'step')
    : undefined;
}

function storedChunk(database: IndexDatabase, series: number, row: Row, isStep: boolean): PointChunk {
  const chunk = Number(row.chunk);
  const start = chunk * chunkLength;
  const hasSteps = row.first_step !== null;
  const firstX = hasSteps ? Number(row.first_step) : start;
  const lastX = hasSteps ? Number(row.last_step) : start + chunkLength - 1;
  const firstTime = Number(row.first_time);
  const lastTime = Number(row.last_time);
  const corner = (value: unknown, at: unknown, step: unknown, time: unknown): SeriesPoint => ({
    x: hasSteps ? Number(step) : start + Number(at),
    time: Number(time),
    value: Number(value),
  });
  const stretch: Stretch | undefined =
    row.gaps === 0 && row.min !== null
      ? {
          first: { x: firstX, time: firstTime, value: Number(row.first) },
          min: corner(row.min, row.min_at, row.min_step, row.min_time),
          max: corner(row.max, row.max_at, row.max_step, row.max_time),
          last: { x: lastX, time: lastTime, value: Number(row.last) },
          isMinFirst: Number(row.min_at) <= Number(row.max_at),
        }
      : undefined;
  return {
    count: chunkLength,
    from: isStep ? firstX : firstTime,
    to: isStep ? lastX : lastTime,
    stretch,
    read: () => {
      const data = database.row(selectData, series, chunk);
      const x =
        data?.steps instanceof Uint8Array
          ? float64Column(data.steps)
          : regular(firstX, hasSteps ? Number(row.step_size) : 1);
      return { x, times: columnOf(data?.times), values: columnOf(data?.numbers) };
    },
  };
}

const selectData = 'SELECT numbers, times, steps, kinds FROM chunk_data WHERE series = ? AND chunk = ?';

function columnOf(data: SqlValue | undefined): Float64Array {
  return data instanceof Uint8Array ? float64Column(data) : new Float64Array(chunkLength);
}

/** Steps of which each is as much after the one before. */
function regular(first: number, size: number): Float64Array {
  const steps = new Float64Array(chunkLength);
  for (let index = 0; index < chunkLength; index++) {
    steps[index] = first + index * size;
  }
  return steps;
}

function withPlaces({ count, values, times, steps }: PointColumns, start: number): NumberColumns {
  return { x: steps ?? Float64Array.from({ length: count }, (_, index) => start + index), times, values };
}

/** Columns that are in memory as chunks. */
export function memoryChunks(columns: NumberColumns, axis: SeriesAxis): PointChunk[] {
  const chunks: PointChunk[] = [];
  for (let start = 0; start < columns.x.length; start += chunkLength) {
    const part = (column: Float64Array): Float64Array => column.subarray(start, start + chunkLength);
    chunks.push(
      memoryChunk({ x: part(columns.x), times: part(columns.times), values: part(columns.values) }, axis === 'step'),
    );
  }
  return chunks;
}

function memoryChunk(columns: NumberColumns, isStep: boolean): PointChunk {
  const { x, times, values } = columns;
  const axis = isStep ? x : times;
  let min = 0;
  let max = 0;
  let hasGap = false;
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as number;
    hasGap = hasGap || value - value !== 0;
    min = value < (values[min] as number) ? index : min;
    max = value > (values[max] as number) ? index : max;
  }
  const point = (index: number): SeriesPoint => pointAt(columns, index);
  return {
    count: values.length,
    from: axis[0] ?? 0,
    to: axis.at(-1) ?? 0,
    stretch:
      hasGap || values.length === 0
        ? undefined
        : { first: point(0), min: point(min), max: point(max), last: point(values.length - 1), isMinFirst: min <= max },
    read: () => columns,
  };
}

export function pointAt({ x, times, values }: NumberColumns, index: number): SeriesPoint {
  return { x: x[index] as number, time: times[index] as number, value: values[index] as number };
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

/** The points of one series in the order of its journal, from the chunk on in which the point `from` lies. */
export function* storedColumns(database: IndexDatabase, series: number, from: number): Generator<PointColumns> {
  const firstChunk = Math.floor(from / chunkLength);
  const rows = database.rows(
    'SELECT chunk, first_step, step_size FROM chunks WHERE series = ? AND chunk >= ? ORDER BY chunk',
    series,
    firstChunk,
  );
  for (const { chunk, first_step: firstStep, step_size: stepSize } of rows) {
    const data = database.row(selectData, series, Number(chunk));
    yield {
      count: chunkLength,
      values: columnOf(data?.numbers),
      times: columnOf(data?.times),
      steps:
        data?.steps instanceof Uint8Array
          ? float64Column(data.steps)
          : firstStep === null
            ? undefined
            : regular(Number(firstStep), Number(stepSize)),
      kinds: data?.kinds instanceof Uint8Array ? data.kinds : undefined,
    };
  }
  const tail = database.row('SELECT tail FROM series WHERE series = ?', series)?.tail;
  if (tail instanceof Uint8Array) {
    yield unpackColumns(tail);
  }
}

/** The numbers among points, in the order of the axis. A point without a step has its place among all points as x. */
export function numbersInOrder(points: PointColumns, axis: SeriesAxis): NumberColumns {
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
