import type { AxisScale, SeriesRange, XAxis } from '../../protocol/series.ts';
import { type Fields, isCount, isNumber, isOptionalNumber } from './messageFields.ts';

/** The widest chart that a page may ask for. */
const mostColumns = 40_000;
const xAxes: readonly XAxis[] = ['step', 'time', 'relative'];
const scales: readonly AxisScale[] = ['linear', 'log'];

export function xAxisOf(value: unknown): XAxis | undefined {
  return xAxes.find((name) => name === value);
}

export function axisScaleOf(value: unknown): AxisScale | undefined {
  return scales.find((name) => name === value);
}

/** What a page says that a chart needs, or undefined where it says it wrongly. */
export function parseSeriesRange({ from, to, width, origin, smoothing, ...names }: Fields): SeriesRange | undefined {
  const axis = xAxisOf(names.axis);
  const xScale = axisScaleOf(names.xScale);
  const yScale = axisScaleOf(names.yScale);
  if (
    axis === undefined ||
    xScale === undefined ||
    yScale === undefined ||
    !isCount(width) ||
    !isNumber(origin) ||
    !isNumber(smoothing) ||
    smoothing < 0 ||
    smoothing >= 1 ||
    !isOptionalNumber(from) ||
    !isOptionalNumber(to)
  ) {
    return undefined;
  }
  return {
    axis,
    width: Math.min(width, mostColumns),
    xScale,
    yScale,
    origin,
    smoothing,
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  };
}
