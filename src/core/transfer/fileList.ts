import type { Dirent, Stats } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isNotFound } from '../base/errors.ts';

export interface ListedFile {
  /** Relative to the folder, with `/`. */
  readonly path: string;
  /** Absolute. */
  readonly source: string;
  readonly bytes: number;
  /** Unix seconds, with a fraction. */
  readonly modifiedTime: number;
}

export interface FileList {
  /** In the order of their names. */
  readonly files: readonly ListedFile[];
  /** Links, devices and the like, which could lead anywhere: by path. */
  readonly others: readonly string[];
}

/** All files below a folder; none where it is missing. Links are not followed. */
export async function listFilesBelow(folder: string): Promise<FileList> {
  const files: ListedFile[] = [];
  const others: string[] = [];
  const walk = async (inside: string, prefix: string): Promise<void> => {
    for (const entry of await entriesBelow(inside)) {
      const path = prefix + entry.name;
      const source = join(inside, entry.name);
      if (entry.isDirectory()) {
        await walk(source, `${path}/`);
      } else if (entry.isFile()) {
        const status = await statusOf(source);
        if (status !== undefined) {
          files.push({ path, source, bytes: status.size, modifiedTime: status.mtimeMs / 1000 });
        }
      } else {
        others.push(path);
      }
    }
  };
  await walk(folder, '');
  return { files, others };
}

/** One file; undefined where it is missing. */
export async function listedFile(path: string, source: string): Promise<ListedFile | undefined> {
  const status = await statusOf(source);
  return status?.isFile() === true
    ? { path, source, bytes: status.size, modifiedTime: status.mtimeMs / 1000 }
    : undefined;
}

async function entriesBelow(folder: string): Promise<Dirent[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    if (isNotFound(error)) {
      return [];
    }
    throw error;
  }
}

/** Undefined where it has gone since the folder was read. */
async function statusOf(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path);
  } catch (error) {
    if (isNotFound(error)) {
      return undefined;
    }
    throw error;
  }
}
