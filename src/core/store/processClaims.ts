/**
 * Who looks after something, as the orchestration of a run: at most one living process. `<n>` in the folder of claims names the n-th that
 * did. Each is made by exclusive creation, and only when the one before is known to be dead, so of several that would take over one does.
 */
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode, isNotFound } from '../base/errors.ts';
import type { ProcessIdentity } from './journalRecords.ts';
import { currentProcessIdentity, livenessOf } from './processIdentity.ts';
import { entriesOf } from './storeLayout.ts';

/** A claim that is empty is being written, or its writer died in between. */
const writingMs = 10_000;

async function highestClaim(folder: string): Promise<number> {
  const numbers = (await entriesOf(folder)).map(Number).filter(Number.isInteger);
  return Math.max(0, ...numbers);
}

/** Whether a process has the claim, or may have it on another host. */
export async function isClaimHeld(folder: string): Promise<boolean> {
  const number = await highestClaim(folder);
  return number > 0 && (await isHeld(join(folder, String(number))));
}

async function isHeld(path: string): Promise<boolean> {
  try {
    const text = await readFile(path, 'utf8');
    if (text === '') {
      return Date.now() - (await stat(path)).mtimeMs < writingMs;
    }
    return (await livenessOf(JSON.parse(text) as ProcessIdentity)) !== 'dead';
  } catch (error) {
    if (isNotFound(error) || error instanceof SyntaxError) {
      return false;
    }
    throw error;
  }
}

/** Takes the claim for this process. Resolves with false where another has it. */
export async function takeClaim(folder: string): Promise<boolean> {
  await mkdir(folder).catch((error: unknown) => {
    if (errorCode(error) !== 'EEXIST') {
      throw error;
    }
  });
  const number = await highestClaim(folder);
  if (number > 0 && (await isHeld(join(folder, String(number))))) {
    return false;
  }
  try {
    const identity = JSON.stringify(await currentProcessIdentity());
    await writeFile(join(folder, String(number + 1)), identity, { flag: 'wx' });
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') {
      return false;
    }
    throw error;
  }
}
