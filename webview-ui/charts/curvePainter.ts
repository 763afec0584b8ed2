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
  /** It moves: of a column of pixels only the lowest and the highest point are drawn, which takes half of the time. */
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

/** Traces the line through the points in sight and their neighbours. @returns points that stand alone between gaps */
export function tracePoints(sink: PathSink, points: CurvePoints, plot: Plot): (readonly [x: number, y: number])[] {
  const { x, y } = points;
  const start = Math.max(0, firstFrom(x, plot.inSight.min) - 1);
  const end = Math.min(x.length, firstAfter(x, plot.inSight.max) + 1);
  const alone: (readonly [number, number])[] = [];
  if (plot.isMoving === true && end - start > 2 * (plot.area.right - plot.area.left)) {
    traceColumns(sink, points, plot, { start, end });
    return alone;
  }
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

/** Traces the lowest and the highest point of each column of pixels. */
function traceColumns(
  sink: PathSink,
  { x, y }: CurvePoints,
  plot: Plot,
  { start, end }: { readonly start: number; readonly end: number },
): void {
  let column = Number.NaN;
  let low = 0;
  let high = 0;
  let isDrawing = false;
  const flush = (): void => {
    if (!Number.isNaN(column)) {
      if (isDrawing) {
        sink.lineTo(column, low);
      } else {
        sink.moveTo(column, low);
      }
      sink.lineTo(column, high);
      isDrawing = true;
    }
  };
  for (let place = start; place < end; place++) {
    const value = y[place] as number;
    if (value - value !== 0) {
      flush();
      column = Number.NaN;
      isDrawing = false;
      continue;
    }
    const at = Math.round(plot.x.toPixel(x[place] as number));
    const py = plot.y.toPixel(value);
    if (at !== column) {
      flush();
      column = at;
      low = py;
      high = py;
    } else {
      low = Math.max(low, py);
      high = Math.min(high, py);
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
  context.lineWidth = width;
  context.setLineDash([...dashPatterns[curve.dash]]);
  context.beginPath();
  const alone = tracePoints(context, points, plot);
  context.stroke();
  context.fillStyle = curve.colour;
  for (const [x, y] of alone) {
    context.beginPath();
    context.arc(x, y, 2, 0, 2 * Math.PI);
    context.fill();
  }
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
