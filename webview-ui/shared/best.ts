import { directionOf } from '../../src/protocol/metricDirection.ts';
import type { MetricModel, PointModel } from '../../src/protocol/runPage.ts';
import { formatSeriesValue, formatStep, isWholeSeries, scalarToNumber } from './formatNumbers.ts';

export function bestPoint(metric: MetricModel): PointModel | undefined {
  const direction = directionOf(metric.name);
  return direction === 'higher' ? metric.max : direction === 'lower' ? metric.min : undefined;
}

/** Whether the values of a metric are written without decimals. */
export function isWhole(metric: MetricModel): boolean {
  const last = scalarToNumber(metric.last);
  const values = [last, metric.min?.value, metric.max?.value].filter((value) => value !== undefined);
  return isWholeSeries(values.filter(Number.isFinite));
}

export interface Extreme {
  readonly label: 'min' | 'max';
  readonly value: string;
  readonly at: string;
}

/** The lowest and the highest value in words, the best one first. */
export function extremes(metric: MetricModel): Extreme[] {
  const whole = isWhole(metric);
  const extreme = (label: 'min' | 'max', point: PointModel | undefined): Extreme[] =>
    point === undefined ? [] : [{ label, value: formatSeriesValue(point.value, whole), at: formatStep(point.x) }];
  const low = extreme('min', metric.min);
  const high = extreme('max', metric.max);
  return directionOf(metric.name) === 'higher' ? [...high, ...low] : [...low, ...high];
}

/** What is shown of a name that nobody could see. */
export function nameOrBlank(name: string): string {
  return name.trim() === '' ? '(blank)' : name;
}

export interface SplitName {
  /** With its slash, or empty. */
  readonly prefix: string;
  readonly rest: string;
}

/** `train/loss` to its group and what stands behind. */
export function splitName(name: string): SplitName {
  const slash = name.indexOf('/');
  return slash <= 0 || slash === name.length - 1
    ? { prefix: '', rest: name }
    : { prefix: name.slice(0, slash + 1), rest: name.slice(slash + 1) };
}
