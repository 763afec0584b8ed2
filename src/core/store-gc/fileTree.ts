import { chmod, lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode, isNotFound } from '../base/errors.ts';

/** The bytes of a file, or of the files below a folder. Links count as themselves; what is gone, and what cannot be read, as 0. */
export async function treeBytes(path: string): Promise<number> {
  let bytes = 0;
  const pending = [path];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    try {
      const status = await lstat(next);
      if (status.isDirectory()) {
        const folder = next;
        pending.push(...(await readdir(folder)).map((name) => join(folder, name)));
      } else {
        bytes += status.size;
      }
    } catch (error) {
      if (errorCode(error) === undefined) {
        throw error;
      }
    }
  }
  return bytes;
}

/** Removes a file or a folder with all it holds, also below folders that a script made unwritable. Links are not followed. */
export async function removeTree(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true });
  } catch (error) {
    if (!['EACCES', 'EPERM', 'ENOTEMPTY'].includes(errorCode(error) ?? '')) {
      throw error;
    }
    await makeRemovable(path);
    await rm(path, { recursive: true, force: true });
  }
}

async function makeRemovable(path: string): Promise<void> {
  try {
    if (!(await lstat(path)).isDirectory()) {
      return;
    }
    await chmod(path, 0o700);
    for (const name of await readdir(path)) {
      await makeRemovable(join(path, name));
    }
  } catch (error) {
    if (!isNotFound(error)) {
      throw error;
    }
  }
}
