/** Data sets that are registered in a workspace, by scripts (docs/store-format.md). */
import { join } from 'node:path';
import { RunledgerError } from '../base/errors.ts';
import { isJsonObject, type JsonObject, stringField } from '../store/jsonFile.ts';
import { experimentKey } from '../store/names.ts';
import { dataSetsFolder, datastoreFolder } from '../store/storeLayout.ts';
import { VersionedDefinitions } from '../store/versionedDefinitions.ts';

export interface RegisteredDataSet {
  readonly name: string;
  readonly versions: readonly DataSetVersion[];
}

export interface DataSetVersion {
  readonly version: number;
  /** The file or folder that it is, absolute; undefined for a table, and for what is put together of several. */
  readonly path: string | undefined;
}

/** By name, versions ascending. What cannot be read is left out. */
export async function registeredDataSets(workspaceFolder: string): Promise<readonly RegisteredDataSet[]> {
  const store = new VersionedDefinitions(dataSetsFolder(workspaceFolder), 'data set');
  const newest = await store.list();
  return await Promise.all(
    newest.map(async ({ name }) => {
      const numbers = await store.versions(name);
      const versions = await Promise.all(
        numbers.map(async (version) => ({ version, path: await pathOf(store, name, version, workspaceFolder) })),
      );
      return { name, versions };
    }),
  );
}

async function pathOf(
  store: VersionedDefinitions,
  name: string,
  version: number,
  workspaceFolder: string,
): Promise<string | undefined> {
  try {
    return onlyPath((await store.find(name, version)).content, workspaceFolder);
  } catch (error) {
    if (RunledgerError.is(error)) {
      return undefined;
    }
    throw error;
  }
}

function onlyPath({ kind, content }: JsonObject, workspaceFolder: string): string | undefined {
  if (kind !== 'file' || !isJsonObject(content)) {
    return undefined;
  }
  const { sources, operations } = content;
  const [source, ...others] = Array.isArray(sources) ? sources : [];
  const isPlain = others.length === 0 && (!Array.isArray(operations) || operations.length === 0);
  const path = isJsonObject(source) && isPlain ? stringField(source, 'path') : undefined;
  if (path === undefined || !isJsonObject(source) || /[*?[]/.test(path)) {
    return undefined;
  }
  const datastore = stringField(source, 'datastore');
  return datastore === undefined
    ? path
    : join(datastoreFolder(workspaceFolder, experimentKey(datastore)), ...path.split(/[\\/]/));
}

/** A data set as jobs of Azure ML name it: `azureml:name:version`, `azureml:name@latest`. */
export interface DataSetReference {
  readonly name: string;
  /** Undefined for the newest. */
  readonly version: number | undefined;
}

/** Undefined for any other text. */
export function dataSetReference(text: string): DataSetReference | undefined {
  const [, name, version] = /^azureml:([^:@/]+)(?::(\d+)|@latest)?$/.exec(text) ?? [];
  return name === undefined ? undefined : { name, version: version === undefined ? undefined : Number(version) };
}

/** The version that is meant; undefined where none is registered. Names are compared whatever their case. */
export function findDataSet(
  dataSets: readonly RegisteredDataSet[],
  { name, version }: DataSetReference,
): DataSetVersion | undefined {
  const versions = dataSets.find((dataSet) => dataSet.name.toLowerCase() === name.toLowerCase())?.versions;
  return version === undefined ? versions?.at(-1) : versions?.find((candidate) => candidate.version === version);
}

/** Where the data are that a text names; undefined where it names no data set that is one file or folder of this machine. */
export function dataSetPath(dataSets: readonly RegisteredDataSet[], text: string): string | undefined {
  const reference = dataSetReference(text);
  return reference && findDataSet(dataSets, reference)?.path;
}
