import { stat } from 'node:fs/promises';
import { isNotFound } from './errors.ts';

/** Whether something is at a path. Rejects with the system's error where that cannot be told. */
export async function pathExists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (isNotFound(error)) {
      return false;
    }
    throw error;
  }
}
