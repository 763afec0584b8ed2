/** A run configuration with what the command line says in place of the file: its compute target, and its packages. */
import { readFile } from 'node:fs/promises';
import { isMap, isSeq, parseDocument } from 'yaml';
import { fileError, RunledgerError } from '../core/base/errors.ts';
import { findComputeTarget } from '../core/compute/computeTargets.ts';
import {
  builtInRunConfigurations,
  type RunConfiguration,
  type RunConfigurationEntry,
} from '../core/run-configurations/runConfiguration.ts';
import { parseRunConfiguration } from '../core/run-configurations/runConfigurationFile.ts';
import { listRunConfigurations, loadRunConfigurationFrom } from '../core/run-configurations/runConfigurations.ts';

export interface RunConfigurationOverrides {
  readonly target: string | undefined;
  /** A conda environment file, absolute. */
  readonly condaFile: string | undefined;
}

/**
 * The run configuration that `loadRunConfigurationFrom` finds under a name, changed. Undefined where nothing is to be changed.
 *
 * @throws RunledgerError `unsupported-target`, `invalid-argument` for a conda file that is none, and as
 * `loadRunConfigurationFrom`
 */
export async function overriddenRunConfiguration(
  folder: string,
  workspaceFolder: string,
  name: string,
  { target, condaFile }: RunConfigurationOverrides,
): Promise<RunConfiguration | undefined> {
  if (target === undefined && condaFile === undefined) {
    return undefined;
  }
  const targetName = target === undefined ? undefined : (await findComputeTarget(workspaceFolder, target)).name;
  if (condaFile !== undefined) {
    await assertCondaFile(condaFile);
  }
  const onTarget = (configuration: RunConfiguration): RunConfiguration =>
    targetName === undefined ? configuration : { ...configuration, target: targetName };
  const entry = await findEntry(folder, workspaceFolder, name);
  if (entry === undefined) {
    return onTarget(await loadRunConfigurationFrom(folder, [workspaceFolder], name));
  }
  if (entry.path === undefined) {
    const builtIn = builtInRunConfigurations.find(({ configuration }) => configuration.name === name)?.configuration;
    const configuration = withCondaFile('', { name, label: name, path: undefined }, condaFile);
    return onTarget({ ...configuration, isInPlace: builtIn?.isInPlace === true });
  }
  let text: string;
  try {
    text = await readFile(entry.path, 'utf8');
  } catch (error) {
    throw fileError(error, 'read the run configuration', entry.path);
  }
  const place = { name, label: entry.description, path: entry.path };
  // As it is first: what is wrong with the file is told with the lines of the file.
  const written = parseRunConfiguration(text, place);
  return onTarget(condaFile === undefined ? written : withCondaFile(text, place, condaFile));
}

/** In the order in which names are taken: the files of the folder, the built-in ones, those of the workspace's folder. */
async function findEntry(
  folder: string,
  workspaceFolder: string,
  name: string,
): Promise<RunConfigurationEntry | undefined> {
  const near = await listRunConfigurations(folder);
  return (
    near.find((entry) => entry.name === name) ??
    (await listRunConfigurations(workspaceFolder)).find((entry) => entry.name === name)
  );
}

function withCondaFile(
  text: string,
  place: { readonly name: string; readonly label: string; readonly path: string | undefined },
  condaFile: string | undefined,
): RunConfiguration {
  const document = parseDocument(text);
  if (condaFile !== undefined) {
    document.setIn(['environment', 'python', 'condaDependenciesFile'], condaFile);
    document.setIn(['environment', 'python', 'userManagedDependencies'], false);
    document.deleteIn(['environment', 'python', 'condaDependencies']);
  }
  return parseRunConfiguration(document.toString(), place);
}

async function assertCondaFile(path: string): Promise<void> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw fileError(error, 'read the conda environment file', path);
  }
  const { contents, errors } = parseDocument(text, { prettyErrors: false });
  const [problem] = errors;
  const dependencies = isMap(contents) ? contents.get('dependencies', true) : undefined;
  if (problem !== undefined || !isSeq(dependencies)) {
    throw new RunledgerError('invalid-argument', `${path} is no conda environment file.`, {
      advice:
        problem === undefined
          ? 'It needs a list of dependencies, as "dependencies: [python=3.10, numpy]".'
          : `It is not YAML: ${problem.message.split('\n', 1)[0]}`,
    });
  }
}
