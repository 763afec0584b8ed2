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
  try {
    const written: HashedFile[] = [];
    for (const file of files) {
      const entry = await addFile(zip, file, options);
      if (entry !== undefined) {
        written.push(entry);
      }
    }
    await zip.finish();
    return written;
  } catch (error) {
    await zip.abandon();
    throw error;
  }
}

/** Undefined where the file has gone. */
async function addFile(
  zip: ZipWriter,
  file: SourceFile,
  options: WriteSnapshotOptions,
): Promise<HashedFile | undefined> {
  const reading = await SourceFileReading.open(file);
  if (reading === undefined) {
    return undefined;
  }
  try {
    const chunks = reading.chunks(options);
    const data = { name: file.path, mode: reading.isExecutable ? 0o755 : 0o644, date: reading.modifiedTime };
    if (reading.size <= wholeFileBytes) {
      const parts: Buffer[] = [];
      for await (const chunk of chunks) {
        parts.push(chunk);
      }
      await zip.add(Buffer.concat(parts), data);
    } else {
      await zip.add(Readable.from(chunks, { objectMode: false }), data);
    }
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
