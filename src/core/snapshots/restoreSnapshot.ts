import { createReadStream } from 'node:fs';
import { lstat, mkdir, realpath, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { fileError, isNotFound, RunledgerError } from '../base/errors.ts';
import type { ZipEntry } from '../base/zipReader.ts';
import { randomHex } from '../store/atomicFile.ts';
import type { SnapshotFiles, SnapshotReference } from './snapshotFiles.ts';
import { isInside } from './sourceFiles.ts';

export interface RestoreOptions {
  readonly snapshot: SnapshotReference;
  /** Absolute; made where it is missing. */
  readonly targetFolder: string;
  /** Told the part of the files that is there, from 0 to 1. */
  readonly onProgress?: (fraction: number) => void;
  readonly signal?: AbortSignal;
}

/** What restoring a snapshot to a folder would do there. */
export interface RestorePlan {
  /** Files of the snapshot that the folder has not, or has otherwise. */
  readonly files: readonly ZipEntry[];
  /** Those of them that the folder has otherwise, by path: they are lost. */
  readonly overwritten: readonly string[];
}

/**
 * Looks what restoring would change, without changing anything. Files that are the same are left alone, whatever their time.
 *
 * @throws RunledgerError `not-found`, `unreadable`; `invalid-argument` where a link in the folder leads out of it, or a folder stands
 * where a file is to be
 */
export async function planRestore(files: SnapshotFiles, options: RestoreOptions): Promise<RestorePlan> {
  const { snapshot, targetFolder } = options;
  const missing: ZipEntry[] = [];
  const overwritten: string[] = [];
  for (const entry of await files.list(snapshot)) {
    await assertLeadsInside(targetFolder, entry.path);
    const state = await stateOf(join(targetFolder, entry.path), entry);
    if (state === 'folder') {
      throw new RunledgerError('invalid-argument', `${join(targetFolder, entry.path)} is a folder or a link there.`, {
        advice: 'The snapshot has a file of this name: choose another folder.',
      });
    }
    if (state !== 'same') {
      missing.push(entry);
    }
    if (state === 'other') {
      overwritten.push(entry.path);
    }
  }
  return { files: missing, overwritten: overwritten.sort() };
}

/**
 * Writes the files of a plan, each whole or not at all.
 *
 * @throws RunledgerError `unreadable`, `not-writable`, `disk-full`, `canceled`
 */
export async function restoreSnapshot(files: SnapshotFiles, plan: RestorePlan, options: RestoreOptions): Promise<void> {
  const { snapshot, targetFolder, signal, onProgress } = options;
  let done = 0;
  for (const entry of plan.files) {
    const target = join(targetFolder, entry.path);
    const staged = join(dirname(target), `.${randomHex(6)}.tmp`);
    try {
      if (signal?.aborted === true) {
        throw new RunledgerError('canceled', 'Restoring was stopped.');
      }
      await mkdir(dirname(target), { recursive: true });
      // Again: what is there may have changed since the plan.
      await assertLeadsInside(targetFolder, entry.path);
      await files.extract(snapshot, entry, staged, { ...(signal && { signal }) });
      await rename(staged, target);
    } catch (error) {
      await rm(staged, { force: true });
      throw fileError(error, `restore ${entry.path}`, target);
    }
    onProgress?.(++done / plan.files.length);
  }
}

/** A folder on the way may be a link: nothing is written outside the folder that the person chose. */
async function assertLeadsInside(targetFolder: string, path: string): Promise<void> {
  let folder = dirname(join(targetFolder, path));
  while (isInside(targetFolder, folder)) {
    const real = await realPathOf(folder);
    if (real !== undefined) {
      if (!isInside(await realpath(targetFolder), real)) {
        throw new RunledgerError('invalid-argument', `${folder} is a link to ${real}, outside the chosen folder.`, {
          advice: 'Choose another folder, or remove the link.',
        });
      }
      return;
    }
    if (folder === targetFolder) {
      return;
    }
    folder = dirname(folder);
  }
}

async function realPathOf(path: string): Promise<string | undefined> {
  try {
    return await realpath(path);
  } catch (error) {
    if (isNotFound(error)) {
      return undefined;
    }
    throw fileError(error, 'look at the folder', path);
  }
}

async function stateOf(path: string, entry: ZipEntry): Promise<'missing' | 'same' | 'other' | 'folder'> {
  try {
    const status = await lstat(path);
    if (!status.isFile()) {
      return 'folder';
    }
    if (status.size !== entry.bytes) {
      return 'other';
    }
    let sum = 0;
    for await (const part of createReadStream(path)) {
      sum = crc32(part as Buffer, sum);
    }
    return sum === entry.crc32 ? 'same' : 'other';
  } catch (error) {
    if (isNotFound(error)) {
      return 'missing';
    }
    throw fileError(error, 'look at the file', path);
  }
}
