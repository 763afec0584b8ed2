/** `.env` files: variables that a script gets and that no record keeps the values of. */
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parse } from 'dotenv';
import { errorCode, fileError, isNotFound, RunledgerError } from '../base/errors.ts';
import { expandHome } from '../base/homePath.ts';
import type { RunConfiguration } from '../run-configurations/runConfiguration.ts';

export interface EnvironmentFile {
  /** Absolute. */
  readonly path: string;
  readonly variables: Readonly<Record<string, string>>;
}

const usualName = '.env';

/**
 * Reads the file that a run gets its variables from: the one that the run configuration names (`envFile`), else the one that is set where it
 * is submitted, else `.env` in the source folder, else that of the workspace.
 *
 * @param chosen absolute; need not be there
 * @returns undefined where there is none, or where the run configuration wants none (`envFile: ''`)
 * @throws RunledgerError `invalid-run-configuration` where the file that the run configuration names is not there
 */
export async function readEnvironmentFile(
  { name, envFile }: Pick<RunConfiguration, 'name' | 'envFile'>,
  place: { readonly sourceDirectory: string; readonly workspaceFolder: string; readonly chosen: string | undefined },
): Promise<EnvironmentFile | undefined> {
  const { sourceDirectory, workspaceFolder, chosen } = place;
  if (envFile === '') {
    return undefined;
  }
  if (envFile !== undefined) {
    const path = environmentFilePath(envFile, sourceDirectory);
    const found = await readIfThere(path);
    if (found === undefined) {
      throw new RunledgerError(
        'invalid-run-configuration',
        `The run configuration "${name}" takes variables from ${path}, which does not exist.`,
        { advice: 'Make the file, or correct envFile: paths start at the source folder.' },
      );
    }
    return found;
  }
  const usual = [sourceDirectory, workspaceFolder].map((folder) => join(folder, usualName));
  for (const path of chosen === undefined ? usual : [chosen, ...usual]) {
    const found = await readIfThere(path);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

/** The path of `envFile` of a run configuration. */
export function environmentFilePath(envFile: string, sourceDirectory: string): string {
  return resolve(sourceDirectory, expandHome(envFile));
}

/** A folder of that name, as some virtual environments have, is no file. */
async function readIfThere(path: string): Promise<EnvironmentFile | undefined> {
  try {
    return { path, variables: parse(await readFile(path, 'utf8')) };
  } catch (error) {
    if (isNotFound(error) || errorCode(error) === 'EISDIR') {
      return undefined;
    }
    throw fileError(error, 'read the variables of the run', path);
  }
}
