/** Where each thing of a store lies (docs/store-format.md). */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isNotFound } from '../base/errors.ts';
import { assertRunId } from './names.ts';

export const storeFolderName = '.runledger';
/** Names with this start are being written, and are no entries of the store. */
export const stagingPrefix = '.staging-';
export const supportedFormat = 1;

export function storeFolder(workspaceFolder: string): string {
  return join(workspaceFolder, storeFolderName);
}

export function workspaceFile(workspaceFolder: string): string {
  return join(storeFolder(workspaceFolder), 'workspace.json');
}

export function experimentsFolder(workspaceFolder: string): string {
  return join(storeFolder(workspaceFolder), 'experiments');
}

export function experimentFolder(workspaceFolder: string, key: string): string {
  return join(experimentsFolder(workspaceFolder), key);
}

export function numbersFolder(workspaceFolder: string, key: string): string {
  return join(experimentFolder(workspaceFolder, key), 'numbers');
}

export function runsFolder(workspaceFolder: string, key: string): string {
  return join(experimentFolder(workspaceFolder, key), 'runs');
}

/** Throws `invalid-name` for an id that could lead elsewhere. */
export function runFolder(workspaceFolder: string, key: string, runId: string): string {
  assertRunId(runId);
  return join(runsFolder(workspaceFolder, key), runId);
}

export function activeFolder(workspaceFolder: string): string {
  return join(storeFolder(workspaceFolder), 'active');
}

export function activeMarker(workspaceFolder: string, runId: string): string {
  assertRunId(runId);
  return join(activeFolder(workspaceFolder), runId);
}

export function snapshotFile(workspaceFolder: string, hash: string): string {
  return join(snapshotsFolder(workspaceFolder), `${hash}.zip`);
}

export function trashFolder(workspaceFolder: string): string {
  return join(storeFolder(workspaceFolder), 'trash');
}

export function modelsFolder(workspaceFolder: string): string {
  return join(storeFolder(workspaceFolder), 'models');
}

/** Holds the versions of a model, and the claims of their numbers. */
export function modelFolder(workspaceFolder: string, key: string): string {
  return join(modelsFolder(workspaceFolder), key);
}

export function modelVersionsFolder(workspaceFolder: string, key: string): string {
  return join(modelFolder(workspaceFolder, key), 'versions');
}

export function modelNumbersFolder(workspaceFolder: string, key: string): string {
  return join(modelFolder(workspaceFolder, key), 'numbers');
}

/** The trash's place for the versions of a model. */
export function modelTrashFolder(workspaceFolder: string, key: string): string {
  return join(trashFolder(workspaceFolder), '.models', key);
}

/** The trash's place for what repairs of the store took out, a folder for each repair. */
export function repairedFolder(workspaceFolder: string): string {
  return join(trashFolder(workspaceFolder), '.repaired');
}

export function snapshotsFolder(workspaceFolder: string): string {
  return join(storeFolder(workspaceFolder), 'snapshots');
}

/** The datastores whose files the store keeps itself. */
export function datastoresFolder(workspaceFolder: string): string {
  return join(storeFolder(workspaceFolder), 'data');
}

/** Files of a datastore; `key` as for experiments. */
export function datastoreFolder(workspaceFolder: string, key: string): string {
  return join(datastoresFolder(workspaceFolder), key);
}

export function dataSetsFolder(workspaceFolder: string): string {
  return join(storeFolder(workspaceFolder), 'datasets');
}

export function environmentsFolder(workspaceFolder: string): string {
  return join(storeFolder(workspaceFolder), 'environments');
}

/** Holds the compute targets that scripts made. */
export function computeFolder(workspaceFolder: string): string {
  return join(storeFolder(workspaceFolder), 'compute');
}

export function journalFolder(runFolderPath: string): string {
  return join(runFolderPath, 'journal');
}

export function artifactsFolder(runFolderPath: string): string {
  return join(runFolderPath, 'artifacts');
}

/** Holds an empty file for each child of a run, named by the child's id. */
export function childrenFolder(runFolderPath: string): string {
  return join(runFolderPath, 'children');
}

/** Holds a file for each process that carried out the run's orchestration, numbered from 1. */
export function orchestratorsFolder(runFolderPath: string): string {
  return join(runFolderPath, 'orchestrators');
}

/** What was not committed in the source folder when the run was submitted, as git tells it. */
export function uncommittedDiffFile(runFolderPath: string): string {
  return join(runFolderPath, 'uncommitted.diff');
}

/** What was installed where the script ran. */
export function installedFile(runFolderPath: string): string {
  return join(runFolderPath, 'installed.json');
}

/** The file whose presence asks the supervisor to end the run. */
export function cancelFile(runFolderPath: string): string {
  return join(runFolderPath, 'cancel');
}

/** The names in a folder that are entries of the store; none where the folder is missing. Not sorted. */
export async function entriesOf(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => !name.startsWith('.'));
  } catch (error) {
    if (isNotFound(error)) {
      return [];
    }
    throw error;
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (isNotFound(error)) {
      return false;
    }
    throw error;
  }
}

/** The key of the experiment that a script run's id names; undefined for ids of another form. */
function experimentKeyOfRunId(runId: string): string | undefined {
  return /^(.+)_\d+_[0-9a-f]{8}$/.exec(runId)?.[1]?.toLowerCase().normalize('NFC');
}

/** The key of the experiment that holds a run; undefined where no experiment does. Throws `invalid-name`. */
export async function findExperimentOfRun(workspaceFolder: string, runId: string): Promise<string | undefined> {
  const named = experimentKeyOfRunId(runId);
  if (named !== undefined && (await isFolder(runFolder(workspaceFolder, named, runId)))) {
    return named;
  }
  for (const key of await entriesOf(experimentsFolder(workspaceFolder))) {
    if (await isFolder(runFolder(workspaceFolder, key, runId))) {
      return key;
    }
  }
  return undefined;
}

/** The saved views of an experiment's page. */
export function viewsFolder(workspaceFolder: string, key: string): string {
  return join(storeFolder(workspaceFolder), 'views', key);
}

/** The folder of a run, whichever experiment it is in; undefined where there is none. Throws `invalid-name`. */
export async function findRunFolder(workspaceFolder: string, runId: string): Promise<string | undefined> {
  const key = await findExperimentOfRun(workspaceFolder, runId);
  return key === undefined ? undefined : runFolder(workspaceFolder, key, runId);
}
