/** Checking what belongs to the workspace as a whole: its record, its folders, active/, snapshots, definitions, the trash. */
import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { access, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isJsonObject, numberField, stringField } from '../store/jsonFile.ts';
import { isRunId } from '../store/names.ts';
import {
  activeFolder,
  activeMarker,
  computeFolder,
  environmentsFolder,
  experimentsFolder,
  findExperimentOfRun,
  journalFolder,
  modelsFolder,
  runFolder,
  snapshotFile,
  snapshotsFolder,
  storeFolder,
  supportedFormat,
  trashFolder,
  workspaceFile,
} from '../store/storeLayout.ts';
import { registeredIdentity } from '../store/workspaces.ts';
import type { CheckSession } from './checkSession.ts';
import { makeFolder } from './folders.ts';
import { reportLeftovers } from './leftovers.ts';
import { readableFields, replaceRecord } from './recordRepair.ts';
import { hasRunEnded } from './runCheck.ts';
import type { StoreWorld } from './storeWorld.ts';

/** Checks the workspace's record, and that its folders are there and can be written to. */
export async function checkWorkspace(session: CheckSession): Promise<void> {
  const { workspaceFolder } = session;
  const parts = [activeFolder, experimentsFolder, snapshotsFolder, trashFolder].map((part) => part(workspaceFolder));
  for (const path of parts) {
    if ((await session.orReported(path, () => stat(path))) === undefined) {
      await session.report({ kind: 'folder-missing', path, message: 'It is missing.', fix: () => makeFolder(path) });
    }
  }
  await checkRecord(session);
  await checkWritable(session, [storeFolder(workspaceFolder), ...parts]);
  for (const path of [
    storeFolder(workspaceFolder),
    experimentsFolder(workspaceFolder),
    snapshotsFolder(workspaceFolder),
  ]) {
    await reportLeftovers(session, path);
  }
  await reportLeftovers(session, workspaceFolder, (name) => /^\.runledger-staging-[0-9a-f]{8}$/.test(name));
}

async function checkRecord(session: CheckSession): Promise<void> {
  const { workspaceFolder } = session;
  const path = workspaceFile(workspaceFolder);
  const found = await session.record(path, 'the workspace');
  const isWhole =
    found.kind === 'reported' || (found.kind === 'record' && stringField(found.record, 'id') !== undefined);
  if (isWhole) {
    return;
  }
  const fields = await readableFields(path);
  const known = await registeredIdentity(workspaceFolder);
  const rebuilt = {
    location: 'local',
    tags: {},
    ...fields,
    format: supportedFormat,
    id: stringField(fields, 'id') ?? known?.id ?? randomUUID(),
    name: stringField(fields, 'name') ?? known?.name ?? basename(workspaceFolder),
    createdTime: numberField(fields, 'createdTime') ?? (await stat(storeFolder(workspaceFolder))).birthtimeMs / 1000,
  };
  const message = found.kind === 'record' ? 'It is incomplete.' : found.why;
  await session.report({ kind: 'workspace-record', path, message, fix: () => replaceRecord(session, path, rebuilt) });
}

/** Where the store itself cannot be written to, its folders need not be named one by one. */
async function checkWritable(session: CheckSession, folders: readonly string[]): Promise<void> {
  for (const path of folders) {
    const isWritable = await session.orReported(path, async () => {
      await access(path, constants.W_OK | constants.X_OK);
      return true;
    }, ['EACCES', 'EPERM', 'EROFS']);
    if (isWritable === undefined && (await session.orReported(path, () => stat(path))) !== undefined) {
      await session.report({ kind: 'not-writable', path, message: 'This user cannot write to it.' });
      return;
    }
  }
}

/** Takes the marks away of runs that have ended or are gone. After the runs, some of which may have been ended. */
export async function checkActive(session: CheckSession, world: StoreWorld): Promise<void> {
  const { workspaceFolder } = session;
  for (const id of await session.entries(activeFolder(workspaceFolder))) {
    session.throwIfStopped();
    const path = join(activeFolder(workspaceFolder), id);
    if (!isRunId(id)) {
      const message = 'Its name is no id of a run.';
      await session.report({ kind: 'stray-entry', path, message, fix: () => session.moveAside(path) });
      continue;
    }
    if (!(await session.hasSettled(path))) {
      continue;
    }
    const state = async (): Promise<'gone' | 'ended' | 'open'> => {
      const key = world.experimentOfRun.get(id) ?? (await findExperimentOfRun(workspaceFolder, id));
      if (key === undefined) {
        return 'gone';
      }
      const folder = runFolder(workspaceFolder, key, id);
      const hasEnded = (await hasRunEnded(folder, key)) === true && (await haveJournalsSettled(session, folder));
      return hasEnded ? 'ended' : 'open';
    };
    const found = await session.orReported(path, state);
    if (found === undefined || found === 'open') {
      continue;
    }
    const kind = found === 'gone' ? 'active-run-gone' : 'active-run-ended';
    const message = found === 'gone' ? `There is no run ${id}.` : `The run ${id} has ended.`;
    const marker = activeMarker(workspaceFolder, id);
    const fix = async () => (await state()) === found && (await session.moveAside(marker));
    await session.report({ kind, path, message, fix });
  }
}

/** Counts the snapshots that nothing names. */
export async function checkSnapshots(session: CheckSession, world: StoreWorld): Promise<void> {
  await world.noteOtherSnapshots(session);
  if (world.unnamedSnapshots.size === 0) {
    return;
  }
  let bytes = 0;
  for (const hash of world.unnamedSnapshots) {
    const path = snapshotFile(session.workspaceFolder, hash);
    bytes += (await session.orReported(path, async () => (await stat(path)).size)) ?? 0;
  }
  const count = world.unnamedSnapshots.size;
  const message = `${count === 1 ? 'One' : count} of ${world.snapshots.size}, with ${bytes} bytes.`;
  await session.report({ kind: 'snapshots-unnamed', path: snapshotsFolder(session.workspaceFolder), message });
}

/** Counts what is in the trash. */
export async function checkTrash(session: CheckSession): Promise<void> {
  const trash = trashFolder(session.workspaceFolder);
  let runs = 0;
  for (const key of await session.entries(trash)) {
    runs += (await session.entries(join(trash, key))).length;
  }
  let models = 0;
  for (const key of await session.entries(join(trash, '.models'))) {
    models += (await session.entries(join(trash, '.models', key))).length;
  }
  const repairs = (await session.entries(join(trash, '.repaired'))).length;
  if (runs + models + repairs > 0) {
    const message = `Runs: ${runs}, versions of models: ${models}, repairs that took something out: ${repairs}.`;
    await session.report({ kind: 'trash', path: trash, message });
  }
}

/** Checks that what is registered by name can be read. */
export async function checkDefinitions(session: CheckSession): Promise<void> {
  const store = storeFolder(session.workspaceFolder);
  for (const folder of [environmentsFolder(session.workspaceFolder), join(store, 'datasets')]) {
    for (const key of await session.entries(folder)) {
      await checkJsonFiles(session, join(folder, key));
    }
  }
  for (const folder of [computeFolder(session.workspaceFolder), join(store, 'pipelines'), join(store, 'steps')]) {
    await checkJsonFiles(session, folder);
  }
}

async function checkJsonFiles(session: CheckSession, folder: string): Promise<void> {
  const names = (await session.orReported(folder, () => session.entries(folder), ['ENOTDIR'])) ?? [];
  for (const name of names.filter((entry) => entry.endsWith('.json'))) {
    const path = join(folder, name);
    const text = await session.orReported(path, () => readFile(path, 'utf8'));
    if (text !== undefined && !isJson(text) && (await session.hasSettled(path))) {
      await session.report({ kind: 'definition-damaged', path, message: 'It is not valid JSON.' });
    }
  }
  await reportLeftovers(session, folder);
}

function isJson(text: string): boolean {
  try {
    return isJsonObject(JSON.parse(text));
  } catch {
    return false;
  }
}

/** How many models there are versions of, by their folders. */
export function modelKeys(session: CheckSession): Promise<string[]> {
  return session.entries(modelsFolder(session.workspaceFolder));
}

/** Who records the end of a run takes its mark away a moment later. */
async function haveJournalsSettled(session: CheckSession, folder: string): Promise<boolean> {
  for (const name of await session.entries(journalFolder(folder))) {
    if (!(await session.hasSettled(join(journalFolder(folder), name)))) {
      return false;
    }
  }
  return true;
}
