/**
 * Thins a line out to what can be seen of it: of the points that fall into one column of pixels the first, the lowest, the
 * highest and the last (the M4 aggregation: Jugel, Jerzak, Hackenbroich and Markl, PVLDB 7(10), 2014). The line through these
 * covers the same pixels as the line through all points, before anti-aliasing.
 */
import type { SeriesSlice } from '../domain/metric.ts';

/** How x becomes a column of pixels. */
export interface ColumnScale {
  /** The x at the left edge, and at the right one. */
  readonly from: number;
  readonly to: number;
  /** Device pixels. */
  readonly width: number;
  readonly isLogarithmic: boolean;
}

/** The column of an x: below 0 and from `width` on are those outside. What has no place on a logarithmic axis is -Infinity. */
export function columnFunction({ from, to, width, isLogarithmic }: ColumnScale): (x: number) => number {
  const place = isLogarithmic ? Math.log : (x: number): number => x;
  const start = place(from);
  const span = place(to) - start;
  if (!(span > 0)) {
    return (x) => (x < from ? -1 : x > to ? width : 0);
  }
  // The right edge belongs to the last column.
  const scale = width / span;
  return (x) => {
    if (isLogarithmic && x <= 0) {
      return Number.NEGATIVE_INFINITY;
    }
    const column = Math.floor((place(x) - start) * scale);
    return column === width && x <= to ? width - 1 : column;
  };
}

/** A point that may be drawn. `x` is its step or place, whatever the axis. */
export interface SeriesPoint {
  readonly x: number;
  readonly time: number;
  readonly value: number;
}

/**
 * The corners of some points that follow each other without a gap: x, time and value of the first, the lowest, the highest and the
 * last, and whether the lowest comes before the highest. Numbers in a row, since a chart has many thousands of them.
 */
export type Stretch = Float64Array;

/** Where each begins in a {@link Stretch}. */
export const corner = { first: 0, min: 3, max: 6, last: 9, isMinFirst: 12 } as const;

/** Where a corner has its time and its value, after its x. */
export const timeOffset = 1;
export const valueOffset = 2;

const stretchLength = 13;

export function newStretch(): Stretch {
  return new Float64Array(stretchLength);
}

/** What of a stretch falls into one column, and the gap before it. */
interface Segment {
  readonly gap: SeriesPoint | undefined;
  readonly stretch: Stretch;
}

/** So many parts of one column are kept before those that cannot be told apart are put together. */
const partsAtFirst = 256;

/**
 * Takes points in the order of their x, or stretches of them of which only the corners are known. A value that cannot be drawn
 * (not finite; on a logarithmic axis, not above zero) is a gap in the line.
 */
export class ColumnSampler {
  private readonly x: number[] = [];
  private readonly times: number[] = [];
  private readonly values: number[] = [];
  private column = Number.NaN;
  /** The parts of the column before a gap, and the one that goes on. */
  private parts: Segment[] = [];
  private mostParts = partsAtFirst;
  private readonly open = newStretch();
  private openGap: SeriesPoint | undefined;
  private isOpen = false;
  private gap: SeriesPoint | undefined;
  private readonly single = newStretch();

  add(column: number, { x, time, value }: SeriesPoint): void {
    const { single } = this;
    for (const at of [corner.first, corner.min, corner.max, corner.last]) {
      single[at] = x;
      single[at + timeOffset] = time;
      single[at + valueOffset] = value;
    }
    single[corner.isMinFirst] = 1;
    this.addStretch(column, single);
  }

  addGap(point: SeriesPoint): void {
    this.gap ??= point;
  }

  /** Adds points that all fall into one column. The stretch is copied. */
  addStretch(column: number, stretch: Stretch): void {
    if (column !== this.column) {
      this.flush();
      this.column = column;
    }
    if (this.isOpen && this.gap === undefined) {
      join(this.open, stretch);
      return;
    }
    if (this.isOpen) {
      this.parts.push({ gap: this.openGap, stretch: this.open.slice() });
      if (this.parts.length > this.mostParts) {
        this.parts = [...this.parts.slice(0, 1), ...merged(this.parts.slice(1))];
        this.mostParts = Math.max(partsAtFirst, this.parts.length * 2);
      }
    }
    this.open.set(stretch);
    this.openGap = this.gap;
    this.isOpen = true;
    this.gap = undefined;
  }

  private flush(): void {
    const { parts } = this;
    if (parts.length > 0) {
      const inner = parts.length > 2 ? merged(parts.slice(1)) : parts.slice(1);
      for (const part of [...parts.slice(0, 1), ...inner]) {
        this.pushSegment(part.gap, part.stretch);
      }
      this.parts = [];
      this.mostParts = partsAtFirst;
    }
    if (this.isOpen) {
      this.pushSegment(this.openGap, this.open);
      this.isOpen = false;
    }
  }

  private pushSegment(gap: SeriesPoint | undefined, stretch: Stretch): void {
    if (gap !== undefined) {
      this.push(gap.x, gap.time, gap.value);
    }
    const isMinFirst = stretch[corner.isMinFirst] === 1;
    const second = isMinFirst ? corner.min : corner.max;
    const third = isMinFirst ? corner.max : corner.min;
    this.pushCorner(stretch, corner.first);
    this.pushOther(stretch, second, corner.first);
    this.pushOther(stretch, third, second);
    this.pushOther(stretch, corner.last, third);
  }

  private pushCorner(stretch: Stretch, at: number): void {
    this.push(stretch[at] as number, stretch[at + timeOffset] as number, stretch[at + valueOffset] as number);
  }

  /** A point may be more than one of the corners. */
  private pushOther(stretch: Stretch, at: number, before: number): void {
    if (!isSame(stretch, at, before)) {
      this.pushCorner(stretch, at);
    }
  }

  private push(x: number, time: number, value: number): void {
    this.x.push(x);
    this.times.push(time);
    this.values.push(value);
  }

  /** @param totalCount points in the range before they were thinned out */
  finish(totalCount: number): SeriesSlice {
    this.flush();
    if (this.gap !== undefined) {
      this.push(this.gap.x, this.gap.time, this.gap.value);
    }
    return { x: this.x, times: this.times, values: this.values, totalCount };
  }
}

function isSame(stretch: Stretch, a: number, b: number): boolean {
  return (
    stretch[a] === stretch[b] &&
    stretch[a + timeOffset] === stretch[b + timeOffset] &&
    stretch[a + valueOffset] === stretch[b + valueOffset]
  );
}

function valueAt(stretch: Stretch, at: number): number {
  return stretch[at + valueOffset] as number;
}

/** Puts a stretch at the end of another. */
function join(stretch: Stretch, next: Stretch): void {
  const isLower = valueAt(next, corner.min) < valueAt(stretch, corner.min);
  const isHigher = valueAt(next, corner.max) > valueAt(stretch, corner.max);
  if (isLower) {
    copy(next, corner.min, stretch, corner.min);
  }
  if (isHigher) {
    copy(next, corner.max, stretch, corner.max);
  }
  copy(next, corner.last, stretch, corner.last);
  if (isLower !== isHigher) {
    stretch[corner.isMinFirst] = isHigher ? 1 : 0;
  } else if (isLower) {
    stretch[corner.isMinFirst] = next[corner.isMinFirst] as number;
  }
}

function copy(from: Stretch, at: number, to: Stretch, toAt: number): void {
  to[toAt] = from[at] as number;
  to[toAt + timeOffset] = from[at + timeOffset] as number;
  to[toAt + valueOffset] = from[at + valueOffset] as number;
}

/**
 * Of the many parts that gaps make of a column, those that can be told apart: the first and the last, which are not given, meet the
 * neighbouring columns, and of the others those that overlap cover the same pixels as one. A single point between gaps draws
 * no line.
 */
function merged(parts: readonly Segment[]): readonly Segment[] {
  const lines = parts
    .filter(({ stretch }) => !isSame(stretch, corner.first, corner.last) || !isSame(stretch, corner.min, corner.max))
    .sort((a, b) => valueAt(a.stretch, corner.min) - valueAt(b.stretch, corner.min));
  const apart: Segment[] = [];
  for (const { gap, stretch } of lines) {
    const previous = apart.at(-1)?.stretch;
    if (previous !== undefined && valueAt(stretch, corner.min) <= valueAt(previous, corner.max)) {
      if (valueAt(stretch, corner.max) > valueAt(previous, corner.max)) {
        copy(stretch, corner.max, previous, corner.max);
      }
      copy(previous, corner.max, previous, corner.last);
    } else {
      const line = stretch.slice();
      copy(line, corner.min, line, corner.first);
      copy(line, corner.max, line, corner.last);
      line[corner.isMinFirst] = 1;
      apart.push({ gap, stretch: line });
    }
  }
  return apart;
}
