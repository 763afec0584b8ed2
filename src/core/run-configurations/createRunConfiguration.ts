/** Writing a run configuration's file, in the form that Azure ML's tools read too. */
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { errorCode, fileError, RunledgerError } from '../base/errors.ts';
import { createFileAtomically } from '../store/atomicFile.ts';
import { normalizeName } from '../store/names.ts';
import { parseRunConfiguration } from './runConfigurationFile.ts';

/** Which Python the script gets, and with which packages. Paths are relative to the folder, or absolute. */
export type PythonChoice =
  /** The interpreter that the editor or the terminal uses when it is submitted, as it is. */
  | { readonly kind: 'selected' }
  | { readonly kind: 'interpreter'; readonly path: string }
  /** A conda environment that is there already, by its name or its folder. */
  | { readonly kind: 'condaEnvironment'; readonly environment: string }
  /** The packages of a conda environment file, which are installed where they are missing. */
  | { readonly kind: 'conda'; readonly file: string }
  /** The same of a requirements file of pip. */
  | { readonly kind: 'requirements'; readonly file: string };

export interface NewRunConfiguration {
  /** The folder of scripts, absolute; the file goes into its `.azureml/`. */
  readonly folder: string;
  readonly name: string;
  /** A compute target; not looked for. */
  readonly target: string;
  /** Relative to the folder; undefined: named when it is submitted. */
  readonly script?: string;
  readonly arguments?: readonly string[];
  readonly python: PythonChoice;
  readonly environmentVariables?: Readonly<Record<string, string>>;
}

/**
 * Writes the file of a new run configuration.
 *
 * @returns its path
 * @throws RunledgerError `invalid-name`, `already-exists`, `not-writable`, `disk-full`; `invalid-run-configuration` where what was
 * asked for cannot be read back
 */
export async function createRunConfiguration(wanted: NewRunConfiguration): Promise<string> {
  const name = normalizeName('run configuration', wanted.name);
  const path = join(wanted.folder, '.azureml', `${name}.runconfig`);
  const text = stringify(contentOf(wanted));
  parseRunConfiguration(text, { name, path, label: `The run configuration ${name}` });
  try {
    await mkdir(dirname(path), { recursive: true });
    await createFileAtomically(path, text);
  } catch (error) {
    if (errorCode(error) === 'EEXIST') {
      throw new RunledgerError('already-exists', `There is a run configuration "${name}" already: ${path}.`, {
        advice: 'Choose another name, or change that file.',
      });
    }
    throw fileError(error, 'write the run configuration', path);
  }
  return path;
}

function contentOf(wanted: NewRunConfiguration): object {
  const { script, target, python, environmentVariables = {} } = wanted;
  return {
    ...(script !== undefined && { script }),
    arguments: wanted.arguments ?? [],
    target,
    framework: 'Python',
    communicator: 'None',
    nodeCount: 1,
    maxRunDurationSeconds: null,
    environment: { environmentVariables, python: pythonSection(python) },
    history: { outputCollection: true, snapshotProject: true, directoriesToWatch: ['logs'] },
  };
}

function pythonSection(python: PythonChoice): object {
  switch (python.kind) {
    case 'selected':
      // The word stands for the interpreter that is chosen elsewhere.
      return { userManagedDependencies: true, interpreterPath: 'python' };
    case 'interpreter':
      return { userManagedDependencies: true, interpreterPath: python.path };
    case 'condaEnvironment':
      return {
        userManagedDependencies: true,
        interpreterPath: 'python',
        baseCondaEnvironment: python.environment,
      };
    case 'conda':
      return { userManagedDependencies: false, interpreterPath: 'python', condaDependenciesFile: python.file };
    case 'requirements':
      return {
        userManagedDependencies: false,
        interpreterPath: 'python',
        condaDependencies: { dependencies: ['pip', { pip: [`-r ${python.file}`] }] },
      };
  }
}
