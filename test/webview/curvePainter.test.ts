import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pixelScale } from '../../webview-ui/charts/axes.ts';
import { CurvePoints } from '../../webview-ui/charts/chartPoints.ts';
import { type PathSink, type Plot, tracePoints } from '../../webview-ui/charts/curvePainter.ts';

const area = { left: 0, right: 10, top: 0, bottom: 100 };

function plotOf(min: number, max: number, isMoving = false): Plot {
  return {
    area,
    x: pixelScale({ min, max }, 'linear', area.left, area.right),
    y: pixelScale({ min: 0, max: 100 }, 'linear', area.bottom, area.top),
    inSight: { min, max },
    isMoving,
  };
}

/** The lines of a path, each a list of places. */
function traced(points: CurvePoints, plot: Plot) {
  const lines: [number, number][][] = [];
  const sink: PathSink = {
    moveTo: (x, y) => lines.push([[x, y]]),
    lineTo: (x, y) => lines.at(-1)?.push([x, y]),
  };
  return { lines, alone: tracePoints(sink, points, plot) };
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

  it('reaches as high and as low in each column while it moves', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 60, maxLength: 200 }), (values) => {
        const points = CurvePoints.of(
          values.map((_, index) => index),
          values,
        );
        const last = values.length - 1;
        const [moving] = traced(points, plotOf(0, last, true)).lines;
        const columns = new Map<number, number[]>();
        for (const [x, y] of moving ?? []) {
          columns.set(x, [...(columns.get(x) ?? []), y]);
        }
        values.forEach((value, index) => {
          const found = columns.get(Math.round((index / last) * 10)) ?? [];
          expect(Math.min(...found)).toBeLessThanOrEqual(100 - value + 1e-9);
          expect(Math.max(...found)).toBeGreaterThanOrEqual(100 - value - 1e-9);
        });
        expect(moving?.length).toBeLessThanOrEqual(22);
      }),
    );
  });
});
