/** Conda environment files, as far as packages are read from them. */
import { RunledgerError } from '../base/errors.ts';
import { isJsonObject } from '../store/jsonFile.ts';

/** What `conda_dependencies.yml`, or the same inside a run configuration, asks for. Lines are as they are written. */
export interface CondaDependencies {
  /** Packages of conda, Python among them. */
  readonly conda: readonly string[];
  /** Lines of a requirements file of pip: packages and options. */
  readonly pip: readonly string[];
  /** Where conda looks for packages; absent where nothing is said of that. */
  readonly channels?: readonly string[];
}

/** Why packages cannot be taken from an environment. */
export class CondaProblem extends RunledgerError {
  /** The message without the place. */
  readonly problem: string;

  constructor(label: string, problem: string) {
    super('invalid-run-configuration', `${label}: ${problem}`, {
      advice: 'It needs a list "dependencies" of package names, and in it, for packages of pip, "- pip: [name, …]".',
    });
    this.problem = problem;
  }
}

/**
 * Takes the packages from the content of a conda environment file.
 *
 * @param label names the place in messages
 * @throws RunledgerError `invalid-run-configuration`
 */
export function readCondaDependencies(content: unknown, label: string): CondaDependencies {
  const invalid = (problem: string): CondaProblem => new CondaProblem(label, problem);
  if (content === null) {
    return { conda: [], pip: [] };
  }
  if (!isJsonObject(content)) {
    throw invalid('this is not a conda environment.');
  }
  const { dependencies = null } = content;
  const channels = isTexts(content.channels) ? content.channels.filter((name) => name !== null) : [];
  const named = channels.length === 0 ? {} : { channels };
  if (dependencies === null) {
    return { conda: [], pip: [], ...named };
  }
  if (!Array.isArray(dependencies)) {
    throw invalid('"dependencies" must be a list.');
  }
  const conda: string[] = [];
  const pip: string[] = [];
  for (const entry of dependencies as readonly unknown[]) {
    if (typeof entry === 'string') {
      conda.push(entry.trim());
    } else if (isJsonObject(entry) && (entry.pip === null || isTexts(entry.pip))) {
      pip.push(...(entry.pip ?? []).filter((line) => line !== null));
    } else {
      throw invalid(`${JSON.stringify(entry)} among the dependencies is neither a package nor a list of pip.`);
    }
  }
  return { conda: conda.filter((name) => name !== ''), pip, ...named };
}

/** A dash with nothing behind it is nothing. */
function isTexts(value: unknown): value is readonly (string | null)[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string' || item === null);
}

/** The version of Python that the packages of conda ask for, as `3.6.2`; undefined where they name none. */
export function wantedPython({ conda }: CondaDependencies): string | undefined {
  for (const name of conda) {
    const version = /^(?:\S+::)?python\s*[=<>~!]+\s*(\d[\w.]*)/i.exec(name)?.[1];
    if (version !== undefined) {
      return version;
    }
  }
  return undefined;
}

/** Whether a version is the one that was asked for, as far as minor versions go. */
export function isSamePython(wanted: string, found: string): boolean {
  const parts = wanted.split('.').slice(0, 2);
  return parts.join('.') === found.split('.').slice(0, parts.length).join('.');
}
