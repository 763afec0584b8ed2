import type { AxisScale, SeriesRange, XAxis } from '../../protocol/series.ts';
import { type Fields, isCount, isNumber, isOptionalNumber } from './messageFields.ts';

/** The widest chart that a page may ask for. */
const mostColumns = 40_000;
const xAxes: readonly XAxis[] = ['step', 'time', 'relative'];
const scales: readonly AxisScale[] = ['linear', 'log'];

/** What a page says that a chart needs, or undefined where it says it wrongly. */
export function parseSeriesRange({ from, to, width, origin, smoothing, ...names }: Fields): SeriesRange | undefined {
  const axis = xAxes.find((name) => name === names.axis);
  const xScale = scales.find((name) => name === names.xScale);
  const yScale = scales.find((name) => name === names.yScale);
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
