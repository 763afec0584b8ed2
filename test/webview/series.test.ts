import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MetricModel } from '../../src/protocol/runPage.ts';
import { bestPoint, directionOf, extremes, splitName } from '../../webview-ui/run-page/metrics/best.ts';
import {
  addPoints,
  type ChartPoint,
  linearTicks,
  logTicks,
  nearestPoint,
  yBounds,
} from '../../webview-ui/run-page/metrics/chartPoints.ts';
import { layOut } from '../../webview-ui/run-page/metrics/metricGroups.ts';
import { SeriesBuffer } from '../../webview-ui/run-page/metrics/seriesBuffer.ts';
import { applyDelta, mergeMetrics } from '../../webview-ui/run-page/runModel.ts';

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

describe('chart points', () => {
  const rules = { xAxis: 'step', yScale: 'linear', origin: 1000 } as const;

  it('are added in place', () => {
    const buffer = bufferOf([0, 1]);
    const points: ChartPoint[] = [];
    addPoints(points, buffer, 0, rules);
    buffer.append({ metric: 'm', x: [2], times: [1002], values: ['NaN'] });
    addPoints(points, buffer, 2, rules);
    expect(points.map(({ x }) => x)).toEqual([0, 1, 2]);
    expect(points[2]?.y).toBeNaN();
  });

  it('leave a gap for what a logarithm has no place for', () => {
    const points: ChartPoint[] = [];
    addPoints(points, bufferOf([0, 1, 2], [-1, 0, 5]), 0, { ...rules, yScale: 'log' });
    expect(points.map(({ y }) => y)).toEqual([Number.NaN, Number.NaN, 5]);
  });

  it('are put in the order of time, which steps may not follow', () => {
    const buffer = new SeriesBuffer();
    buffer.replace({ x: [0, 1, 2], times: [1000, 1020, 1010], values: [1, 2, 3], totalCount: 3 }, 'step');
    const points: ChartPoint[] = [];
    addPoints(points, buffer, 0, { ...rules, xAxis: 'relative' });
    expect(points.map(({ x, index }) => [x, index])).toEqual([
      [0, 0],
      [10, 2],
      [20, 1],
    ]);
  });

  it('are found by the nearest x, like a search through all of them', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: -1000, max: 1000 }), { minLength: 1 }),
        fc.integer({ min: -1200, max: 1200 }),
        (steps, x) => {
          const points = steps.sort((a, b) => a - b).map((step, index) => ({ x: step, y: 0, index }));
          const found = points[nearestPoint(points, x) ?? -1];
          const distance = Math.min(...steps.map((step) => Math.abs(step - x)));
          expect(Math.abs((found?.x ?? Infinity) - x)).toBe(distance);
        },
      ),
    );
    expect(nearestPoint([], 3)).toBeUndefined();
  });
});

describe('axes', () => {
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

  it('leave air, but not below zero for what is never negative', () => {
    const points = [0.02, 1].map((y, index) => ({ x: index, y, index }));
    expect(yBounds(points, 'linear')).toEqual({ min: 0, max: 1.049 });
    expect(yBounds([{ x: 0, y: 5, index: 0 }], 'linear')).toEqual({ min: 4.5, max: 5.5 });
    expect(yBounds([{ x: 0, y: Number.NaN, index: 0 }], 'linear')).toBeUndefined();
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

describe('layout of metrics', () => {
  const metrics = [
    metric('loss'),
    metric('train/loss'),
    metric('val/loss'),
    metric('train/acc'),
    metric('epochs', { count: 1, last: 12 }),
    metric('device', { isNumeric: false, last: 'cpu' }),
    metric('confusion', { kind: 'table' }),
  ];

  it('makes tiles of single values, and groups of series', () => {
    const layout = layOut(metrics, '');
    expect(layout.tiles.map(({ name }) => name)).toEqual(['epochs', 'device']);
    expect(layout.groups.map(({ name, metrics: members }) => [name, members.map((member) => member.name)])).toEqual([
      ['', ['loss']],
      ['train', ['train/loss', 'train/acc']],
      ['val', ['val/loss']],
    ]);
    expect([layout.shown, layout.total]).toEqual([6, 6]);
  });

  it('keeps what the run used of the machine apart', () => {
    const cpu = metric('system/cpu_percent', { isSystem: true });
    const first = metric('system/memory_megabytes', { isSystem: true, count: 1 });
    const layout = layOut([cpu, first, ...metrics], '');
    expect(layout.groups.at(-1)).toEqual({ name: 'system', metrics: [cpu], isSystem: true });
    expect(layout.tiles).not.toContain(first);
    expect([layout.shown, layout.total]).toEqual([6, 6]);
    expect(layOut([cpu], 'cpu').groups).toHaveLength(1);
    expect(layOut([cpu], 'loss').groups).toEqual([]);
  });

  it('finds every word of a search', () => {
    expect(layOut(metrics, 'LOSS tr').groups).toHaveLength(1);
    expect(layOut(metrics, 'nothing').shown).toBe(0);
  });

  it('takes a prefix only where something stands on both sides of the slash', () => {
    expect(splitName('a/b/c')).toEqual({ prefix: 'a/', rest: 'b/c' });
    expect(splitName('/b')).toEqual({ prefix: '', rest: '/b' });
    expect(splitName('b/')).toEqual({ prefix: '', rest: 'b/' });
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
