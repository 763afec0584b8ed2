/** Which runs of a zip are imported, and under which ids. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { RunledgerError } from '../base/errors.ts';
import { randomHex } from '../store/atomicFile.ts';
import { numberField, readStoreFile } from '../store/jsonFile.ts';
import { entriesOf, experimentsFolder, runFolder, runsFolder } from '../store/storeLayout.ts';
import type { SkippedRun } from './importResult.ts';
import type { ZippedRun } from './zipContents.ts';

/** What becomes of a run whose id is taken: it is left out, gets an id of its own, or nothing is imported at all. */
export const conflictChoices = ['skip', 'copy', 'fail'] as const;
export type OnConflict = (typeof conflictChoices)[number];

export interface PlannedRun extends ZippedRun {
  /** Its id in the workspace. */
  readonly newId: string;
}

export interface ImportPlan {
  readonly runs: readonly PlannedRun[];
  readonly skipped: readonly SkippedRun[];
  /** The id in the workspace by that in the zip, where they differ. */
  readonly newIds: ReadonlyMap<string, string>;
}

/**
 * Decides for each run.
 *
 * @param workspaceFolder undefined for a workspace that is still to be made
 * @throws RunledgerError `already-exists` where an id is taken and the choice is `fail`
 */
export async function planImport(
  workspaceFolder: string | undefined,
  runs: readonly ZippedRun[],
  onConflict: OnConflict,
): Promise<ImportPlan> {
  const taken = workspaceFolder === undefined ? new Map<string, string>() : await takenIds(workspaceFolder);
  const planned: PlannedRun[] = [];
  const skipped: SkippedRun[] = [];
  const newIds = new Map<string, string>();
  for (const run of runs) {
    const key = taken.get(run.id);
    if (key === undefined || workspaceFolder === undefined) {
      planned.push({ ...run, newId: run.id });
    } else if (onConflict === 'copy') {
      const newId = copyId(run);
      newIds.set(run.id, newId);
      planned.push({ ...run, newId });
    } else {
      const isSame = (await createdTimeOf(workspaceFolder, key, run.id)) === run.createdTime;
      skipped.push({
        id: run.id,
        reason: isSame ? 'It is in the workspace already.' : 'Another run in the workspace has its id.',
      });
    }
  }
  const [first] = skipped;
  if (onConflict === 'fail' && first !== undefined) {
    const more = skipped.length > 1 ? `, and ${skipped.length - 1} others are` : '';
    throw new RunledgerError('already-exists', `The run ${first.id} is in the workspace already${more}.`, {
      advice: 'Nothing was imported. Such runs can be left out, or be imported as copies.',
    });
  }
  return { runs: planned, skipped, newIds };
}

/** The experiment's key by the run's id. */
async function takenIds(workspaceFolder: string): Promise<Map<string, string>> {
  const taken = new Map<string, string>();
  for (const key of await entriesOf(experimentsFolder(workspaceFolder))) {
    for (const id of await entriesOf(runsFolder(workspaceFolder, key))) {
      taken.set(id, key);
    }
  }
  return taken;
}

async function createdTimeOf(workspaceFolder: string, key: string, runId: string): Promise<number | undefined> {
  try {
    const record = await readStoreFile(join(runFolder(workspaceFolder, key, runId), 'run.json'), 'the run');
    return numberField(record, 'createdTime');
  } catch {
    return undefined;
  }
}

/** An id of the kind that the run had. */
function copyId(run: ZippedRun): string {
  return run.record.type === 'azureml.scriptrun'
    ? `${run.experiment}_${Math.floor(run.createdTime)}_${randomHex(4)}`
    : randomUUID();
}
