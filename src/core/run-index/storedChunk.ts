/** A full chunk of points as the index keeps it: in as few bytes as give the same numbers back. */
import { chunkLength, type PointColumns } from './pointColumns.ts';

/** Times are mostly whole microseconds, as Python's `time.time` is written. */
const microsecondsPerSecond = 1e6;

/** Numbers of a chunk that are taken out one by one: few of them are drawn. */
export class NumberColumn {
  private readonly floats: Float64Array | undefined;
  private readonly offsets: Uint16Array | Uint32Array | undefined;
  private readonly first: number;
  /** Of offsets: their units in one. Without any: the distance from each number to the next. */
  private readonly unit: number;

  private constructor(
    first: number,
    unit: number,
    floats: Float64Array | undefined,
    offsets?: Uint16Array | Uint32Array,
  ) {
    this.first = first;
    this.unit = unit;
    this.floats = floats;
    this.offsets = offsets;
  }

  static of(numbers: Float64Array): NumberColumn {
    return new NumberColumn(0, 1, numbers);
  }

  /** Each number is as much after the one before. */
  static regular(first: number, distance: number): NumberColumn {
    return new NumberColumn(first, distance, undefined);
  }

  /** @param unit what one is in the offsets' units */
  static offsets(offsets: Uint16Array | Uint32Array, first: number, unit: number): NumberColumn {
    return new NumberColumn(Math.round(first * unit), unit, undefined, offsets);
  }

  at(index: number): number {
    const { floats, offsets } = this;
    if (floats !== undefined) {
      return floats[index] as number;
    }
    return offsets === undefined
      ? this.first + index * this.unit
      : (this.first + (offsets[index] as number)) / this.unit;
  }

  toArray(): Float64Array {
    if (this.floats !== undefined) {
      return this.floats;
    }
    const numbers = new Float64Array(chunkLength);
    for (let index = 0; index < chunkLength; index++) {
      numbers[index] = this.at(index);
    }
    return numbers;
  }
}

/** A full chunk. */
export interface StoredChunk {
  readonly values: Float64Array;
  readonly times: NumberColumn;
  /** Undefined where they were left out. */
  readonly steps: NumberColumn | undefined;
  readonly kinds: Uint8Array | undefined;
}

/** Bytes for each number of the columns, in this order; of one that is left out 0. The columns lie one after the other. */
const widthOf = { values: 0, times: 1, steps: 2, kinds: 3 } as const;
const headerBytes = 8;

/** @param keepsSteps false where others know them */
export function packChunk({ values, times, steps, kinds }: PointColumns, keepsSteps: boolean): Uint8Array {
  const columns = [
    narrowValues(values),
    offsetsFromFirst(times, microsecondsPerSecond),
    steps === undefined || !keepsSteps ? undefined : offsetsFromFirst(steps, 1),
    kinds,
  ];
  const chunk = new Uint8Array(columns.reduce((sum, column) => sum + (column?.byteLength ?? 0), headerBytes));
  let offset = headerBytes;
  for (const [index, column] of columns.entries()) {
    if (column !== undefined) {
      chunk[index] = column.BYTES_PER_ELEMENT;
      chunk.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), offset);
      offset += column.byteLength;
    }
  }
  return chunk;
}

/** @param first the first step and the first time, from which others are counted */
export function unpackChunk(chunk: Uint8Array, first: { readonly step: number; readonly time: number }): StoredChunk {
  // Where 8-byte numbers may lie.
  const bytes = chunk.byteOffset % 8 === 0 ? chunk : new Uint8Array(chunk);
  const { buffer } = bytes;
  let offset = bytes.byteOffset + headerBytes;
  const next = (column: number): { readonly width: number; readonly at: number } => {
    const width = bytes[column] as number;
    const at = offset;
    offset += width * chunkLength;
    return { width, at };
  };
  const numbers = (column: number, start: number, unit: number): NumberColumn | undefined => {
    const { width, at } = next(column);
    switch (width) {
      case 0:
        return undefined;
      case 2:
        return NumberColumn.offsets(new Uint16Array(buffer, at, chunkLength), start, unit);
      case 4:
        return NumberColumn.offsets(new Uint32Array(buffer, at, chunkLength), start, unit);
      default:
        return NumberColumn.of(new Float64Array(buffer, at, chunkLength));
    }
  };
  const value = next(widthOf.values);
  const values =
    value.width === 8
      ? new Float64Array(buffer, value.at, chunkLength)
      : Float64Array.from(new Float32Array(buffer, value.at, chunkLength));
  const times = numbers(widthOf.times, first.time, microsecondsPerSecond) ?? NumberColumn.regular(first.time, 0);
  const steps = numbers(widthOf.steps, first.step, 1);
  const kind = next(widthOf.kinds);
  return { values, times, steps, kinds: kind.width === 0 ? undefined : new Uint8Array(buffer, kind.at, chunkLength) };
}

/** As offsets from the first number of 2 or 4 bytes, where these give exactly the same numbers; else as they are. */
function offsetsFromFirst(column: Float64Array, unit: number): Float64Array | Uint32Array | Uint16Array {
  const first = Math.round((column[0] as number) * unit);
  const offsets = new Uint32Array(column.length);
  let highest = 0;
  for (let index = 0; index < column.length; index++) {
    const offset = Math.round((column[index] as number) * unit) - first;
    if (!(offset >= 0 && offset <= 0xff_ff_ff_ff) || (first + offset) / unit !== column[index]) {
      return column;
    }
    offsets[index] = offset;
    highest = offset > highest ? offset : highest;
  }
  return highest <= 0xff_ff ? Uint16Array.from(offsets) : offsets;
}

/** As 4 bytes each where that loses nothing, as with what comes from a framework's 32-bit tensors. */
function narrowValues(values: Float64Array): Float64Array | Float32Array {
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as number;
    if (Math.fround(value) !== value && !Number.isNaN(value)) {
      return values;
    }
  }
  return Float32Array.from(values);
}
