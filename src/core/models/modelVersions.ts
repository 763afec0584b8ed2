/** Finding registered models (docs/store-format.md, "Models"). */
import { join } from 'node:path';
import { RunledgerError } from '../base/errors.ts';
import type { ModelEntry, ModelVersion } from '../domain/model.ts';
import { highestClaim } from '../store/claims.ts';
import { foldJournals } from '../store/journalFold.ts';
import { isJsonObject, numberField, readStoreFile, stringField } from '../store/jsonFile.ts';
import { nameKey } from '../store/names.ts';
import { RunFold } from '../store/runFold.ts';
import { entriesOf, modelNumbersFolder, modelsFolder, modelVersionsFolder } from '../store/storeLayout.ts';

/** A name that must be there, and where it is given, its value. */
export interface NamedCondition {
  readonly name: string;
  readonly value?: string | undefined;
}

/** Conditions on versions of models, of which all must hold. */
export interface ModelFilter {
  /** Whatever its case. */
  readonly name?: string | undefined;
  readonly tags?: readonly NamedCondition[];
  readonly properties?: readonly NamedCondition[];
  readonly runId?: string | undefined;
  readonly framework?: string | undefined;
  /** Only the newest of each model that matches. */
  readonly isLatestOnly?: boolean;
}

/** A version of a model; the newest where no version is given. */
export interface ModelReference {
  readonly name: string;
  readonly version?: number | undefined;
}

/**
 * The versions that match, by the model's name, each model's newest first. One that cannot be read is an entry where there are
 * no conditions beside the name.
 *
 * @throws RunledgerError `invalid-name`
 */
export async function listModels(workspaceFolder: string, filter: ModelFilter = {}): Promise<readonly ModelEntry[]> {
  const keys =
    filter.name === undefined
      ? (await entriesOf(modelsFolder(workspaceFolder))).sort()
      : [nameKey('model', filter.name)];
  const found: ModelEntry[] = [];
  for (const key of keys) {
    for await (const entry of versionsOf(workspaceFolder, key)) {
      if (matches(entry, filter)) {
        found.push(entry);
        if (filter.isLatestOnly === true) {
          break;
        }
      }
    }
  }
  return found;
}

/**
 * One version of a model.
 *
 * @throws RunledgerError `not-found`, `invalid-name`, `unreadable`, `newer-format`
 */
export async function findModel(workspaceFolder: string, { name, version }: ModelReference): Promise<ModelVersion> {
  const key = nameKey('model', name);
  if (version !== undefined) {
    const found = await readVersion(workspaceFolder, key, version);
    if (found === undefined) {
      throw await noSuchVersion(workspaceFolder, name, version);
    }
    return found;
  }
  for await (const entry of versionsOf(workspaceFolder, key)) {
    if (entry.kind === 'version') {
      return entry;
    }
  }
  throw await noSuchModel(workspaceFolder, name);
}

/** `<name>:<version>` in its parts. Throws `invalid-argument`. */
export function parseModelId(id: string): Required<ModelReference> & { readonly version: number } {
  const parts = /^(.+):(\d+)$/.exec(id);
  const version = Number(parts?.[2]);
  if (parts?.[1] === undefined || !Number.isSafeInteger(version)) {
    throw new RunledgerError('invalid-argument', `"${id}" is not the id of a model.`, {
      advice: 'Ids of models are a name and a version, as digits:3.',
    });
  }
  return { name: parts[1], version };
}

/** Newest first, and read one by one. Numbers that are claimed without a version are passed over. */
async function* versionsOf(workspaceFolder: string, key: string): AsyncGenerator<ModelEntry> {
  for (let number = await highestClaim(modelNumbersFolder(workspaceFolder, key)); number > 0; number--) {
    const entry = await readEntry(workspaceFolder, key, number);
    if (entry !== undefined) {
      yield entry;
    }
  }
}

async function readEntry(workspaceFolder: string, key: string, version: number): Promise<ModelEntry | undefined> {
  try {
    return await readVersion(workspaceFolder, key, version);
  } catch (error) {
    if (!(error instanceof RunledgerError)) {
      throw error;
    }
    const folder = versionFolder(workspaceFolder, key, version);
    return { kind: 'unreadable', modelKey: key, version, problem: error.message, folder };
  }
}

function versionFolder(workspaceFolder: string, key: string, version: number): string {
  return join(modelVersionsFolder(workspaceFolder, key), String(version));
}

async function readVersion(workspaceFolder: string, key: string, version: number): Promise<ModelVersion | undefined> {
  return await readVersionFolder(versionFolder(workspaceFolder, key, version), key, version);
}

/** The version that a folder holds, wherever that is; undefined where there is none. Throws `unreadable`, `newer-format`. */
export async function readVersionFolder(
  folder: string,
  key: string,
  version: number,
): Promise<ModelVersion | undefined> {
  const file = join(folder, 'model.json');
  try {
    const record = await readStoreFile(file, 'the model');
    const name = stringField(record, 'name');
    const createdTime = numberField(record, 'createdTime');
    if (name === undefined || createdTime === undefined) {
      throw new RunledgerError('unreadable', `model.json is incomplete, so the model cannot be read: ${file}.`);
    }
    const fold = new RunFold({
      displayName: undefined,
      description: stringField(record, 'description'),
      tags: textsOf(record.tags, true),
      properties: textsOf(record.properties, false),
    });
    await foldJournals(folder, fold);
    return {
      kind: 'version',
      id: `${name}:${version}`,
      name,
      modelKey: key,
      version,
      createdTime,
      user: stringField(record, 'user'),
      runId: stringField(record, 'runId'),
      experiment: stringField(record, 'experiment'),
      path: stringField(record, 'path'),
      description: fold.description,
      tags: fold.tags,
      properties: fold.properties,
      framework: stringField(record, 'framework'),
      frameworkVersion: stringField(record, 'frameworkVersion'),
      folder,
    };
  } catch (error) {
    if (RunledgerError.is(error, 'not-found')) {
      return undefined;
    }
    throw error;
  }
}

function textsOf(value: unknown, isNullable: true): Record<string, string | null>;
function textsOf(value: unknown, isNullable: false): Record<string, string>;
function textsOf(value: unknown, isNullable: boolean): Record<string, string | null> {
  return Object.fromEntries(
    Object.entries(isJsonObject(value) ? value : {}).filter(
      (entry): entry is [string, string | null] => typeof entry[1] === 'string' || (isNullable && entry[1] === null),
    ),
  );
}

function matches(entry: ModelEntry, filter: ModelFilter): boolean {
  const { tags = [], properties = [], runId, framework } = filter;
  if (entry.kind === 'unreadable') {
    const hasConditions = tags.length > 0 || properties.length > 0 || runId !== undefined || framework !== undefined;
    return !hasConditions && filter.isLatestOnly !== true;
  }
  return (
    (runId === undefined || entry.runId === runId) &&
    (framework === undefined || entry.framework === framework) &&
    tags.every((condition) => holds(entry.tags, condition)) &&
    properties.every((condition) => holds(entry.properties, condition))
  );
}

function holds(found: Readonly<Record<string, string | null>>, { name, value }: NamedCondition): boolean {
  return Object.hasOwn(found, name) && (value === undefined || found[name] === value);
}

async function noSuchModel(workspaceFolder: string, name: string): Promise<RunledgerError> {
  const known = new Set<string>();
  for (const entry of await listModels(workspaceFolder, { isLatestOnly: true })) {
    if (entry.kind === 'version') {
      known.add(entry.name);
    }
  }
  return new RunledgerError('not-found', `There is no model "${name}" in ${workspaceFolder}.`, {
    advice: known.size === 0 ? 'None is registered yet.' : `There are: ${[...known].join(', ')}.`,
  });
}

async function noSuchVersion(workspaceFolder: string, name: string, version: number): Promise<RunledgerError> {
  const versions = (await listModels(workspaceFolder, { name })).map((entry) => entry.version);
  if (versions.length === 0) {
    return noSuchModel(workspaceFolder, name);
  }
  return new RunledgerError('not-found', `The model "${name}" has no version ${version}.`, {
    advice: `There are: ${versions.slice(0, 20).join(', ')}${versions.length > 20 ? ', …' : ''}.`,
  });
}
