import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { isNotFound, RunledgerError } from '../base/errors.ts';
import { type SourceFile, unreadableSource } from './sourceFiles.ts';

/** A file as its bytes were read. */
export interface HashedFile {
  readonly path: string;
  readonly bytes: number;
  /** Of the content, in hex. */
  readonly sha256: string;
  readonly isExecutable: boolean;
}

const chunkBytes = 256 * 1024;

/** How many files are opened and read at the same time: of a small one, most of the time is waiting. */
export const readAtOnce = 4;

/** One reading of one file, which hashes what it hands out. Close it. */
export class SourceFileReading {
  readonly isExecutable: boolean;
  readonly modifiedTime: Date;
  /** What the file held when it was opened: a file that goes on growing (a log) is taken up to here. */
  readonly size: number;
  private readonly file: SourceFile;
  private readonly handle: FileHandle;
  private readonly hash = createHash('sha256');
  private bytes = 0;

  private constructor(
    file: SourceFile,
    handle: FileHandle,
    status: { readonly size: number; readonly mode: number; readonly mtime: Date },
  ) {
    this.file = file;
    this.handle = handle;
    this.size = status.size;
    this.isExecutable = process.platform !== 'win32' && (status.mode & 0o111) !== 0;
    this.modifiedTime = status.mtime;
  }

  /** In the snapshot. */
  get path(): string {
    return this.file.path;
  }

  /** Undefined where the file has gone since it was listed. */
  static async open(file: SourceFile): Promise<SourceFileReading | undefined> {
    let handle: FileHandle | undefined;
    try {
      handle = await open(file.absolutePath, 'r');
      return new SourceFileReading(file, handle, await handle.stat());
    } catch (error) {
      await handle?.close();
      if (isNotFound(error)) {
        return undefined;
      }
      throw unreadableSource(error, file.absolutePath);
    }
  }

  /** The content, in parts that stay the caller's. Ends early where the file was cut meanwhile. */
  async *chunks(options: {
    readonly onBytes: (bytes: number) => void;
    readonly signal?: AbortSignal;
  }): AsyncGenerator<Buffer, void, void> {
    while (this.bytes < this.size) {
      if (options.signal?.aborted === true) {
        throw new RunledgerError('canceled', 'The snapshot was canceled.');
      }
      const buffer = Buffer.allocUnsafe(Math.min(chunkBytes, this.size - this.bytes));
      let bytesRead: number;
      try {
        ({ bytesRead } = await this.handle.read(buffer, 0, buffer.length, this.bytes));
      } catch (error) {
        throw unreadableSource(error, this.file.absolutePath);
      }
      if (bytesRead === 0) {
        return;
      }
      const chunk = buffer.subarray(0, bytesRead);
      this.bytes += bytesRead;
      this.hash.update(chunk);
      options.onBytes(bytesRead);
      yield chunk;
    }
  }

  /** What was read. Call once, after the last chunk. */
  finish(): HashedFile {
    return {
      path: this.file.path,
      bytes: this.bytes,
      sha256: this.hash.digest('hex'),
      isExecutable: this.isExecutable,
    };
  }

  async close(): Promise<void> {
    await this.handle.close();
  }
}

/** Reads a file for its hash alone. Undefined where it has gone since it was listed. */
export async function readSourceFile(
  file: SourceFile,
  options: { readonly onBytes: (bytes: number) => void; readonly signal?: AbortSignal },
): Promise<HashedFile | undefined> {
  const reading = await SourceFileReading.open(file);
  if (reading === undefined) {
    return undefined;
  }
  try {
    for await (const _chunk of reading.chunks(options)) {
      // Reading is what hashes.
    }
    return reading.finish();
  } finally {
    await reading.close();
  }
}
