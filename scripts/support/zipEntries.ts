import { readFile } from 'node:fs/promises';
import { TaskError } from './taskError.ts';

export interface ZipEntry {
  readonly name: string;
  /** In bytes, unpacked. */
  readonly size: number;
}

const endSignature = 0x06_05_4b_50;
const entrySignature = 0x02_01_4b_50;
const endLength = 22;
const entryLength = 46;

/** The table of contents of a zip file (without the extensions for files of 4 GB and more). */
export async function readZipEntries(file: string): Promise<readonly ZipEntry[]> {
  const bytes = await readFile(file);
  let end = bytes.length - endLength;
  while (end >= 0 && bytes.readUInt32LE(end) !== endSignature) {
    end -= 1;
  }
  if (end < 0) {
    throw new TaskError(`${file} is not a zip file.`);
  }
  const count = bytes.readUInt16LE(end + 10);
  const entries: ZipEntry[] = [];
  let offset = bytes.readUInt32LE(end + 16);
  for (let index = 0; index < count; index += 1) {
    if (bytes.readUInt32LE(offset) !== entrySignature) {
      throw new TaskError(`${file} has a damaged table of contents.`);
    }
    const nameLength = bytes.readUInt16LE(offset + 28);
    const name = bytes.toString('utf8', offset + entryLength, offset + entryLength + nameLength);
    entries.push({ name, size: bytes.readUInt32LE(offset + 24) });
    offset += entryLength + nameLength + bytes.readUInt16LE(offset + 30) + bytes.readUInt16LE(offset + 32);
  }
  return entries;
}
