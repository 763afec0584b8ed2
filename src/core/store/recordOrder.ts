/** The order of records in a run: time, then writer, then line. */
export interface RecordOrder {
  readonly time: number;
  /** The name of the writer's file, with its ending. */
  readonly writer: string;
  readonly line: number;
}

/** By code point, as the other implementation sorts, not by UTF-16 unit; writers are ASCII, so plain comparison is the same. */
export function compareOrder(a: RecordOrder, b: RecordOrder): number {
  if (a.time !== b.time) {
    return a.time - b.time;
  }
  if (a.writer !== b.writer) {
    return a.writer < b.writer ? -1 : 1;
  }
  return a.line - b.line;
}

/** A value with the place of the record that gave it. */
export interface Placed<T> {
  readonly order: RecordOrder;
  readonly value: T;
}

/** Values of named things, where the last or the first record of a name counts, however the journals were read. */
export class PlacedMap<T> {
  private readonly entries = new Map<string, Placed<T>>();
  private readonly keeps: 'first' | 'last';

  constructor(keeps: 'first' | 'last') {
    this.keeps = keeps;
  }

  get(name: string): T | undefined {
    return this.entries.get(name)?.value;
  }

  set(name: string, value: T, order: RecordOrder): void {
    const known = this.entries.get(name);
    if (known !== undefined) {
      const comparison = compareOrder(order, known.order);
      if (this.keeps === 'first' ? comparison >= 0 : comparison < 0) {
        return;
      }
    }
    // Names of one record stay in its order, also where some were known from a record that was read before.
    this.entries.delete(name);
    this.entries.set(name, { order, value });
  }

  toSorted(): (readonly [name: string, entry: Placed<T>])[] {
    return [...this.entries].sort(([, a], [, b]) => compareOrder(a.order, b.order));
  }
}
