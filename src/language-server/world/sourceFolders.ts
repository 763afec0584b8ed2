/** Where the paths of a file begin. */
import { basename, dirname, isAbsolute, resolve } from 'node:path';
import type { World } from './world.ts';

const homes: ReadonlySet<string> = new Set(['.azureml', 'aml_config', '.runledger', 'compute']);

/**
 * Folders that may be the source folder of what a file configures, the likeliest first: nobody says which before the submission.
 * Beside `.azureml/`, else the file's own, else any above it in the open folder.
 */
export function sourceFoldersOf(path: string, world: World): readonly string[] {
  const root = world.rootOf(path);
  const folders: string[] = [];
  let folder = dirname(path);
  while (homes.has(basename(folder)) && dirname(folder) !== folder) {
    folder = dirname(folder);
  }
  for (let current = folder; ; current = dirname(current)) {
    folders.push(current);
    if (current === root || root === undefined || dirname(current) === current) {
      break;
    }
  }
  const own = dirname(path);
  return folders.includes(own) ? folders : [...folders, own];
}

export interface NamedPath {
  /** Where it is; where it is nowhere, where it would be looked for first. */
  readonly path: string;
  readonly exists: boolean;
}

/** A file or folder that a text names, relative to one of the folders. */
export async function findNamed(
  name: string,
  folders: readonly string[],
  world: World,
  kind: 'file' | 'folder',
): Promise<NamedPath> {
  const plain = name.replaceAll('\\', '/');
  const candidates = isAbsolute(plain) ? [plain] : folders.map((folder) => resolve(folder, plain));
  for (const path of candidates) {
    if (kind === 'file' ? await world.isFile(path) : await world.isFolder(path)) {
      return { path, exists: true };
    }
  }
  return { path: candidates[0] ?? plain, exists: false };
}
