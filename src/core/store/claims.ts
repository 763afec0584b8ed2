/** Numbers of runs and of model versions: claimed by exclusive creation, never given twice (docs/store-format.md, "Run numbers"). */
import { open, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode, isNotFound } from '../base/errors.ts';

async function isClaimed(folder: string, number: number): Promise<boolean> {
  try {
    await stat(join(folder, String(number)));
    return true;
  } catch (error) {
    if (isNotFound(error)) {
      return false;
    }
    throw error;
  }
}

/** The highest number claimed in a folder; 0 where none is. Takes about 2 log2(n) look-ups. */
export async function highestClaim(folder: string): Promise<number> {
  if (!(await isClaimed(folder, 1))) {
    return 0;
  }
  let claimed = 1;
  let free = 2;
  while (await isClaimed(folder, free)) {
    claimed = free;
    free *= 2;
  }
  while (free - claimed > 1) {
    const middle = claimed + Math.floor((free - claimed) / 2);
    if (await isClaimed(folder, middle)) {
      claimed = middle;
    } else {
      free = middle;
    }
  }
  return claimed;
}

/** Claims the next number for what has an id. Safe with any number of processes on a shared file system. */
export async function claimNumber(folder: string, id: string): Promise<number> {
  for (let number = (await highestClaim(folder)) + 1; ; number++) {
    try {
      const file = await open(join(folder, String(number)), 'wx');
      try {
        await file.writeFile(id);
      } finally {
        await file.close();
      }
      return number;
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') {
        throw error;
      }
    }
  }
}

/**
 * Claims a certain number where it is still to come, with those before it, which stay without anything, as those of what was
 * deleted do. Where it was given already: the next one.
 */
export async function claimNumberAt(folder: string, wanted: number, id: string): Promise<number> {
  while ((await highestClaim(folder)) + 1 < wanted) {
    await claimNumber(folder, '');
  }
  return claimNumber(folder, id);
}

/** The id for which a number was claimed; undefined where its creator died in between, or nobody claimed it. */
export async function claimedId(folder: string, number: number): Promise<string | undefined> {
  try {
    return (await readFile(join(folder, String(number)), 'utf8')).trim() || undefined;
  } catch (error) {
    if (isNotFound(error)) {
      return undefined;
    }
    throw error;
  }
}
