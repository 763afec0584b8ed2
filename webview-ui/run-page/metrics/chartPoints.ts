import type { XAxis, YScale } from '../../../src/protocol/runPage.ts';
import { formatCount, formatStep } from '../../shared/formatNumbers.ts';
import { formatDuration, formatSpan, formatTimeOfDay, timeTicks } from '../../shared/formatTimes.ts';
import type { SeriesBuffer } from './seriesBuffer.ts';

/** A point as it is drawn. */
export interface ChartPoint {
  x: number;
  /** NaN leaves a gap. */
  y: number;
  /** Its place in the buffer. */
  index: number;
}

export interface PointRules {
  readonly xAxis: XAxis;
  readonly yScale: YScale;
  /** Where relative time begins, Unix seconds. */
  readonly origin: number;
}

function xOf(buffer: SeriesBuffer, index: number, rules: PointRules): number {
  if (rules.xAxis === 'step') {
    return buffer.x[index] ?? 0;
  }
  const time = buffer.times[index] ?? 0;
  return rules.xAxis === 'time' ? time : time - rules.origin;
}

function toPoint(buffer: SeriesBuffer, index: number, rules: PointRules): ChartPoint {
  const value = buffer.values[index] ?? Number.NaN;
  const canDraw = Number.isFinite(value) && (rules.yScale === 'linear' || value > 0);
  return { x: xOf(buffer, index, rules), y: canDraw ? value : Number.NaN, index };
}

/** Adds the points from a place on, in place. Keeps them in the order of x, which times may not have. */
export function addPoints(points: ChartPoint[], buffer: SeriesBuffer, from: number, rules: PointRules): void {
  let isOrdered = true;
  for (let index = from; index < buffer.length; index++) {
    const point = toPoint(buffer, index, rules);
    isOrdered &&= (points.at(-1)?.x ?? -Infinity) <= point.x;
    points.push(point);
  }
  if (!isOrdered) {
    points.sort((a, b) => a.x - b.x);
  }
}

/** The place of the point whose x is nearest. Undefined without points. */
export function nearestPoint(points: readonly ChartPoint[], x: number): number | undefined {
  let low = 0;
  let high = points.length - 1;
  if (high < 0) {
    return undefined;
  }
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((points[middle]?.x ?? 0) < x) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  const above = points[low]?.x ?? 0;
  const below = points[low - 1]?.x ?? -Infinity;
  return x - below < above - x ? low - 1 : low;
}

/** The range of the y axis: that of the points with a little air, and not below zero for what is never negative. */
export function yBounds(points: readonly ChartPoint[], scale: YScale): { min: number; max: number } | undefined {
  let low = Infinity;
  let high = -Infinity;
  for (const { y } of points) {
    if (Number.isFinite(y)) {
      low = Math.min(low, y);
      high = Math.max(high, y);
    }
  }
  if (low > high) {
    return undefined;
  }
  if (scale === 'log') {
    return low === high ? { min: low / 3, max: high * 3 } : { min: low * 0.9, max: high * 1.1 };
  }
  if (low === high) {
    const air = Math.abs(low) * 0.1 || 1;
    return { min: low - air, max: high + air };
  }
  const air = (high - low) * 0.05;
  return { min: low >= 0 ? Math.max(0, low - air) : low - air, max: high + air };
}

export function hasPositive(values: readonly number[]): boolean {
  return values.some((value) => value > 0 && Number.isFinite(value));
}

export interface AxisTicks {
  readonly values: readonly number[];
  readonly labels: readonly string[];
}

/** Ticks of a time axis: seconds of the clock or of the run. */
export function xTimeTicks(axis: 'time' | 'relative', min: number, max: number, count: number): AxisTicks {
  const offset = axis === 'time' ? -new Date(min * 1000).getTimezoneOffset() * 60 : 0;
  const values = timeTicks(min, max, count, offset);
  const step = (values[1] ?? max) - (values[0] ?? min);
  return {
    values,
    labels: values.map((value) => (axis === 'time' ? formatTimeOfDay(value, step < 60) : formatSpan(value))),
  };
}

/** Ticks of a logarithmic axis: powers of ten, with threes between where there are few. */
export function logTicks(min: number, max: number): number[] {
  const first = Math.floor(Math.log10(min));
  const last = Math.ceil(Math.log10(max));
  const stride = Math.max(1, Math.ceil((last - first) / 4));
  const factors = last - first <= 1 ? [1, 2, 5] : last - first <= 3 ? [1, 3] : [1];
  const ticks: number[] = [];
  for (let exponent = first; exponent <= last; exponent += stride) {
    for (const factor of factors) {
      const tick = Number((factor * 10 ** exponent).toPrecision(3));
      if (tick >= min * 0.999 && tick <= max * 1.001) {
        ticks.push(tick);
      }
    }
  }
  return ticks.length > 1 ? ticks : linearTicks(min, max, 4);
}

/** Ticks at 1, 2, 2.5 or 5 times a power of ten: as many as are allowed. */
export function linearTicks(min: number, max: number, most: number): number[] {
  const span = max - min;
  const power = Math.floor(Math.log10(span / most));
  for (const exponent of [power, power + 1, power + 2]) {
    for (const factor of [1, 2, 2.5, 5]) {
      const step = factor * 10 ** exponent;
      const first = Math.ceil(min / step - 1e-9);
      const last = Math.floor(max / step + 1e-9);
      if (last - first < most) {
        return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
      }
    }
  }
  return [];
}

/** Where the crosshair stands, in words. */
export function describeX(axis: XAxis, point: { x: number; time: number }, origin: number): string {
  const relative = formatDuration(point.time - origin);
  const step = Number.isInteger(point.x) ? `step ${formatCount(point.x)}` : `x ${formatStep(point.x)}`;
  return axis === 'time' ? `${step}   ${formatTimeOfDay(point.time, true)}` : `${step}   ${relative}`;
}
