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

/** The columns as one blob: their count and which there are, then one after the other. */
export function packColumns({ count, values, times, steps, kinds }: PointColumns): Uint8Array {
  const columnBytes = count * 8;
  const columns = steps === undefined ? [values, times] : [values, times, steps];
  const blob = new Uint8Array(headerBytes + columnBytes * columns.length + (kinds === undefined ? 0 : count));
  const header = new Uint32Array(blob.buffer, 0, 2);
  header[0] = count;
  header[1] = (steps === undefined ? 0 : hasSteps) | (kinds === undefined ? 0 : hasKinds);
  let offset = headerBytes;
  for (const column of columns) {
    new Float64Array(blob.buffer, offset, count).set(column.subarray(0, count));
    offset += columnBytes;
  }
  if (kinds !== undefined) {
    blob.set(kinds.subarray(0, count), offset);
  }
  return blob;
}

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

/** Columns that grow. */
export class PointBuffer {
  count = 0;
  private values: Float64Array;
  private times: Float64Array;
  private steps: Float64Array | undefined;
  private kinds: Uint8Array | undefined;

  /** Begins with the points given, if any. */
  constructor(start?: PointColumns) {
    const capacity = Math.max(16, (start?.count ?? 0) * 2);
    this.values = new Float64Array(capacity);
    this.times = new Float64Array(capacity);
    if (start !== undefined) {
      this.count = start.count;
      this.values.set(start.values);
      this.times.set(start.times);
      this.steps = start.steps && resized(start.steps, capacity);
      this.kinds = start.kinds && resized(start.kinds, capacity);
    }
  }

  push(value: number, time: number, step: number, kind: number): void {
    const { count } = this;
    if (count === this.values.length) {
      this.grow();
    }
    this.values[count] = value;
    this.times[count] = time;
    if (!Number.isNaN(step)) {
      this.steps ??= new Float64Array(this.values.length).fill(Number.NaN, 0, count);
      this.steps[count] = step;
    } else if (this.steps !== undefined) {
      this.steps[count] = Number.NaN;
    }
    if (kind !== pointKind.number) {
      this.kinds ??= new Uint8Array(this.values.length);
    }
    if (this.kinds !== undefined) {
      this.kinds[count] = kind;
    }
    this.count = count + 1;
  }

  private grow(): void {
    const capacity = this.values.length * 2;
    this.values = resized(this.values, capacity);
    this.times = resized(this.times, capacity);
    this.steps = this.steps && resized(this.steps, capacity);
    this.kinds = this.kinds && resized(this.kinds, capacity);
  }

  /** A view of the points from `start` up to `end`: it holds until the next `push`. */
  columns(start: number, end: number): PointColumns {
    const steps = this.steps?.subarray(start, end);
    const kinds = this.kinds?.subarray(start, end);
    return {
      count: end - start,
      values: this.values.subarray(start, end),
      times: this.times.subarray(start, end),
      steps: steps?.some((step) => !Number.isNaN(step)) ? steps : undefined,
      kinds: kinds?.some((kind) => kind !== pointKind.number) ? kinds : undefined,
    };
  }
}

function resized<T extends Float64Array | Uint8Array>(column: T, capacity: number): T {
  const larger = (column instanceof Float64Array ? new Float64Array(capacity) : new Uint8Array(capacity)) as T;
  larger.set(column);
  return larger;
}
