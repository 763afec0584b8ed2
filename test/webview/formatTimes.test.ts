import { describe, expect, it } from 'vitest';
import { countOf, formatSize } from '../../webview-ui/shared/formatSizes.ts';
import {
  formatDate,
  formatDuration,
  formatShortDate,
  formatSpan,
  timeTicks,
} from '../../webview-ui/shared/formatTimes.ts';

describe('formatDuration', () => {
  it.each([
    [-3, '0 s'],
    [0, '0 s'],
    [0.42, '0.42 s'],
    [0.001, '0.01 s'],
    [8.9, '8 s'],
    [59.99, '59 s'],
    [60, '1 min 00 s'],
    [1448, '24 min 08 s'],
    [4320, '1 h 12 min'],
    [86_399, '23 h 59 min'],
    [273_600, '3 d 4 h'],
  ])('%d s is %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });
});

describe('dates', () => {
  const at = new Date(2026, 10, 20, 21, 33, 32).getTime() / 1000;

  it('are full on hover', () => {
    expect(formatDate(at)).toBe('20 Nov 2026, 21:33:32');
  });

  it.each(Array.from({ length: 12 }, (_, month) => month))(
    'have month %d as the English of Britain has it',
    (month) => {
      const date = new Date(2026, month, 3, 4, 5, 6);
      const words = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
      expect(formatDate(date.getTime() / 1000)).toBe(words.format(date));
    },
  );

  it('leave out the day when it is today', () => {
    expect(formatShortDate(at, at + 60)).toBe('21:33');
    expect(formatShortDate(at, at + 2 * 86_400)).toBe('20 Nov, 21:33');
  });
});

describe('time axes', () => {
  it('have ticks at spans that clocks know, as many as fit', () => {
    expect(timeTicks(0, 1500, 5)).toEqual([0, 300, 600, 900, 1200, 1500]);
    expect(timeTicks(0, 45, 3)).toEqual([0, 15, 30, 45]);
  });

  it('have ticks at full hours of the time zone', () => {
    const halfHourEast = 5.5 * 3600;
    expect(timeTicks(0, 7200, 2, halfHourEast)).toEqual([1800, 5400]);
  });

  it('go on beyond weeks', () => {
    const ticks = timeTicks(0, 400 * 86_400, 4);
    expect(ticks.length).toBeGreaterThan(1);
    expect(ticks.length).toBeLessThanOrEqual(5);
  });

  it('name spans in one unit', () => {
    expect([0, 30, 90, 600, 7200, 259_200, -60].map(formatSpan)).toEqual([
      '0',
      '30 s',
      '1.5 min',
      '10 min',
      '2 h',
      '3 d',
      '−1 min',
    ]);
  });
});

describe('sizes', () => {
  it.each([
    [0, '0 B'],
    [804, '804 B'],
    [999.6, '1.00 kB'],
    [12_100, '12.1 kB'],
    [999_600, '1.00 MB'],
    [1_840_000, '1.84 MB'],
    [89_600_000, '89.6 MB'],
    [2.5e15, '2.50 PB'],
  ])('%d bytes are %s', (bytes, text) => {
    expect(formatSize(bytes)).toBe(text);
  });

  it('are told with the right number of things', () => {
    expect(countOf(1, 'file')).toBe('1 file');
    expect(countOf(1200, 'file')).toBe('1,200 files');
  });
});
