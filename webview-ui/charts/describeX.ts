import { formatCount, formatMetricLong, formatStep } from '../shared/formatNumbers.ts';
import { formatDuration, formatTimeOfDay } from '../shared/formatTimes.ts';
import type { XKind } from './axes.ts';
import type { CurvePoints } from './chartPoints.ts';

/** An x of a chart in words. */
export function describeX(kind: XKind, x: number): string {
  switch (kind) {
    case 'step':
      return Number.isInteger(x) ? `step ${formatCount(x)}` : `x ${formatStep(x)}`;
    case 'time':
      return formatTimeOfDay(x, true);
    case 'relative':
      return formatDuration(x);
    case 'number':
      return `x ${formatMetricLong(x)}`;
    default:
      return kind satisfies never;
  }
}

/** Where a point of a series stands: its step, and its time as the axis has it. @param origin where relative time begins */
export function describePoint(kind: XKind, points: CurvePoints, place: number, origin: number): string {
  if (kind === 'number') {
    return describeX(kind, points.x[place] ?? 0);
  }
  const step = describeX('step', points.step(place));
  const time = points.time(place);
  return `${step}   ${kind === 'time' ? describeX('time', time) : describeX('relative', time - origin)}`;
}
