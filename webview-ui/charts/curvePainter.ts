import type { PixelScale } from './axes.ts';
import { type CurvePoints, firstAfter, firstFrom } from './chartPoints.ts';
import { type Curve, dashPatterns } from './curves.ts';

/** Where the curves are drawn, and how. */
export interface Plot {
  readonly area: { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number };
  readonly x: PixelScale;
  readonly y: PixelScale;
  /** In values of the x axis: what lies outside is not looked at. */
  readonly inSight: { readonly min: number; readonly max: number };
  /** It moves: where points are dense, the band between the lowest and the highest of each column of pixels is drawn. */
  readonly isMoving?: boolean;
}

export const LINE_WIDTH = 1.5;
export const RAW_OPACITY = 0.38;
export const FADED_OPACITY = 0.4;
export const DIAMOND_SIZE = 4.5;

/** What a path is made of: `CanvasRenderingContext2D` and `Path2D` are such, and so is what writes SVG. */
export interface PathSink {
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
}

interface Places {
  readonly start: number;
  readonly end: number;
}

/** Those of the points in sight and their neighbours. */
function placesInSight({ x }: CurvePoints, { inSight }: Plot): Places {
  return {
    start: Math.max(0, firstFrom(x, inSight.min) - 1),
    end: Math.min(x.length, firstAfter(x, inSight.max) + 1),
  };
}

/** Traces the line through the points in sight and their neighbours. @returns points that stand alone between gaps */
export function tracePoints(sink: PathSink, points: CurvePoints, plot: Plot): (readonly [x: number, y: number])[] {
  const { x, y } = points;
  const { start, end } = placesInSight(points, plot);
  const alone: (readonly [number, number])[] = [];
  let length = 0;
  let last: readonly [number, number] = [0, 0];
  for (let place = start; place <= end; place++) {
    const value = place < end ? (y[place] as number) : Number.NaN;
    if (value - value === 0) {
      const px = plot.x.toPixel(x[place] as number);
      const py = plot.y.toPixel(value);
      if (length === 0) {
        sink.moveTo(px, py);
        last = [px, py];
      } else {
        sink.lineTo(px, py);
      }
      length++;
    } else {
      if (length === 1) {
        alone.push(last);
      }
      length = 0;
    }
  }
  return alone;
}

/**
 * Traces the outline of the bands between the lowest and the highest point of each column of pixels, one from gap to gap. To fill
 * them takes a quarter of what a stroke of the same width takes.
 */
export function traceBands(sink: PathSink, points: CurvePoints, plot: Plot, width: number): void {
  const { x, y } = points;
  const { start, end } = placesInSight(points, plot);
  const half = width / 2;
  let columns: number[] = [];
  let lows: number[] = [];
  let highs: number[] = [];
  const flush = (): void => {
    const last = columns.length - 1;
    if (last >= 0) {
      sink.moveTo((columns[0] as number) - half, highs[0] as number);
      for (let index = 0; index <= last; index++) {
        sink.lineTo(columns[index] as number, highs[index] as number);
      }
      sink.lineTo((columns[last] as number) + half, highs[last] as number);
      sink.lineTo((columns[last] as number) + half, lows[last] as number);
      for (let index = last; index >= 0; index--) {
        sink.lineTo(columns[index] as number, lows[index] as number);
      }
      sink.lineTo((columns[0] as number) - half, lows[0] as number);
      columns = [];
      lows = [];
      highs = [];
    }
  };
  for (let place = start; place < end; place++) {
    const value = y[place] as number;
    if (value - value !== 0) {
      flush();
      continue;
    }
    const column = Math.round(plot.x.toPixel(x[place] as number));
    const py = plot.y.toPixel(value);
    const last = columns.length - 1;
    if (column !== columns[last]) {
      columns.push(column);
      lows.push(py + half);
      highs.push(py - half);
    } else {
      lows[last] = Math.max(lows[last] as number, py + half);
      highs[last] = Math.min(highs[last] as number, py - half);
    }
  }
  flush();
}

/** Draws curves and their marks. @param focused the one that stays as it is while the others fade */
export function paintCurves(
  context: CanvasRenderingContext2D,
  curves: readonly Curve[],
  plot: Plot,
  { background, focused }: { background: string; focused: string | undefined },
): void {
  const { left, right, top, bottom } = plot.area;
  context.save();
  context.beginPath();
  // A line along the edge is not cut in half.
  context.rect(left, top - 2, right - left + 1, bottom - top + 4);
  context.clip();
  // Round joins take half as much time again, and at this width nobody sees them.
  context.lineJoin = 'bevel';
  const ordered = focused === undefined ? curves : [...curves].sort((a, b) => order(a, focused) - order(b, focused));
  for (const curve of ordered) {
    const opacity = focused === undefined || curve.id === focused ? 1 : FADED_OPACITY;
    if (curve.raw !== undefined) {
      context.globalAlpha = RAW_OPACITY * opacity;
      stroke(context, curve.raw, curve, plot, 1);
    }
    context.globalAlpha = opacity;
    stroke(context, curve.points, curve, plot, LINE_WIDTH);
  }
  context.restore();
  for (const curve of ordered) {
    paintMarks(context, curve, plot, background);
  }
}

/** The focused one last, above the others. */
function order(curve: Curve, focused: string): number {
  return curve.id === focused ? 1 : 0;
}

function stroke(context: CanvasRenderingContext2D, points: CurvePoints, curve: Curve, plot: Plot, width: number): void {
  context.strokeStyle = curve.colour;
  context.fillStyle = curve.colour;
  context.beginPath();
  if (plot.isMoving === true && curve.dash === 'solid' && isDense(points, plot)) {
    traceBands(context, points, plot, width);
    context.fill();
    return;
  }
  context.lineWidth = width;
  context.setLineDash([...dashPatterns[curve.dash]]);
  const alone = tracePoints(context, points, plot);
  context.stroke();
  for (const [x, y] of alone) {
    context.beginPath();
    context.arc(x, y, 2, 0, 2 * Math.PI);
    context.fill();
  }
}

/** Whether there are more points than columns of pixels: then to stroke the line takes the browser milliseconds. */
export function isDense(points: CurvePoints, plot: Plot): boolean {
  const { start, end } = placesInSight(points, plot);
  return end - start > plot.area.right - plot.area.left;
}

/** Marks of a curve in pixels: its best point and its growing end, where they are in sight. */
export function marksOf(
  curve: Curve,
  plot: Plot,
): { best?: readonly [number, number]; end?: readonly [number, number] } {
  const { points, bestStep, isLive } = curve;
  const lastPlace = points.y.findLastIndex(Number.isFinite);
  const at = (place: number): readonly [number, number] | undefined => {
    const x = points.x[place] ?? Number.NaN;
    const y = points.y[place] ?? Number.NaN;
    const isInSight = x >= plot.inSight.min && x <= plot.inSight.max && Number.isFinite(y);
    return isInSight ? [plot.x.toPixel(x), plot.y.toPixel(y)] : undefined;
  };
  const bestPlace = bestStep === undefined ? -1 : points.x.findIndex((_, place) => points.step(place) === bestStep);
  const best = bestPlace === -1 || bestPlace === lastPlace ? undefined : at(bestPlace);
  const end = isLive === true && lastPlace !== -1 ? at(lastPlace) : undefined;
  return { ...(best === undefined ? {} : { best }), ...(end === undefined ? {} : { end }) };
}

function paintMarks(context: CanvasRenderingContext2D, curve: Curve, plot: Plot, background: string): void {
  const { best, end } = marksOf(curve, plot);
  context.save();
  if (best !== undefined) {
    const [x, y] = best;
    context.beginPath();
    context.moveTo(x, y - DIAMOND_SIZE);
    context.lineTo(x + DIAMOND_SIZE, y);
    context.lineTo(x, y + DIAMOND_SIZE);
    context.lineTo(x - DIAMOND_SIZE, y);
    context.closePath();
    context.fillStyle = background;
    context.fill();
    context.lineWidth = 1.25;
    context.strokeStyle = curve.colour;
    context.stroke();
  }
  if (end !== undefined) {
    const [x, y] = end;
    context.fillStyle = curve.colour;
    context.globalAlpha = 0.28;
    context.beginPath();
    context.arc(x, y, 6, 0, 2 * Math.PI);
    context.fill();
    context.globalAlpha = 1;
    context.beginPath();
    context.arc(x, y, 3, 0, 2 * Math.PI);
    context.fill();
  }
  context.restore();
}
