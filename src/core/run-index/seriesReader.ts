/** Answers what a chart shows of a metric. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { RunledgerError } from '../base/errors.ts';
import type { SeriesQuery } from '../catalog/runCatalog.ts';
import type { SeriesSlice } from '../domain/metric.ts';
import { ChunkCorners } from './chunkCorners.ts';
import { ChunkSampler } from './chunkSampler.ts';
import type { IndexDatabase } from './indexDatabase.ts';
import type { SeriesRow } from './metricSummaries.ts';
import { isStoredInOrder, numbersInOrder, recordedPoints, tailNumbers } from './orderedPoints.ts';
import { defaultLimits, OrderedSeries, type OrderingLimits } from './orderedSeries.ts';
import { ColumnSampler, columnFunction } from './pixelColumns.ts';
import { type ChunkColumns, JoinedChunks, MemoryChunks, type PointChunks, StoredChunks } from './seriesChunks.ts';
import { Smoothing } from './smoothing.ts';

/** Points that were put in order in memory stay there up to this many: 24 bytes each. */
const keptPoints = 1_000_000;
/** Chunks of which the corners stay in memory: 136 bytes each. */
const keptChunks = 100_000;

/** Which points a chart draws, and how. */
export type ChartRange = Pick<
  SeriesQuery,
  'axis' | 'from' | 'to' | 'width' | 'origin' | 'xScale' | 'yScale' | 'smoothing'
>;

interface Ordered {
  readonly chunks: PointChunks;
  readonly count: number;
}

export class SeriesReader {
  private readonly database: IndexDatabase;
  private readonly limits: OrderingLimits;
  private readonly orderedSeries: OrderedSeries;
  /** What is known of the full chunks of series, without their points. */
  private readonly corners = new Map<number, ChunkCorners>();
  /** Chunks of metrics whose points had to be put in order, by the series that they are made of. */
  private readonly ordered = new Map<string, Ordered>();

  constructor(database: IndexDatabase, limits: OrderingLimits = defaultLimits) {
    this.database = database;
    this.limits = limits;
    this.orderedSeries = new OrderedSeries(database, limits);
  }

  /**
   * The points of a metric that are to be drawn, in order of the axis.
   *
   * @param series those of the metric's kind, of all writers
   * @throws RunledgerError `canceled`
   */
  async read(series: readonly SeriesRow[], range: ChartRange, signal?: AbortSignal): Promise<SeriesSlice> {
    const chunks = await this.chunks(series, range.axis, signal);
    const origin = range.axis === 'relative' ? (range.origin ?? 0) : 0;
    const isLogarithmic = range.xScale === 'log';
    const isEmpty = chunks.length === 0;
    const first = isLogarithmic ? firstPositive(chunks, range.axis, origin) : isEmpty ? 0 : chunks.from(0);
    const hasStart = range.from !== undefined && !(isLogarithmic && range.from <= 0);
    const from = hasStart ? range.from + origin : first;
    const last = isEmpty ? 0 : chunks.to(chunks.length - 1);
    const to = range.to === undefined ? last : range.to + origin;
    return sample(chunks, { ...range, from, to, origin }, signal);
  }

  private async chunks(
    series: readonly SeriesRow[],
    axis: SeriesQuery['axis'],
    signal: AbortSignal | undefined,
  ): Promise<PointChunks> {
    const [only] = series;
    if (only !== undefined && isStoredInOrder(series, axis)) {
      return this.storedChunks(only, axis);
    }
    const count = series.reduce((sum, row) => sum + row.count, 0);
    if (count > this.limits.inMemory) {
      return await this.orderedSeries.chunks(series, axis, signal);
    }
    const order = axis === 'step' ? 'step' : 'time';
    const key = `${order} ${series.map((row) => `${row.series}:${row.count}`).join(' ')}`;
    const known = this.ordered.get(key);
    this.ordered.delete(key);
    const ordered = known ?? {
      chunks: new MemoryChunks(numbersInOrder(recordedPoints(this.database, series), axis), axis),
      count,
    };
    this.keep(key, ordered);
    return ordered.chunks;
  }

  private storedChunks(row: SeriesRow, axis: SeriesQuery['axis']): PointChunks {
    const { series } = row;
    const corners = ChunkCorners.read(this.database, series, this.corners.get(series) ?? ChunkCorners.none);
    this.corners.delete(series);
    if (corners.length > 0) {
      this.corners.set(series, corners);
      let total = 0;
      for (const { length } of this.corners.values()) {
        total += length;
      }
      for (const [oldest, { length }] of this.corners) {
        if (total <= keptChunks) {
          break;
        }
        this.corners.delete(oldest);
        total -= length;
      }
    }
    const full = new StoredChunks(this.database, series, corners, axis);
    const tail = tailNumbers(this.database, row, corners.length);
    return tail === undefined ? full : new JoinedChunks(full, new MemoryChunks(tail, axis));
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

async function sample(chunks: PointChunks, range: SampledRange, signal: AbortSignal | undefined): Promise<SeriesSlice> {
  const { axis, from, to, origin } = range;
  const scale = { from: from - origin, to: to - origin, width: Math.max(1, Math.floor(range.width)) };
  const toColumn = columnFunction({ ...scale, isLogarithmic: range.xScale === 'log' });
  /** Below 0 before the range, and from the width on after it. */
  const columnOf = (place: number): number => toColumn(place - origin);
  const sampler = new ColumnSampler();
  const sink = new ChunkSampler(sampler, chunks, columnOf, { ...range, width: scale.width });
  const smoothing = range.smoothing === undefined || range.smoothing <= 0 ? undefined : new Smoothing(range.smoothing);
  let next = smoothing === undefined ? firstNeeded(chunks, columnOf) : 0;
  while (next < chunks.length && !sink.isAfter) {
    const end = sink.endOfTurn(next, smoothing !== undefined);
    const columns = chunks.read(sink.toRead);
    let read = 0;
    for (let chunk = next; chunk < end && !sink.isAfter; chunk++) {
      if (sink.toRead[read] !== chunk) {
        sink.addWhole(chunk);
        continue;
      }
      const points = columns[read++] as ChunkColumns;
      const values = smoothing === undefined ? points.values : smoothing.apply(points.values);
      sink.addPoints({ ...points, values }, axis === 'step' ? points.x : points.times);
    }
    next = end;
    await nextTurn();
    if (signal?.aborted === true) {
      throw new RunledgerError('canceled', 'The reading of the series was canceled.');
    }
  }
  return sampler.finish(sink.total);
}

/** Where a logarithmic axis can begin. */
function firstPositive(chunks: PointChunks, axis: SeriesQuery['axis'], origin: number): number {
  for (let chunk = 0; chunk < chunks.length; chunk++) {
    const points = chunks.to(chunk) > origin ? chunks.read([chunk])[0] : undefined;
    if (points !== undefined) {
      const places = (axis === 'step' ? points.x : points.times).toArray();
      return places.find((place) => place > origin) ?? origin + 1;
    }
  }
  return origin + 1;
}

/** The last chunk that begins before the range, whose last point may be the one that the line comes in from. */
function firstNeeded(chunks: PointChunks, columnOf: (place: number) => number): number {
  let low = 0;
  let high = chunks.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (columnOf(chunks.from(middle)) < 0) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return Math.max(0, low - 1);
}
