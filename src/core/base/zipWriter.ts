import { type FileHandle, open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { aheadInOrder } from './aheadInOrder.ts';
import { deflatedPart, endOfParts } from './deflateParts.ts';
import {
  centralHeader,
  deflatedMethod,
  endOfCentralDirectory,
  localHeader,
  storedMethod,
  type ZipRecord,
} from './zipRecords.ts';

export interface ZipEntryData {
  /** With `/` between folders. */
  readonly name: string;
  readonly mode?: number;
  readonly date?: Date;
}

/**
 * How many files, or parts of one, are packed at the same time. Node's pool has four threads, which everything else in the process needs
 * too to get at its files: one is left to it.
 */
export const packedAtOnce = 3;

/** What is written with one call. */
const writeBytes = 1024 * 1024;

/**
 * A zip that is written file by file. Files that are added while others are being packed are packed at the same time, and stand in the
 * zip in the order in which they were added. End it with `finish` or `abandon`.
 */
export class ZipWriter {
  private readonly file: FileHandle;
  private readonly level: number;
  private readonly records: ZipRecord[] = [];
  private waiting: Buffer[] = [];
  private waitingBytes = 0;
  /** Where what is written next comes to lie. */
  private offset = 0;
  /** Ends when all that was added is written; fails with the first that could not be. */
  private turn: Promise<void> = Promise.resolve();

  private constructor(file: FileHandle, level: number) {
    this.file = file;
    this.level = level;
  }

  /**
   * @param path of a file that is not there; made at once
   * @param level of zlib, from 1 (fast) to 9 (small)
   */
  static async create(path: string, level = 6): Promise<ZipWriter> {
    return new ZipWriter(await open(path, 'wx'), level);
  }

  /**
   * Resolves when the file is in the zip; no other can be added after one that failed. At most `packedAtOnce` should wait for this, since
   * each has its content in memory.
   *
   * @param content whole, which is packed at once; or in parts of some 100 kB that stay as they are, which are asked for when the files
   * before it are written, and only some of which are in memory
   */
  add(content: Buffer | AsyncIterable<Buffer>, data: ZipEntryData): Promise<void> {
    const before = this.turn;
    this.turn = Buffer.isBuffer(content) ? this.addWhole(before, content, data) : this.addParts(before, content, data);
    // Told to the caller; the next one waits for it, too.
    this.turn.catch(() => {});
    return this.turn;
  }

  /** Writes the table of contents, and resolves when all of the file is on the disk. */
  async finish(): Promise<void> {
    await this.turn;
    const offset = this.offset;
    for (const record of this.records) {
      await this.write(centralHeader(record));
    }
    await this.write(endOfCentralDirectory({ entries: this.records.length, bytes: this.offset - offset, offset }));
    await this.flush();
    await this.file.sync();
    await this.file.close();
  }

  /** Closes the file, which is left unfinished. */
  async abandon(): Promise<void> {
    await this.turn.catch(() => {});
    await this.file.close().catch(() => {});
  }

  private async addWhole(before: Promise<void>, content: Buffer, data: ZipEntryData): Promise<void> {
    const packing = content.length === 0 ? [] : [...(await deflatedPart(content, this.level)), endOfParts];
    const sum = crc32(content);
    await before;
    const record: ZipRecord = {
      ...this.begun(data, false),
      method: content.length === 0 ? storedMethod : deflatedMethod,
      crc32: sum,
      packedBytes: packing.reduce((total, { length }) => total + length, 0),
      bytes: content.length,
    };
    await this.write(localHeader(record), ...packing);
    this.records.push(record);
  }

  private async addParts(before: Promise<void>, parts: AsyncIterable<Buffer>, data: ZipEntryData): Promise<void> {
    await before;
    const begun: ZipRecord = { ...this.begun(data, true), crc32: 0, packedBytes: 0, bytes: 0 };
    const header = localHeader(begun);
    await this.write(header);
    let bytes = 0;
    let sum = 0;
    const packed = aheadInOrder(parts, packedAtOnce, (part) => {
      sum = crc32(part, sum);
      bytes += part.length;
      return deflatedPart(part, this.level);
    });
    for await (const buffers of packed) {
      await this.write(...buffers);
    }
    await this.write(endOfParts);
    const packedBytes = this.offset - begun.offset - header.length;
    const record: ZipRecord = { ...begun, crc32: sum, packedBytes, bytes };
    // Over the first one, now that its numbers are known.
    await this.flush();
    await writeAt(this.file, localHeader(record), record.offset);
    this.records.push(record);
  }

  private begun(data: ZipEntryData, isStreamed: boolean) {
    return {
      // Readers take a backslash for what it is elsewhere, or refuse it.
      name: Buffer.from(data.name.replaceAll('\\', '/')),
      mode: data.mode ?? 0o644,
      date: data.date ?? new Date(),
      method: deflatedMethod,
      offset: this.offset,
      isStreamed,
    } as const;
  }

  private async write(...buffers: readonly Buffer[]): Promise<void> {
    for (const buffer of buffers) {
      this.waiting.push(buffer);
      this.waitingBytes += buffer.length;
      this.offset += buffer.length;
    }
    if (this.waitingBytes >= writeBytes) {
      await this.flush();
    }
  }

  private async flush(): Promise<void> {
    const bytes = Buffer.concat(this.waiting);
    this.waiting = [];
    this.waitingBytes = 0;
    // At the place where the file ends, and all of it.
    await this.file.writeFile(bytes);
  }
}

async function writeAt(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    done += (await file.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
  }
}
