import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { RunledgerError } from '../base/errors.ts';
import { readStoreFile, stringField } from '../store/jsonFile.ts';
import { isRunId } from '../store/names.ts';
import { childrenFolder, runFolder, trashFolder } from '../store/storeLayout.ts';

export interface LeavingRun {
  readonly experimentKey: string;
  readonly runId: string;
  /** Where it lies now. */
  readonly folder: string;
}

/** Takes the mark away by which a parent, there or in the trash itself, knows a run that can never come back. */
export async function removeChildMarks(workspaceFolder: string, run: LeavingRun): Promise<void> {
  const parentId = await parentOf(run.folder);
  if (parentId === undefined || !isRunId(parentId) || !isRunId(run.runId)) {
    return;
  }
  const key = run.experimentKey;
  for (const parent of [runFolder(workspaceFolder, key, parentId), join(trashFolder(workspaceFolder), key, parentId)]) {
    await rm(join(childrenFolder(parent), run.runId), { force: true });
  }
}

/** A run whose record cannot be read leaves a mark behind, which readers pass over. */
async function parentOf(folder: string): Promise<string | undefined> {
  try {
    return stringField(await readStoreFile(join(folder, 'run.json'), 'the run'), 'parentId');
  } catch (error) {
    if (RunledgerError.is(error)) {
      return undefined;
    }
    throw error;
  }
}
