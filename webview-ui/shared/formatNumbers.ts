import { nonFinite, significant, withDecimals, withTrueMinus } from '../../src/protocol/metricNumbers.ts';
import type { WireScalar } from '../../src/protocol/wire.ts';

/** A value of a metric as a column shows it: `0.940`, `12,346`, `7.37e−4`. */
export function formatMetric(value: number): string {
  return significant(value, 3);
}

/** A value of a metric in a tooltip: five digits. */
export function formatMetricLong(value: number): string {
  return significant(value, 5);
}

/** A whole number with its groups. */
export function formatCount(value: number): string {
  return nonFinite(value) ?? withTrueMinus(withDecimals(value, 0));
}

/** A whole series is written without decimals. A series that only ever was 0 or 1 is not taken for one. */
export function isWholeSeries(values: readonly number[]): boolean {
  return values.every((value) => Number.isInteger(value)) && values.some((value) => Math.abs(value) > 1);
}

/** A value of a series, whose kind the caller knows. */
export function formatSeriesValue(value: number, isWhole: boolean): string {
  return isWhole && Number.isInteger(value) && Math.abs(value) < 1e9 ? formatCount(value) : formatMetric(value);
}

export interface TileText {
  readonly text: string;
  /** `M`, `G`, … where the number was scaled. */
  readonly unit: string;
}

/** A value on its own: whole numbers as they are, scaled from a million on. */
export function formatTile(value: number): TileText {
  const size = Math.abs(value);
  if (!Number.isInteger(value) || size >= 1e18) {
    return { text: formatMetric(value), unit: '' };
  }
  if (size < 1e6) {
    return { text: formatCount(value), unit: '' };
  }
  const units = ['M', 'G', 'T', 'P'];
  const index = Math.min(units.length - 1, Math.floor(Math.log10(size) / 3) - 2);
  return { text: significant(value / 10 ** (6 + 3 * index), 3), unit: units[index] ?? '' };
}

/** An x in running text: `704`, `20.1k`, `1.25M`. */
export function formatStep(x: number): string {
  const size = Math.abs(x);
  if (size < 1000) {
    return Number.isInteger(x) ? formatCount(x) : formatMetric(x);
  }
  const [scale, unit] = size < 999_500 ? [1e3, 'k'] : size < 999_500_000 ? [1e6, 'M'] : [1e9, 'G'];
  const isExact = Number.isInteger(x / scale);
  return `${isExact ? formatCount(x / scale) : significant(x / scale, 3)}${unit}`;
}

/** Labels of an axis: equal decimals, `k` and `M`, exponents where all is small. */
export function formatTicks(ticks: readonly number[]): string[] {
  const finite = ticks.filter((tick) => Number.isFinite(tick));
  const largest = Math.max(0, ...finite.map((tick) => Math.abs(tick)));
  if ((largest > 0 && largest < 0.01) || largest >= 1e13) {
    return ticks.map(formatExponent);
  }
  const [scale, unit] =
    largest >= 1e9 ? [1e9, 'G'] : largest >= 1e6 ? [1e6, 'M'] : largest >= 1e4 ? [1e3, 'k'] : [1, ''];
  const decimals = Math.max(0, ...finite.map((tick) => decimalsOf(tick / scale)));
  return ticks.map((tick) =>
    tick === 0 && unit !== '' ? '0' : withTrueMinus(withDecimals(tick / scale, decimals)) + unit,
  );
}

/** A label of a logarithmic axis, each with the digits it needs. */
export function formatLogTick(tick: number): string {
  const size = Math.abs(tick);
  if (size < 0.001 || size >= 1e13) {
    return formatExponent(tick);
  }
  const [scale, unit] = size < 1e3 ? [1, ''] : size < 1e6 ? [1e3, 'k'] : size < 1e9 ? [1e6, 'M'] : [1e9, 'G'];
  return withTrueMinus(String(Number((tick / scale).toPrecision(3)))) + unit;
}

function formatExponent(tick: number): string {
  if (tick === 0) {
    return '0';
  }
  const [mantissa = '', exponent = ''] = tick.toExponential(1).split('e');
  return withTrueMinus(`${mantissa.replace('.0', '')}e${exponent.replace('+', '')}`);
}

function decimalsOf(value: number): number {
  const text = String(Number(value.toPrecision(6)));
  if (text.includes('e-')) {
    return Number(text.split('e-')[1]);
  }
  const point = text.indexOf('.');
  return point === -1 ? 0 : text.length - point - 1;
}

export function scalarToNumber(value: WireScalar): number | undefined {
  if (typeof value === 'number') {
    return value;
  }
  if (typeof value === 'boolean') {
    return value ? 1 : 0;
  }
  return value !== null && typeof value === 'object' ? Number(value.$float) : undefined;
}

/** The value in full, as hover shows it and as copy copies it. */
export function scalarToText(value: WireScalar): string {
  if (value === null) {
    return 'none';
  }
  if (typeof value === 'object') {
    return value.$float === 'NaN' ? 'NaN' : value.$float === 'Infinity' ? 'inf' : '-inf';
  }
  return String(value);
}
