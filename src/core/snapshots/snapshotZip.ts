import { rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { isNotFound } from '../base/errors.ts';
import { ZipWriter } from '../base/zipWriter.ts';
import { randomHex } from '../store/atomicFile.ts';
import { type HashedFile, SourceFileReading } from './sourceFileReader.ts';
import type { SourceFile } from './sourceFiles.ts';

export interface WriteSnapshotOptions {
  /** Where the zip belongs, by what it came to hold. */
  readonly zipPathOf: (files: readonly HashedFile[]) => string;
  /** The folder of the zips, which holds the unfinished one too. */
  readonly folder: string;
  readonly onBytes: (bytes: number) => void;
  readonly signal?: AbortSignal;
}

/** Files up to this size are handed to the zip whole, which saves it a stream for each. */
const wholeFileBytes = 1024 * 1024;

/** Somebody waits for the snapshot: code is small however it is packed, and weights hardly get smaller. */
const compressionLevel = 1;

/**
 * Writes files to a new zip, one at a time, and gives it the name of what it holds. A zip of that name that is there
 * already stays.
 */
export async function writeSnapshotZip(
  files: readonly SourceFile[],
  options: WriteSnapshotOptions,
): Promise<{ readonly zipPath: string; readonly files: readonly HashedFile[] }> {
  const temporary = join(options.folder, `.snapshot.${randomHex(4)}.tmp`);
  try {
    const written = await writeZip(files, temporary, options);
    const zipPath = options.zipPathOf(written);
    await publish(temporary, zipPath);
    return { zipPath, files: written };
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function writeZip(
  files: readonly SourceFile[],
  path: string,
  options: WriteSnapshotOptions,
): Promise<readonly HashedFile[]> {
  const zip = new ZipWriter(path, compressionLevel);
  const readings = new ReadAhead(files, options);
  try {
    const written: HashedFile[] = [];
    for (let reading = await readings.next(); reading !== 'end'; reading = await readings.next()) {
      if (reading !== 'gone') {
        written.push(await addFile(zip, reading, options));
      }
    }
    await zip.finish();
    return written;
  } catch (error) {
    await Promise.all([zip.abandon(), readings.abandon()]);
    throw error;
  }
}

/** A file that is open; one that is small was read whole. */
interface OpenedFile {
  readonly reading: SourceFileReading;
  readonly content: Buffer | undefined;
}

type NextFile = OpenedFile | 'gone' | 'end';

/** Files in their order, the next of them opened and read while the one before is packed. */
class ReadAhead {
  private readonly files: Iterator<SourceFile>;
  private readonly options: WriteSnapshotOptions;
  private ahead: Promise<NextFile>;

  constructor(files: Iterable<SourceFile>, options: WriteSnapshotOptions) {
    this.files = files[Symbol.iterator]();
    this.options = options;
    this.ahead = this.open();
  }

  async next(): Promise<NextFile> {
    const file = await this.ahead;
    this.ahead = file === 'end' ? Promise.resolve(file) : this.open();
    // Its failure is told when its turn comes.
    this.ahead.catch(() => {});
    return file;
  }

  /** Closes what was opened and not taken. */
  async abandon(): Promise<void> {
    const file = await this.ahead.catch(() => 'gone' as const);
    if (typeof file === 'object') {
      await file.reading.close();
    }
  }

  private async open(): Promise<NextFile> {
    const { done, value } = this.files.next();
    if (done === true) {
      return 'end';
    }
    const reading = await SourceFileReading.open(value);
    if (reading === undefined) {
      return 'gone';
    }
    try {
      return {
        reading,
        content: reading.size <= wholeFileBytes ? await wholeContent(reading, this.options) : undefined,
      };
    } catch (error) {
      await reading.close();
      throw error;
    }
  }
}

async function wholeContent(reading: SourceFileReading, options: WriteSnapshotOptions): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const chunk of reading.chunks(options)) {
    parts.push(chunk);
  }
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : Buffer.concat(parts);
}

async function addFile(
  zip: ZipWriter,
  { reading, content }: OpenedFile,
  options: WriteSnapshotOptions,
): Promise<HashedFile> {
  try {
    await zip.add(content ?? Readable.from(reading.chunks(options), { objectMode: false }), {
      name: reading.path,
      mode: reading.isExecutable ? 0o755 : 0o644,
      date: reading.modifiedTime,
    });
    return reading.finish();
  } finally {
    await reading.close();
  }
}

async function publish(temporary: string, zipPath: string): Promise<void> {
  try {
    await stat(zipPath);
  } catch (error) {
    if (!isNotFound(error)) {
      throw error;
    }
    await rename(temporary, zipPath);
    return;
  }
  await rm(temporary, { force: true });
}
