import type { AxisScale } from '../../src/protocol/series.ts';
import type { Bounds } from './axes.ts';
import { type CurvePoints, firstAfter, firstFrom } from './chartPoints.ts';

/** With a colour, what tells a curve from others: colours come again from the ninth curve on. */
export type CurveDash = 'solid' | 'dashed' | 'dotted';

/** One line of a chart. */
export interface Curve {
  readonly id: string;
  readonly label: string;
  readonly colour: string;
  readonly dash: CurveDash;
  readonly points: CurvePoints;
  /** The same before it was smoothed: drawn thin and faint behind. */
  readonly raw?: CurvePoints | undefined;
  /** It is still growing, and ends in a dot. */
  readonly isLive?: boolean;
  /** Step of the best value, marked by a diamond. */
  readonly bestStep?: number | undefined;
}

/** What the n-th curve of a chart looks like. */
export function curveLook(index: number, colours: readonly string[]): Pick<Curve, 'colour' | 'dash'> {
  const dashes = ['solid', 'dashed', 'dotted'] as const;
  const round = Math.floor(index / colours.length);
  return {
    colour: colours[index % colours.length] ?? 'currentcolor',
    dash: dashes[round % dashes.length] ?? 'solid',
  };
}

/** Lengths of strokes and gaps in CSS pixels. */
export const dashPatterns: Readonly<Record<CurveDash, readonly number[]>> = {
  solid: [],
  dashed: [4, 3],
  dotted: [1.5, 2.5],
};

/** The first and last x of curves. Undefined without points. */
export function xExtent(curves: readonly Curve[]): Bounds | undefined {
  let min = Infinity;
  let max = -Infinity;
  for (const { points } of curves) {
    if (points.length > 0) {
      min = Math.min(min, points.x[0] ?? Infinity);
      max = Math.max(max, points.x.at(-1) ?? -Infinity);
    }
  }
  return min <= max ? { min, max } : undefined;
}

/** The bounds of a y axis: those of what is in sight with a little air, and not below zero for what is never negative. */
export function yBounds(curves: readonly Curve[], scale: AxisScale, inSight?: Bounds): Bounds | undefined {
  let low = Infinity;
  let high = -Infinity;
  const take = ({ x, y }: CurvePoints): void => {
    const end = inSight === undefined ? x.length : firstAfter(x, inSight.max);
    for (let place = inSight === undefined ? 0 : firstFrom(x, inSight.min); place < end; place++) {
      const value = y[place] as number;
      if (value - value === 0) {
        low = value < low ? value : low;
        high = value > high ? value : high;
      }
    }
  };
  for (const { points, raw } of curves) {
    take(points);
    if (raw !== undefined) {
      take(raw);
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
