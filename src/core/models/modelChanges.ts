/** What can change about a model that is registered. */
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode, fileError, isNotFound, RunledgerError } from '../base/errors.ts';
import type { ModelVersion } from '../domain/model.ts';
import type { JournalRecord } from '../store/journalRecords.ts';
import { JournalWriter } from '../store/journalWriter.ts';
import { journalFolder, modelTrashFolder, modelVersionsFolder } from '../store/storeLayout.ts';
import { findModel, type ModelReference } from './modelVersions.ts';

export interface ModelChange {
  readonly addTags?: Readonly<Record<string, string>>;
  readonly removeTags?: readonly string[];
  /** None of them may be there already. */
  readonly addProperties?: Readonly<Record<string, string>>;
  readonly description?: string | undefined;
}

/**
 * Changes a version of a model: all of the change, or where it is refused nothing.
 *
 * @param role what kind of process writes: `cli`, `editor`
 * @returns the version as it is now
 * @throws RunledgerError `not-found`; `invalid-argument` for a property that is there or a tag that is not; `not-writable`,
 * `disk-full`
 */
export async function updateModel(
  workspaceFolder: string,
  reference: ModelReference,
  change: ModelChange,
  role: string,
): Promise<ModelVersion> {
  const model = await findModel(workspaceFolder, reference);
  const records = recordsOf(model, change);
  if (records.length > 0) {
    await makeJournalFolder(model.folder);
    const journal = await JournalWriter.openUnwatched(model.folder, role);
    try {
      for (const record of records) {
        await journal.append(record);
      }
    } finally {
      await journal.close();
    }
  }
  return findModel(workspaceFolder, { name: model.name, version: model.version });
}

function recordsOf(model: ModelVersion, change: ModelChange): JournalRecord[] {
  const { addTags = {}, removeTags = [], addProperties = {}, description } = change;
  for (const name of Object.keys(addProperties)) {
    if (Object.hasOwn(model.properties, name)) {
      throw new RunledgerError('invalid-argument', `The model ${model.id} has the property "${name}" already.`, {
        advice: 'Properties are immutable: use a tag, or a property of another name.',
      });
    }
  }
  for (const name of removeTags) {
    if (!Object.hasOwn(model.tags, name)) {
      const known = Object.keys(model.tags);
      throw new RunledgerError('invalid-argument', `The model ${model.id} has no tag "${name}".`, {
        advice: known.length === 0 ? 'It has no tags.' : `It has: ${known.join(', ')}.`,
      });
    }
  }
  const records: JournalRecord[] = removeTags.map((n) => ({ k: 'untag', n }));
  for (const [n, v] of Object.entries(addTags)) {
    records.push({ k: 'tag', n, v });
  }
  if (Object.keys(addProperties).length > 0) {
    records.push({ k: 'properties', v: addProperties });
  }
  if (description !== undefined) {
    records.push({ k: 'attribute', n: 'description', v: description });
  }
  return records;
}

/** A version that was copied without its empty folders has none. Not recursive: one that was deleted must not come back. */
async function makeJournalFolder(versionFolder: string): Promise<void> {
  const folder = journalFolder(versionFolder);
  try {
    await mkdir(folder);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') {
      throw fileError(error, 'write to the journal', folder);
    }
  }
}

/** Moves a version of a model to the trash. Its number is not given again. Throws `not-found`, `not-writable`. */
export async function deleteModel(
  workspaceFolder: string,
  { modelKey, version }: Pick<ModelVersion, 'modelKey' | 'version'>,
): Promise<void> {
  const trash = modelTrashFolder(workspaceFolder, modelKey);
  await moveVersion(modelVersionsFolder(workspaceFolder, modelKey), trash, version, 'delete the model');
}

/** Moves a version of a model back from the trash. Throws `not-found`, `not-writable`. */
export async function restoreModel(
  workspaceFolder: string,
  { modelKey, version }: Pick<ModelVersion, 'modelKey' | 'version'>,
): Promise<void> {
  const trash = modelTrashFolder(workspaceFolder, modelKey);
  await moveVersion(trash, modelVersionsFolder(workspaceFolder, modelKey), version, 'restore the model');
}

async function moveVersion(from: string, to: string, version: number, action: string): Promise<void> {
  try {
    await mkdir(to, { recursive: true });
    await rename(join(from, String(version)), join(to, String(version)));
  } catch (error) {
    if (isNotFound(error)) {
      throw new RunledgerError('not-found', `Cannot ${action}: there is no version ${version} in ${from} any more.`, {
        cause: error,
      });
    }
    throw fileError(error, action, join(to, String(version)));
  }
}
