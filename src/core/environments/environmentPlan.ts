/** Which packages a script gets: those of the interpreter that was chosen, or of an environment made for them. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { parse } from 'yaml';
import { fileError, isNotFound, RunledgerError } from '../base/errors.ts';
import type { InterpreterInfo } from '../interpreters/interpreters.ts';
import { userCacheFolder } from '../store/userData.ts';
import { type CondaDependencies, readCondaDependencies, wantedPython } from './condaDependencies.ts';
import { type TranslatedPackages, translateCondaPackages } from './condaPackages.ts';
import { missingPackages } from './packageCheck.ts';
import { type PipRequirements, packageName, readPipRequirements } from './pipRequirements.ts';

/** Where a run configuration has its packages: in itself, or in a conda environment file. */
export type DependenciesSource =
  | { readonly kind: 'inline'; readonly dependencies: CondaDependencies }
  /** As the configuration has it: relative to the source folder, or to the configuration's own. */
  | { readonly kind: 'file'; readonly path: string };

/** A virtual environment in the user's cache, which may be there already. Paths are absolute. */
export interface PlannedEnvironment {
  /** Follows from what is in it: the packages, the options, the interpreter that it is made with. */
  readonly key: string;
  /** Holds the environment itself and what belongs to it. */
  readonly folder: string;
  readonly interpreter: string;
  readonly base: InterpreterInfo;
  readonly requirements: PipRequirements;
  /** What `base` does not have, and so the reason for the environment. */
  readonly missing: readonly string[];
  /** The version of Python that was asked for; that of `base` is what is taken. */
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
 * An interpreter that satisfies every package of pip is used as it is, so that scripts run without a network, and with the
 * packages that the person works with. Packages of conda alone are no reason for an environment, as nothing
 * here can install all of them; into one that is made, those that pip has too are installed along.
 *
 * @throws RunledgerError `invalid-run-configuration`, `environment-failed`, `canceled`
 */
export async function planEnvironment(
  source: DependenciesSource | undefined,
  base: InterpreterInfo,
  options: PlanEnvironmentOptions,
): Promise<EnvironmentPlan> {
  if (source === undefined) {
    return { environment: undefined, warnings: [] };
  }
  const { sourceDirectory, signal } = options;
  const dependencies =
    source.kind === 'inline' ? source.dependencies : await readDependenciesFile(source.path, options);
  const requirements = await readPipRequirements(dependencies.pip, sourceDirectory);
  const conda = withoutNames(translateCondaPackages(dependencies.conda), requirements.packages);
  const missing = await missingPackages(base.path, [...requirements.packages, ...conda.requirements], signal);
  const missingOfPip = missing.filter((line) => requirements.packages.includes(line));
  if (missingOfPip.length === 0) {
    const absent = [...missing, ...conda.unknown];
    const warning = `Packages of conda are not installed. ${base.path} does not have: ${absent.join(', ')}.`;
    return { environment: undefined, warnings: absent.length === 0 ? [] : [warning] };
  }
  const warning = `Packages of conda that pip is not known to have are left out: ${conda.unknown.join(', ')}.`;
  return {
    environment: plannedEnvironment(
      base,
      { ...requirements, packages: [...requirements.packages, ...conda.requirements].sort() },
      { missing: missingOfPip, wantedPython: wantedPython(dependencies), sourceDirectory },
    ),
    warnings: conda.unknown.length === 0 ? [] : [warning],
  };
}

/** Of a package that is in both lists, that of pip counts: pip refuses two lines for one package. */
function withoutNames(conda: TranslatedPackages, lines: readonly string[]): TranslatedPackages {
  const names = new Set(lines.map(packageName));
  return { ...conda, requirements: conda.requirements.filter((line) => !names.has(packageName(line))) };
}

function plannedEnvironment(
  base: InterpreterInfo,
  requirements: PipRequirements,
  rest: Pick<PlannedEnvironment, 'missing' | 'wantedPython' | 'sourceDirectory'>,
): PlannedEnvironment {
  const definition = JSON.stringify([recipe, base.path, base.version, requirements]);
  const key = createHash('sha256').update(definition).digest('hex').slice(0, 16);
  const folder = join(environmentsFolder(), key);
  return { key, folder, interpreter: interpreterOfVenv(join(folder, 'venv')), base, requirements, ...rest };
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
