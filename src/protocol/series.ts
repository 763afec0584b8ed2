/** Series of points as they cross between a page and the extension host. */
import type { WireNumber } from './wire.ts';

/** What a chart's x is: the step, the clock, or the seconds since `origin`. */
export type XAxis = 'step' | 'time' | 'relative';
export type AxisScale = 'linear' | 'log';

/** How curves of several runs are drawn over one another. */
export interface CurveSettings {
  readonly xAxis: XAxis;
  readonly xScale: AxisScale;
  readonly yScale: AxisScale;
  /** From 0 to below 1. */
  readonly smoothing: number;
}

export const defaultCurveSettings: CurveSettings = { xAxis: 'step', xScale: 'linear', yScale: 'linear', smoothing: 0 };

/** Which points of a series a chart needs. */
export interface SeriesRange {
  readonly axis: XAxis;
  /** Bounds on the axis; without, the whole series. */
  readonly from?: number;
  readonly to?: number;
  /** Columns of device pixels. */
  readonly width: number;
  readonly xScale: AxisScale;
  readonly yScale: AxisScale;
  /** Where relative time begins, Unix seconds. */
  readonly origin: number;
  /** Weight of the past in a moving average over all points, from 0 (none) to below 1. */
  readonly smoothing: number;
}

/** Points in order of x, as parallel arrays. */
export interface SeriesModel {
  readonly x: readonly number[];
  /** Unix seconds. */
  readonly times: readonly number[];
  readonly values: readonly WireNumber[];
  /** Points in the range before they were thinned out. */
  readonly totalCount: number;
}

/** New points at the end of a series. */
export interface SeriesAppendModel {
  readonly metric: string;
  readonly x: readonly number[];
  readonly times: readonly number[];
  readonly values: readonly WireNumber[];
}
