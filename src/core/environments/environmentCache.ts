/** Environments that are made once, whoever asks for them, and kept in the user's cache. */
import { lstat, stat, utimes } from 'node:fs/promises';
import { fileError, isNotFound } from '../base/errors.ts';
import { buildOnce, withLock } from './buildLock.ts';
import { buildEnvironment, environmentMarker, type MakeEnvironmentOptions, packageLines } from './environmentBuild.ts';
import { EnvironmentLog } from './environmentLog.ts';
import type { PlannedEnvironment } from './environmentPlan.ts';

/**
 * Makes an environment, unless it is there. Of several that ask for the same one at once, in whatever process, one makes it
 * and the others wait for it.
 *
 * @throws RunledgerError `environment-failed`, `canceled`, `not-writable`, `disk-full`
 */
export async function ensureEnvironment(planned: PlannedEnvironment, options: MakeEnvironmentOptions): Promise<void> {
  const isBuilt = await buildOnce(lockOf(planned.folder), {
    isReady: () => isReady(planned),
    build: () => buildEnvironment(planned, options),
    onWait: () => options.onStep?.('Waiting for the same environment, which another run makes'),
    signal: options.signal,
  });
  if (isBuilt) {
    return;
  }
  // When it was used last is what cleaning goes by.
  await utimes(environmentMarker(planned.folder), new Date(), new Date()).catch(() => {});
  const log = await EnvironmentLog.open(options);
  log.write(`Using the environment ${planned.folder}, made before of:\n`);
  log.write(packageLines(planned));
  await log.close();
}

/**
 * Does something to an environment's folder while nobody makes the environment.
 *
 * @returns whether it was done; false while somebody does
 */
export function withEnvironmentLock(folder: string, action: () => Promise<void>): Promise<boolean> {
  return withLock(lockOf(folder), action);
}

function lockOf(folder: string): string {
  return `${folder}.lock`;
}

/** Whether the environment is whole. One whose interpreter is gone (an update of Python) is not. */
async function isReady(planned: PlannedEnvironment): Promise<boolean> {
  try {
    await stat(environmentMarker(planned.folder));
    // Of a container's environment it leads to a Python that is in the image alone.
    await (planned.place.kind === 'machine' ? stat(planned.interpreter) : lstat(planned.interpreter));
    return true;
  } catch (error) {
    if (isNotFound(error)) {
      return false;
    }
    throw fileError(error, 'look for the environment', planned.folder);
  }
}
