/** Environments that are made once, whoever asks for them, and kept in the user's cache. */
import { link, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { errorCode, fileError, isNotFound, RunledgerError } from '../base/errors.ts';
import { randomHex } from '../store/atomicFile.ts';
import type { ProcessIdentity } from '../store/journalRecords.ts';
import { isJsonObject } from '../store/jsonFile.ts';
import { currentProcessIdentity, livenessOf } from '../store/processIdentity.ts';
import {
  buildEnvironment,
  EnvironmentLog,
  environmentMarker,
  type MakeEnvironmentOptions,
} from './environmentBuild.ts';
import type { PlannedEnvironment } from './environmentPlan.ts';

/** The one who makes an environment may be on another host that shares the folder, so it is asked and not watched. */
const checkIntervalMs = 200;
/** A lock of another host, which cannot be asked, is taken for forgotten after this time. */
const forgottenAfterMs = 2 * 60 * 60 * 1000;
/** One without content is being written, unless its writer died over it. */
const unfinishedAfterMs = 10_000;

/**
 * Makes an environment, unless it is there. Of several that ask for the same one at once, in whatever process, one makes it
 * and the others wait for it.
 *
 * @throws RunledgerError `environment-failed`, `canceled`, `not-writable`, `disk-full`
 */
export async function ensureEnvironment(planned: PlannedEnvironment, options: MakeEnvironmentOptions): Promise<void> {
  const lock = `${planned.folder}.lock`;
  let hasWaited = false;
  while (!(await isReady(planned))) {
    if (options.signal?.aborted === true) {
      throw new RunledgerError('canceled', 'It was canceled.');
    }
    if (await takeLock(lock)) {
      try {
        // It may have been made between the look at it and the lock.
        if (!(await isReady(planned))) {
          await buildEnvironment(planned, options);
          return;
        }
      } finally {
        await rm(lock, { force: true });
      }
      continue;
    }
    if (!hasWaited) {
      hasWaited = true;
      options.onStep?.('Waiting for the same environment, which another run makes');
    }
    await delay(checkIntervalMs);
  }
  const log = await EnvironmentLog.open(options);
  log.write(`Using the environment ${planned.folder}, made before of:\n`);
  log.write(planned.requirements.packages.map((line) => `  ${line}\n`).join(''));
  await log.close();
}

/** Whether the environment is whole. One whose interpreter is gone (an update of Python) is not. */
async function isReady(planned: PlannedEnvironment): Promise<boolean> {
  try {
    await stat(environmentMarker(planned.folder));
    await stat(planned.interpreter);
    return true;
  } catch (error) {
    if (isNotFound(error)) {
      return false;
    }
    throw fileError(error, 'look for the environment', planned.folder);
  }
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
  const text = await textOf(path);
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
  if ((await textOf(aside)) !== text) {
    await link(aside, path).catch(() => {});
  }
  await rm(aside, { force: true });
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isNotFound(error)) {
      return undefined;
    }
    throw error;
  }
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
