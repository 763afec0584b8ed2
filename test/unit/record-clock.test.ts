import { afterEach, expect, it, vi } from 'vitest';
import { recordTime } from '../../src/core/store/recordClock.ts';

afterEach(() => vi.useRealTimers());

it('never gives a time twice, nor goes back when the clock is set back', () => {
  vi.useFakeTimers({ now: Date.now() + 60_000 });
  const times = [recordTime(), recordTime(), recordTime()];
  vi.setSystemTime(Date.now() - 3_600_000);
  times.push(recordTime(), recordTime());
  expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
  expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeLessThan(0.001);
});
