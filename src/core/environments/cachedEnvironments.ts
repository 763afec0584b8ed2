/** The environments in the user's cache: which there are, and removing those that nobody used for a while. */
import { execFile } from 'node:child_process';
import { lstat, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import * as v from 'valibot';
import { fileError } from '../base/errors.ts';
import { entriesOf } from '../store/storeLayout.ts';
import { environmentMarker } from './environmentBuild.ts';
import { withEnvironmentLock } from './environmentCache.ts';
import { environmentsFolder } from './environmentPlan.ts';

export interface CachedEnvironment {
  /** Follows from what is in it. */
  readonly key: string;
  /** Absolute. */
  readonly folder: string;
  /** False: it is being made, or whoever made it was killed. */
  readonly isWhole: boolean;
  /** The interpreter that it was made with; undefined where that is not known. */
  readonly base: { readonly path: string; readonly version: string } | undefined;
  /** As they were asked for: those of conda, and lines of a requirements file. */
  readonly packages: readonly string[];
  /** Unix seconds. */
  readonly lastUsedTime: number;
  readonly bytes: number;
}

export interface CleanOptions {
  /** Those that no run asked for since then, in Unix seconds. */
  readonly unusedSince: number;
}

export interface CleanedEnvironments {
  readonly removed: readonly CachedEnvironment[];
  /** Those that a process uses, or is about to, and those that are being made. */
  readonly busy: readonly CachedEnvironment[];
}

/** A run that asked for one a moment ago may be about to start with it. */
const startingS = 60;

const markerSchema = v.object({
  base: v.object({ path: v.string(), version: v.string() }),
  requirements: v.object({ packages: v.array(v.string()) }),
  conda: v.nullish(v.object({ dependencies: v.array(v.unknown()) })),
});

/** Those used last first. */
export async function listCachedEnvironments(): Promise<readonly CachedEnvironment[]> {
  const root = environmentsFolder();
  const names = (await entriesOf(root)).filter((name) => /^[0-9a-f]{16}$/.test(name));
  const found = await Promise.all(names.map((name) => readCached(name, join(root, name))));
  return found.filter((entry) => entry !== undefined).sort((a, b) => b.lastUsedTime - a.lastUsedTime);
}

/**
 * Removes environments, which the next run that needs one makes again.
 *
 * @throws RunledgerError `not-writable`
 */
export async function cleanCachedEnvironments({ unusedSince }: CleanOptions): Promise<CleanedEnvironments> {
  const found = await listCachedEnvironments();
  return removeCachedEnvironments(found.filter(({ lastUsedTime }) => lastUsedTime <= unusedSince));
}

/**
 * The same with those that are given.
 *
 * @throws RunledgerError `not-writable`
 */
export async function removeCachedEnvironments(entries: readonly CachedEnvironment[]): Promise<CleanedEnvironments> {
  const removed: CachedEnvironment[] = [];
  const busy: CachedEnvironment[] = [];
  const commands = await runningCommands();
  for (const entry of entries) {
    const isStarting = entry.isWhole && entry.lastUsedTime > Date.now() / 1000 - startingS;
    const isUsed = isStarting || commands.some((command) => command.startsWith(`${entry.folder}${sep}`));
    const isRemoved = !isUsed && (await withEnvironmentLock(entry.folder, () => remove(entry.folder)));
    (isRemoved ? removed : busy).push(entry);
  }
  return { removed, busy };
}

async function remove(folder: string): Promise<void> {
  try {
    // First what says that it is whole: so what a killed process leaves is never taken for one.
    await rm(environmentMarker(folder), { force: true });
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  } catch (error) {
    throw fileError(error, 'remove the environment', folder);
  }
}

async function readCached(key: string, folder: string): Promise<CachedEnvironment | undefined> {
  const status = await stat(folder).catch(() => undefined);
  if (status?.isDirectory() !== true) {
    return undefined;
  }
  const marker = environmentMarker(folder);
  const [text, used, bytes] = await Promise.all([
    readFile(marker, 'utf8').catch(() => undefined),
    stat(marker).catch(() => status),
    bytesIn(folder),
  ]);
  const content = text === undefined ? undefined : v.safeParse(markerSchema, parsed(text));
  const known = content?.success === true ? content.output : undefined;
  return {
    key,
    folder,
    isWhole: text !== undefined,
    base: known?.base,
    packages: [
      ...(known?.conda?.dependencies ?? []).filter((line) => typeof line === 'string'),
      ...(known?.requirements.packages ?? []),
    ],
    lastUsedTime: used.mtimeMs / 1000,
    bytes,
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function bytesIn(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  let bytes = 0;
  for (const entry of entries) {
    if (entry.isFile()) {
      bytes += (await lstat(join(entry.parentPath, entry.name)).catch(() => undefined))?.size ?? 0;
    }
  }
  return bytes;
}

/** Command lines of all processes that can be seen; none on Windows, where files that are used cannot be removed anyway. */
function runningCommands(): Promise<readonly string[]> {
  return new Promise((resolve) => {
    execFile('ps', ['-axo', 'args='], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 }, (error, stdout) => {
      resolve(error === null ? stdout.split('\n') : []);
    });
  });
}
