import type { SeriesAppendModel, SeriesModel, XAxis } from '../../src/protocol/series.ts';
import { fromWire } from '../../src/protocol/wire.ts';

export type AppendOutcome =
  /** Points were added behind the last one. */
  | 'appended'
  /** All of them were there already. */
  | 'known'
  /** A new point lies before the last one: the series has to be read again. */
  | 'out-of-order';

/** The points of one series that the page holds, thinned out by the host. */
export class SeriesBuffer {
  readonly x: number[] = [];
  /** Unix seconds. */
  readonly times: number[] = [];
  readonly values: number[] = [];
  /** Points that the series has. */
  totalCount = 0;
  /** Whether the points are in the order of their times, else of their x. */
  #isByTime = false;

  get length(): number {
    return this.x.length;
  }

  /** @param axis in whose order the points are */
  replace(series: SeriesModel, axis: XAxis): void {
    this.#isByTime = axis !== 'step';
    this.x.length = 0;
    this.times.length = 0;
    this.values.length = 0;
    for (let index = 0; index < series.x.length; index++) {
      this.#push(series.x[index] ?? 0, series.times[index] ?? 0, fromWire(series.values[index] ?? 'NaN'));
    }
    this.totalCount = series.totalCount;
  }

  /** An answer and a push may tell of the same point: those that are known are passed over. */
  append(points: SeriesAppendModel): AppendOutcome {
    let outcome: AppendOutcome = 'known';
    for (let index = 0; index < points.x.length; index++) {
      const x = points.x[index] ?? 0;
      const time = points.times[index] ?? 0;
      const lastX = this.x.at(-1) ?? -Infinity;
      const lastTime = this.times.at(-1) ?? -Infinity;
      if (x <= lastX && time <= lastTime) {
        continue;
      }
      if (this.#isByTime ? time < lastTime : x < lastX) {
        return 'out-of-order';
      }
      this.#push(x, time, fromWire(points.values[index] ?? 'NaN'));
      this.totalCount++;
      outcome = 'appended';
    }
    return outcome;
  }

  #push(x: number, time: number, value: number): void {
    this.x.push(x);
    this.times.push(time);
    this.values.push(value);
  }
}
