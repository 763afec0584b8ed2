/** Values of metrics in the few words that fit beside the code. */
import type { MetricSummary, Scalar } from '../../core/domain/metric.ts';
import { directionOf } from '../../protocol/metricDirection.ts';
import { significant } from '../../protocol/metricNumbers.ts';

const digits = 3;
const longestText = 24;

export function valueText(value: Scalar | undefined): string {
  if (typeof value === 'number') {
    const isCount = Number.isInteger(value) && Math.abs(value) < 1e6;
    return isCount ? String(value).replace('-', '−') : significant(value, digits);
  }
  const text = String(value ?? '');
  return text.length > longestText ? `${text.slice(0, longestText - 1)}…` : text;
}

/** The last value and the best one: `0.0312 · best 0.0298`. Of a metric whose good end nobody knows, the lowest and highest. */
export function metricText(metric: MetricSummary): string {
  const { kind, name, count, last, min, max } = metric;
  if (kind === 'row' || kind === 'table') {
    return count === 1 ? '1 row' : `${count} rows`;
  }
  const text = valueText(last);
  if (kind === 'list') {
    return `${text} · ${count === 1 ? '1 value' : `${count} values`}`;
  }
  if (count < 2 || min === undefined || max === undefined) {
    return text;
  }
  const direction = directionOf(name);
  if (direction === undefined) {
    return `${text} · ${valueText(min.value)} to ${valueText(max.value)}`;
  }
  return `${text} · best ${valueText((direction === 'lower' ? min : max).value)}`;
}

/** The best value of a metric whose good end is known. */
export function bestText({ name, min, max }: MetricSummary): string | undefined {
  const direction = directionOf(name);
  const best = direction === 'lower' ? min : direction === 'higher' ? max : undefined;
  return best && valueText(best.value);
}
