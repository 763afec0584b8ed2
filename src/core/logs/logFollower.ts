/** Reading a log from its end, and as it is written. Offsets are bytes of the file. */
import { existsSync, type FSWatcher, watch } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { fileError, isNotFound } from '../base/errors.ts';
import { type Disposable, toDisposable } from '../base/events.ts';
import { needsPolling, pollingIntervalMs } from '../base/folderWatcher.ts';
import { continuationLength, decodeUtf8, incompleteTailLength } from './utf8.ts';

/** A stretch of a log. */
export interface LogChunk {
  readonly start: number;
  /** Where the next stretch begins. */
  readonly end: number;
  readonly text: string;
}

const chunkBytes = 256 * 1024;
const newline = 0x0a;
/** What is written within this time arrives as one chunk. */
const coalesceMs = 40;

/**
 * The last part of a log, from the beginning of a line where that is possible. Empty where the file is not there (yet).
 *
 * @param maxBytes at most so much of the file is read
 * @throws RunledgerError `not-writable` or `unreadable` where the file is there and cannot be read
 */
export async function readLogTail(file: string, maxBytes: number): Promise<LogChunk> {
  return withFile(file, async (handle) => {
    const { size } = await handle.stat();
    const from = Math.max(0, size - maxBytes);
    const bytes = await readFully(handle, from, size - from);
    const skipped = from === 0 ? 0 : startOfText(bytes);
    const kept = bytes.subarray(skipped, bytes.length - incompleteTailLength(bytes));
    return { start: from + skipped, end: from + skipped + kept.length, text: decodeUtf8(kept) };
  });
}

/**
 * What follows an offset, as far as it is written, in one piece. For the last lines of a log that nobody writes any more.
 *
 * @throws as {@link readLogTail}
 */
export async function readLogFrom(file: string, from: number): Promise<LogChunk> {
  const rest = await withFile(file, async (handle) => {
    const { size } = await handle.stat();
    const bytes = await readFully(handle, from, Math.max(0, size - from));
    return { start: from, end: from + bytes.length, text: decodeUtf8(bytes) };
  });
  return rest.end === 0 ? { start: from, end: from, text: '' } : rest;
}

async function withFile(file: string, read: (handle: FileHandle) => Promise<LogChunk>): Promise<LogChunk> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(file, 'r');
    return await read(handle);
  } catch (error) {
    if (isNotFound(error)) {
      return { start: 0, end: 0, text: '' };
    }
    throw fileError(error, 'read the log', file);
  } finally {
    await handle?.close();
  }
}

function startOfText(bytes: Uint8Array): number {
  const lineEnd = bytes.indexOf(newline);
  return lineEnd === -1 || lineEnd === bytes.length - 1 ? continuationLength(bytes) : lineEnd + 1;
}

async function readFully(handle: FileHandle, from: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await handle.read(buffer, done, length - done, from + done);
    if (bytesRead === 0) {
      break;
    }
    done += bytesRead;
  }
  return buffer.subarray(0, done);
}

/**
 * Tells what is appended to a log after `from`, until it is disposed. The file need not be there yet, nor its folder. A file
 * that was cut or replaced is told again from its beginning: a chunk whose `start` is 0. A file that goes away is waited for.
 */
export function followLog(file: string, from: number, listener: (chunk: LogChunk) => void): Disposable {
  const follower = new LogFollower(file, from, listener);
  follower.start();
  return toDisposable(() => follower.stop());
}

class LogFollower {
  private readonly file: string;
  private readonly listener: (chunk: LogChunk) => void;
  private position: number;
  /** Tells a file apart from another one of the same name. */
  private identity: number | undefined;
  private watcher: FSWatcher | undefined;
  private watchedFolder: string | undefined;
  private delay: NodeJS.Timeout | undefined;
  private polling: NodeJS.Timeout | undefined;
  private isReading = false;
  private isReadAgain = false;
  private isStopped = false;

  constructor(file: string, from: number, listener: (chunk: LogChunk) => void) {
    this.file = file;
    this.position = from;
    this.listener = listener;
  }

  start(): void {
    this.watch();
    if (needsPolling(this.file)) {
      this.polling = setInterval(() => this.schedule(0), pollingIntervalMs);
    }
    this.schedule(0);
  }

  stop(): void {
    this.isStopped = true;
    clearTimeout(this.delay);
    clearInterval(this.polling);
    this.watcher?.close();
  }

  /** Watches the file's folder or, until that is there, the nearest one above it. */
  private watch(): void {
    this.watcher?.close();
    this.watcher = undefined;
    this.watchedFolder = undefined;
    let below: string | undefined;
    for (let folder = dirname(this.file); ; folder = dirname(folder)) {
      try {
        const watcher = watch(folder, (event, name) => this.onEvent(event, name));
        watcher.on('error', () => this.watchAgain());
        this.watcher = watcher;
        this.watchedFolder = folder;
        break;
      } catch {
        if (dirname(folder) === folder) {
          return;
        }
        below = folder;
      }
    }
    if (below !== undefined && existsSync(below)) {
      // Made while the watch of the folder above it was not on yet.
      this.watch();
    }
  }

  private watchAgain(): void {
    if (!this.isStopped) {
      this.watch();
      this.schedule(coalesceMs);
    }
  }

  private onEvent(event: string, name: string | null): void {
    if (this.isStopped) {
      return;
    }
    const isAbove = this.watchedFolder !== dirname(this.file);
    // A folder's own removal is told under its own name.
    const isFolderGone =
      event === 'rename' && this.watchedFolder !== undefined && name === basename(this.watchedFolder);
    if (isFolderGone) {
      // A file that is there later is another one, though the system may give it the number of the one before.
      this.position = 0;
    }
    if (isAbove || isFolderGone) {
      this.watchAgain();
    } else if (name === null || name === basename(this.file)) {
      this.schedule(coalesceMs);
    }
  }

  private schedule(delayMs: number): void {
    if (this.isReading) {
      this.isReadAgain = true;
    } else if (this.delay === undefined && !this.isStopped) {
      this.delay = setTimeout(() => {
        this.delay = undefined;
        void this.read();
      }, delayMs);
    }
  }

  /** Never rejects: a log that cannot be read now is read at the next event. */
  private async read(): Promise<void> {
    this.isReading = true;
    this.isReadAgain = false;
    let handle: FileHandle | undefined;
    try {
      handle = await open(this.file, 'r');
      await this.readToEnd(handle);
    } catch {
      // Not there, or gone: nothing to tell.
    } finally {
      await handle?.close().catch(() => {});
      this.isReading = false;
    }
    if (this.isReadAgain) {
      this.schedule(coalesceMs);
    }
  }

  private async readToEnd(handle: FileHandle): Promise<void> {
    const { size, ino } = await handle.stat();
    if (size < this.position || (this.identity !== undefined && this.identity !== ino)) {
      this.position = 0;
    }
    this.identity = ino;
    while (this.position < size && !this.isStopped) {
      const bytes = await readFully(handle, this.position, Math.min(chunkBytes, size - this.position));
      // A character whose rest is still to come is read again together with it.
      const whole = bytes.subarray(0, bytes.length - incompleteTailLength(bytes));
      if (whole.length === 0 || this.isStopped) {
        return;
      }
      const start = this.position;
      this.position += whole.length;
      this.listener({ start, end: this.position, text: decodeUtf8(whole) });
    }
  }
}
