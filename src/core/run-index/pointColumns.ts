/** Points as columns, and as the bytes in which the index keeps them. */

/** Points of each chunk but the last of a series, which stays with the series until it is full. */
export const chunkLength = 1024;

/** What a point's value is. Only numbers can be drawn; the others keep their place. */
export const pointKind = { number: 0, none: 1, text: 2 } as const;

/** Columns of points in the order of their records. A step is NaN where the point has none. */
export interface PointColumns {
  readonly count: number;
  /** NaN where the value is no number. */
  readonly values: Float64Array;
  /** Unix seconds. */
  readonly times: Float64Array;
  /** Undefined where no point has a step. */
  readonly steps: Float64Array | undefined;
  /** {@link pointKind} of each; undefined where all are numbers. */
  readonly kinds: Uint8Array | undefined;
}

const hasSteps = 1;
const hasKinds = 2;
const headerBytes = 8;

export function unpackColumns(blob: Uint8Array): PointColumns {
  const bytes = aligned(blob);
  const [count = 0, flags = 0] = new Uint32Array(bytes.buffer, bytes.byteOffset, 2);
  let offset = headerBytes;
  const next = (): Float64Array => {
    const column = new Float64Array(bytes.buffer, bytes.byteOffset + offset, count);
    offset += count * 8;
    return column;
  };
  const values = next();
  const times = next();
  const steps = (flags & hasSteps) === 0 ? undefined : next();
  const kinds = (flags & hasKinds) === 0 ? undefined : bytes.subarray(offset, offset + count);
  return { count, values, times, steps, kinds };
}

/** A column's bytes as numbers. */
export function float64Column(blob: Uint8Array): Float64Array {
  const bytes = aligned(blob);
  return new Float64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 8);
}

/** The bytes at a place where 8-byte numbers may lie. */
function aligned(blob: Uint8Array): Uint8Array {
  return blob.byteOffset % 8 === 0 ? blob : new Uint8Array(blob);
}

let scratch: Uint8Array<ArrayBuffer> = new Uint8Array(64 * 1024);

/** Bytes that are used again and again: SQLite copies what it is given. */
function scratchOf(size: number): Uint8Array<ArrayBuffer> {
  if (scratch.length < size) {
    scratch = new Uint8Array(size * 2);
  }
  return scratch;
}

/** Most series are short: so many points take no memory beside the object's. */
const firstCapacity = 8;

/** Columns that grow. */
export class PointBuffer {
  count = 0;
  private values: Float64Array<ArrayBuffer>;
  private times: Float64Array<ArrayBuffer>;
  /** Undefined as long as no point has a step; likewise the kinds. */
  private steps: Float64Array<ArrayBuffer> | undefined;
  private kinds: Uint8Array<ArrayBuffer> | undefined;

  /** Begins with the points given, if any. */
  constructor(start?: PointColumns) {
    const count = start?.count ?? 0;
    const capacity = Math.max(firstCapacity, count * 2);
    this.count = count;
    this.values = new Float64Array(capacity);
    this.times = new Float64Array(capacity);
    if (start !== undefined) {
      this.values.set(start.values);
      this.times.set(start.times);
      this.steps = start.steps && grown(start.steps, new Float64Array(capacity));
      this.kinds = start.kinds && grown(start.kinds, new Uint8Array(capacity));
    }
  }

  push(value: number, time: number, step: number, kind: number): void {
    const { count } = this;
    if (count === this.values.length) {
      this.grow();
    }
    if (this.steps !== undefined || !Number.isNaN(step)) {
      this.steps ??= new Float64Array(this.values.length).fill(Number.NaN);
      this.steps[count] = step;
    }
    if (this.kinds !== undefined || kind !== pointKind.number) {
      this.kinds ??= new Uint8Array(this.values.length).fill(pointKind.number);
      this.kinds[count] = kind;
    }
    this.values[count] = value;
    this.times[count] = time;
    this.count = count + 1;
  }

  private grow(): void {
    const capacity = this.values.length * 2;
    this.values = grown(this.values, new Float64Array(capacity));
    this.times = grown(this.times, new Float64Array(capacity));
    this.steps &&= grown(this.steps, new Float64Array(capacity));
    this.kinds &&= grown(this.kinds, new Uint8Array(capacity));
  }

  /**
   * The points from `start` on as one blob: their count and which columns there are, then one after the other.
   *
   * @returns bytes that hold until the next call
   */
  pack(start: number): Uint8Array {
    const { values, times, steps, kinds } = this;
    const count = this.count - start;
    const columns = steps === undefined ? [values, times] : [values, times, steps];
    const size = headerBytes + count * 8 * columns.length + (kinds === undefined ? 0 : count);
    const packed = scratchOf(size);
    const header = new Uint32Array(packed.buffer, 0, 2);
    header[0] = count;
    header[1] = (steps === undefined ? 0 : hasSteps) | (kinds === undefined ? 0 : hasKinds);
    const numbers = new Float64Array(packed.buffer, headerBytes, count * columns.length);
    for (const [index, column] of columns.entries()) {
      numbers.set(column.subarray(start, this.count), index * count);
    }
    if (kinds !== undefined) {
      packed.set(kinds.subarray(start, this.count), headerBytes + numbers.byteLength);
    }
    return packed.subarray(0, size);
  }

  /** The points from `start` up to `end`. */
  columns(start: number, end: number): PointColumns {
    const steps = this.steps?.slice(start, end);
    const kinds = this.kinds?.slice(start, end);
    return {
      count: end - start,
      values: this.values.slice(start, end),
      times: this.times.slice(start, end),
      steps: steps?.some((step) => !Number.isNaN(step)) ? steps : undefined,
      kinds: kinds?.some((kind) => kind !== pointKind.number) ? kinds : undefined,
    };
  }
}

/** A column in a larger place. */
function grown<Column extends Float64Array | Uint8Array>(column: Float64Array | Uint8Array, place: Column): Column {
  place.set(column);
  return place;
}
