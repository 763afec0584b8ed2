/** Records of one name and kind, kept in order whatever order they are read in. They nearly always come in order. */
import type { Scalar } from '../domain/metric.ts';
import { compareOrder, type RecordOrder } from './recordOrder.ts';

/** What a column is until it gets its first item. */
const nothing: never[] = [];

/** The places of records, which tell how to put what belongs to them in order. */
class Places {
  private times: number[] = nothing;
  private writers: string[] = nothing;
  private lines: number[] = nothing;
  private isSorted = true;
  /** Counts the times that records came out of order: what was told of places before no longer holds. */
  disorderCount = 0;

  get length(): number {
    return this.times.length;
  }

  timeOf(index: number): number {
    return this.times[index] ?? 0;
  }

  push(order: RecordOrder): void {
    const last = this.length - 1;
    if (last >= 0 && compareOrder(order, this.orderOf(last)) < 0) {
      this.isSorted = false;
      this.disorderCount++;
    }
    if (last < 0) {
      // An array that grows takes room for 17 at first: too much for a million names with one record each.
      this.times = [order.time];
      this.writers = [order.writer];
      this.lines = [order.line];
      return;
    }
    this.times.push(order.time);
    this.writers.push(order.writer);
    this.lines.push(order.line);
  }

  private orderOf(index: number): RecordOrder {
    return { time: this.times[index] ?? 0, writer: this.writers[index] ?? '', line: this.lines[index] ?? 0 };
  }

  /** Puts the places in order. Where that moves any, `reorder` is given the old index of each new one. */
  putInOrder(reorder: (oldIndices: readonly number[]) => void): void {
    if (this.isSorted) {
      return;
    }
    const indices = Array.from({ length: this.length }, (_, index) => index);
    const orders = indices.map((index) => this.orderOf(index));
    // Values of one record share a place, and stay as they were recorded: the sort is stable.
    indices.sort((a, b) => compareOrder(orders[a] as RecordOrder, orders[b] as RecordOrder));
    this.times = permuted(this.times, indices);
    this.writers = permuted(this.writers, indices);
    this.lines = permuted(this.lines, indices);
    this.isSorted = true;
    reorder(indices);
  }
}

function permuted<T>(items: readonly T[], indices: readonly number[]): T[] {
  return indices.map((index) => items[index] as T);
}

/** Items in order. */
export class OrderedRecords<T> {
  private readonly places = new Places();
  private items: T[] = [];

  get length(): number {
    return this.items.length;
  }

  push(item: T, order: RecordOrder): void {
    this.places.push(order);
    this.items.push(item);
  }

  sorted(): readonly T[] {
    this.places.putInOrder((indices) => {
      this.items = permuted(this.items, indices);
    });
    return this.items;
  }
}

/** The points of a series in order, a column for each field: a million of them take some 40 MB. */
export class OrderedPoints {
  private readonly places = new Places();
  private steps: (number | undefined)[] = nothing;
  private values: (Scalar | null)[] = nothing;

  get length(): number {
    return this.values.length;
  }

  get disorderCount(): number {
    return this.places.disorderCount;
  }

  push(value: Scalar | null, step: number | undefined, order: RecordOrder): void {
    this.places.push(order);
    if (this.values.length === 0) {
      this.steps = [step];
      this.values = [value];
      return;
    }
    this.steps.push(step);
    this.values.push(value);
  }

  /** To be called before places are read, after points were added. */
  sort(): void {
    this.places.putInOrder((indices) => {
      this.steps = permuted(this.steps, indices);
      this.values = permuted(this.values, indices);
    });
  }

  /** The step, or the place among the series' points. */
  xAt(index: number): number {
    return this.steps[index] ?? index;
  }

  /** Unix seconds. */
  timeAt(index: number): number {
    return this.places.timeOf(index);
  }

  valueAt(index: number): Scalar | null {
    return this.values[index] ?? null;
  }
}
