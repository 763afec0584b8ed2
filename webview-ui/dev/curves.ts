import type { MetricModel } from '../../src/protocol/runPage.ts';
import { toWire } from '../../src/protocol/wire.ts';
import type { Points } from './series.ts';

/** A curve of the invented run that the harness shows. */
export interface Curve {
  readonly name: string;
  readonly every: number;
  readonly at: (progress: number, noise: number) => number;
}

export const NOW = Math.floor(Date.now() / 1000);
export const START = NOW - 1448;
const LAST_STEP = 21_120;

/** Repeats itself, so that screenshots can be compared. */
export function noiseOf(seed: number): number {
  const value = Math.sin(seed * 12.9898) * 43_758.5453;
  return (value - Math.floor(value)) * 2 - 1;
}

export const curves: readonly Curve[] = [
  { name: 'val/accuracy', every: 352, at: (p, n) => 0.94 - 0.61 * Math.exp(-p * 7) + 0.006 * n },
  { name: 'val/loss', every: 352, at: (p, n) => 0.21 + 2.12 * Math.exp(-p * 6) + 0.012 * n },
  { name: 'train/loss', every: 16, at: (p, n) => (0.058 + 2.3 * Math.exp(-p * 7)) * (1 + 0.16 * n) },
  { name: 'train/accuracy', every: 32, at: (p, n) => 0.98 - 0.86 * Math.exp(-p * 6) + 0.015 * n },
  { name: 'train/grad_norm', every: 32, at: (p, n) => 0.8 + 7 * Math.exp(-p * 6) + 0.3 * n * n + (n > 0.985 ? 2 : 0) },
  { name: 'train/lr', every: 64, at: (p) => 3e-3 * Math.min(1, p * 14) * (0.5 + 0.5 * Math.cos(p * 3)) },
  { name: 'val/top5_accuracy', every: 352, at: (p, n) => 0.998 - 0.2 * Math.exp(-p * 8) + 0.001 * n },
  { name: 'val/ece', every: 352, at: (p, n) => 0.03 + 0.13 * Math.exp(-p * 5) + 0.002 * n },
  { name: 'images_per_second', every: 64, at: (_p, n) => 2577 + 120 * n },
];

export const manyCurves: readonly Curve[] = Array.from({ length: 50 }, (_, index) => ({
  name: `${index < 25 ? 'train' : 'val'}/metric_${index}`,
  every: 20,
  at: (p: number, n: number) => Math.exp(-p * (1 + (index % 7))) + 0.05 * n,
}));

/** More metrics than a page can hold charts. */
export const crowdedCurves: readonly Curve[] = Array.from({ length: 5000 }, (_, index) => ({
  name: `layer_${Math.floor(index / 50)}/weight_${index % 50}`,
  every: 2112,
  at: (p: number, n: number) => p + 0.1 * n,
}));

/** Names and values that a script may log by accident or by ill will. */
export const hostileCurves: readonly Curve[] = [
  { name: '<img src=x onerror=alert(1)>/loss', every: 64, at: (p, n) => 1 - p + 0.1 * n },
  { name: '\u202Etxt.exe/\u202Eloss', every: 64, at: (p) => -1e-300 * (1 + p) },
  { name: '\u001b[31mred\u001b[0m', every: 64, at: (p) => 1e300 * p },
  { name: 'long '.repeat(2000), every: 64, at: () => 5 },
  { name: ' ', every: 64, at: (p, n) => (n > 0.5 ? Number.NaN : p) },
  { name: 'never a number', every: 64, at: () => Number.NaN },
  { name: 'infinite', every: 64, at: (p) => (p > 0.5 ? Infinity : -p) },
  { name: 'a/b/c/d', every: 5280, at: (p) => p },
];

/** 50 metrics of 100,000 points each: what the page is measured with. */
export const heavyCurves: readonly Curve[] = Array.from({ length: 50 }, (_, index) => ({
  name: `${['train', 'val', 'grad'][index % 3]}/metric_${index}`,
  every: 0.2112,
  at: (p: number, n: number) => Math.exp(-p * (1 + (index % 7))) + 0.05 * n,
}));

const known = new Map<string, Points>();

/** All points of a curve. */
export function pointsOf(curve: Curve): Points {
  const made = known.get(curve.name);
  if (made !== undefined) {
    return made;
  }
  const points = { x: [] as number[], times: [] as number[], values: [] as number[] };
  known.set(curve.name, points);
  for (let index = 0; index * curve.every <= LAST_STEP; index++) {
    const x = index * curve.every;
    points.x.push(curve.every < 1 ? index : x);
    points.times.push(START + (x / LAST_STEP) * 1440);
    points.values.push(curve.at(x / LAST_STEP, noiseOf(x + curve.name.length)));
  }
  return points;
}

export function metricOf(curve: Curve): MetricModel {
  const { x, values } = pointsOf(curve);
  const points = values.flatMap((value, index) => (Number.isFinite(value) ? [{ x: x[index] ?? 0, value }] : []));
  const by = (sign: number) =>
    points.reduce<(typeof points)[number] | undefined>(
      (best, point) => (best === undefined || sign * point.value > sign * best.value ? point : best),
      undefined,
    );
  const last = toWire(values.at(-1) ?? 0);
  return {
    name: curve.name,
    kind: 'metric',
    description: undefined,
    count: values.length,
    last: typeof last === 'number' ? last : { $float: last },
    lastX: x.at(-1),
    min: by(-1),
    max: by(1),
    isNumeric: true,
    isSystem: false,
    columns: undefined,
  };
}
