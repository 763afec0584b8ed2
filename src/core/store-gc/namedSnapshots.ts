import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isNotFound, RunledgerError } from '../base/errors.ts';
import { forEachHash } from '../store/snapshotReferences.ts';
import {
  entriesOf,
  experimentsFolder,
  journalFolder,
  repairedFolder,
  runsFolder,
  storeFolder,
  trashFolder,
} from '../store/storeLayout.ts';
import type { GarbageOptions } from './garbage.ts';

const runsAtOnce = 8;

/**
 * The hashes of all snapshots that anything names: runs, those in the trash, published pipelines, what repairs took out. Texts
 * that only look like a hash are among them.
 *
 * @param leaving paths in the trash that do not count
 * @throws what a file that cannot be read rejects with: it may name any snapshot; RunledgerError `canceled`
 */
export async function namedSnapshots(
  workspaceFolder: string,
  leaving: ReadonlySet<string>,
  options: Pick<GarbageOptions, 'onProgress' | 'signal'>,
): Promise<ReadonlySet<string>> {
  const named = new Set<string>();
  const note = (path: string) => forEachHash(path, (hash) => named.add(hash), options.signal);
  const noteRun = async (folder: string): Promise<void> => {
    if (leaving.has(folder)) {
      return;
    }
    for (const name of await namesIn(journalFolder(folder))) {
      await note(join(journalFolder(folder), name));
    }
    await note(join(folder, 'orchestration.json'));
    await note(join(folder, 'run.json'));
  };
  const folders: string[] = [];
  for (const key of await entriesOf(experimentsFolder(workspaceFolder))) {
    const runs = runsFolder(workspaceFolder, key);
    // Also what is being made, and names that no run can have.
    folders.push(...(await namesIn(runs)).map((name) => join(runs, name)));
  }
  for (const key of await entriesOf(trashFolder(workspaceFolder))) {
    const trashed = join(trashFolder(workspaceFolder), key);
    folders.push(...(await namesIn(trashed)).map((name) => join(trashed, name)));
  }
  for (let start = 0; start < folders.length; start += runsAtOnce) {
    if (options.signal?.aborted === true) {
      throw new RunledgerError('canceled', 'Looking for snapshots was canceled.');
    }
    await Promise.all(folders.slice(start, start + runsAtOnce).map(noteRun));
    const fraction = Math.min(start + runsAtOnce, folders.length) / folders.length;
    options.onProgress?.({ message: 'Looking for the snapshots that runs name', fraction });
  }
  const pipelines = join(storeFolder(workspaceFolder), 'pipelines');
  for (const name of await namesIn(pipelines)) {
    await note(join(pipelines, name));
  }
  for (const repair of await entriesOf(repairedFolder(workspaceFolder))) {
    const kept = join(repairedFolder(workspaceFolder), repair);
    if (!leaving.has(kept)) {
      for (const name of (await readdir(kept, { recursive: true })).filter((file) => /\.jsonl?$/.test(file))) {
        await note(join(kept, name));
      }
    }
  }
  return named;
}

/** With those that are no entries of the store: a name too many does no harm. */
async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isNotFound(error)) {
      return [];
    }
    throw error;
  }
}
