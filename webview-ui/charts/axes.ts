import type { AxisScale, XAxis } from '../../src/protocol/series.ts';
import { formatLogTick, formatTicks } from '../shared/formatNumbers.ts';
import { formatSpan, formatTimeOfDay, timeTicks } from '../shared/formatTimes.ts';

/** What the x of a chart is; `number` for what is no series. */
export type XKind = XAxis | 'number';

export interface AxisTicks {
  readonly values: readonly number[];
  readonly labels: readonly string[];
}

/** Both ends of an axis. */
export interface Bounds {
  readonly min: number;
  readonly max: number;
}

/** Ticks of a horizontal axis. `count` is about how many labels have room. */
export function xTicks(kind: XKind, scale: AxisScale, { min, max }: Bounds, count: number): AxisTicks {
  if (scale === 'log' && min > 0) {
    const values = logTicks(min, max);
    const stride = Math.ceil(values.length / count);
    return logLabels(values.filter((_, index) => index % stride === 0));
  }
  if (kind === 'time' || kind === 'relative') {
    return xTimeTicks(kind, min, max, count);
  }
  const all = linearTicks(min, max, count);
  const values = kind === 'step' && all.some(Number.isInteger) ? all.filter(Number.isInteger) : all;
  return { values, labels: formatTicks(values) };
}

/** Ticks of a vertical axis. */
export function yTicks(scale: AxisScale, { min, max }: Bounds, count: number): AxisTicks {
  if (scale === 'log' && min > 0) {
    return logLabels(logTicks(min, max));
  }
  const values = linearTicks(min, max, count);
  return { values, labels: formatTicks(values) };
}

function logLabels(values: readonly number[]): AxisTicks {
  return { values, labels: values.map(formatLogTick) };
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

/** From values to pixels and back. */
export interface PixelScale {
  toPixel(value: number): number;
  toValue(pixel: number): number;
}

/** @param start the pixel of the lower bound; `end` that of the upper, which on a canvas is above it */
export function pixelScale({ min, max }: Bounds, scale: AxisScale, start: number, end: number): PixelScale {
  const isLogarithmic = scale === 'log' && min > 0;
  const low = isLogarithmic ? Math.log(min) : min;
  const span = (isLogarithmic ? Math.log(max) : max) - low || 1;
  const factor = (end - start) / span;
  return isLogarithmic
    ? {
        toPixel: (value) => start + (Math.log(value) - low) * factor,
        toValue: (pixel) => Math.exp(low + (pixel - start) / factor),
      }
    : {
        toPixel: (value) => start + (value - low) * factor,
        toValue: (pixel) => low + (pixel - start) / factor,
      };
}
