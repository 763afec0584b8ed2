import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isNotFound } from '../../src/core/base/errors.ts';

/** The files below a folder, which is there, that hold a text. One that is taken away meanwhile holds none. */
export async function filesHolding(text: string, folder: string): Promise<string[]> {
  const found: string[] = [];
  const look = async (path: string): Promise<void> => {
    const status = await lstat(path);
    if (status.isDirectory()) {
      for (const name of await readdir(path)) {
        await look(join(path, name)).catch((error: unknown) => {
          if (!isNotFound(error)) {
            throw error;
          }
        });
      }
    } else if (status.isFile() && (await readFile(path)).includes(text)) {
      found.push(path);
    }
  };
  await look(folder);
  return found;
}
