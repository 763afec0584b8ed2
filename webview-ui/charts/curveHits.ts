import { formatMetricLong, formatSeriesValue } from '../shared/formatNumbers.ts';
import type { TipRow } from './chartOverlay.ts';
import { nearestPlace } from './chartPoints.ts';
import type { Plot } from './curvePainter.ts';
import type { Curve } from './curves.ts';

/** The point of a curve that is nearest to the crosshair. */
export interface CurveHit {
  readonly curve: Curve;
  readonly place: number;
  readonly value: number;
  readonly raw: number | undefined;
  /** Of the crosshair's x, in CSS pixels of the canvas. */
  readonly x: number;
  /** Where the point is drawn; undefined where it is not. */
  readonly pixel: { readonly x: number; readonly y: number } | undefined;
}

/** CSS pixels by which a curve may end before the crosshair and still be told of. */
const REACH = 12;
/** CSS pixels from the pointer within which a curve is the one that is meant. */
const FOCUS_REACH = 24;
const MOST_ROWS = 12;

/** What the curves say at an x. Curves that have begun later or ended before say nothing. */
export function hitsAt(curves: readonly Curve[], x: number, plot: Plot): CurveHit[] {
  const place = plot.x.toPixel(x);
  return curves.flatMap((curve) => {
    const { points, raw } = curve;
    const found = nearestPlace(points.x, x);
    if (found === undefined) {
      return [];
    }
    const isBeyond = x < (points.x[0] ?? 0) || x > (points.x.at(-1) ?? 0);
    const nearestX = points.x[found] ?? 0;
    const pixelX = plot.x.toPixel(nearestX);
    if (isBeyond && Math.abs(pixelX - place) > REACH) {
      return [];
    }
    const y = points.y[found] ?? Number.NaN;
    const isInSight = nearestX >= plot.inSight.min && nearestX <= plot.inSight.max && Number.isFinite(y);
    const rawPlace = raw === undefined ? undefined : nearestPlace(raw.x, nearestX);
    return [
      {
        curve,
        place: found,
        value: points.value(found),
        raw: raw === undefined || rawPlace === undefined ? undefined : raw.value(rawPlace),
        x: place,
        pixel: isInSight ? { x: pixelX, y: plot.y.toPixel(y) } : undefined,
      },
    ];
  });
}

/** The one that the pointer is on, or nearly. */
export function focusedHit(hits: readonly CurveHit[], pointerY: number | undefined): CurveHit | undefined {
  if (pointerY === undefined) {
    return undefined;
  }
  let best: CurveHit | undefined;
  let distance = FOCUS_REACH;
  for (const hit of hits) {
    const away = Math.abs((hit.pixel?.y ?? Infinity) - pointerY);
    if (away < distance) {
      best = hit;
      distance = away;
    }
  }
  return best;
}

/** The rows of a tooltip, the highest value first. Of many, those around the one that is meant. */
export function tipRows(
  hits: readonly CurveHit[],
  focus: CurveHit | undefined,
): { readonly rows: readonly TipRow[]; readonly leftOut: number } {
  const sorted = [...hits].sort((a, b) => rank(b.value) - rank(a.value));
  const middle = focus === undefined ? 0 : sorted.indexOf(focus);
  const start = Math.max(0, Math.min(middle - MOST_ROWS / 2, sorted.length - MOST_ROWS));
  const shown = sorted.slice(start, start + MOST_ROWS);
  const rows = shown.flatMap(({ curve, value, raw }): TipRow[] => {
    const { colour, dash, label } = curve;
    const row = { name: label, value: formatMetricLong(value), colour, dash, isFocused: curve === focus?.curve };
    return raw === undefined
      ? [row]
      : [row, { name: 'raw', value: formatMetricLong(raw), colour, dash: 'solid', isRaw: true }];
  });
  return { rows, leftOut: sorted.length - shown.length };
}

/** What another chart than the one under the pointer shows. */
export function valueInBrief(hits: readonly CurveHit[], isWhole: boolean): string {
  const values = hits.map(({ value }) => value).filter(Number.isFinite);
  const [first] = hits;
  if (hits.length <= 1 || values.length === 0) {
    return formatSeriesValue(first?.value ?? Number.NaN, isWhole);
  }
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return `${formatSeriesValue(low, isWhole)} to ${formatSeriesValue(high, isWhole)}`;
}

/** What is no number comes last. */
function rank(value: number): number {
  return Number.isNaN(value) ? -Infinity : value;
}
