import { readFile } from 'node:fs/promises';
import { isNotFound } from './errors.ts';

/** The text of a file; undefined where there is none. Rejects with the system's error where it cannot be read. */
export async function readTextIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isNotFound(error)) {
      return undefined;
    }
    throw error;
  }
}
