/** Emptying the trash of a store, and removing snapshots that nothing names any more. */
import { mkdir, rename, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileError, isNotFound, RunledgerError } from '../base/errors.ts';
import { pathExists } from '../base/pathExists.ts';
import { randomHex } from '../store/atomicFile.ts';
import { entriesOf, repairedFolder, snapshotFile, snapshotsFolder, trashFolder } from '../store/storeLayout.ts';
import { openWorkspace } from '../store/workspaces.ts';
import { removeChildMarks } from './childMarks.ts';
import { removeTree, treeBytes } from './fileTree.ts';
import { namedSnapshots } from './namedSnapshots.ts';

export interface GarbageOptions {
  /** Only what was deleted at least so long ago; all of it where it is not given. */
  readonly olderThanSeconds?: number;
  /**
   * Snapshots that were made or used within these seconds stay: a submission may be about to name them, and whoever takes a
   * snapshot that is there already touches it. Default: a day.
   */
  readonly snapshotGraceSeconds?: number;
  readonly onProgress?: (progress: { readonly message: string; readonly fraction: number }) => void;
  readonly signal?: AbortSignal;
}

/** `remains`: what an earlier call had begun to remove. */
export type GarbageKind = 'run' | 'model' | 'repair' | 'remains' | 'snapshot';

export interface GarbageItem {
  readonly kind: GarbageKind;
  /** Of a run its id, of a version `<model key>:<n>`, of a snapshot its hash. */
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  readonly bytes: number;
}

export interface GarbagePlan {
  readonly workspaceFolder: string;
  readonly items: readonly GarbageItem[];
  readonly bytes: number;
  /** In the trash, and deleted too lately to be removed. */
  readonly youngerInTrash: number;
  /** Named by nothing, and made or used too lately to be removed. */
  readonly youngerSnapshots: number;
  /** Why no snapshot is removed; undefined where that can be told of each. */
  readonly whyNoSnapshots: string | undefined;
}

export interface GarbageResult {
  readonly removed: readonly GarbageItem[];
  readonly bytes: number;
  /** What stays though it was to be removed, and why, as sentences. */
  readonly failures: readonly string[];
}

const daySeconds = 24 * 3600;
/** In the trash: what is being removed. */
const remainsFolder = '.emptying';

/**
 * Finds out what can be removed, and removes nothing.
 *
 * @throws RunledgerError as `openWorkspace`; `canceled`
 */
export async function planGarbage(workspaceFolder: string, options: GarbageOptions = {}): Promise<GarbagePlan> {
  const { folder } = await openWorkspace(workspaceFolder);
  const items: GarbageItem[] = [];
  let youngerInTrash = 0;
  for (const candidate of await trashItems(folder)) {
    throwIfStopped(options.signal);
    options.onProgress?.({ message: 'Looking through the trash', fraction: 0 });
    const age = await ageSeconds(candidate.path);
    if (age === undefined) {
      continue;
    }
    if (candidate.kind !== 'remains' && age < (options.olderThanSeconds ?? 0)) {
      youngerInTrash++;
    } else {
      items.push({ ...candidate, bytes: await treeBytes(candidate.path) });
    }
  }
  const snapshots = await unnamedSnapshots(folder, new Set(items.map(({ path }) => path)), options);
  items.push(...snapshots.items);
  return {
    workspaceFolder: folder,
    items,
    bytes: items.reduce((sum, item) => sum + item.bytes, 0),
    youngerInTrash,
    youngerSnapshots: snapshots.younger,
    whyNoSnapshots: snapshots.problem,
  };
}

/** Everything in the trash, whatever its age. */
async function trashItems(workspaceFolder: string): Promise<Omit<GarbageItem, 'bytes'>[]> {
  const trash = trashFolder(workspaceFolder);
  const items: Omit<GarbageItem, 'bytes'>[] = [];
  for (const key of (await entriesOf(trash)).sort()) {
    for (const name of (await entriesOf(join(trash, key))).sort()) {
      items.push({ kind: 'run', name, path: join(trash, key, name) });
    }
  }
  for (const key of (await entriesOf(join(trash, '.models'))).sort()) {
    for (const version of (await entriesOf(join(trash, '.models', key))).sort()) {
      items.push({ kind: 'model', name: `${key}:${version}`, path: join(trash, '.models', key, version) });
    }
  }
  for (const name of (await entriesOf(repairedFolder(workspaceFolder))).sort()) {
    items.push({ kind: 'repair', name, path: join(repairedFolder(workspaceFolder), name) });
  }
  for (const name of await entriesOf(join(trash, remainsFolder))) {
    items.push({ kind: 'remains', name, path: join(trash, remainsFolder, name) });
  }
  return items;
}

/** When something came into the trash: moving it changes its own time, where the file system keeps one. */
async function ageSeconds(path: string): Promise<number | undefined> {
  try {
    const { mtimeMs, ctimeMs } = await stat(path);
    return (Date.now() - Math.max(mtimeMs, ctimeMs)) / 1000;
  } catch (error) {
    if (isNotFound(error)) {
      return undefined;
    }
    throw fileError(error, 'look through the trash', path);
  }
}

interface UnnamedSnapshots {
  readonly items: readonly GarbageItem[];
  readonly younger: number;
  readonly problem: string | undefined;
}

/** @param leaving what of the trash is to be removed: what it names does not count */
async function unnamedSnapshots(
  workspaceFolder: string,
  leaving: ReadonlySet<string>,
  options: GarbageOptions,
): Promise<UnnamedSnapshots> {
  const zips = (await entriesOf(snapshotsFolder(workspaceFolder))).sort();
  const hashes = zips.flatMap((name) => /^([0-9a-f]{64})\.zip$/.exec(name)?.[1] ?? []);
  if (hashes.length === 0) {
    return { items: [], younger: 0, problem: undefined };
  }
  let named: ReadonlySet<string>;
  try {
    named = await namedSnapshots(workspaceFolder, leaving, options);
  } catch (error) {
    if (RunledgerError.is(error, 'canceled')) {
      throw error;
    }
    // What cannot be read may name any of them.
    const problem = fileError(error, 'tell which snapshots are needed', workspaceFolder).message;
    return { items: [], younger: 0, problem };
  }
  const items: GarbageItem[] = [];
  let younger = 0;
  for (const hash of hashes.filter((candidate) => !named.has(candidate))) {
    const path = snapshotFile(workspaceFolder, hash);
    if (await isFresh(path, options)) {
      younger++;
    } else {
      items.push({ kind: 'snapshot', name: hash, path, bytes: await treeBytes(path) });
    }
  }
  return { items, younger, problem: undefined };
}

/** What is gone is not fresh. */
async function isFresh(path: string, { snapshotGraceSeconds = daySeconds }: GarbageOptions): Promise<boolean> {
  try {
    return Date.now() - (await stat(path)).mtimeMs < snapshotGraceSeconds * 1000;
  } catch (error) {
    if (isNotFound(error)) {
      return false;
    }
    throw fileError(error, 'look at the snapshot', path);
  }
}

/**
 * Removes what was planned, for good. What was restored meanwhile stays, with the snapshots that it names. Stopped in between,
 * what is removed is removed, and the rest is as it was.
 *
 * @throws RunledgerError `canceled`
 */
export async function removeGarbage(plan: GarbagePlan, options: GarbageOptions = {}): Promise<GarbageResult> {
  const { workspaceFolder } = plan;
  const removed: GarbageItem[] = [];
  const failures: string[] = [];
  const trashed = plan.items.filter(({ kind }) => kind !== 'snapshot');
  let snapshots = plan.items.filter(({ kind }) => kind === 'snapshot');
  const remove = async (item: GarbageItem, work: () => Promise<boolean>): Promise<void> => {
    throwIfStopped(options.signal);
    const fraction = plan.bytes === 0 ? 0 : bytesOf(removed) / plan.bytes;
    options.onProgress?.({ message: 'Removing what was deleted', fraction });
    try {
      if (await work()) {
        removed.push(item);
      }
    } catch (error) {
      failures.push(fileError(error, `remove ${item.name}`, item.path).fullMessage);
    }
  };
  for (const item of trashed) {
    await remove(item, () => removeTrashed(workspaceFolder, item));
  }
  if (removed.length < trashed.length && snapshots.length > 0) {
    // What stays, or was restored while the question was asked, may name some of them.
    const left = await unnamedSnapshots(workspaceFolder, new Set(), options);
    const isLeft = new Set(left.items.map(({ name }) => name));
    snapshots = snapshots.filter(({ name }) => isLeft.has(name));
    failures.push(...(left.problem === undefined ? [] : [left.problem]));
  }
  for (const item of snapshots) {
    await remove(item, () => removeSnapshot(item.path, options));
  }
  return { removed, bytes: bytesOf(removed), failures };
}

function bytesOf(items: readonly GarbageItem[]): number {
  return items.reduce((sum, item) => sum + item.bytes, 0);
}

/** Moved first, so that nobody restores half of it. False where it is not there any more. */
async function removeTrashed(workspaceFolder: string, item: GarbageItem): Promise<boolean> {
  if (item.kind === 'remains') {
    await removeRemains(workspaceFolder, item.path);
    return true;
  }
  const remains = join(trashFolder(workspaceFolder), remainsFolder, `${item.kind}-${randomHex(8)}`);
  const leaving = join(remains, basename(dirname(item.path)), basename(item.path));
  await mkdir(dirname(leaving), { recursive: true });
  try {
    await rename(item.path, leaving);
  } catch (error) {
    await removeTree(remains);
    if (isNotFound(error) && !(await pathExists(item.path))) {
      return false;
    }
    throw error;
  }
  await removeRemains(workspaceFolder, remains);
  return true;
}

/** Of a run its parent forgets first, so that whoever ends what was begun knows of whom to ask. */
async function removeRemains(workspaceFolder: string, remains: string): Promise<void> {
  if (basename(remains).startsWith('run-')) {
    for (const experimentKey of await entriesOf(remains)) {
      for (const runId of await entriesOf(join(remains, experimentKey))) {
        const folder = join(remains, experimentKey, runId);
        await removeChildMarks(workspaceFolder, { experimentKey, runId, folder });
      }
    }
  }
  await removeTree(remains);
}

/** Hidden first: who takes the same snapshot from then on stores it anew. One that was touched just before is given back. */
async function removeSnapshot(path: string, options: GarbageOptions): Promise<boolean> {
  if (await isFresh(path, options)) {
    return false;
  }
  const hidden = join(dirname(path), `.${basename(path)}.${randomHex(4)}.tmp`);
  try {
    await rename(path, hidden);
  } catch (error) {
    if (isNotFound(error)) {
      return false;
    }
    throw error;
  }
  if (await isFresh(hidden, options)) {
    await rename(hidden, path);
    return false;
  }
  await removeTree(hidden);
  return true;
}

function throwIfStopped(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) {
    throw new RunledgerError('canceled', 'It was canceled. What is removed by now stays removed.');
  }
}
