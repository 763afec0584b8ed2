/** Which packages a script gets: those of the interpreter that was chosen, or of an environment that is made for them. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { parse } from 'yaml';
import { fileError, isNotFound, RunledgerError } from '../base/errors.ts';
import type { InterpreterInfo } from '../interpreters/interpreters.ts';
import { userCacheFolder } from '../store/userData.ts';
import { type CondaDependencies, isSamePython, readCondaDependencies, wantedPython } from './condaDependencies.ts';
import { type TranslatedPackages, translateCondaPackages } from './condaPackages.ts';
import { type CondaSpecification, condaSpecification } from './condaSpecification.ts';
import { type CondaTool, findCondaTool, interpreterOfConda } from './condaTool.ts';
import { type EnvironmentPlace, thisMachine } from './environmentPlace.ts';
import { missingPackages } from './packageCheck.ts';
import { type PipRequirements, packageName, readPipRequirements } from './pipRequirements.ts';

/** Where a run configuration has its packages: in itself, or in a conda environment file. */
export type DependenciesSource =
  | { readonly kind: 'inline'; readonly dependencies: CondaDependencies }
  /** As the configuration has it: relative to the source folder, or to the configuration's own. */
  | { readonly kind: 'file'; readonly path: string };

/** What makes an environment one of conda. */
export interface PlannedConda {
  readonly tool: CondaTool;
  readonly specification: CondaSpecification;
}

/** An environment in the user's cache, virtual or of conda, which may be there already. Paths are absolute. */
export interface PlannedEnvironment {
  /** Follows from what is in it: the packages, the options, and for a virtual one the interpreter that it is made with. */
  readonly key: string;
  /** Holds the environment itself and what belongs to it. */
  readonly folder: string;
  /** The environment itself, in the folder. */
  readonly prefix: string;
  readonly interpreter: string;
  /** The interpreter that was chosen, and does not have everything. */
  readonly base: InterpreterInfo;
  /** Where `base` runs, and so the environment. */
  readonly place: EnvironmentPlace;
  /** Of pip. */
  readonly requirements: PipRequirements;
  /** Absent for a virtual environment. */
  readonly conda?: PlannedConda;
  /** What `base` does not have, or nobody knows whether it has, and so the reason for the environment. */
  readonly missing: readonly string[];
  /** The version of Python that was asked for where that of `base` is what is taken. */
  readonly wantedPython: string | undefined;
  readonly sourceDirectory: string;
}

export interface EnvironmentPlan {
  /** Undefined where the interpreter has everything. */
  readonly environment: PlannedEnvironment | undefined;
  /** Sentences for a person. */
  readonly warnings: readonly string[];
}

export interface PlanEnvironmentOptions {
  readonly sourceDirectory: string;
  /** The file of the run configuration, where it is in one. */
  readonly configurationPath: string | undefined;
  /** Where the interpreter runs; without, this machine. */
  readonly place?: EnvironmentPlace;
  readonly signal?: AbortSignal;
}

/** Raised when environments are made in another way, so that those of before are not taken for them. */
const recipe = 1;

export function environmentsFolder(): string {
  return join(userCacheFolder(), 'environments');
}

/** The interpreter of a virtual environment. */
export function interpreterOfVenv(folder: string): string {
  return process.platform === 'win32' ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python');
}

/**
 * Decides whether an environment is needed. Writes nothing.
 *
 * An interpreter that satisfies every package, of pip and of conda, is used as it is, so that scripts run without a network, and with the
 * packages that the person works with. Else packages of pip alone are put into a virtual environment, and a specification with packages of
 * conda is made by conda. Where there is no conda, packages of it that pip does not know are taken to be there, with a warning.
 *
 * @throws RunledgerError `invalid-run-configuration`; `environment-failed`, also where conda is needed and is not there; `canceled`
 */
export async function planEnvironment(
  source: DependenciesSource | undefined,
  base: InterpreterInfo,
  options: PlanEnvironmentOptions,
): Promise<EnvironmentPlan> {
  if (source === undefined) {
    return { environment: undefined, warnings: [] };
  }
  const { sourceDirectory, signal, place = thisMachine(base.path) } = options;
  const dependencies =
    source.kind === 'inline' ? source.dependencies : await readDependenciesFile(source.path, options);
  const requirements = await readPipRequirements(dependencies.pip, sourceDirectory);
  const conda = withoutNames(translateCondaPackages(dependencies.conda), requirements.packages);
  const missing = await missingPackages(base.path, [...requirements.packages, ...conda.requirements], place, signal);
  if (missing.length === 0 && conda.unknown.length === 0) {
    return { environment: undefined, warnings: [] };
  }
  const python = wantedPython(dependencies);
  const ofConda = [...conda.requirements, ...conda.unknown];
  const isOtherPython = python !== undefined && !isSamePython(python, base.version);
  const tool = place.kind === 'machine' && (ofConda.length > 0 || isOtherPython) ? await findCondaTool() : undefined;
  if (missing.length === 0 && tool === undefined) {
    const warning = `Packages of conda are not installed. Whether ${base.path} has these is not known: ${conda.unknown.join(', ')}.`;
    return { environment: undefined, warnings: [warning] };
  }
  const rest = { missing: missing.length > 0 ? missing : conda.unknown, sourceDirectory, place };
  if (tool !== undefined) {
    const { specification, warnings } = condaSpecification(dependencies, requirements, {
      tool: tool.kind,
      fallbackPython: base.version,
    });
    return {
      environment: condaEnvironment(base, requirements, { ...rest, conda: { tool, specification } }),
      warnings,
    };
  }
  if (ofConda.length > 0) {
    throw needsConda(base, missing, ofConda, place);
  }
  return { environment: virtualEnvironment(base, requirements, { ...rest, wantedPython: python }), warnings: [] };
}

/** Of a package that is in both lists, that of pip counts: pip refuses two lines for one package. */
function withoutNames(conda: TranslatedPackages, lines: readonly string[]): TranslatedPackages {
  const names = new Set(lines.map(packageName));
  return { ...conda, requirements: conda.requirements.filter((line) => !names.has(packageName(line))) };
}

/** Why conda is not used, and what to do instead. */
const condaWords: Readonly<Record<EnvironmentPlace['kind'], readonly [where: string, install: string]>> = {
  machine: [
    'there is no conda, mamba or micromamba on this machine',
    'Install Miniforge (conda and mamba) or micromamba; where one is installed already, name it in the variable RUNLEDGER_CONDA. Or install',
  ],
  container: ['conda is not used in containers', 'Choose an image that has them. Or install'],
  host: [
    'conda is not used on other machines',
    'Make the environment there yourself, and name its Python in interpreterPath. Or install',
  ],
};

function needsConda(
  base: InterpreterInfo,
  missing: readonly string[],
  ofConda: readonly string[],
  place: EnvironmentPlace,
): RunledgerError {
  const [where, install] = condaWords[place.kind];
  return new RunledgerError(
    'environment-failed',
    `The environment asks for packages of conda (${ofConda.join(', ')}), and ${where}; ${base.path} does not have: ${missing.join(', ')}.`,
    {
      advice:
        `${install} what is missing into that interpreter yourself; or list the packages under "pip", which needs no conda; ` +
        'or set userManagedDependencies: true (in Python environment.python.user_managed_dependencies = True) to run without them.',
    },
  );
}

type EnvironmentRest = Pick<PlannedEnvironment, 'missing' | 'sourceDirectory' | 'place'>;

function virtualEnvironment(
  base: InterpreterInfo,
  requirements: PipRequirements,
  rest: EnvironmentRest & Pick<PlannedEnvironment, 'wantedPython'>,
): PlannedEnvironment {
  const { identity } = rest.place;
  const inPlace = identity === '' ? [] : [identity];
  const { key, folder } = cached([recipe, base.path, base.version, requirements, ...inPlace]);
  const prefix = join(folder, 'venv');
  return { key, folder, prefix, interpreter: interpreterOfVenv(prefix), base, requirements, ...rest };
}

/** Its Python is among its packages, so that it is the same whatever interpreter was chosen. */
function condaEnvironment(
  base: InterpreterInfo,
  requirements: PipRequirements,
  rest: EnvironmentRest & { readonly conda: PlannedConda },
): PlannedEnvironment {
  const { key, folder } = cached([recipe, 'conda', rest.conda.specification, requirements.contents]);
  const prefix = join(folder, 'conda');
  const interpreter = interpreterOfConda(prefix);
  return { key, folder, prefix, interpreter, base, requirements, wantedPython: undefined, ...rest };
}

function cached(definition: readonly unknown[]): Pick<PlannedEnvironment, 'key' | 'folder'> {
  const key = createHash('sha256').update(JSON.stringify(definition)).digest('hex').slice(0, 16);
  return { key, folder: join(environmentsFolder(), key) };
}

async function readDependenciesFile(
  path: string,
  { sourceDirectory, configurationPath }: PlanEnvironmentOptions,
): Promise<CondaDependencies> {
  const own = configurationPath === undefined ? [] : [dirname(configurationPath), dirname(dirname(configurationPath))];
  const folders = isAbsolute(path) ? [sourceDirectory] : [sourceDirectory, ...own];
  for (const folder of folders) {
    const file = resolve(folder, path);
    let text: string;
    try {
      text = await readFile(file, 'utf8');
    } catch (error) {
      if (isNotFound(error)) {
        continue;
      }
      throw fileError(error, 'read the packages of the environment', file);
    }
    return readCondaDependencies(parseYaml(text, file), file);
  }
  throw new RunledgerError(
    'invalid-run-configuration',
    `The run configuration takes its packages from ${resolve(sourceDirectory, path)}, which does not exist.`,
    {
      advice:
        'Correct environment.python.condaDependenciesFile, or set environment.python.userManagedDependencies: true to run ' +
        'with the packages of the interpreter.',
    },
  );
}

function parseYaml(text: string, file: string): unknown {
  try {
    return parse(text) ?? null;
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error);
    throw new RunledgerError('invalid-run-configuration', `${file} is not YAML: ${reason.replace(/:$/, '')}.`, {
      advice: 'Correct the file.',
      cause: error,
    });
  }
}
