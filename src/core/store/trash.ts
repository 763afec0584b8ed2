/** Deleting runs so that they can be restored. */
import { mkdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileError, RunledgerError } from '../base/errors.ts';
import { pathExists } from '../base/pathExists.ts';
import { isTerminal } from '../domain/runStatus.ts';
import { announceRun } from './announcement.ts';
import { assertRunId, isRunId } from './names.ts';
import { RunReader } from './runReader.ts';
import { childrenFolder, entriesOf, findExperimentOfRun, runFolder, trashFolder } from './storeLayout.ts';

/**
 * Moves a run to the trash, and its child runs with it.
 *
 * @throws RunledgerError `not-found`, `invalid-state` where the run or one of its children still goes on, `not-writable`
 */
export async function deleteRun(workspaceFolder: string, runId: string): Promise<void> {
  const experimentKey = await findExperimentOfRun(workspaceFolder, runId);
  if (experimentKey === undefined) {
    throw new RunledgerError('not-found', `There is no run ${runId} in ${workspaceFolder}.`);
  }
  const descendants = await descendantsOf(runId, (id) => runFolder(workspaceFolder, experimentKey, id));
  const runIds = [runId, ...descendants];
  for (const id of runIds) {
    if (await isGoingOn(runFolder(workspaceFolder, experimentKey, id), experimentKey)) {
      const which = id === runId ? '' : `, a child of ${runId},`;
      throw new RunledgerError('invalid-state', `The run ${id}${which} still goes on.`, {
        advice: 'Cancel it first, then delete it.',
      });
    }
  }
  // Children first: cut off in between, the parent is still there to be deleted again.
  for (const id of runIds.reverse()) {
    const folder = runFolder(workspaceFolder, experimentKey, id);
    await move(folder, join(trashFolder(workspaceFolder), experimentKey, id), 'delete the run');
    await announceRun(workspaceFolder, id);
  }
}

/** How many runs deleting a run would take with it. */
export async function childCount(workspaceFolder: string, runId: string): Promise<number> {
  const experimentKey = await findExperimentOfRun(workspaceFolder, runId);
  return experimentKey === undefined
    ? 0
    : (await descendantsOf(runId, (id) => runFolder(workspaceFolder, experimentKey, id))).length;
}

/** The child runs of a run that are there, and theirs, each after its parent. */
async function descendantsOf(runId: string, folderOf: (runId: string) => string): Promise<string[]> {
  const found: string[] = [];
  for (const id of (await entriesOf(childrenFolder(folderOf(runId)))).filter(isRunId)) {
    if (await pathExists(folderOf(id))) {
      found.push(id, ...(await descendantsOf(id, folderOf)));
    }
  }
  return found;
}

/**
 * Moves a run back from the trash, and the child runs that were deleted with it.
 *
 * @throws RunledgerError `not-found`, `already-exists`, `not-writable`
 */
export async function restoreRun(workspaceFolder: string, runId: string): Promise<void> {
  assertRunId(runId);
  const trash = trashFolder(workspaceFolder);
  for (const experimentKey of await entriesOf(trash)) {
    const folder = join(trash, experimentKey, runId);
    if (await pathExists(folder)) {
      const target = runFolder(workspaceFolder, experimentKey, runId);
      if (await pathExists(target)) {
        throw new RunledgerError('already-exists', `A run with the id ${runId} is there already.`);
      }
      const descendants = await descendantsOf(runId, (id) => join(trash, experimentKey, id));
      for (const id of [runId, ...descendants]) {
        const restored = runFolder(workspaceFolder, experimentKey, id);
        if (!(await pathExists(restored))) {
          await move(join(trash, experimentKey, id), restored, 'restore the run');
          await announceRun(workspaceFolder, id);
        }
      }
      return;
    }
  }
  throw new RunledgerError('not-found', `There is no run ${runId} in the trash.`);
}

/** A run that cannot be read does not go on as far as anyone can tell, and may be deleted. */
async function isGoingOn(folder: string, experimentKey: string): Promise<boolean> {
  try {
    const reader = await RunReader.open({ folder, experimentKey, withMetrics: false });
    await reader.refresh();
    const { status } = await reader.summary();
    return reader.hasProcesses && !isTerminal(status);
  } catch {
    return false;
  }
}

async function move(from: string, to: string, action: string): Promise<void> {
  try {
    await mkdir(dirname(to), { recursive: true });
    await rename(from, to);
  } catch (error) {
    throw fileError(error, action, from);
  }
}
