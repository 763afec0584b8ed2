import type { SeriesModel, SeriesRange } from '../../src/protocol/series.ts';
import { toWire } from '../../src/protocol/wire.ts';

/** All points of an invented series. */
export interface Points {
  readonly x: readonly number[];
  readonly times: readonly number[];
  readonly values: readonly number[];
}

/** What the host answers: the first, lowest, highest and last point of each column of pixels, and the neighbours of the range. */
export function sampled({ x, times, values }: Points, range: SeriesRange): SeriesModel {
  const { axis, from, to, width, xScale, origin, smoothing } = range;
  const places = axis === 'step' ? x : axis === 'time' ? times : times.map((time) => time - origin);
  const shown = smoothing === 0 ? values : averages(values, smoothing);
  const measure = xScale === 'log' ? Math.log : (value: number): number => value;
  const low = from ?? places.find((place) => xScale === 'linear' || place > 0) ?? 0;
  const high = to ?? places.at(-1) ?? 0;
  const columnOf = (place: number): number =>
    Math.floor(((measure(place) - measure(low)) / (measure(high) - measure(low) || 1)) * width);
  const kept = new Set<number>();
  let total = 0;
  const column = { at: Number.NaN, first: 0, min: 0, max: 0, last: 0 };
  const flush = (): void => {
    for (const index of [column.first, column.min, column.max, column.last]) {
      kept.add(index);
    }
  };
  for (let index = 0; index < places.length; index++) {
    const place = places[index] ?? 0;
    if (place < low) {
      continue;
    }
    if (place > high) {
      kept.add(index);
      break;
    }
    total++;
    const at = columnOf(place);
    if (at !== column.at) {
      if (total > 1) {
        flush();
      } else if (index > 0) {
        kept.add(index - 1);
      }
      Object.assign(column, { at, first: index, min: index, max: index, last: index });
    }
    column.last = index;
    const value = shown[index] ?? 0;
    column.min = value < (shown[column.min] ?? 0) ? index : column.min;
    column.max = value > (shown[column.max] ?? 0) ? index : column.max;
  }
  if (total > 0) {
    flush();
  }
  const order = [...kept].sort((a, b) => a - b);
  return {
    x: order.map((index) => x[index] ?? 0),
    times: order.map((index) => times[index] ?? 0),
    values: order.map((index) => toWire(shown[index] ?? 0)),
    totalCount: total,
  };
}

function averages(values: readonly number[], weight: number): number[] {
  let average = 0;
  let share = 1;
  return values.map((value) => {
    average = weight * average + (1 - weight) * value;
    share *= weight;
    return average / (1 - share);
  });
}
