import { BinaryReader, type WireType } from '@bufbuild/protobuf/wire';

/** Reads the fields of a message. `onField` says whether it has read the field. */
export function readFields(
  bytes: Uint8Array,
  onField: (field: number, reader: BinaryReader, wireType: WireType) => boolean,
): void {
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    if (!onField(field, reader, wireType)) {
      reader.skip(wireType, field);
    }
  }
}
