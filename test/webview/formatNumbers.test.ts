import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatCount,
  formatLogTick,
  formatMetric,
  formatMetricLong,
  formatSeriesValue,
  formatStep,
  formatTicks,
  formatTile,
  isWholeSeries,
  scalarToNumber,
  scalarToText,
} from '../../webview-ui/shared/formatNumbers.ts';

describe('formatMetric', () => {
  it.each([
    [0.94, '0.940'],
    [0.9405, '0.941'],
    [2.3318, '2.33'],
    [11.17, '11.2'],
    [557.4, '557'],
    [999.4, '999'],
    [999.6, '1,000'],
    [12_345.6, '12,346'],
    [99_999, '99,999'],
    [100_000, '1.00e5'],
    [0.001, '0.00100'],
    [0.000737, '7.37e−4'],
    [-0.5, '−0.500'],
    [-1234.5, '−1,235'],
    [-2e-7, '−2.00e−7'],
    [0, '0'],
    [-0, '0'],
    [Number.NaN, 'NaN'],
    [Infinity, 'inf'],
    [-Infinity, '−inf'],
  ])('%d is %s', (value, text) => {
    expect(formatMetric(value)).toBe(text);
  });

  it('gives five digits in a tooltip', () => {
    expect(formatMetricLong(0.935_244)).toBe('0.93524');
    expect(formatMetricLong(1)).toBe('1.0000');
  });
});

describe('whole series', () => {
  it('are written without decimals', () => {
    expect(isWholeSeries([1, 2, 45_000])).toBe(true);
    expect(formatSeriesValue(45_000, true)).toBe('45,000');
    expect(formatSeriesValue(3, true)).toBe('3');
  });

  it('are not those that only ever were 0 or 1, or have a fraction', () => {
    expect(isWholeSeries([0, 1])).toBe(false);
    expect(isWholeSeries([2, 2.5])).toBe(false);
    expect(formatSeriesValue(1, false)).toBe('1.00');
  });
});

describe('formatTile', () => {
  it.each([
    [45_000, '45,000', ''],
    [999_999, '999,999', ''],
    [11_173_962, '11.2', 'M'],
    [2_500_000_000, '2.50', 'G'],
    [0.942_13, '0.942', ''],
    [-3, '−3', ''],
  ])('%d is %s %s', (value, text, unit) => {
    expect(formatTile(value)).toEqual({ text, unit });
  });
});

describe('formatStep', () => {
  it.each([
    [0, '0'],
    [704, '704'],
    [20_064, '20.1k'],
    [21_008, '21.0k'],
    [21_000, '21k'],
    [999_999, '1.00M'],
    [1_250_000, '1.25M'],
    [0.5, '0.500'],
  ])('%d is %s', (x, text) => {
    expect(formatStep(x)).toBe(text);
  });
});

describe('ticks', () => {
  it('have equal decimals', () => {
    expect(formatTicks([0.4, 0.6, 0.8, 1])).toEqual(['0.4', '0.6', '0.8', '1.0']);
    expect(formatTicks([-1, 0, 1])).toEqual(['−1', '0', '1']);
  });

  it('are scaled where they are large', () => {
    expect(formatTicks([0, 5000, 10_000])).toEqual(['0', '5k', '10k']);
    expect(formatTicks([0, 500_000, 1_000_000])).toEqual(['0', '0.5M', '1.0M']);
    expect(formatTicks([0, 5e299, 1e300])).toEqual(['0', '5e299', '1e300']);
  });

  it('have exponents where all are small', () => {
    expect(formatTicks([0, 0.001, 0.002, 0.003])).toEqual(['0', '1e−3', '2e−3', '3e−3']);
  });

  it('of a logarithmic axis each have the digits they need', () => {
    expect([0.0003, 0.1, 3, 1000, 2400, 1e6].map(formatLogTick)).toEqual(['3e−4', '0.1', '3', '1k', '2.4k', '1M']);
  });
});

describe('scalars', () => {
  it('keep a non-finite number apart from the string that spells it', () => {
    expect(scalarToNumber({ $float: 'NaN' })).toBeNaN();
    expect(scalarToNumber('NaN')).toBeUndefined();
    expect(scalarToNumber(true)).toBe(1);
    expect(scalarToNumber(null)).toBeUndefined();
  });

  it('are copied in full and in plain characters', () => {
    expect(scalarToText(-0.000_737_123)).toBe('-0.000737123');
    expect(scalarToText({ $float: '-Infinity' })).toBe('-inf');
    expect(scalarToText(null)).toBe('none');
  });
});

it('groups counts', () => {
  expect(formatCount(1_234_567)).toBe('1,234,567');
});

it('writes whole numbers as Intl does, but for the minus', () => {
  const intl = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });
  const numbers = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer(),
    fc.double({ min: -1e7, max: 1e7, noNaN: true }),
    fc.double({ min: -1e24, max: 1e24, noNaN: true }),
  );
  fc.assert(
    fc.property(numbers, (value) => {
      expect(formatCount(value)).toBe(intl.format(value).replace('-', '−').replace(/^−0$/, formatCount(value)));
    }),
  );
  expect(formatCount(-0.4)).toMatch(/^−?0$/);
  expect(formatCount(-35_736_420_786_751_790)).toBe('−35,736,420,786,751,790');
});
