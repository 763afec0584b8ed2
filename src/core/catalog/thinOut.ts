import type { SeriesSlice } from '../domain/metric.ts';

/**
 * Thins a series out to about `maxPoints` without hiding a spike: the range of x is cut into equal parts, and each part
 * keeps its first, lowest, highest and last point (the M4 aggregation: Jugel et al., PVLDB 7(10), 2014). Non-finite values
 * count as neither lowest nor highest; a part's first and last may be non-finite.
 *
 * @param series in order of x
 */
export function thinOut(series: SeriesSlice, maxPoints: number): SeriesSlice {
  const { x, times, values } = series;
  const count = x.length;
  if (count <= maxPoints) {
    return series;
  }
  const partCount = Math.max(1, Math.floor(maxPoints / 4));
  const from = x[0] ?? 0;
  const width = ((x[count - 1] ?? from) - from) / partCount;
  const kept: number[] = [];
  let start = 0;
  for (let part = 0; part < partCount && start < count; part++) {
    const end = part === partCount - 1 ? count : firstAtOrAfter(x, from + (part + 1) * width, start);
    if (end > start) {
      kept.push(...cornersOf(values, start, end));
      start = end;
    }
  }
  return {
    x: kept.map((index) => x[index] as number),
    times: kept.map((index) => times[index] as number),
    values: kept.map((index) => values[index] as number),
    totalCount: series.totalCount,
  };
}

/** Indices of the first, lowest, highest and last value, in order, each once. */
function cornersOf(values: readonly number[], start: number, end: number): number[] {
  let lowest = start;
  let highest = start;
  for (let index = start; index < end; index++) {
    const value = values[index] as number;
    if (Number.isFinite(value)) {
      const low = values[lowest] as number;
      const high = values[highest] as number;
      lowest = Number.isFinite(low) && low <= value ? lowest : index;
      highest = Number.isFinite(high) && high >= value ? highest : index;
    }
  }
  return [...new Set([start, lowest, highest, end - 1])].sort((a, b) => a - b);
}

function firstAtOrAfter(x: readonly number[], bound: number, start: number): number {
  let low = start;
  let high = x.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((x[middle] as number) < bound) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}
