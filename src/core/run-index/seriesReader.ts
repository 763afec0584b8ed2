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
  numbersInOrder,
  type PointChunk,
  pointAt,
  recordedPoints,
  storedChunks,
} from './orderedPoints.ts';
import { ColumnSampler, columnFunction, type SeriesPoint } from './pixelColumns.ts';

/** Points that were put in order stay in memory up to this many: 24 bytes each. */
const keptPoints = 2_000_000;
/** Chunks that are read before others get their turn. */
const chunksAtOnce = 256;

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
    const start = range.xScale === 'log' ? firstPositive(chunks, range.axis, origin) : (chunks[0]?.from ?? 0);
    const from = Math.max(
      range.from === undefined ? start : range.from + origin,
      range.xScale === 'log' ? start : -Infinity,
    );
    const to = range.to === undefined ? (chunks.at(-1)?.to ?? 0) : range.to + origin;
    return sample(chunks, { ...range, from, to, origin }, signal);
  }

  private chunks(series: readonly SeriesRow[], axis: SeriesQuery['axis']): readonly PointChunk[] {
    const [only] = series;
    if (only !== undefined && isStoredInOrder(series, axis)) {
      return storedChunks(this.database, only, axis);
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
  const isLogarithmic = yScale === 'log';
  const sampler = new ColumnSampler();
  const smoothing = range.smoothing === undefined || range.smoothing <= 0 ? undefined : new Smoothing(range.smoothing);
  /** The nearest point outside on the left: the line comes in from it. */
  let before: SeriesPoint | undefined;
  let total = 0;
  let isAfter = false;
  const enter = (): void => {
    if (before !== undefined) {
      addPoint(sampler, -1, before, isLogarithmic);
      before = undefined;
    }
  };
  const add = (point: SeriesPoint, column: number): void => {
    if (column < 0) {
      // What has no place on a logarithmic axis is not where the line comes from.
      before = Number.isFinite(column) ? point : undefined;
      return;
    }
    enter();
    isAfter = column >= scale.width;
    total += isAfter ? 0 : 1;
    addPoint(sampler, column, point, isLogarithmic);
  };
  const start = smoothing === undefined ? firstNeeded(chunks, columnOf) : 0;
  for (let index = start; index < chunks.length && !isAfter; index++) {
    if ((index - start) % chunksAtOnce === chunksAtOnce - 1) {
      await nextTurn();
      if (signal?.aborted === true) {
        throw new RunledgerError('canceled', 'The reading of the series was canceled.');
      }
    }
    const chunk = chunks[index] as PointChunk;
    const { stretch } = chunk;
    const column = columnOf(chunk.from);
    if (
      smoothing === undefined &&
      stretch !== undefined &&
      column >= 0 &&
      column < scale.width &&
      (!isLogarithmic || stretch.min.value > 0) &&
      column === columnOf(chunk.to)
    ) {
      enter();
      sampler.addStretch(column, stretch);
      total += chunk.count;
      continue;
    }
    const columns = chunk.read();
    const places = axis === 'step' ? columns.x : columns.times;
    for (let at = 0; at < places.length && !isAfter; at++) {
      const point = pointAt(columns, at);
      add(
        smoothing === undefined ? point : { ...point, value: smoothing.next(point.value) },
        columnOf(places[at] as number),
      );
    }
  }
  return sampler.finish(total);
}

/** Where a logarithmic axis can begin. */
function firstPositive(chunks: readonly PointChunk[], axis: SeriesQuery['axis'], origin: number): number {
  const columns = chunks.find(({ to }) => to > origin)?.read();
  return (axis === 'step' ? columns?.x : columns?.times)?.find((place) => place > origin) ?? origin + 1;
}

function addPoint(sampler: ColumnSampler, column: number, point: SeriesPoint, isLogarithmic: boolean): void {
  if (point.value - point.value === 0 && (!isLogarithmic || point.value > 0)) {
    sampler.add(column, point);
  } else {
    sampler.addGap(point);
  }
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

  next(value: number): number {
    if (value - value !== 0) {
      return value;
    }
    this.average = this.weight * this.average + (1 - this.weight) * value;
    this.share *= this.weight;
    return this.average / (1 - this.share);
  }
}
