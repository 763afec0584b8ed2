/** Conda environment files, as far as packages are read from them. */
import { RunledgerError } from '../base/errors.ts';
import { isJsonObject } from '../store/jsonFile.ts';

/** What `conda_dependencies.yml`, or the same inside a run configuration, asks for. Lines are as they are written. */
export interface CondaDependencies {
  /** Packages of conda, Python among them. */
  readonly conda: readonly string[];
  /** Lines of a requirements file of pip: packages and options. */
  readonly pip: readonly string[];
}

/**
 * Takes the packages from the content of a conda environment file.
 *
 * @param label names the place in messages
 * @throws RunledgerError `invalid-run-configuration`
 */
export function readCondaDependencies(content: unknown, label: string): CondaDependencies {
  const invalid = (problem: string): RunledgerError =>
    new RunledgerError('invalid-run-configuration', `${label}: ${problem}`, {
      advice: 'It needs a list "dependencies" of package names, and in it, for packages of pip, "- pip: [name, …]".',
    });
  if (content === null) {
    return { conda: [], pip: [] };
  }
  if (!isJsonObject(content)) {
    throw invalid('this is not a conda environment.');
  }
  const { dependencies = null } = content;
  if (dependencies === null) {
    return { conda: [], pip: [] };
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
      pip.push(...(entry.pip ?? []));
    } else {
      throw invalid(`${JSON.stringify(entry)} among the dependencies is neither a package nor a list of pip.`);
    }
  }
  return { conda: conda.filter((name) => name !== ''), pip };
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
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
