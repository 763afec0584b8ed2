import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pixelScale } from '../../webview-ui/charts/axes.ts';
import { CurvePoints } from '../../webview-ui/charts/chartPoints.ts';
import { type PathSink, type Plot, traceBands, tracePoints } from '../../webview-ui/charts/curvePainter.ts';

const area = { left: 0, right: 10, top: 0, bottom: 100 };

function plotOf(min: number, max: number): Plot {
  return {
    area,
    x: pixelScale({ min, max }, 'linear', area.left, area.right),
    y: pixelScale({ min: 0, max: 100 }, 'linear', area.bottom, area.top),
    inSight: { min, max },
  };
}

/** The lines of a path, each a list of places, and what was answered. */
function drawn<T>(draw: (sink: PathSink) => T) {
  const lines: [number, number][][] = [];
  const sink: PathSink = {
    moveTo: (x, y) => lines.push([[x, y]]),
    lineTo: (x, y) => lines.at(-1)?.push([x, y]),
  };
  return { lines, result: draw(sink) };
}

function traced(points: CurvePoints, plot: Plot) {
  const { lines, result: alone } = drawn((sink) => tracePoints(sink, points, plot));
  return { lines, alone };
}

describe('the line of a curve', () => {
  it('comes in from the point before what is in sight, and leaves to the one behind it', () => {
    const points = CurvePoints.of([0, 1, 2, 3, 4, 5], [0, 10, 20, 30, 40, 50]);
    const { lines } = traced(points, plotOf(2, 3));
    expect(lines).toHaveLength(1);
    expect(lines[0]?.map(([x]) => x)).toEqual([-10, 0, 10, 20]);
  });

  it('has gaps, and points that stand alone between them', () => {
    const gap = Number.NaN;
    const points = CurvePoints.of([0, 1, 2, 3, 4, 5], [0, gap, 20, gap, 40, 50]);
    const { lines, alone } = traced(points, plotOf(0, 5));
    expect(lines.map((line) => line.length)).toEqual([1, 1, 2]);
    expect(alone).toEqual([
      [0, 100],
      [4, 80],
    ]);
  });
});

describe('the bands that stand for a curve while it moves', () => {
  it('reach as high and as low in each column as the curve does', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 60, maxLength: 200 }), (values) => {
        const points = CurvePoints.of(
          values.map((_, index) => index),
          values,
        );
        const last = values.length - 1;
        const [outline = []] = drawn((sink) => traceBands(sink, points, plotOf(0, last), 2)).lines;
        for (let column = 0; column <= 10; column++) {
          const inColumn = values.filter((_, index) => Math.round((index / last) * 10) === column);
          const ends = outline.filter(([x]) => x === column).map(([, y]) => y);
          expect(Math.min(...ends)).toBeCloseTo(100 - Math.max(...inColumn) - 1);
          expect(Math.max(...ends)).toBeCloseTo(100 - Math.min(...inColumn) + 1);
        }
      }),
    );
  });

  it('end at gaps, and are as wide as the line where a point stands alone', () => {
    const points = CurvePoints.of([0, 1, 2, 3, 10], [50, Number.NaN, 20, 30, Number.NaN]);
    const { lines } = drawn((sink) => traceBands(sink, points, plotOf(0, 10), 2));
    const widths = lines.map((line) => line.map(([x]) => x)).map((xs) => [Math.min(...xs), Math.max(...xs)]);
    expect(widths).toEqual([
      [-1, 1],
      [1, 4],
    ]);
  });
});
