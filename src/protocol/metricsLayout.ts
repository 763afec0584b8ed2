import type { AxisScale, XAxis } from './series.ts';

/** What a person has chosen on the Metrics tab. It holds for every run of the experiment. */
export interface MetricsLayout {
  readonly xAxis: XAxis;
  readonly xScale: AxisScale;
  readonly yScale: AxisScale;
  /** From 0 to below 1. */
  readonly smoothing: number;
  /** Charts that stand first, in their order. */
  readonly pinned: readonly string[];
  readonly hidden: readonly string[];
  /** Charts that were moved, and those around them, in the order of their groups; others follow as they were logged. */
  readonly order: readonly string[];
  /** Groups that are folded. */
  readonly folded: readonly string[];
}

export const defaultMetricsLayout: MetricsLayout = {
  xAxis: 'step',
  xScale: 'linear',
  yScale: 'linear',
  smoothing: 0,
  pinned: [],
  hidden: [],
  order: [],
  folded: [],
};
