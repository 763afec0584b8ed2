/** Answers what a chart shows of a metric. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { RunledgerError } from '../base/errors.ts';
import type { SeriesQuery } from '../catalog/runCatalog.ts';
import type { SeriesSlice } from '../domain/metric.ts';
import type { IndexDatabase } from './indexDatabase.ts';
import type { SeriesRow } from './metricSummaries.ts';
import {
  isStoredInOrder,
  memoryChunks,
  type NumberColumns,
  numbersInOrder,
  type PointChunk,
  pointAt,
  recordedPoints,
  storedChunks,
  tailChunk,
} from './orderedPoints.ts';
import { ColumnSampler, columnFunction, type SeriesPoint } from './pixelColumns.ts';

/** Points that were put in order stay in memory up to this many: 24 bytes each. */
const keptPoints = 2_000_000;
/** Chunks of which the corners stay in memory: about half a kilobyte each. */
const keptChunks = 30_000;
/** Chunks that are read before others get their turn. */
const chunksAtOnce = 64;

/** Which points a chart draws, and how. */
export type ChartRange = Pick<
  SeriesQuery,
  'axis' | 'from' | 'to' | 'width' | 'origin' | 'xScale' | 'yScale' | 'smoothing'
>;

interface Ordered {
  readonly chunks: readonly PointChunk[];
  readonly count: number;
}

export class SeriesReader {
  private readonly database: IndexDatabase;
  /** What is known of the full chunks of series, without their points. */
  private readonly stored = new Map<string, readonly PointChunk[]>();
  /** Chunks of metrics whose points had to be put in order, by the series that they are made of. */
  private readonly ordered = new Map<string, Ordered>();

  constructor(database: IndexDatabase) {
    this.database = database;
  }

  /**
   * The points of a metric that are to be drawn, in order of the axis.
   *
   * @param series those of the metric's kind, of all writers
   * @throws RunledgerError `canceled`
   */
  async read(series: readonly SeriesRow[], range: ChartRange, signal?: AbortSignal): Promise<SeriesSlice> {
    const chunks = this.chunks(series, range.axis);
    const origin = range.axis === 'relative' ? (range.origin ?? 0) : 0;
    const isLogarithmic = range.xScale === 'log';
    const first = isLogarithmic ? firstPositive(chunks, range.axis, origin) : (chunks[0]?.from ?? 0);
    const hasStart = range.from !== undefined && !(isLogarithmic && range.from <= 0);
    const from = hasStart ? range.from + origin : first;
    const to = range.to === undefined ? (chunks.at(-1)?.to ?? 0) : range.to + origin;
    return sample(chunks, { ...range, from, to, origin }, signal);
  }

  private chunks(series: readonly SeriesRow[], axis: SeriesQuery['axis']): readonly PointChunk[] {
    const [only] = series;
    if (only !== undefined && isStoredInOrder(series, axis)) {
      return this.storedChunks(only, axis);
    }
    const order = axis === 'step' ? 'step' : 'time';
    const key = `${order} ${series.map((row) => `${row.series}:${row.count}`).join(' ')}`;
    const known = this.ordered.get(key);
    this.ordered.delete(key);
    const count = series.reduce((sum, row) => sum + row.count, 0);
    const ordered = known ?? {
      chunks: memoryChunks(numbersInOrder(recordedPoints(this.database, series), axis), axis),
      count,
    };
    this.keep(key, ordered);
    return ordered.chunks;
  }

  private storedChunks({ series }: SeriesRow, axis: SeriesQuery['axis']): readonly PointChunk[] {
    const key = `${axis === 'step' ? 'step' : 'time'} ${series}`;
    const full = storedChunks(this.database, series, axis, this.stored.get(key));
    this.stored.delete(key);
    if (full.length > 0) {
      this.stored.set(key, full);
      let total = 0;
      for (const { length } of this.stored.values()) {
        total += length;
      }
      for (const [oldest, { length }] of this.stored) {
        if (total <= keptChunks) {
          break;
        }
        this.stored.delete(oldest);
        total -= length;
      }
    }
    const tail = tailChunk(this.database, series, axis, full.length);
    return tail === undefined ? full : [...full, tail];
  }

  private keep(key: string, ordered: Ordered): void {
    let total = ordered.count;
    for (const { count } of this.ordered.values()) {
      total += count;
    }
    for (const [oldest, { count }] of this.ordered) {
      if (total <= keptPoints) {
        break;
      }
      this.ordered.delete(oldest);
      total -= count;
    }
    this.ordered.set(key, ordered);
  }
}

interface SampledRange extends ChartRange {
  readonly from: number;
  readonly to: number;
  readonly origin: number;
}

async function sample(
  chunks: readonly PointChunk[],
  range: SampledRange,
  signal: AbortSignal | undefined,
): Promise<SeriesSlice> {
  const { axis, from, to, origin, yScale } = range;
  const scale = { from: from - origin, to: to - origin, width: Math.max(1, Math.floor(range.width)) };
  const toColumn = columnFunction({ ...scale, isLogarithmic: range.xScale === 'log' });
  /** Below 0 before the range, and from the width on after it. */
  const columnOf = (place: number): number => toColumn(place - origin);
  const sampler = new ColumnSampler();
  const sink = new ChunkSampler(sampler, scale.width, yScale === 'log');
  const smoothing = range.smoothing === undefined || range.smoothing <= 0 ? undefined : new Smoothing(range.smoothing);
  const start = smoothing === undefined ? firstNeeded(chunks, columnOf) : 0;
  for (let index = start; index < chunks.length && !sink.isAfter; index++) {
    if ((index - start) % chunksAtOnce === chunksAtOnce - 1) {
      await nextTurn();
      if (signal?.aborted === true) {
        throw new RunledgerError('canceled', 'The reading of the series was canceled.');
      }
    }
    const chunk = chunks[index] as PointChunk;
    if (smoothing === undefined && sink.addWhole(chunk, columnOf(chunk.from), columnOf(chunk.to))) {
      continue;
    }
    const columns = chunk.read();
    const values = smoothing === undefined ? columns.values : smoothing.apply(columns.values);
    sink.addPoints({ ...columns, values }, axis === 'step' ? columns.x : columns.times, columnOf);
  }
  return sampler.finish(sink.total);
}

/** Gives the points of chunks to a sampler, those of a column at once. */
class ChunkSampler {
  /** Points in the range. */
  total = 0;
  /** Whether the first point after the range was met. */
  isAfter = false;
  private readonly sampler: ColumnSampler;
  private readonly width: number;
  private readonly lowest: number;
  /** The nearest point before the range: the line comes in from it. */
  private before: SeriesPoint | undefined;

  constructor(sampler: ColumnSampler, width: number, isLogarithmic: boolean) {
    this.sampler = sampler;
    this.width = width;
    this.lowest = isLogarithmic ? 0 : Number.NEGATIVE_INFINITY;
  }

  private canDraw(value: number): boolean {
    return value - value === 0 && value > this.lowest;
  }

  /** Adds a chunk by its corners, where all of it falls into one column. @returns whether it did */
  addWhole({ count, stretch }: PointChunk, column: number, lastColumn: number): boolean {
    if (
      column !== lastColumn ||
      column < 0 ||
      column >= this.width ||
      stretch === undefined ||
      !this.canDraw(stretch.min.value)
    ) {
      return false;
    }
    this.enter();
    this.sampler.addStretch(column, stretch);
    this.total += count;
    return true;
  }

  /** @param places of the points on the axis, rising */
  addPoints(points: NumberColumns, places: Float64Array, columnOf: (place: number) => number): void {
    let start = 0;
    while (start < places.length && !this.isAfter) {
      const column = columnOf(places[start] as number);
      const end = endOfColumn(places, start, column, columnOf);
      if (column < 0) {
        // What has no place on a logarithmic axis is not where the line comes from.
        this.before = Number.isFinite(column) ? pointAt(points, end - 1) : undefined;
      } else if (column >= this.width) {
        this.enter();
        this.isAfter = true;
        this.addColumn(points, start, start + 1, column);
      } else {
        this.enter();
        this.total += end - start;
        this.addColumn(points, start, end, column);
      }
      start = end;
    }
  }

  private enter(): void {
    const { before } = this;
    this.before = undefined;
    if (before !== undefined) {
      if (this.canDraw(before.value)) {
        this.sampler.add(-1, before);
      } else {
        this.sampler.addGap(before);
      }
    }
  }

  /** Adds the points from `start` up to `end`, which fall into one column: those between gaps at once. */
  private addColumn(points: NumberColumns, start: number, end: number, column: number): void {
    const { values } = points;
    const { lowest } = this;
    let first = -1;
    let min = -1;
    let max = -1;
    for (let index = start; index <= end; index++) {
      const value = index < end ? (values[index] as number) : Number.NaN;
      if (value - value === 0 && value > lowest) {
        if (first < 0) {
          first = index;
          min = index;
          max = index;
        } else if (value < (values[min] as number)) {
          min = index;
        } else if (value > (values[max] as number)) {
          max = index;
        }
      } else {
        if (first >= 0) {
          this.sampler.addStretch(column, {
            first: pointAt(points, first),
            min: pointAt(points, min),
            max: pointAt(points, max),
            last: pointAt(points, index - 1),
            isMinFirst: min <= max,
          });
          first = -1;
        }
        if (index < end) {
          this.sampler.addGap(pointAt(points, index));
        }
      }
    }
  }
}

/** Where the points end that fall into the column of the one at `start`: found by doubling, then by halving. */
function endOfColumn(places: Float64Array, start: number, column: number, columnOf: (place: number) => number): number {
  let low = start;
  let stride = 1;
  let high = start + 1;
  while (high < places.length && columnOf(places[high] as number) === column) {
    low = high;
    stride *= 2;
    high = low + stride;
  }
  high = Math.min(high, places.length);
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (columnOf(places[middle] as number) === column) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return high;
}

/** Where a logarithmic axis can begin. */
function firstPositive(chunks: readonly PointChunk[], axis: SeriesQuery['axis'], origin: number): number {
  const columns = chunks.find(({ to }) => to > origin)?.read();
  return (axis === 'step' ? columns?.x : columns?.times)?.find((place) => place > origin) ?? origin + 1;
}

/** The last chunk that begins before the range, whose last point may be the one that the line comes in from. */
function firstNeeded(chunks: readonly PointChunk[], columnOf: (place: number) => number): number {
  let low = 0;
  let high = chunks.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (columnOf((chunks[middle] as PointChunk).from) < 0) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return Math.max(0, low - 1);
}

/**
 * An exponential moving average that does not lean towards zero at its start (the bias correction of Kingma and Ba, Adam,
 * ICLR 2015). Values that are not finite pass through and leave it as it is.
 */
class Smoothing {
  private readonly weight: number;
  private average = 0;
  private share = 1;

  /** @param weight of what came before, from 0 up to 1 */
  constructor(weight: number) {
    this.weight = Math.min(weight, 0.9999);
  }

  /** The average after each value. */
  apply(values: Float64Array): Float64Array {
    const { weight } = this;
    let { average, share } = this;
    const averages = new Float64Array(values.length);
    for (let index = 0; index < values.length; index++) {
      const value = values[index] as number;
      if (value - value !== 0) {
        averages[index] = value;
      } else {
        average = weight * average + (1 - weight) * value;
        share *= weight;
        averages[index] = average / (1 - share);
      }
    }
    this.average = average;
    this.share = share;
    return averages;
  }
}
