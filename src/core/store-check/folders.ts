import { lstat, mkdir, stat } from 'node:fs/promises';
import { errorCode } from '../base/errors.ts';
import type { CheckSession } from './checkSession.ts';

/** Not recursive: what was deleted meanwhile must not come back. False where it is there. */
export async function makeFolder(path: string): Promise<boolean> {
  try {
    await mkdir(path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') {
      return false;
    }
    throw error;
  }
}

/** Whether a folder is there. A file in its place is told of; so is what cannot be looked at. */
export async function isFolder(session: CheckSession, path: string): Promise<boolean> {
  const status = await session.orReported(path, () => stat(path));
  if (status === undefined || status.isDirectory()) {
    return status !== undefined;
  }
  if (await session.hasSettled(path)) {
    const isStillNone = async () => !(await lstat(path)).isDirectory();
    const fix = async () => (await isStillNone()) && (await session.moveAside(path));
    await session.report({ kind: 'stray-entry', path, message: 'It is not a folder.', fix });
  }
  return false;
}
