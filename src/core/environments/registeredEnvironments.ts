/** Environments that are registered in a workspace, and as folders that people edit. */
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { fileError, isNotFound, RunledgerError } from '../base/errors.ts';
import { pathExists } from '../base/pathExists.ts';
import { writeFileAtomically } from '../store/atomicFile.ts';
import { isJsonObject, type JsonObject, stringField } from '../store/jsonFile.ts';
import { normalizeName } from '../store/names.ts';
import { readPlainJson } from '../store/plainJson.ts';
import { environmentsFolder } from '../store/storeLayout.ts';
import { type VersionedDefinition, VersionedDefinitions } from '../store/versionedDefinitions.ts';
import { completeDefinition, startingConda } from './environmentDefinition.ts';

const definitionFile = 'azureml_environment.json';
const condaFile = 'conda_dependencies.yml';

export function environmentStore(workspaceFolder: string): VersionedDefinitions {
  return new VersionedDefinitions(environmentsFolder(workspaceFolder), 'environment');
}

/**
 * Registers the environment that a folder describes: `azureml_environment.json`, and `conda_dependencies.yml` where there is one. As a
 * new version, unless nothing changed.
 *
 * @throws RunledgerError `not-found`, `unreadable`, `invalid-argument`, `invalid-name`, `not-writable`, `disk-full`
 */
export async function registerEnvironment(workspaceFolder: string, folder: string): Promise<VersionedDefinition> {
  const file = join(folder, definitionFile);
  const definition = await readPlainJson(file, 'the environment');
  const name = stringField(definition, 'name');
  if (name === undefined || name === '') {
    throw new RunledgerError('invalid-argument', `${file} has no "name".`, {
      advice: 'Give the environment a name, as "name": "training".',
    });
  }
  const conda = await readConda(join(folder, condaFile));
  return environmentStore(workspaceFolder).add(name, completeDefinition(definition, conda));
}

/** Undefined where there is no file. */
async function readConda(file: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (isNotFound(error)) {
      return undefined;
    }
    throw fileError(error, 'read the environment', file);
  }
  try {
    return parse(text.replace(/^\uFEFF/, ''), { prettyErrors: false }) ?? undefined;
  } catch (error) {
    const detail = error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error);
    throw new RunledgerError('invalid-argument', `${file} is not YAML: ${detail}.`, { cause: error });
  }
}

/**
 * Writes a definition to a folder, as people edit it and `registerEnvironment` reads it.
 *
 * @returns the files that were written, absolute
 * @throws RunledgerError `already-exists`, `not-writable`, `disk-full`
 */
export async function writeEnvironmentFolder(
  folder: string,
  definition: JsonObject,
  options: { readonly isReplacing?: boolean } = {},
): Promise<readonly string[]> {
  const { format: _format, createdTime: _createdTime, ...rest } = definition;
  const { condaDependencies, ...python } = isJsonObject(rest.python) ? rest.python : {};
  const files: (readonly [path: string, text: string])[] = [
    [join(folder, definitionFile), `${JSON.stringify({ ...rest, python }, null, 4)}\n`],
  ];
  if (condaDependencies !== undefined) {
    files.push([join(folder, condaFile), stringify(condaDependencies)]);
  }
  try {
    for (const [path] of files) {
      if (options.isReplacing !== true && (await pathExists(path))) {
        throw new RunledgerError('already-exists', `${path} is there already.`, { advice: 'Choose another folder.' });
      }
    }
    await mkdir(folder, { recursive: true });
    for (const [path, text] of files) {
      await writeFileAtomically(path, text);
    }
  } catch (error) {
    throw fileError(error, 'write the environment', folder);
  }
  return files.map(([path]) => path);
}

/** Writes a definition to start from. Throws as {@link writeEnvironmentFolder}, and `invalid-name`. */
export function scaffoldEnvironment(folder: string, name: string): Promise<readonly string[]> {
  const definition = {
    name: normalizeName('environment', name),
    version: null,
    ...completeDefinition({}, startingConda),
  };
  return writeEnvironmentFolder(folder, definition);
}
