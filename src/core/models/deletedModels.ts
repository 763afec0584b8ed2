import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isNotFound, RunledgerError } from '../base/errors.ts';
import type { ModelEntry } from '../domain/model.ts';
import { entriesOf, modelTrashFolder } from '../store/storeLayout.ts';
import { readVersionFolder } from './modelVersions.ts';

/** The versions of models that are in the trash, by name and each model's newest first. One that cannot be read is an entry too. */
export async function deletedModels(workspaceFolder: string): Promise<readonly ModelEntry[]> {
  const found: ModelEntry[] = [];
  for (const key of await keysIn(dirname(modelTrashFolder(workspaceFolder, 'any')))) {
    const folder = modelTrashFolder(workspaceFolder, key);
    const versions = (await entriesOf(folder)).map(Number).filter((version) => Number.isSafeInteger(version));
    for (const version of versions.sort((a, b) => b - a)) {
      const entry = await entryOf(join(folder, String(version)), key, version);
      if (entry !== undefined) {
        found.push(entry);
      }
    }
  }
  return found;
}

async function entryOf(folder: string, modelKey: string, version: number): Promise<ModelEntry | undefined> {
  try {
    return await readVersionFolder(folder, modelKey, version);
  } catch (error) {
    if (!(error instanceof RunledgerError)) {
      throw error;
    }
    return { kind: 'unreadable', modelKey, version, problem: error.message, folder };
  }
}

async function keysIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if (isNotFound(error)) {
      return [];
    }
    throw error;
  }
}
