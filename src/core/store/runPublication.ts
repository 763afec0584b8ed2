/** Runs that were filled elsewhere: exports and the records of other tools (docs/store-format.md, "Creation"). */
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode, fileError, RunledgerError } from '../base/errors.ts';
import { pathExists } from '../base/pathExists.ts';
import { announceRun } from './announcement.ts';
import { randomHex, toJsonText } from './atomicFile.ts';
import { markChild } from './childMarks.ts';
import { claimNumber, claimNumberAt } from './claims.ts';
import { isRunId } from './names.ts';
import { numbersFolder, runFolder, runsFolder, stagingPrefix } from './storeLayout.ts';

export interface StagedRun {
  readonly workspaceFolder: string;
  /** Of an experiment that is there. */
  readonly experimentKey: string;
  readonly runId: string;
  readonly parentId: string | undefined;
  /** A folder on the file system of the store, with everything but run.json. */
  readonly folder: string;
  /** The number that it had and is to keep where it can. */
  readonly wantedNumber?: number;
  /** The content of run.json. */
  readonly recordOf: (number: number) => object;
}

/**
 * Gives a run its number and its place: it appears whole, or not at all.
 *
 * @returns the number
 * @throws RunledgerError `already-exists`, `not-writable`, `disk-full`
 */
export async function publishStagedRun(run: StagedRun): Promise<number> {
  const { workspaceFolder, experimentKey, runId, folder } = run;
  const target = runFolder(workspaceFolder, experimentKey, runId);
  const taken = new RunledgerError('already-exists', `A run with the id ${runId} is there already.`);
  if (await pathExists(target)) {
    throw taken;
  }
  const numbers = numbersFolder(workspaceFolder, experimentKey);
  try {
    const number =
      run.wantedNumber === undefined
        ? await claimNumber(numbers, runId)
        : await claimNumberAt(numbers, run.wantedNumber, runId);
    await writeFile(join(folder, 'run.json'), toJsonText(run.recordOf(number)), { flush: true });
    await rename(folder, target).catch((error: unknown) => {
      throw ['ENOTEMPTY', 'EEXIST'].includes(errorCode(error) ?? '') ? taken : error;
    });
    await markAtParent(run);
    await announceRun(workspaceFolder, runId);
    return number;
  } catch (error) {
    throw fileError(error, 'store the run', target);
  }
}

/** Puts a run in the place of one that is there, under its number. What it has that is to be kept is copied before. */
export async function replaceRun(run: Omit<StagedRun, 'wantedNumber'> & { readonly number: number }): Promise<void> {
  const { workspaceFolder, experimentKey, runId, folder } = run;
  const target = runFolder(workspaceFolder, experimentKey, runId);
  const before = join(runsFolder(workspaceFolder, experimentKey), `${stagingPrefix}${randomHex(4)}`);
  try {
    await writeFile(join(folder, 'run.json'), toJsonText(run.recordOf(run.number)), { flush: true });
    await rename(target, before);
    try {
      await rename(folder, target);
    } catch (error) {
      await rename(before, target);
      throw error;
    }
    await rm(before, { recursive: true, force: true });
    await announceRun(workspaceFolder, runId);
  } catch (error) {
    throw fileError(error, 'store the run', target);
  }
}

async function markAtParent({ workspaceFolder, experimentKey, runId, parentId }: StagedRun): Promise<void> {
  if (parentId === undefined || !isRunId(parentId)) {
    return;
  }
  const parentFolder = runFolder(workspaceFolder, experimentKey, parentId);
  if (await pathExists(parentFolder)) {
    await markChild(parentFolder, runId);
  }
}
