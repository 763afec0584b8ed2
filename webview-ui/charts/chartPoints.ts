import type { AxisScale, XAxis } from '../../src/protocol/series.ts';
import type { SeriesBuffer } from './seriesBuffer.ts';

export interface PointRules {
  readonly xAxis: XAxis;
  readonly xScale: AxisScale;
  readonly yScale: AxisScale;
  /** Where relative time begins, Unix seconds. */
  readonly origin: number;
}

/**
 * The points of a curve as they are drawn, in the order of x: the points of a series on the chosen axes. NaN leaves a gap.
 * Columns, since a page may hold hundreds of thousands.
 */
export class CurvePoints {
  readonly x: number[] = [];
  readonly y: number[] = [];
  /** The places in the series, where they are not those of the points. */
  #places: number[] | undefined;
  #buffer: SeriesBuffer | undefined;
  /** Of the series that are behind the points already. */
  #taken = 0;

  get length(): number {
    return this.x.length;
  }

  /** The value, also where a logarithmic axis has no place for it. */
  value(place: number): number {
    return this.#buffer?.values[this.#place(place)] ?? this.y[place] ?? Number.NaN;
  }

  /** Where the series has a point, whatever the axis shows. */
  step(place: number): number {
    return this.#buffer?.x[this.#place(place)] ?? this.x[place] ?? Number.NaN;
  }

  /** Unix seconds. */
  time(place: number): number {
    return this.#buffer?.times[this.#place(place)] ?? Number.NaN;
  }

  /** Takes all points of a series. */
  replace(buffer: SeriesBuffer, rules: PointRules): void {
    this.clear();
    this.#buffer = buffer;
    this.append(rules);
  }

  /** Takes the points that the series has got since. */
  append(rules: PointRules): void {
    const buffer = this.#buffer;
    if (buffer === undefined) {
      return;
    }
    let isOrdered = true;
    for (let index = this.#taken; index < buffer.length; index++) {
      const x = xOf(buffer, index, rules);
      if (rules.xScale === 'log' && !(x > 0)) {
        this.#places ??= this.x.map((_, place) => place);
        continue;
      }
      isOrdered &&= (this.x.at(-1) ?? -Infinity) <= x;
      this.x.push(x);
      this.y.push(yOf(buffer.values[index] ?? Number.NaN, rules.yScale));
      this.#places?.push(index);
    }
    this.#taken = buffer.length;
    if (!isOrdered) {
      this.#sort();
    }
  }

  /** Points that are no series, such as the columns of a table. */
  static of(x: readonly number[], y: readonly number[]): CurvePoints {
    const points = new CurvePoints();
    for (let place = 0; place < x.length; place++) {
      points.x.push(x[place] ?? 0);
      points.y.push(y[place] ?? Number.NaN);
    }
    return points;
  }

  clear(): void {
    this.x.length = 0;
    this.y.length = 0;
    this.#places = undefined;
    this.#buffer = undefined;
    this.#taken = 0;
  }

  #place(place: number): number {
    return this.#places?.[place] ?? place;
  }

  /** Times need not follow the steps. */
  #sort(): void {
    const places = this.x.map((_, place) => place).sort((a, b) => (this.x[a] ?? 0) - (this.x[b] ?? 0));
    const { x, y } = this;
    const sorted = {
      x: places.map((place) => x[place] ?? 0),
      y: places.map((place) => y[place] ?? 0),
      places: places.map((place) => this.#place(place)),
    };
    for (let place = 0; place < places.length; place++) {
      x[place] = sorted.x[place] ?? 0;
      y[place] = sorted.y[place] ?? 0;
    }
    this.#places = sorted.places;
  }
}

function xOf(buffer: SeriesBuffer, index: number, rules: PointRules): number {
  if (rules.xAxis === 'step') {
    return buffer.x[index] ?? 0;
  }
  const time = buffer.times[index] ?? 0;
  return rules.xAxis === 'time' ? time : time - rules.origin;
}

function yOf(value: number, scale: AxisScale): number {
  return Number.isFinite(value) && (scale === 'linear' || value > 0) ? value : Number.NaN;
}

/** The place of the first point that is not before x; the length where there is none. */
export function firstFrom(sorted: readonly number[], x: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < x) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

/** The place of the first point that is behind x; the length where there is none. */
export function firstAfter(sorted: readonly number[], x: number): number {
  let place = firstFrom(sorted, x);
  while (sorted[place] === x) {
    place++;
  }
  return place;
}

/** The x of the nearest point of any curve: a crosshair stands where something was recorded. Undefined without points. */
export function nearestX(curves: readonly CurvePoints[], x: number): number | undefined {
  let nearest: number | undefined;
  for (const points of curves) {
    const candidate = points.x[nearestPlace(points.x, x) ?? -1];
    if (candidate !== undefined && !(Math.abs(candidate - x) >= Math.abs((nearest ?? Infinity) - x))) {
      nearest = candidate;
    }
  }
  return nearest;
}

/** The place of the nearest x. Undefined without any. */
export function nearestPlace(sorted: readonly number[], x: number): number | undefined {
  if (sorted.length === 0) {
    return undefined;
  }
  const after = Math.min(firstFrom(sorted, x), sorted.length - 1);
  const above = sorted[after] ?? 0;
  const below = sorted[after - 1] ?? -Infinity;
  return x - below < above - x ? after - 1 : after;
}
