/**
 * The records of a zip file around the content of its files, as of PKWARE's APPNOTE.TXT: with ZIP64 where a number needs it, UTF-8 names,
 * Unix modes, and times that do not depend on the time zone (Info-ZIP's "UT").
 */

export interface ZipRecord {
  readonly name: Buffer;
  readonly mode: number;
  readonly date: Date;
  readonly method: typeof storedMethod | typeof deflatedMethod;
  readonly crc32: number;
  readonly packedBytes: number;
  readonly bytes: number;
  /** Where its local header is. */
  readonly offset: number;
  /** Its local header was written before its sizes were known, so that it has room for any. */
  readonly isStreamed: boolean;
}

export const storedMethod = 0;
export const deflatedMethod = 8;

const most16 = 0xffff;
const most32 = 0xffffffff;
const unix = 3;
const plainVersion = 20;
const zip64Version = 45;
const utf8Names = 0x0800;
const regularFile = 0o100000;

/** What stands before the content. Of one record it is as long whatever its sizes, its checksum and its offset. */
export function localHeader(record: ZipRecord): Buffer {
  const extra = [timeField(record.date)];
  if (record.isStreamed) {
    extra.unshift(zip64Field([record.bytes, record.packedBytes]));
  }
  const extraBytes = totalBytes(extra);
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(versionOf(record), 4);
  common(header, 6, record);
  header.writeUInt32LE(record.isStreamed ? most32 : record.packedBytes, 18);
  header.writeUInt32LE(record.isStreamed ? most32 : record.bytes, 22);
  header.writeUInt16LE(record.name.length, 26);
  header.writeUInt16LE(extraBytes, 28);
  return Buffer.concat([header, record.name, ...extra]);
}

/** A line of the table of contents. */
export function centralHeader(record: ZipRecord): Buffer {
  // In the order that the format has them, and only those that do not fit below.
  const large = [record.bytes, record.packedBytes, record.offset].filter((value) => value >= most32);
  const extra = [...(large.length === 0 ? [] : [zip64Field(large)]), timeField(record.date)];
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE((unix << 8) | zip64Version, 4);
  header.writeUInt16LE(large.length === 0 ? versionOf(record) : zip64Version, 6);
  common(header, 8, record);
  header.writeUInt32LE(Math.min(record.packedBytes, most32), 20);
  header.writeUInt32LE(Math.min(record.bytes, most32), 24);
  header.writeUInt16LE(record.name.length, 28);
  header.writeUInt16LE(totalBytes(extra), 30);
  header.writeUInt32LE(((regularFile | record.mode) << 16) >>> 0, 38);
  header.writeUInt32LE(Math.min(record.offset, most32), 42);
  return Buffer.concat([header, record.name, ...extra]);
}

/** The end of the file, after the table of contents. */
export function endOfCentralDirectory(table: {
  readonly entries: number;
  readonly bytes: number;
  readonly offset: number;
}): Buffer {
  const { entries, bytes, offset } = table;
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Math.min(entries, most16), 8);
  end.writeUInt16LE(Math.min(entries, most16), 10);
  end.writeUInt32LE(Math.min(bytes, most32), 12);
  end.writeUInt32LE(Math.min(offset, most32), 16);
  if (entries < most16 && bytes < most32 && offset < most32) {
    return end;
  }
  const zip64End = Buffer.alloc(56);
  zip64End.writeUInt32LE(0x06064b50, 0);
  zip64End.writeBigUInt64LE(44n, 4);
  zip64End.writeUInt16LE((unix << 8) | zip64Version, 12);
  zip64End.writeUInt16LE(zip64Version, 14);
  zip64End.writeBigUInt64LE(BigInt(entries), 24);
  zip64End.writeBigUInt64LE(BigInt(entries), 32);
  zip64End.writeBigUInt64LE(BigInt(bytes), 40);
  zip64End.writeBigUInt64LE(BigInt(offset), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(offset + bytes), 8);
  locator.writeUInt32LE(1, 16);
  return Buffer.concat([zip64End, locator, end]);
}

function versionOf(record: ZipRecord): number {
  return record.isStreamed ? zip64Version : plainVersion;
}

/** The 12 bytes that local header and table of contents have in common: flags, method, time, checksum. */
function common(header: Buffer, offset: number, record: ZipRecord): void {
  header.writeUInt16LE(utf8Names, offset);
  header.writeUInt16LE(record.method, offset + 2);
  header.writeUInt32LE(dosTime(record.date), offset + 4);
  header.writeUInt32LE(record.crc32, offset + 8);
}

function zip64Field(values: readonly number[]): Buffer {
  const field = Buffer.alloc(4 + values.length * 8);
  field.writeUInt16LE(0x0001, 0);
  field.writeUInt16LE(values.length * 8, 2);
  for (const [index, value] of values.entries()) {
    field.writeBigUInt64LE(BigInt(value), 4 + index * 8);
  }
  return field;
}

/** Seconds since 1970; nothing for a time that its 32 bits cannot tell. */
function timeField(date: Date): Buffer {
  const seconds = Math.floor(date.getTime() / 1000);
  if (!(Math.abs(seconds) < 2 ** 31)) {
    return Buffer.alloc(0);
  }
  const field = Buffer.alloc(9);
  field.writeUInt16LE(0x5455, 0);
  field.writeUInt16LE(5, 2);
  field.writeUInt8(1, 4);
  field.writeInt32LE(seconds, 5);
  return field;
}

const firstDosTime = (1 << 21) | (1 << 16);
const firstDosYear = 1980;
const lastDosYear = 2107;

/** In local time and steps of two seconds, as the format has always had it, for readers that know nothing else. */
function dosTime(date: Date): number {
  const year = date.getFullYear();
  if (!(year >= firstDosYear && year <= lastDosYear)) {
    return firstDosTime;
  }
  const day = ((year - firstDosYear) << 9) | ((date.getMonth() + 1) << 5) | date.getDate();
  const time = (date.getHours() << 11) | (date.getMinutes() << 5) | (date.getSeconds() >> 1);
  return ((day << 16) | time) >>> 0;
}

function totalBytes(buffers: readonly Buffer[]): number {
  return buffers.reduce((sum, { length }) => sum + length, 0);
}
