/**
 * Tensors in TensorBoard's messages. Fields and types are those of `tensor.proto` and `types.proto`:
 * https://github.com/tensorflow/tensorboard/tree/master/tensorboard/compat/proto
 */
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { readFields } from './messageFields.ts';

export interface Tensor {
  readonly shape: readonly number[];
  /** Of a tensor of numbers or booleans, in row-major order; undefined for other types. */
  readonly numbers: readonly number[] | undefined;
  /** Of a tensor of strings. */
  readonly strings: readonly Uint8Array[] | undefined;
}

const stringType = 7;

/** How the packed bytes of a type are read: bytes an item, and the number at a place. */
const packedTypes: ReadonlyMap<number, readonly [bytes: number, read: (data: DataView, place: number) => number]> =
  new Map([
    [1, [4, (data, place) => data.getFloat32(place, true)]],
    [2, [8, (data, place) => data.getFloat64(place, true)]],
    [3, [4, (data, place) => data.getInt32(place, true)]],
    [4, [1, (data, place) => data.getUint8(place)]],
    [5, [2, (data, place) => data.getInt16(place, true)]],
    [6, [1, (data, place) => data.getInt8(place)]],
    [9, [8, (data, place) => Number(data.getBigInt64(place, true))]],
    [10, [1, (data, place) => data.getUint8(place)]],
    [14, [2, (data, place) => bfloat16(data.getUint16(place, true))]],
    [17, [2, (data, place) => data.getUint16(place, true)]],
    [19, [2, (data, place) => float16(data.getUint16(place, true))]],
    [22, [4, (data, place) => data.getUint32(place, true)]],
    [23, [8, (data, place) => Number(data.getBigUint64(place, true))]],
  ]);

/** Fields that hold numbers one by one or packed, and how one is read. */
const numberFields: ReadonlyMap<number, (reader: BinaryReader) => number> = new Map([
  [5, (reader) => reader.float()],
  [6, (reader) => reader.double()],
  [7, (reader) => reader.int32()],
  [10, (reader) => Number(reader.int64())],
  [11, (reader) => (reader.bool() ? 1 : 0)],
  [13, (reader) => reader.int32()],
  [16, (reader) => reader.uint32()],
  [17, (reader) => Number(reader.uint64())],
]);

/** Throws an `Error` for bytes that are no tensor. */
export function parseTensor(bytes: Uint8Array): Tensor {
  let type = 0;
  let shape: number[] = [];
  let content: Uint8Array | undefined;
  const numbers: number[] = [];
  const strings: Uint8Array[] = [];
  readFields(bytes, (field, reader, wireType) => {
    const readNumber = numberFields.get(field);
    if (readNumber !== undefined) {
      numbers.push(...numbersOf(reader, wireType, readNumber));
      return true;
    }
    switch (field) {
      case 1:
        type = reader.int32();
        return true;
      case 2:
        shape = parseShape(reader.bytes());
        return true;
      case 4:
        content = reader.bytes();
        return true;
      case 8:
        strings.push(reader.bytes());
        return true;
      default:
        return false;
    }
  });
  if (type === stringType) {
    return { shape, numbers: undefined, strings };
  }
  const packed = packedTypes.get(type);
  if (packed === undefined) {
    return { shape, numbers: undefined, strings: undefined };
  }
  if (content !== undefined && content.length > 0) {
    return { shape, numbers: unpacked(content, packed), strings: undefined };
  }
  // Half-precision numbers stand as their bits.
  const halves = type === 19 ? float16 : type === 14 ? bfloat16 : (value: number): number => value;
  return { shape, numbers: repeated(numbers.map(halves), shape), strings: undefined };
}

function numbersOf(reader: BinaryReader, wireType: WireType, read: (reader: BinaryReader) => number): number[] {
  if (wireType !== WireType.LengthDelimited) {
    return [read(reader)];
  }
  const packed = new BinaryReader(reader.bytes());
  const numbers: number[] = [];
  while (packed.pos < packed.len) {
    numbers.push(read(packed));
  }
  return numbers;
}

function unpacked(
  content: Uint8Array,
  [bytes, read]: readonly [bytes: number, read: (data: DataView, place: number) => number],
): number[] {
  const data = new DataView(content.buffer, content.byteOffset, content.byteLength);
  return Array.from({ length: Math.floor(content.length / bytes) }, (_, index) => read(data, index * bytes));
}

/** The last number that is given stands for those that are left out; of a tensor without any that is 0. */
function repeated(numbers: readonly number[], shape: readonly number[]): readonly number[] {
  const size = shape.reduce((product, length) => product * length, 1);
  const mostRepeated = 1_000_000;
  if (numbers.length >= size || size > mostRepeated) {
    return numbers;
  }
  return [...numbers, ...Array.from({ length: size - numbers.length }, () => numbers.at(-1) ?? 0)];
}

function parseShape(bytes: Uint8Array): number[] {
  const shape: number[] = [];
  readFields(bytes, (field, reader) => {
    if (field !== 2) {
      return false;
    }
    let size = 0;
    readFields(reader.bytes(), (part, dimension) => {
      size = part === 1 ? Math.max(0, Number(dimension.int64())) : size;
      return part === 1;
    });
    shape.push(size);
    return true;
  });
  return shape;
}

function bfloat16(bits: number): number {
  const data = new DataView(new ArrayBuffer(4));
  data.setUint16(0, bits);
  return data.getFloat32(0);
}

/** IEEE 754 binary16. */
function float16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) {
    return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  }
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
