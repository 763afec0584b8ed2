import { rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { aheadInOrder } from '../base/aheadInOrder.ts';
import { isNotFound } from '../base/errors.ts';
import { packedAtOnce, ZipWriter } from '../base/zipWriter.ts';
import { randomHex } from '../store/atomicFile.ts';
import { type HashedFile, readAtOnce, SourceFileReading } from './sourceFileReader.ts';
import type { SourceFile } from './sourceFiles.ts';

export interface WriteSnapshotOptions {
  /** Where the zip belongs, by what it came to hold. */
  readonly zipPathOf: (files: readonly HashedFile[]) => string;
  /** The folder of the zips, which holds the unfinished one too. */
  readonly folder: string;
  readonly onBytes: (bytes: number) => void;
  readonly signal?: AbortSignal;
}

/** Files up to this size are read whole, and packed beside others; larger ones are packed alone, in parts. */
const wholeFileBytes = 1024 * 1024;

/** Somebody waits for the snapshot: code is small however it is packed, and weights hardly get smaller. */
const compressionLevel = 1;

/**
 * Writes files to a new zip, and gives it the name of what it holds. A zip of that name that is there already stays.
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
  const zip = await ZipWriter.create(path, compressionLevel);
  try {
    const opened = aheadInOrder(files, readAtOnce, (file) => openFile(file, options), closeFile);
    const added = aheadInOrder(opened, packedAtOnce, async (file) => file && addFile(zip, file, options));
    const written: HashedFile[] = [];
    for await (const file of added) {
      if (file !== undefined) {
        written.push(file);
      }
    }
    await zip.finish();
    return written;
  } catch (error) {
    await zip.abandon();
    throw error;
  }
}

/** A file that was read whole, or is open. */
interface OpenedFile {
  readonly reading: SourceFileReading;
  readonly content: Buffer | undefined;
}

/** Undefined where the file has gone since it was listed. */
async function openFile(file: SourceFile, options: WriteSnapshotOptions): Promise<OpenedFile | undefined> {
  const reading = await SourceFileReading.open(file);
  if (reading === undefined || reading.size > wholeFileBytes) {
    return reading && { reading, content: undefined };
  }
  try {
    return { reading, content: await wholeContent(reading, options) };
  } finally {
    await reading.close();
  }
}

async function closeFile(file: OpenedFile | undefined): Promise<void> {
  if (file !== undefined && file.content === undefined) {
    await file.reading.close();
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

async function addFile(zip: ZipWriter, file: OpenedFile, options: WriteSnapshotOptions): Promise<HashedFile> {
  const { reading, content } = file;
  try {
    await zip.add(content ?? reading.chunks(options), {
      name: reading.path,
      mode: reading.isExecutable ? 0o755 : 0o644,
      date: reading.modifiedTime,
    });
    return reading.finish();
  } finally {
    await closeFile(file);
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
