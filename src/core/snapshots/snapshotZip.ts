import { createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ZipArchive } from 'archiver';
import { isNotFound, RunledgerError } from '../base/errors.ts';
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
  const archive = new ZipArchive();
  const stopped = new AbortController();
  const stored = pipeline(archive, createWriteStream(path, { flags: 'wx', flush: true }), { signal: stopped.signal });
  // Its failure is seen by whoever waits for it below; until then it must not count as unhandled.
  const endsEarly = stored.then(endedEarly);
  endsEarly.catch(() => {});
  try {
    const written: HashedFile[] = [];
    for (const file of files) {
      const entry = await Promise.race([addFile(archive, file, options), endsEarly]);
      if (entry !== undefined) {
        written.push(entry);
      }
    }
    await Promise.all([archive.finalize(), stored]);
    return written;
  } catch (error) {
    stopped.abort();
    await stored.catch(() => {});
    throw error;
  }
}

function endedEarly(): never {
  throw new RunledgerError('unreadable', 'The snapshot ended before all of its files were written.');
}

/** Undefined where the file has gone. */
async function addFile(
  archive: ZipArchive,
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
      await added(archive, () => archive.append(Buffer.concat(parts), data));
    } else {
      const stream = Readable.from(chunks, { objectMode: false });
      const failed = new Promise<never>((_resolve, reject) => stream.once('error', reject));
      await Promise.race([added(archive, () => archive.append(stream, data)), failed]);
    }
    return reading.finish();
  } finally {
    await reading.close();
  }
}

/** Starts adding an entry and waits until it is in the zip, so that one file at a time is open and in memory. */
function added(archive: ZipArchive, start: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const onEntry = (): void => {
      archive.off('error', onError);
      resolve();
    };
    const onError = (error: Error): void => {
      archive.off('entry', onEntry);
      reject(error);
    };
    archive.once('entry', onEntry);
    archive.once('error', onError);
    start();
  });
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
