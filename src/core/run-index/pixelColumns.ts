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

/** The corners of some points that follow each other without a gap. */
export interface Stretch {
  readonly first: SeriesPoint;
  readonly min: SeriesPoint;
  readonly max: SeriesPoint;
  readonly last: SeriesPoint;
  readonly isMinFirst: boolean;
}

/** What of a stretch falls into one column, and the gap before it. */
interface Segment {
  readonly gap: SeriesPoint | undefined;
  stretch: Stretch;
}

/**
 * Takes points in the order of their x, or stretches of them of which only the corners are known. A value that cannot be drawn
 * (not finite; on a logarithmic axis, not above zero) is a gap in the line.
 */
export class ColumnSampler {
  private readonly x: number[] = [];
  private readonly times: number[] = [];
  private readonly values: number[] = [];
  private column = Number.NaN;
  private segments: Segment[] = [];
  private gap: SeriesPoint | undefined;

  add(column: number, point: SeriesPoint): void {
    this.addStretch(column, { first: point, min: point, max: point, last: point, isMinFirst: true });
  }

  addGap(point: SeriesPoint): void {
    this.gap ??= point;
  }

  /** Adds points that all fall into one column. */
  addStretch(column: number, stretch: Stretch): void {
    if (column !== this.column) {
      this.flush();
      this.column = column;
    }
    const segment = this.gap === undefined ? this.segments.at(-1) : undefined;
    if (segment === undefined) {
      this.segments.push({ gap: this.gap, stretch });
      this.gap = undefined;
    } else {
      segment.stretch = joined(segment.stretch, stretch);
    }
  }

  private flush(): void {
    for (const { gap, stretch } of visible(this.segments)) {
      if (gap !== undefined) {
        this.push(gap);
      }
      const { first, min, max, last, isMinFirst } = stretch;
      const corners = isMinFirst ? [first, min, max, last] : [first, max, min, last];
      for (const [index, corner] of corners.entries()) {
        if (index === 0 || !isSame(corner, corners[index - 1])) {
          this.push(corner);
        }
      }
    }
    this.segments = [];
  }

  private push(point: SeriesPoint): void {
    this.x.push(point.x);
    this.times.push(point.time);
    this.values.push(point.value);
  }

  /** @param totalCount points in the range before they were thinned out */
  finish(totalCount: number): SeriesSlice {
    this.flush();
    if (this.gap !== undefined) {
      this.push(this.gap);
    }
    return { x: this.x, times: this.times, values: this.values, totalCount };
  }
}

function isSame(a: SeriesPoint, b: SeriesPoint | undefined): boolean {
  return a.x === b?.x && a.time === b.time && a.value === b.value;
}

function joined(a: Stretch, b: Stretch): Stretch {
  const isLower = b.min.value < a.min.value;
  const isHigher = b.max.value > a.max.value;
  return {
    first: a.first,
    min: isLower ? b.min : a.min,
    max: isHigher ? b.max : a.max,
    last: b.last,
    isMinFirst: isLower === isHigher ? (isLower ? b.isMinFirst : a.isMinFirst) : isHigher,
  };
}

/**
 * Of the many parts that gaps make of a column, those that can be told apart: the first and the last meet the neighbouring
 * columns, and of the others those that overlap cover the same pixels as one. A single point between gaps draws no line.
 */
function visible(segments: readonly Segment[]): readonly Segment[] {
  const first = segments[0];
  const last = segments.at(-1);
  if (segments.length <= 3 || first === undefined || last === undefined) {
    return segments;
  }
  const inner = segments
    .slice(1, -1)
    .filter(({ stretch }) => stretch.first !== stretch.last)
    .sort((a, b) => a.stretch.min.value - b.stretch.min.value);
  const merged: Segment[] = [];
  for (const { gap, stretch } of inner) {
    const previous = merged.at(-1);
    if (previous !== undefined && stretch.min.value <= previous.stretch.max.value) {
      const max = stretch.max.value > previous.stretch.max.value ? stretch.max : previous.stretch.max;
      previous.stretch = { ...previous.stretch, max, last: max };
    } else {
      const { min, max } = stretch;
      merged.push({ gap, stretch: { first: min, min, max, last: max, isMinFirst: true } });
    }
  }
  return [first, ...merged, last];
}
