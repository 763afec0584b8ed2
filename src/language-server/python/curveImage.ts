/** A metric's curve as a small picture, for a hover. */
import type { SeriesSlice } from '../../core/domain/metric.ts';

const width = 320;
const height = 96;
const padding = 4;
/** Readable on light and dark backgrounds alike: a picture does not know the editor's theme. */
const color = '#3b8fe6';
const baseline = '#8886';

/** So many columns of pixels are asked for. */
export const curveColumns = width;

/** The address of an SVG picture; undefined where there is nothing to draw. A value that is not finite is a gap. */
export function curveImage({ x, values }: SeriesSlice): string | undefined {
  const finite = values.filter(Number.isFinite);
  if (finite.length < 2) {
    return undefined;
  }
  const low = minOf(finite);
  const high = maxOf(finite);
  const [first = 0, last = 0] = [minOf(x), maxOf(x)];
  const place = (value: number, from: number, to: number, size: number): number =>
    to > from ? padding + ((value - from) / (to - from)) * (size - 2 * padding) : size / 2;
  let path = '';
  let isPen = false;
  for (const [index, value] of values.entries()) {
    if (Number.isFinite(value)) {
      const across = place(x[index] ?? 0, first, last, width).toFixed(1);
      const down = (height - place(value, low, high, height)).toFixed(1);
      path += `${isPen ? 'L' : 'M'}${across} ${down}`;
    }
    isPen = Number.isFinite(value);
  }
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"><path d="M0 ${height - 0.5}H${width}" stroke="${baseline}"/><path d="${path}" fill="none" stroke="${color}" stroke-width="1.5" stroke-linejoin="round" stroke-linecap="round"/></svg>`;
  return `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
}

function minOf(values: readonly number[]): number {
  return values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
}

function maxOf(values: readonly number[]): number {
  return values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
}
