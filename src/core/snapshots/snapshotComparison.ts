/** Which files differ between the code of two runs, or between that of a run and the folder that it came from. */
import { createReadStream } from 'node:fs';
import { crc32 } from 'node:zlib';
import { isNotFound, RunledgerError } from '../base/errors.ts';
import { pathExists } from '../base/pathExists.ts';
import type { SnapshotFiles, SnapshotReference } from './snapshotFiles.ts';
import { listSourceFiles, unreadableSource } from './sourceFiles.ts';

/** A file that is not the same on both sides. */
export interface FileDifference {
  /** Relative, with `/`. */
  readonly path: string;
  /** From the left to the right. */
  readonly kind: 'added' | 'removed' | 'changed';
}

/** What tells a file's content from another: its size and its checksum, which zips record, so that none is unpacked for it. */
interface ContentMark {
  readonly bytes: number;
  readonly crc32: () => Promise<number | undefined>;
}

type Side = ReadonlyMap<string, ContentMark>;

/**
 * What is different in the right snapshot, by path.
 *
 * @throws RunledgerError `not-found`, `unreadable`
 */
export async function compareSnapshots(
  files: SnapshotFiles,
  left: SnapshotReference,
  right: SnapshotReference,
): Promise<readonly FileDifference[]> {
  // The hash is of all names, modes and contents.
  if (left.hash === right.hash) {
    return [];
  }
  return await compare(await snapshotSide(files, left), await snapshotSide(files, right));
}

/**
 * What a folder holds otherwise than a snapshot, by path: added are files that a snapshot of the folder would hold now.
 *
 * @param sourceDirectory absolute
 * @throws RunledgerError `not-found`, `unreadable`
 */
export async function compareWithFolder(
  files: SnapshotFiles,
  snapshot: SnapshotReference,
  sourceDirectory: string,
): Promise<readonly FileDifference[]> {
  if (!(await pathExists(sourceDirectory))) {
    throw new RunledgerError(
      'not-found',
      `The folder that the code came from is not there any more: ${sourceDirectory}.`,
      {
        advice: 'Restore the snapshot to another folder to see its files.',
      },
    );
  }
  const listing = await listSourceFiles(sourceDirectory);
  const folder = new Map(
    listing.files.map(({ path, absolutePath, bytes }) => [path, { bytes, crc32: () => checksumOf(absolutePath) }]),
  );
  return await compare(await snapshotSide(files, snapshot), folder);
}

async function snapshotSide(files: SnapshotFiles, snapshot: SnapshotReference): Promise<Side> {
  const entries = await files.list(snapshot);
  return new Map(entries.map((entry) => [entry.path, { bytes: entry.bytes, crc32: async () => entry.crc32 }]));
}

async function compare(left: Side, right: Side): Promise<readonly FileDifference[]> {
  const differences: FileDifference[] = [];
  for (const path of [...new Set([...left.keys(), ...right.keys()])].sort()) {
    const before = left.get(path);
    const after = right.get(path);
    if (before === undefined) {
      differences.push({ path, kind: 'added' });
    } else if (after === undefined) {
      differences.push({ path, kind: 'removed' });
    } else if (!(await isSame(before, after))) {
      differences.push({ path, kind: 'changed' });
    }
  }
  return differences;
}

async function isSame(a: ContentMark, b: ContentMark): Promise<boolean> {
  return a.bytes === b.bytes && (await a.crc32()) === (await b.crc32());
}

/** Undefined, which is no file's checksum, where the file has gone meanwhile. */
async function checksumOf(path: string): Promise<number | undefined> {
  let sum = 0;
  try {
    for await (const part of createReadStream(path)) {
      sum = crc32(part as Buffer, sum);
    }
  } catch (error) {
    if (isNotFound(error)) {
      return undefined;
    }
    throw unreadableSource(error, path);
  }
  return sum;
}
