/** Files and folders that appear whole or not at all (docs/store-format.md, "Creation"). */
import { randomBytes } from 'node:crypto';
import { copyFile, link, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errorCode, isNotFound } from '../base/errors.ts';
import { pathExists } from '../base/pathExists.ts';

export function randomHex(bytes: number): string {
  return randomBytes(bytes).toString('hex');
}

/** Replaces a file by writing beside it and renaming. */
export async function writeFileAtomically(path: string, data: string | Uint8Array, mode = 0o666): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomHex(4)}.tmp`);
  try {
    await writeFile(temporary, data, { flush: true, mode });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** File systems that have no second name for a file: what they say when one is asked for. */
const linklessCodes: ReadonlySet<string | undefined> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

/**
 * Creates a file, whole or not at all.
 *
 * @throws an error with the code `EEXIST` where there is one
 */
export async function createFileAtomically(path: string, data: string): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomHex(4)}.tmp`);
  try {
    await writeFile(temporary, data, { flush: true });
    await link(temporary, path);
  } catch (error) {
    if (!linklessCodes.has(errorCode(error))) {
      throw error;
    }
    await writeFile(path, data, { flag: 'wx', flush: true });
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Creates or replaces a file by a copy of another one, whole or not at all. */
export async function copyFileAtomically(source: string, target: string): Promise<void> {
  const temporary = join(dirname(target), `.${basename(target).slice(0, 60)}.${randomHex(4)}.tmp`);
  try {
    await copyFile(source, temporary);
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

export function toJsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/**
 * Makes a folder, and those above it where they are missing. Only then: on a read-only file system Node's recursive
 * `mkdir` says that the folder is missing, not that it cannot be written.
 */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    if (!isNotFound(error)) {
      throw error;
    }
    await mkdir(folder, { recursive: true });
  }
}

/** What renaming a folder onto one that is there fails with, by platform. */
const occupiedCodes: ReadonlySet<string | undefined> = new Set(['ENOTEMPTY', 'EEXIST', 'EPERM', 'EACCES', 'ENOTDIR']);

/**
 * Fills a staging folder and renames it to `target`.
 *
 * @param staging a sibling of `target` that does not exist
 * @returns false where somebody else's folder was there first; theirs is left as it is
 */
export async function publishFolder(
  staging: string,
  target: string,
  fill: (folder: string) => Promise<void>,
): Promise<boolean> {
  try {
    await makeFolder(staging);
    await fill(staging);
    await rename(staging, target);
    return true;
  } catch (error) {
    await rm(staging, { recursive: true, force: true });
    if (occupiedCodes.has(errorCode(error)) && (await pathExists(target))) {
      return false;
    }
    throw error;
  }
}
