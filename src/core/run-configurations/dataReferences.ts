/** Data of a run configuration (`dataReferences`): places in datastores, which a script finds in variables of its environment. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { experimentKey } from '../store/names.ts';
import { datastoreFolder } from '../store/storeLayout.ts';
import type { ConfigurationDocument } from './configurationDocument.ts';

/** The prefix of Azure ML's variables, which hold the local path. */
const variablePrefix = 'AZUREML_DATAREFERENCE_';
const defaultDatastore = 'workspaceblobstore';

export interface DataReference {
  /** Letters, digits and underscores. */
  readonly name: string;
  /** The name of the datastore, whatever its case. */
  readonly datastore: string;
  /** Parts of the path below the datastore; none for all of it. */
  readonly path: readonly string[];
  /** Whether the script is to write there. */
  readonly isOutput: boolean;
}

export function readDataReferences(document: ConfigurationDocument): readonly DataReference[] {
  return document.keys(['dataReferences']).map((name) => {
    const path = ['dataReferences', name] as const;
    if (!/^\w+$/.test(name)) {
      document.complain(path, `The name of a data reference is letters, digits and underscores, not "${name}".`);
    }
    const place = document.string([...path, 'pathOnDataStore']) ?? '';
    const parts = place.split(/[\\/]/).filter((part) => part !== '' && part !== '.');
    if (parts.includes('..')) {
      document.complain([...path, 'pathOnDataStore'], `"${place}" leads out of the datastore.`);
    }
    return {
      name,
      datastore: document.string([...path, 'dataStoreName'])?.trim() || defaultDatastore,
      path: parts,
      isOutput:
        document
          .string([...path, 'mode'])
          ?.trim()
          .toLowerCase() === 'upload',
    };
  });
}

/** The folder, or file, that a reference stands for on this machine. The script works on it itself, whatever the mode. */
function localPathOf({ datastore, path }: DataReference, workspaceFolder: string): string {
  return join(datastoreFolder(workspaceFolder, experimentKey(datastore)), ...path);
}

/** Those that the script is to write, as absolute paths. */
export function outputsOf(references: readonly DataReference[], workspaceFolder: string): readonly string[] {
  return references.filter(({ isOutput }) => isOutput).map((reference) => localPathOf(reference, workspaceFolder));
}

/** Makes the folders that scripts take to be there: the datastore's, and what they are to write to. */
export async function makeFoldersOf(references: readonly DataReference[], workspaceFolder: string): Promise<void> {
  for (const reference of references) {
    const folder = reference.isOutput ? reference : { ...reference, path: [] };
    await mkdir(localPathOf(folder, workspaceFolder), { recursive: true });
  }
}

/** Variables of the script's environment, by name. */
export function dataReferenceVariables(
  references: readonly DataReference[],
  workspaceFolder: string,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    references.map((reference) => [`${variablePrefix}${reference.name}`, localPathOf(reference, workspaceFolder)]),
  );
}

/** An argument in which `$AZUREML_DATAREFERENCE_<name>` stands for the path, as Azure ML's shell had it. */
export function withDataReferences(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$(?:\{(\w+)\}|(\w+))/g, (whole, braced?: string, bare?: string) => {
    const name = braced ?? bare ?? '';
    return Object.hasOwn(variables, name) ? (variables[name] ?? whole) : whole;
  });
}
