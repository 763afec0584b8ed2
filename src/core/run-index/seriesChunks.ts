/** The points of a metric in the order of an axis, in chunks of which each tells what it holds without being read. */
import type { SeriesAxis } from '../catalog/runCatalog.ts';
import { type ChunkCorners, field } from './chunkCorners.ts';
import { readChunks } from './chunkStore.ts';
import type { IndexDatabase } from './indexDatabase.ts';
import { corner, type SeriesPoint, type Stretch, timeOffset, valueOffset } from './pixelColumns.ts';
import { chunkLength } from './pointColumns.ts';
import { NumberColumn } from './storedChunk.ts';

/** Numbers in the order of the axis. */
export interface ChunkColumns {
  readonly count: number;
  /** The step, or the place where points have none. */
  readonly x: NumberColumn;
  /** Unix seconds. */
  readonly times: NumberColumn;
  /** May be non-finite. */
  readonly values: Float64Array;
}

export interface PointChunks {
  /** Chunks. */
  readonly length: number;
  /** Bounds of a chunk on the axis. */
  from(chunk: number): number;
  to(chunk: number): number;
  /** Points in a chunk. */
  count(chunk: number): number;
  /** Gives the corners of a chunk. @returns false where it has a gap */
  stretch(chunk: number, into: Stretch): boolean;
  /** @param chunks in rising order */
  read(chunks: readonly number[]): readonly ChunkColumns[];
}

export function pointAt({ x, times, values }: ChunkColumns, index: number): SeriesPoint {
  return { x: x.at(index), time: times.at(index), value: values[index] as number };
}

/** Full chunks as they are stored, of a series whose order is that of the axis. */
export class StoredChunks implements PointChunks {
  private readonly database: IndexDatabase;
  private readonly series: number;
  private readonly corners: ChunkCorners;
  private readonly isStep: boolean;
  private readonly hasSteps: boolean;

  constructor(database: IndexDatabase, series: number, corners: ChunkCorners, axis: SeriesAxis) {
    this.database = database;
    this.series = series;
    this.corners = corners;
    this.isStep = axis === 'step';
    this.hasSteps = corners.length > 0 && !Number.isNaN(corners.get(0, field.firstStep));
  }

  get length(): number {
    return this.corners.length;
  }

  from(chunk: number): number {
    return this.isStep ? this.firstX(chunk) : this.corners.get(chunk, field.firstTime);
  }

  to(chunk: number): number {
    return this.isStep ? this.lastX(chunk) : this.corners.get(chunk, field.lastTime);
  }

  count(): number {
    return chunkLength;
  }

  private firstX(chunk: number): number {
    return this.hasSteps ? this.corners.get(chunk, field.firstStep) : chunk * chunkLength;
  }

  private lastX(chunk: number): number {
    return this.hasSteps ? this.corners.get(chunk, field.lastStep) : (chunk + 1) * chunkLength - 1;
  }

  stretch(chunk: number, into: Stretch): boolean {
    const { corners } = this;
    if (corners.get(chunk, field.gaps) > 0) {
      return false;
    }
    const put = (at: number, x: number, time: number, value: number): void => {
      into[at] = x;
      into[at + timeOffset] = corners.get(chunk, time);
      into[at + valueOffset] = corners.get(chunk, value);
    };
    const xOf = (step: number, at: number): number =>
      this.hasSteps ? corners.get(chunk, step) : chunk * chunkLength + corners.get(chunk, at);
    put(corner.first, this.firstX(chunk), field.firstTime, field.first);
    put(corner.min, xOf(field.minStep, field.minAt), field.minTime, field.min);
    put(corner.max, xOf(field.maxStep, field.maxAt), field.maxTime, field.max);
    put(corner.last, this.lastX(chunk), field.lastTime, field.last);
    into[corner.isMinFirst] = corners.get(chunk, field.minAt) <= corners.get(chunk, field.maxAt) ? 1 : 0;
    return true;
  }

  read(chunks: readonly number[]): ChunkColumns[] {
    const { corners } = this;
    const first = (chunk: number): { step: number; time: number } => ({
      step: corners.get(chunk, field.firstStep),
      time: corners.get(chunk, field.firstTime),
    });
    return readChunks(this.database, this.series, chunks, first).map(({ values, times, steps }, index) => {
      const chunk = chunks[index] as number;
      const size = this.hasSteps ? corners.get(chunk, field.stepSize) : 1;
      return { count: chunkLength, values, times, x: steps ?? NumberColumn.regular(this.firstX(chunk), size) };
    });
  }
}

/** Numbers in memory, in the order of the axis. */
export interface OrderedNumbers {
  readonly x: Float64Array;
  readonly times: Float64Array;
  readonly values: Float64Array;
}

/** Columns that are in memory as chunks. */
export class MemoryChunks implements PointChunks {
  readonly length: number;
  private readonly numbers: OrderedNumbers;
  private readonly places: Float64Array;
  /** Of each chunk, where its lowest and its highest value are; -1 with a gap, or as long as nobody asked. */
  private readonly minAt: Int32Array;
  private readonly maxAt: Int32Array;
  private readonly isKnown: Uint8Array;

  constructor(numbers: OrderedNumbers, axis: SeriesAxis) {
    this.numbers = numbers;
    this.places = axis === 'step' ? numbers.x : numbers.times;
    this.length = Math.ceil(numbers.x.length / chunkLength);
    this.minAt = new Int32Array(this.length);
    this.maxAt = new Int32Array(this.length);
    this.isKnown = new Uint8Array(this.length);
  }

  from(chunk: number): number {
    return this.places[chunk * chunkLength] as number;
  }

  to(chunk: number): number {
    return this.places[this.end(chunk) - 1] as number;
  }

  count(chunk: number): number {
    return this.end(chunk) - chunk * chunkLength;
  }

  private end(chunk: number): number {
    return Math.min((chunk + 1) * chunkLength, this.places.length);
  }

  stretch(chunk: number, into: Stretch): boolean {
    if (this.isKnown[chunk] === 0) {
      this.findExtremes(chunk);
    }
    const minAt = this.minAt[chunk] as number;
    const maxAt = this.maxAt[chunk] as number;
    if (minAt < 0) {
      return false;
    }
    const { x, times, values } = this.numbers;
    const put = (at: number, index: number): void => {
      into[at] = x[index] as number;
      into[at + timeOffset] = times[index] as number;
      into[at + valueOffset] = values[index] as number;
    };
    put(corner.first, chunk * chunkLength);
    put(corner.min, minAt);
    put(corner.max, maxAt);
    put(corner.last, this.end(chunk) - 1);
    into[corner.isMinFirst] = minAt <= maxAt ? 1 : 0;
    return true;
  }

  private findExtremes(chunk: number): void {
    const { values } = this.numbers;
    let min = chunk * chunkLength;
    let max = min;
    let hasGap = false;
    for (let index = min; index < this.end(chunk); index++) {
      const value = values[index] as number;
      hasGap = hasGap || value - value !== 0;
      min = value < (values[min] as number) ? index : min;
      max = value > (values[max] as number) ? index : max;
    }
    this.minAt[chunk] = hasGap ? -1 : min;
    this.maxAt[chunk] = hasGap ? -1 : max;
    this.isKnown[chunk] = 1;
  }

  read(chunks: readonly number[]): ChunkColumns[] {
    const { x, times, values } = this.numbers;
    return chunks.map((chunk) => {
      const start = chunk * chunkLength;
      const end = this.end(chunk);
      return {
        count: end - start,
        x: NumberColumn.of(x.subarray(start, end)),
        times: NumberColumn.of(times.subarray(start, end)),
        values: values.subarray(start, end),
      };
    });
  }
}

/** Chunks after other ones. */
export class JoinedChunks implements PointChunks {
  readonly length: number;
  private readonly head: PointChunks;
  private readonly tail: PointChunks;

  constructor(head: PointChunks, tail: PointChunks) {
    this.head = head;
    this.tail = tail;
    this.length = head.length + tail.length;
  }

  from(chunk: number): number {
    const { head, tail } = this;
    return chunk < head.length ? head.from(chunk) : tail.from(chunk - head.length);
  }

  to(chunk: number): number {
    const { head, tail } = this;
    return chunk < head.length ? head.to(chunk) : tail.to(chunk - head.length);
  }

  count(chunk: number): number {
    const { head, tail } = this;
    return chunk < head.length ? head.count(chunk) : tail.count(chunk - head.length);
  }

  stretch(chunk: number, into: Stretch): boolean {
    const { head, tail } = this;
    return chunk < head.length ? head.stretch(chunk, into) : tail.stretch(chunk - head.length, into);
  }

  read(chunks: readonly number[]): readonly ChunkColumns[] {
    const { head, tail } = this;
    const inHead = chunks.filter((chunk) => chunk < head.length);
    const inTail = chunks.filter((chunk) => chunk >= head.length).map((chunk) => chunk - head.length);
    return [...(inHead.length > 0 ? head.read(inHead) : []), ...(inTail.length > 0 ? tail.read(inTail) : [])];
  }
}
