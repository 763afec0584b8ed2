/** From chunks of points to the columns of pixels that they fall into. */
import {
  type ColumnSampler,
  corner,
  newStretch,
  type SeriesPoint,
  type Stretch,
  timeOffset,
  valueOffset,
} from './pixelColumns.ts';
import { type ChunkColumns, type PointChunks, pointAt } from './seriesChunks.ts';
import type { NumberColumn } from './storedChunk.ts';

/** Chunks that are read at once, before others get their turn. */
const chunksAtOnce = 64;

interface SamplerScale {
  /** Columns of pixels. */
  readonly width: number;
  readonly yScale?: 'linear' | 'log' | undefined;
}

/** Gives the points of chunks to a sampler, those of a column at once. */
export class ChunkSampler {
  /** Points in the range. */
  total = 0;
  /** Whether the first point after the range was met. */
  isAfter = false;
  /** Of the chunks up to the last {@link endOfTurn} those of which the corners do not tell enough. */
  toRead: number[] = [];
  private readonly sampler: ColumnSampler;
  private readonly chunks: PointChunks;
  private readonly columnOf: (place: number) => number;
  private readonly width: number;
  private readonly lowest: number;
  private readonly stretch = newStretch();
  /** The nearest point before the range: the line comes in from it. */
  private before: SeriesPoint | undefined;

  constructor(
    sampler: ColumnSampler,
    chunks: PointChunks,
    columnOf: (place: number) => number,
    { width, yScale }: SamplerScale,
  ) {
    this.sampler = sampler;
    this.chunks = chunks;
    this.columnOf = columnOf;
    this.width = width;
    this.lowest = yScale === 'log' ? 0 : Number.NEGATIVE_INFINITY;
  }

  private canDraw(value: number): boolean {
    return value - value === 0 && value > this.lowest;
  }

  /**
   * Finds the chunks that have to be read, as many as one turn takes.
   *
   * @param readsAll whether that are all of them
   * @returns the chunk with which the next turn begins
   */
  endOfTurn(start: number, readsAll: boolean): number {
    const { chunks, columnOf, width } = this;
    this.toRead = [];
    let chunk = start;
    let isAfter = false;
    while (chunk < chunks.length && this.toRead.length < chunksAtOnce && !isAfter) {
      const column = columnOf(chunks.from(chunk));
      // Of the first chunk after the range, one point is drawn.
      isAfter = column >= width;
      if (readsAll || isAfter || !this.isWhole(chunk, column)) {
        this.toRead.push(chunk);
      }
      chunk++;
    }
    return chunk;
  }

  /** Whether all of a chunk falls into one column, so that its corners tell what is drawn of it. */
  private isWhole(chunk: number, column: number): boolean {
    const { chunks, stretch } = this;
    return (
      column >= 0 &&
      column === this.columnOf(chunks.to(chunk)) &&
      chunks.stretch(chunk, stretch) &&
      this.canDraw(stretch[corner.min + valueOffset] as number)
    );
  }

  /** Adds a chunk by its corners. */
  addWhole(chunk: number): void {
    const { chunks, stretch } = this;
    this.enter();
    chunks.stretch(chunk, stretch);
    this.sampler.addStretch(this.columnOf(chunks.from(chunk)), stretch);
    this.total += chunks.count(chunk);
  }

  /** @param places of the points on the axis, rising */
  addPoints(points: ChunkColumns, places: NumberColumn): void {
    const { columnOf } = this;
    let start = 0;
    let length = 1;
    while (start < points.count && !this.isAfter) {
      const column = columnOf(places.at(start));
      const end = endOfColumn(places, start, start + length, points.count, column, columnOf);
      length = end - start;
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
  private addColumn(points: ChunkColumns, start: number, end: number, column: number): void {
    const { values } = points;
    const { lowest } = this;
    let first = start;
    while (first < end) {
      let min = first;
      let max = first;
      let index = first;
      let lowestValue = Number.POSITIVE_INFINITY;
      let highestValue = Number.NEGATIVE_INFINITY;
      for (; index < end; index++) {
        const value = values[index] as number;
        if (value - value !== 0 || value <= lowest) {
          break;
        }
        if (value < lowestValue) {
          lowestValue = value;
          min = index;
        }
        if (value > highestValue) {
          highestValue = value;
          max = index;
        }
      }
      if (index > first) {
        this.addLine(points, first, min, max, index - 1, column);
      }
      if (index < end) {
        this.sampler.addGap(pointAt(points, index));
      }
      first = index + 1;
    }
  }

  private addLine(points: ChunkColumns, first: number, min: number, max: number, last: number, column: number): void {
    const { stretch } = this;
    putPoint(points, first, stretch, corner.first);
    putPoint(points, min, stretch, corner.min);
    putPoint(points, max, stretch, corner.max);
    putPoint(points, last, stretch, corner.last);
    stretch[corner.isMinFirst] = min <= max ? 1 : 0;
    this.sampler.addStretch(column, stretch);
  }
}

function putPoint({ x, times, values }: ChunkColumns, index: number, stretch: Stretch, at: number): void {
  stretch[at] = x.at(index);
  stretch[at + timeOffset] = times.at(index);
  stretch[at + valueOffset] = values[index] as number;
}

/**
 * Where the points end, of `count`, that fall into the column of the one at `start`: near where it is expected, which is found by
 * doubling the distance and then halving it.
 */
function endOfColumn(
  places: NumberColumn,
  start: number,
  expected: number,
  count: number,
  column: number,
  columnOf: (place: number) => number,
): number {
  let low = start;
  let high = count;
  let stride = 1;
  let probe = Math.min(expected, count) - 1;
  const isInside = probe === start || columnOf(places.at(probe)) === column;
  if (isInside) {
    low = probe;
    for (probe = low + stride; probe < count && columnOf(places.at(probe)) === column; probe = low + stride) {
      low = probe;
      stride *= 2;
    }
    high = Math.min(probe, count);
  } else {
    high = probe;
    for (probe = high - stride; probe > start && columnOf(places.at(probe)) !== column; probe = high - stride) {
      high = probe;
      stride *= 2;
    }
    low = Math.max(probe, start);
  }
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (columnOf(places.at(middle)) === column) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return high;
}
