/** Copying a file or a folder whole, with progress and a way to stop. */
import { createReadStream, createWriteStream, constants as fileConstants, type Stats } from 'node:fs';
import { chmod, copyFile, mkdir, readdir, realpath, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { isNotFound, RunledgerError } from './errors.ts';

export interface CopyOptions {
  /** Told the part of the bytes that is copied, from 0 to 1. */
  readonly onProgress?: (fraction: number) => void;
  readonly signal?: AbortSignal;
}

interface Entry {
  readonly from: string;
  /** Relative to the target; empty for the target itself. */
  readonly path: string;
  readonly status: Stats;
}

/** Above this a file is copied piece by piece, so that progress is told and stopping works in its midst. */
const largeBytes = 8 * 1024 * 1024;

/**
 * Copies a file or a folder to a path where nothing is. Links are followed: the copy holds what they lead to. Modes and times
 * are kept.
 *
 * @throws RunledgerError `not-found`, `invalid-argument` for what is neither file nor folder, `canceled`; else the system's
 * error, and an unfinished copy is left
 */
export async function copyTree(source: string, target: string, options: CopyOptions = {}): Promise<void> {
  const entries: Entry[] = [];
  await collect(source, '', [], entries, options.signal);
  const totalBytes = entries.reduce((sum, { status }) => sum + (status.isFile() ? status.size : 0), 0);
  let done = 0;
  const report = (bytes: number): void => {
    done += bytes;
    options.onProgress?.(totalBytes === 0 ? 1 : Math.min(done / totalBytes, 1));
  };
  for (const { from, path, status } of entries) {
    throwIfStopped(options.signal);
    const to = path === '' ? target : join(target, path);
    if (status.isDirectory()) {
      await mkdir(to);
    } else {
      await copyOne(from, to, status, report, options.signal);
    }
  }
  // Last and from below, since filling a folder changes its time, and a mode may forbid filling it.
  for (const { path, status } of entries.filter((entry) => entry.status.isDirectory()).reverse()) {
    const to = path === '' ? target : join(target, path);
    await utimes(to, status.atime, status.mtime);
    await chmod(to, status.mode & 0o777);
  }
}

/** A folder before what is in it. `above` are the real paths of the folders that lead here. */
async function collect(
  from: string,
  path: string,
  above: readonly string[],
  entries: Entry[],
  signal: AbortSignal | undefined,
): Promise<void> {
  throwIfStopped(signal);
  const status = await statusOf(from);
  if (!status.isFile() && !status.isDirectory()) {
    throw new RunledgerError('invalid-argument', `${from} is neither a file nor a folder, and cannot be copied.`);
  }
  entries.push({ from, path, status });
  if (status.isDirectory()) {
    const real = await realpath(from);
    if (above.includes(real)) {
      throw new RunledgerError(
        'invalid-argument',
        `${from} is a link to a folder that it lies in: a copy has no end.`,
        {
          advice: 'Remove the link, or name a folder without it.',
        },
      );
    }
    for (const name of (await readdir(from)).sort()) {
      await collect(join(from, name), path === '' ? name : join(path, name), [...above, real], entries, signal);
    }
  }
}

async function statusOf(path: string): Promise<Stats> {
  try {
    return await stat(path);
  } catch (error) {
    if (isNotFound(error)) {
      throw new RunledgerError('not-found', `There is no file or folder ${path}, or it is a link that leads nowhere.`, {
        cause: error,
      });
    }
    throw error;
  }
}

async function copyOne(
  from: string,
  to: string,
  status: Stats,
  report: (bytes: number) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (status.size < largeBytes) {
    await copyFile(from, to, fileConstants.COPYFILE_EXCL);
    report(status.size);
  } else if (await isCloned(from, to)) {
    report(status.size);
  } else {
    await copyInPieces(from, to, report, signal);
  }
  await utimes(to, status.atime, status.mtime);
  await chmod(to, status.mode & 0o777);
}

/** Some file systems share the bytes of a copy, which takes no time and no space. */
async function isCloned(from: string, to: string): Promise<boolean> {
  try {
    await copyFile(from, to, fileConstants.COPYFILE_FICLONE_FORCE | fileConstants.COPYFILE_EXCL);
    return true;
  } catch {
    // What is really wrong is told by the plain copy.
    return false;
  }
}

async function copyInPieces(
  from: string,
  to: string,
  report: (bytes: number) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  const count = new Transform({
    transform(piece: Buffer, _encoding, done) {
      report(piece.length);
      done(null, piece);
    },
  });
  try {
    const options = { highWaterMark: 1024 * 1024 };
    await pipeline(createReadStream(from, options), count, createWriteStream(to, { ...options, flags: 'wx' }), {
      ...(signal && { signal }),
    });
  } catch (error) {
    throwIfStopped(signal);
    throw error;
  }
}

function throwIfStopped(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) {
    throw new RunledgerError('canceled', 'Copying was stopped.');
  }
}
