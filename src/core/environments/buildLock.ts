/** One builder at a time, of all processes and hosts that share a folder: what is built is built once. */
import { link, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { errorCode, fileError, isNotFound, RunledgerError } from '../base/errors.ts';
import { readTextIfThere } from '../base/textFile.ts';
import { randomHex } from '../store/atomicFile.ts';
import type { ProcessIdentity } from '../store/journalRecords.ts';
import { isJsonObject } from '../store/jsonFile.ts';
import { currentProcessIdentity, livenessOf } from '../store/processIdentity.ts';

/** The builder may be on another host that shares the folder, so it is asked and not watched. */
const checkIntervalMs = 200;
/** A lock of another host, which cannot be asked, is taken for forgotten after this time. */
const forgottenAfterMs = 2 * 60 * 60 * 1000;
/** One without content is being written, unless its writer died over it. */
const unfinishedAfterMs = 10_000;

export interface BuildOnce {
  /** Whether it is there, whole. */
  isReady(): Promise<boolean>;
  /** Only ever called by one at a time. */
  build(): Promise<void>;
  /** Somebody else builds it: told once. */
  onWait?(): void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Builds something, unless it is there. Of several that ask for the same at once, in whatever process, one builds it and the others wait.
 *
 * @param lock a path of its own, whose folder is made
 * @returns whether it was built here
 * @throws RunledgerError `canceled`, `not-writable`, `disk-full`; what `build` and `isReady` throw
 */
export async function buildOnce(lock: string, { isReady, build, onWait, signal }: BuildOnce): Promise<boolean> {
  let hasWaited = false;
  while (!(await isReady())) {
    if (signal?.aborted === true) {
      throw new RunledgerError('canceled', 'It was canceled.');
    }
    let wasReady = false;
    const isTaken = await withLock(lock, async () => {
      // It may have been made between the look at it and the lock.
      wasReady = await isReady();
      if (!wasReady) {
        await build();
      }
    });
    if (isTaken) {
      return !wasReady;
    }
    if (!hasWaited) {
      hasWaited = true;
      onWait?.();
    }
    await delay(checkIntervalMs);
  }
  return false;
}

/**
 * Does something while nobody builds.
 *
 * @returns whether it was done; false while somebody does
 */
export async function withLock(lock: string, action: () => Promise<void>): Promise<boolean> {
  if (!(await takeLock(lock))) {
    return false;
  }
  try {
    await action();
  } finally {
    await rm(lock, { force: true });
  }
  return true;
}

/** Makes the lock, with the name of this process in it, unless a process that lives has it. */
async function takeLock(path: string): Promise<boolean> {
  const own = JSON.stringify({ ...(await currentProcessIdentity()), id: randomHex(8) });
  const staged = `${path}.${randomHex(4)}`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(staged, own);
    if (await publishLock(staged, path, own)) {
      return true;
    }
    await removeStaleLock(path);
    return false;
  } catch (error) {
    throw fileError(error, 'make the environment', dirname(path));
  } finally {
    await rm(staged, { force: true });
  }
}

/** Returns false where there is a lock. */
async function publishLock(staged: string, path: string, content: string): Promise<boolean> {
  try {
    // So a lock is never seen without its content.
    await link(staged, path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') {
      return false;
    }
  }
  // A file system without hard links, or one that cannot be written, which this will say.
  try {
    await writeFile(path, content, { flag: 'wx' });
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') {
      return false;
    }
    throw error;
  }
}

async function removeStaleLock(path: string): Promise<void> {
  const text = await readTextIfThere(path);
  if (text === undefined || !(await isStale(text, path))) {
    return;
  }
  const aside = `${path}.${randomHex(4)}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (isNotFound(error)) {
      return;
    }
    throw error;
  }
  // Another process may have done the same, and taken the lock, in between: then it gets it back.
  if ((await readTextIfThere(aside)) !== text) {
    await link(aside, path).catch(() => {});
  }
  await rm(aside, { force: true });
}

async function isStale(text: string, path: string): Promise<boolean> {
  const owner = ownerIn(text);
  const liveness = owner === undefined ? 'unknown' : await livenessOf(owner);
  if (liveness === 'alive' || liveness === 'dead') {
    return liveness === 'dead';
  }
  const status = await stat(path).catch(() => undefined);
  const limitMs = liveness === 'elsewhere' ? forgottenAfterMs : unfinishedAfterMs;
  return status !== undefined && Date.now() - status.mtimeMs > limitMs;
}

function ownerIn(text: string): ProcessIdentity | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isIdentity(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isIdentity(value: unknown): value is ProcessIdentity & { readonly [key: string]: unknown } {
  return (
    isJsonObject(value) &&
    typeof value.pid === 'number' &&
    typeof value.startTime === 'string' &&
    typeof value.bootId === 'string' &&
    typeof value.host === 'string'
  );
}
