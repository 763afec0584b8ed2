/** Deleting runs so that they can be restored. */
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileError, RunledgerError } from '../base/errors.ts';
import { pathExists } from '../base/pathExists.ts';
import { isTerminal } from '../domain/runStatus.ts';
import { assertRunId } from './names.ts';
import { RunReader } from './runReader.ts';
import { activeMarker, entriesOf, findExperimentOfRun, runFolder, trashFolder } from './storeLayout.ts';

/**
 * Moves a run to the trash.
 *
 * @throws RunledgerError `not-found`, `invalid-state` for a run that still goes on, `not-writable`
 */
export async function deleteRun(workspaceFolder: string, runId: string): Promise<void> {
  const experimentKey = await findExperimentOfRun(workspaceFolder, runId);
  if (experimentKey === undefined) {
    throw new RunledgerError('not-found', `There is no run ${runId} in ${workspaceFolder}.`);
  }
  const folder = runFolder(workspaceFolder, experimentKey, runId);
  if (await isGoingOn(folder, experimentKey)) {
    throw new RunledgerError('invalid-state', `The run ${runId} still goes on.`, {
      advice: 'Cancel it first, then delete it.',
    });
  }
  await move(folder, join(trashFolder(workspaceFolder), experimentKey, runId), 'delete the run');
  await announce(workspaceFolder, runId);
}

/**
 * Moves a run back from the trash.
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
      await move(folder, target, 'restore the run');
      await announce(workspaceFolder, runId);
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

/** Touches the run's marker for a moment: those who watch look at the run and see that it went or came. */
async function announce(workspaceFolder: string, runId: string): Promise<void> {
  const marker = activeMarker(workspaceFolder, runId);
  try {
    await writeFile(marker, '');
    await rm(marker, { force: true });
  } catch (error) {
    throw fileError(error, 'announce the change', marker);
  }
}
