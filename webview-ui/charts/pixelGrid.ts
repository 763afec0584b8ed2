import type { AxisScale } from '../../src/protocol/series.ts';
import type { Bounds } from './axes.ts';
import type { Plot } from './curvePainter.ts';
import { padded } from './xRange.ts';

/** The columns of device pixels that a plot takes: `min` is the x of the left edge of the first, `max` of the right edge of the last. */
export interface PixelGrid extends Bounds {
  readonly width: number;
}

/** Of a pixel: what is nearer is the same edge. */
const SLACK = 1e-3;

/** @param ratio device pixels in a CSS pixel */
export function pixelGridOf({ area, x }: Plot, ratio: number): PixelGrid {
  const left = Math.floor(area.left * ratio + SLACK);
  const right = Math.ceil(area.right * ratio - SLACK);
  return { min: x.toValue(left / ratio), max: x.toValue(right / ratio), width: right - left };
}

/** As many whole columns more on both sides as are nearest to a share of its own. */
export function widenedGrid(grid: PixelGrid, scale: AxisScale, share: number): PixelGrid {
  const more = Math.round(grid.width * share);
  return { ...padded(grid, scale, more / grid.width), width: grid.width + 2 * more };
}

/** Whether a point falls into the same column of both. */
export function isSameGrid(a: PixelGrid, b: PixelGrid, scale: AxisScale): boolean {
  const isLogarithmic = scale === 'log' && a.min > 0 && b.min > 0;
  const place = isLogarithmic ? Math.log : (x: number): number => x;
  const slack = (SLACK * 10 * Math.abs(place(a.max) - place(a.min))) / a.width;
  return (
    a.width === b.width &&
    Math.abs(place(a.min) - place(b.min)) <= slack &&
    Math.abs(place(a.max) - place(b.max)) <= slack
  );
}
