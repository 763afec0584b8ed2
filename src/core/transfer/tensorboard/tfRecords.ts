/// <reference path="./crc-32-c.d.ts" />
/**
 * The records of a TFRecord file: the length (uint64, little-endian), its checksum, the bytes, their checksum. Checksums are CRC-32C,
 * masked. Format: https://www.tensorflow.org/tutorials/load_data/tfrecord#tfrecords_format_details
 */
import { type FileHandle, open } from 'node:fs/promises';
import crc32c from 'crc-32/crc32c.js';

/** How reading ended: `cut` within a record, as where the writer was killed or still writes; `damaged` at a wrong checksum. */
export type RecordsEnd = 'complete' | 'cut' | 'damaged';

const headerBytes = 12;
const footerBytes = 4;
const chunkBytes = 1024 * 1024;
/** Larger than any event: a length above it is no length. */
const mostRecordBytes = 1024 * 1024 * 1024;
const maskDelta = 0xa282ead8;

function maskedChecksum(bytes: Uint8Array): number {
  const sum = crc32c.buf(bytes) >>> 0;
  return (((sum >>> 15) | (sum << 17)) + maskDelta) >>> 0;
}

/** Yields each record, and returns how the file ended. A record is the reader's until the next one is asked for. */
export async function* readTfRecords(
  path: string,
  onBytes: (bytes: number) => void = () => {},
): AsyncGenerator<Buffer, RecordsEnd, void> {
  const handle = await open(path, 'r');
  try {
    const bytes = new FileBytes(handle, (await handle.stat()).size, onBytes);
    for (;;) {
      if (bytes.remaining === 0) {
        return 'complete';
      }
      const header = await bytes.take(headerBytes);
      if (header === undefined) {
        return 'cut';
      }
      const length = Number(header.readBigUInt64LE(0));
      if (header.readUInt32LE(8) !== maskedChecksum(header.subarray(0, 8)) || length > mostRecordBytes) {
        return 'damaged';
      }
      const record = await bytes.take(length + footerBytes);
      if (record === undefined) {
        return 'cut';
      }
      const data = record.subarray(0, length);
      if (record.readUInt32LE(length) !== maskedChecksum(data)) {
        return 'damaged';
      }
      yield data;
    }
  } finally {
    await handle.close();
  }
}

/** The bytes of a file in order, a piece of it in memory. */
class FileBytes {
  private readonly handle: FileHandle;
  private readonly size: number;
  private readonly onBytes: (bytes: number) => void;
  private buffer = Buffer.alloc(0);
  private start = 0;
  private position = 0;

  constructor(handle: FileHandle, size: number, onBytes: (bytes: number) => void) {
    this.handle = handle;
    this.size = size;
    this.onBytes = onBytes;
  }

  /** Of the file as it was when it was opened. */
  get remaining(): number {
    return this.size - this.position + (this.buffer.length - this.start);
  }

  /** Undefined where fewer are left. */
  async take(count: number): Promise<Buffer | undefined> {
    if (count > this.remaining) {
      return undefined;
    }
    while (this.buffer.length - this.start < count) {
      if (!(await this.readMore(count))) {
        return undefined;
      }
    }
    const taken = this.buffer.subarray(this.start, this.start + count);
    this.start += count;
    return taken;
  }

  private async readMore(wanted: number): Promise<boolean> {
    const rest = this.buffer.subarray(this.start);
    const missing = Math.min(Math.max(wanted - rest.length, chunkBytes), this.size - this.position);
    const next = Buffer.allocUnsafe(rest.length + missing);
    rest.copy(next);
    const { bytesRead } = await this.handle.read(next, rest.length, missing, this.position);
    this.position += bytesRead;
    this.buffer = next.subarray(0, rest.length + bytesRead);
    this.start = 0;
    this.onBytes(bytesRead);
    return bytesRead > 0;
  }
}
