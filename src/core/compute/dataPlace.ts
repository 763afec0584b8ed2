/** A place of data: a file, or a folder with files. */
import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isNotFound } from '../base/errors.ts';
import { temporaryName } from '../store/artifacts.ts';

/** Size and milliseconds of the last change: what tells one state of a file from another. */
export type Stamp = readonly [size: number, mtime: number];

/** Of each file of a place, by its path below it, with `/`; empty for the place itself, where it is a file. None where nothing is there. */
export async function stampsOfPlace(place: string): Promise<ReadonlyMap<string, Stamp>> {
  const stamps = new Map<string, Stamp>();
  const found = await orNothing(stat(place));
  if (found === undefined) {
    return stamps;
  }
  const paths = found.isFile() ? [''] : await filesBelow(place);
  for (const path of paths) {
    const file = path === '' ? found : await orNothing(stat(join(place, path)));
    // A link may lead to something else.
    if (file?.isFile() === true) {
      stamps.set(path, [file.size, Math.floor(file.mtimeMs)]);
    }
  }
  return stamps;
}

/** The folders of a place, with itself; none where it is no folder. */
export async function foldersOfPlace(place: string): Promise<readonly string[]> {
  const found = await orNothing(stat(place));
  if (found?.isDirectory() !== true) {
    return [];
  }
  const entries = await entriesBelow(place);
  return [
    place,
    ...entries.filter((entry) => entry.isDirectory()).map(({ parentPath, name }) => join(parentPath, name)),
  ];
}

async function filesBelow(place: string): Promise<readonly string[]> {
  return (await entriesBelow(place))
    .filter((entry) => !(entry.isDirectory() || temporaryName.test(entry.name)))
    .map(({ parentPath, name }) =>
      join(parentPath, name)
        .slice(place.length + 1)
        .replaceAll('\\', '/'),
    );
}

async function entriesBelow(folder: string): Promise<readonly Dirent[]> {
  return (await orNothing(readdir(folder, { recursive: true, withFileTypes: true }))) ?? [];
}

async function orNothing<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found;
  } catch (error) {
    // Deleted while it was looked at, or never there.
    if (isNotFound(error)) {
      return undefined;
    }
    throw error;
  }
}
