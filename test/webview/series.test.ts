import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { directionOf } from '../../src/protocol/metricDirection.ts';
import type { MetricModel } from '../../src/protocol/runPage.ts';
import { linearTicks, logTicks, pixelScale, xTicks } from '../../webview-ui/charts/axes.ts';
import { CurvePoints, firstFrom, nearestPlace, nearestX } from '../../webview-ui/charts/chartPoints.ts';
import { type Curve, curveLook, yBounds } from '../../webview-ui/charts/curves.ts';
import { SeriesBuffer } from '../../webview-ui/charts/seriesBuffer.ts';
import { panned, within, XRange, zoomed } from '../../webview-ui/charts/xRange.ts';
import { applyDelta, mergeMetrics } from '../../webview-ui/run-page/runModel.ts';
import { bestPoint, extremes } from '../../webview-ui/shared/best.ts';

function metric(name: string, more: Partial<MetricModel> = {}): MetricModel {
  return {
    name,
    kind: 'metric',
    description: undefined,
    count: 3,
    last: 0.5,
    lastX: 2,
    min: { x: 0, value: 0.25 },
    max: { x: 20_064, value: 0.942 },
    isNumeric: true,
    isSystem: false,
    columns: undefined,
    ...more,
  };
}

function bufferOf(x: number[], values: (number | 'NaN')[] = x): SeriesBuffer {
  const buffer = new SeriesBuffer();
  buffer.replace({ x, times: x.map((step) => 1000 + step), values, totalCount: x.length }, 'step');
  return buffer;
}

describe('SeriesBuffer', () => {
  it('adds points behind the last and passes over those it has', () => {
    const buffer = bufferOf([0, 1, 2]);
    expect(buffer.append({ metric: 'm', x: [1, 2, 3], times: [1001, 1002, 1003], values: [1, 2, 'Infinity'] })).toBe(
      'appended',
    );
    expect(buffer.x).toEqual([0, 1, 2, 3]);
    expect(buffer.values).toEqual([0, 1, 2, Infinity]);
    expect(buffer.totalCount).toBe(4);
    expect(buffer.append({ metric: 'm', x: [3], times: [1003], values: [9] })).toBe('known');
    expect(buffer.values.at(-1)).toBe(Infinity);
  });

  it('keeps a second value of the same step', () => {
    const buffer = bufferOf([0, 1]);
    expect(buffer.append({ metric: 'm', x: [1], times: [2000], values: [7] })).toBe('appended');
    expect(buffer.values).toEqual([0, 1, 7]);
  });

  it('tells of a new point that belongs before the last', () => {
    expect(bufferOf([0, 5]).append({ metric: 'm', x: [3], times: [2000], values: [7] })).toBe('out-of-order');
  });
});

describe('points of a curve', () => {
  const rules = { xAxis: 'step', xScale: 'linear', yScale: 'linear', origin: 1000 } as const;

  function pointsOf(buffer: SeriesBuffer, more: Partial<Parameters<CurvePoints['replace']>[1]> = {}): CurvePoints {
    const points = new CurvePoints();
    points.replace(buffer, { ...rules, ...more });
    return points;
  }

  it('are added in place', () => {
    const buffer = bufferOf([0, 1]);
    const points = pointsOf(buffer);
    buffer.append({ metric: 'm', x: [2], times: [1002], values: ['NaN'] });
    points.append(rules);
    points.append(rules);
    expect(points.x).toEqual([0, 1, 2]);
    expect(points.y[2]).toBeNaN();
  });

  it('leave a gap for what a logarithm has no place for, and still know the value', () => {
    const points = pointsOf(bufferOf([0, 1, 2], [-1, 0, 5]), { yScale: 'log' });
    expect(points.y).toEqual([Number.NaN, Number.NaN, 5]);
    expect(points.value(0)).toBe(-1);
  });

  it('begin where a logarithmic x axis can', () => {
    const points = pointsOf(bufferOf([0, 1, 10], [7, 8, 9]), { xScale: 'log' });
    expect(points.x).toEqual([1, 10]);
    expect([points.value(0), points.step(1), points.time(1)]).toEqual([8, 10, 1010]);
  });

  it('are put in the order of time, which steps may not follow', () => {
    const buffer = new SeriesBuffer();
    buffer.replace({ x: [0, 1, 2], times: [1000, 1020, 1010], values: [1, 2, 3], totalCount: 3 }, 'step');
    const points = pointsOf(buffer, { xAxis: 'relative' });
    expect(points.x).toEqual([0, 10, 20]);
    expect([0, 1, 2].map((place) => [points.step(place), points.value(place)])).toEqual([
      [0, 1],
      [2, 3],
      [1, 2],
    ]);
  });

  it('are found by the nearest x, like a search through all of them', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: -1000, max: 1000 }), { minLength: 1 }),
        fc.integer({ min: -1200, max: 1200 }),
        (steps, x) => {
          const sorted = steps.sort((a, b) => a - b);
          const found = sorted[nearestPlace(sorted, x) ?? -1];
          const distance = Math.min(...sorted.map((step) => Math.abs(step - x)));
          expect(Math.abs((found ?? Infinity) - x)).toBe(distance);
          expect(firstFrom(sorted, x)).toBe(sorted.filter((step) => step < x).length);
        },
      ),
    );
    expect(nearestPlace([], 3)).toBeUndefined();
    const curves = [CurvePoints.of([0, 10], [1, 1]), CurvePoints.of([], []), CurvePoints.of([4, 20], [1, 1])];
    expect([3, 6, 8, 99].map((x) => nearestX(curves, x))).toEqual([4, 4, 10, 20]);
    expect(nearestX([], 3)).toBeUndefined();
  });
});

describe('axes', () => {
  function curveOf(y: readonly number[], raw?: readonly number[]): Curve {
    const x = y.map((_, index) => index);
    return {
      id: 'c',
      label: 'c',
      ...curveLook(0, ['#000']),
      points: CurvePoints.of(x, y),
      raw: raw === undefined ? undefined : CurvePoints.of(x, raw),
    };
  }

  it('have a few round ticks within their range', () => {
    expect(linearTicks(0.4, 8.3, 5)).toEqual([2, 4, 6, 8]);
    expect(linearTicks(0.29, 0.98, 5)).toEqual([0.4, 0.6, 0.8]);
    fc.assert(
      fc.property(
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
        (min, span) => {
          const ticks = linearTicks(min, min + span, 5);
          expect(ticks.length).toBeGreaterThanOrEqual(1);
          expect(ticks.length).toBeLessThanOrEqual(5);
        },
      ),
    );
  });

  it('have powers of ten when they are logarithmic', () => {
    expect(logTicks(0.05, 3)).toEqual([0.1, 0.3, 1, 3]);
    expect(logTicks(1e-6, 1e6)).toEqual([1e-6, 1e-3, 1, 1e3, 1e6]);
    expect(logTicks(2400, 2700).length).toBeGreaterThan(1);
  });

  it('have no more labels than there is room for, and whole steps', () => {
    expect(xTicks('step', 'linear', { min: 0, max: 3 }, 8).values).toEqual([0, 1, 2, 3]);
    expect(xTicks('number', 'linear', { min: 0, max: 3 }, 8).labels).toEqual([
      '0.0',
      '0.5',
      '1.0',
      '1.5',
      '2.0',
      '2.5',
      '3.0',
    ]);
    expect(xTicks('step', 'log', { min: 1, max: 1e6 }, 3).values.length).toBeLessThanOrEqual(3);
  });

  it('leave air, but not below zero for what is never negative', () => {
    expect(yBounds([curveOf([0.02, 1])], 'linear')).toEqual({ min: 0, max: 1.049 });
    expect(yBounds([curveOf([5])], 'linear')).toEqual({ min: 4.5, max: 5.5 });
    expect(yBounds([curveOf([Number.NaN])], 'linear')).toBeUndefined();
  });

  it('reach as far as what is in sight of all curves, the raw lines too', () => {
    const curves = [curveOf([100, 2, 3, 100]), curveOf([1, 2, 3, 4], [0, 1, 5, 100])];
    const { min, max } = yBounds(curves, 'linear', { min: 1, max: 2 }) ?? { min: 0, max: 0 };
    expect(min).toBeCloseTo(0.8);
    expect(max).toBeCloseTo(5.2);
  });

  it('give back the value of a pixel', () => {
    for (const scale of ['linear', 'log'] as const) {
      const pixels = pixelScale({ min: 2, max: 2000 }, scale, 40, 340);
      expect([pixels.toPixel(2), pixels.toPixel(2000)]).toEqual([40, expect.closeTo(340)]);
      expect(pixels.toValue(pixels.toPixel(123))).toBeCloseTo(123);
    }
  });

  it('tell curves beyond the eighth by their dashes', () => {
    const colours = ['a', 'b'];
    expect([0, 1, 2, 4, 6].map((index) => curveLook(index, colours))).toEqual([
      { colour: 'a', dash: 'solid' },
      { colour: 'b', dash: 'solid' },
      { colour: 'a', dash: 'dashed' },
      { colour: 'a', dash: 'dotted' },
      { colour: 'a', dash: 'solid' },
    ]);
  });
});

describe('the range of all charts', () => {
  it('is zoomed about a point that stays, and moved by a part of itself', () => {
    expect(zoomed({ min: 0, max: 100 }, 'linear', 0.5, 20)).toEqual({ min: 10, max: 60 });
    expect(panned({ min: 10, max: 20 }, 'linear', 0.5)).toEqual({ min: 15, max: 25 });
    const log = panned({ min: 1, max: 100 }, 'log', 0.5);
    expect([log.min, log.max]).toEqual([expect.closeTo(10), expect.closeTo(1000)]);
  });

  it('is never so narrow that numbers fail', () => {
    let bounds = { min: 1e6, max: 1e6 + 10 };
    for (let index = 0; index < 200; index++) {
      bounds = zoomed(bounds, 'linear', 0.5, 1e6 + 3);
    }
    expect(bounds.max).toBeGreaterThan(bounds.min);
  });

  it('keeps its width within limits', () => {
    expect(within({ min: -5, max: 5 }, { min: 0, max: 100 })).toEqual({ min: 0, max: 10 });
    expect(within({ min: -50, max: 500 }, { min: 0, max: 100 })).toEqual({ min: 0, max: 100 });
  });

  it('tells of changes, and takes no nonsense', () => {
    const range = new XRange();
    let changes = 0;
    range.onChange(() => {
      changes++;
    });
    range.set({ min: 1, max: 2 });
    range.set({ min: 1, max: 2 });
    range.set({ min: 3, max: 3 });
    range.set({ min: Number.NaN, max: 3 });
    expect([changes, range.current]).toEqual([1, { min: 1, max: 2 }]);
  });
});

describe('best values', () => {
  it.each([
    ['val/accuracy', 'higher'],
    ['top5_accuracy', 'higher'],
    ['trainLoss', 'lower'],
    ['val/mae', 'lower'],
    ['accuracy_loss', 'lower'],
    ['train/lr', undefined],
    ['glossary', undefined],
  ])('of %s lie %s', (name, direction) => {
    expect(directionOf(name)).toBe(direction);
  });

  it('stand first below a chart', () => {
    expect(extremes(metric('accuracy')).map(({ label, value, at }) => `${label} ${value} at ${at}`)).toEqual([
      'max 0.942 at 20.1k',
      'min 0.250 at 0',
    ]);
    expect(extremes(metric('loss'))[0]?.label).toBe('min');
    expect(bestPoint(metric('loss'))).toEqual({ x: 0, value: 0.25 });
    expect(bestPoint(metric('lr'))).toBeUndefined();
  });
});

describe('deltas', () => {
  it('replace the metrics that changed and add new ones last', () => {
    const [a, b, c] = [metric('a'), metric('b'), metric('c')];
    const changed = metric('a', { count: 4 });
    expect(mergeMetrics([a, b], [c, changed])).toEqual([changed, b, c]);
  });

  it('leave the parts that did not change as they were', () => {
    const model = {
      identity: {},
      state: {},
      annotations: {},
      metrics: [metric('a')],
      files: [],
    } as unknown as Parameters<typeof applyDelta>[0];
    const next = applyDelta(model, {
      type: 'delta',
      baseVersion: 1,
      version: 2,
      files: [{ path: 'logs/a.txt', bytes: 1, modifiedTime: 0 }],
    });
    expect(next.metrics).toBe(model.metrics);
    expect(next.state).toBe(model.state);
    expect(next.files).toHaveLength(1);
  });
});
