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

/** Columns that grow. */
export class PointBuffer {
  private readonly values: number[];
  private readonly times: number[];
  /** Undefined as long as no point has a step; likewise the kinds. */
  private steps: number[] | undefined;
  private kinds: number[] | undefined;

  /** Begins with the points given, if any. */
  constructor(start?: PointColumns) {
    this.values = start === undefined ? [] : [...start.values];
    this.times = start === undefined ? [] : [...start.times];
    this.steps = start?.steps && [...start.steps];
    this.kinds = start?.kinds && [...start.kinds];
  }

  get count(): number {
    return this.values.length;
  }

  push(value: number, time: number, step: number, kind: number): void {
    if (this.steps !== undefined || !Number.isNaN(step)) {
      this.steps ??= this.values.map(() => Number.NaN);
      this.steps.push(step);
    }
    if (this.kinds !== undefined || kind !== pointKind.number) {
      this.kinds ??= this.values.map(() => pointKind.number);
      this.kinds.push(kind);
    }
    this.values.push(value);
    this.times.push(time);
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
    const numbers = new Float64Array(packed.buffer, 0, (size / 8) | 0);
    packed.fill(0, 0, headerBytes);
    new Uint32Array(packed.buffer, 0, 2).set([
      count,
      (steps === undefined ? 0 : hasSteps) | (kinds === undefined ? 0 : hasKinds),
    ]);
    let at = headerBytes / 8;
    for (const column of columns) {
      for (let index = start; index < column.length; index++) {
        numbers[at++] = column[index] as number;
      }
    }
    if (kinds !== undefined) {
      packed.set(kinds.slice(start), at * 8);
    }
    return packed.subarray(0, size);
  }

  /** The points from `start` up to `end`. */
  columns(start: number, end: number): PointColumns {
    const steps = this.steps && floats(this.steps, start, end);
    const kinds = this.kinds && Uint8Array.from(this.kinds.slice(start, end));
    return {
      count: end - start,
      values: floats(this.values, start, end),
      times: floats(this.times, start, end),
      steps: steps?.some((step) => !Number.isNaN(step)) ? steps : undefined,
      kinds: kinds?.some((kind) => kind !== pointKind.number) ? kinds : undefined,
    };
  }
}

function floats(column: readonly number[], start: number, end: number): Float64Array {
  const part = new Float64Array(end - start);
  for (let index = start; index < end; index++) {
    part[index - start] = column[index] as number;
  }
  return part;
}
