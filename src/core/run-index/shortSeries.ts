/**
 * The points of a journal's metrics that have few: all of them in one row of the index, as they were recorded. A run may have thousands of
 * metrics with a handful of points each, and a row for every one of them would cost ten times what reading its lines does.
 */
import type { PointColumns } from './pointColumns.ts';

/** A metric with more points gets a series of its own. */
export const shortLength = 32;
/** Of a journal, so that a run with a million metrics is not read whole for each of its lines. */
const mostPoints = 65_536;

const hasSteps = 1;
const hasPlaces = 2;
const headerBytes = 8;
/** The name of a point that was taken out; the keys of names begin at 1. */
const noName = 0;

/** A number that a metric got. */
export interface ShortPoint {
  readonly line: number;
  /** Of the name among those of its record. */
  readonly place: number;
  readonly time: number;
  readonly value: number;
  /** NaN where it has none. */
  readonly step: number;
}

/** Points of many metrics in the order of their journal. Metrics are named by the key of their name. */
export class ShortPoints {
  /** Whether points came or went since it was unpacked. */
  isChanged = false;
  private readonly names: number[] = [];
  private readonly lines: number[] = [];
  private readonly places: number[] = [];
  private readonly times: number[] = [];
  private readonly values: number[] = [];
  private readonly steps: number[] = [];
  /** Of each point, the one of the same metric before it, or -1. */
  private readonly before: number[] = [];
  private readonly last = new Map<number, number>();
  private stepCount = 0;
  private highestPlace = 0;

  static unpack(blob: Uint8Array): ShortPoints {
    const bytes = blob.byteOffset % 8 === 0 ? blob : new Uint8Array(blob);
    const [count = 0, flags = 0] = new Uint32Array(bytes.buffer, bytes.byteOffset, 2);
    let offset = bytes.byteOffset + headerBytes;
    const floats = (): Float64Array => {
      offset += count * 8;
      return new Float64Array(bytes.buffer, offset - count * 8, count);
    };
    const integers = (): Uint32Array => {
      offset += count * 4;
      return new Uint32Array(bytes.buffer, offset - count * 4, count);
    };
    const [times, values] = [floats(), floats()];
    const steps = (flags & hasSteps) === 0 ? undefined : floats();
    const [names, lines] = [integers(), integers()];
    const places = (flags & hasPlaces) === 0 ? undefined : integers();
    const points = new ShortPoints();
    for (let index = 0; index < count; index++) {
      points.push(
        names[index] as number,
        lines[index] as number,
        places?.[index] ?? 0,
        times[index] as number,
        values[index] as number,
        steps?.[index] ?? Number.NaN,
      );
    }
    return points;
  }

  /** The metrics that it has. */
  get metrics(): Iterable<number> {
    return this.last.keys();
  }

  has(name: number): boolean {
    return this.last.has(name);
  }

  /** To be called for a metric that {@link isFull} is not true of. */
  add(name: number, line: number, place: number, time: number, value: number, step: number): void {
    this.push(name, line, place, time, value, step);
    this.isChanged = true;
  }

  private push(name: number, line: number, place: number, time: number, value: number, step: number): void {
    this.before.push(this.last.get(name) ?? -1);
    this.last.set(name, this.names.length);
    this.names.push(name);
    this.lines.push(line);
    this.places.push(place);
    this.times.push(time);
    this.values.push(value);
    this.steps.push(step);
    if (!Number.isNaN(step)) {
      this.stepCount++;
    }
    if (place > this.highestPlace) {
      this.highestPlace = place;
    }
  }

  /** Whether no point can be added to a metric, be it one that it has or a new one. */
  isFull(name: number): boolean {
    if (this.names.length >= mostPoints) {
      return true;
    }
    let count = 0;
    for (let index = this.last.get(name) ?? -1; index >= 0; index = this.before[index] as number) {
      count++;
    }
    return count >= shortLength;
  }

  /** The points of a metric, in the order of the journal. */
  pointsOf(name: number): readonly ShortPoint[] {
    return this.indexesOf(name).map((index) => ({
      line: this.lines[index] as number,
      place: this.places[index] as number,
      time: this.times[index] as number,
      value: this.values[index] as number,
      step: this.steps[index] as number,
    }));
  }

  private indexesOf(name: number): number[] {
    const indexes: number[] = [];
    for (let index = this.last.get(name) ?? -1; index >= 0; index = this.before[index] as number) {
      indexes.push(index);
    }
    return indexes.reverse();
  }

  /** Takes a metric out. @returns its points */
  take(name: number): readonly ShortPoint[] {
    const points = this.pointsOf(name);
    for (const index of this.indexesOf(name)) {
      this.names[index] = noName;
    }
    this.last.delete(name);
    this.isChanged = true;
    return points;
  }

  /** Goes over all points. */
  forEach(visit: (name: number, time: number, value: number) => void): void {
    for (let index = 0; index < this.names.length; index++) {
      const name = this.names[index] as number;
      if (name !== noName) {
        visit(name, this.times[index] as number, this.values[index] as number);
      }
    }
  }

  /** The points as bytes; undefined where there are none. */
  pack(): Uint8Array | undefined {
    if (this.last.size === 0) {
      return undefined;
    }
    const isKept = (_: number, index: number): boolean => this.names[index] !== noName;
    const kept = (column: readonly number[]): readonly number[] =>
      this.names.includes(noName) ? column.filter(isKept) : column;
    const floats = [this.times, this.values, ...(this.stepCount > 0 ? [this.steps] : [])].map(kept);
    const integers = [this.names, this.lines, ...(this.highestPlace > 0 ? [this.places] : [])].map(kept);
    const count = floats[0]?.length ?? 0;
    const bytes = new Uint8Array(headerBytes + count * (floats.length * 8 + integers.length * 4));
    const flags = (this.stepCount > 0 ? hasSteps : 0) | (this.highestPlace > 0 ? hasPlaces : 0);
    new Uint32Array(bytes.buffer, 0, 2).set([count, flags]);
    let offset = headerBytes;
    for (const column of floats) {
      new Float64Array(bytes.buffer, offset, count).set(column);
      offset += count * 8;
    }
    for (const column of integers) {
      new Uint32Array(bytes.buffer, offset, count).set(column);
      offset += count * 4;
    }
    return bytes;
  }
}

/** Short points as a chart reads them. */
export function columnsOf(points: readonly ShortPoint[]): PointColumns {
  const hasStep = points.some(({ step }) => !Number.isNaN(step));
  return {
    count: points.length,
    values: Float64Array.from(points, ({ value }) => value),
    times: Float64Array.from(points, ({ time }) => time),
    steps: hasStep ? Float64Array.from(points, ({ step }) => step) : undefined,
    kinds: undefined,
  };
}
