import { existsSync } from 'node:fs';
import process from 'node:process';
import { captureCommand, findCommand } from './childProcess.ts';
import { installDebianPackages } from './debianPackages.ts';
import { PythonEnvironment } from './pythonEnvironment.ts';
import { errorText, TaskError } from './taskError.ts';

/** The machine's own Python 3. */
export function findPython(): string {
  const found = findCommand('python3') ?? (process.platform === 'win32' ? findCommand('python') : undefined);
  if (found === undefined) {
    throw new TaskError(
      'Python 3.8 or later is needed, and python3 was not found on PATH. Install it, then try again.',
    );
  }
  return found;
}

const packages = ['numpy', 'matplotlib', 'tqdm', 'pandas'] as const;
const packageNames = packages.join(', ');
const debianPackages = packages.map((name) => `python3-${name}`);
const debianPython = '/usr/bin/python3';

/**
 * A Python that has numpy, matplotlib, tqdm and pandas, for scripts that people wrote with them: the machine's own, else a virtual
 * environment in the cache, else Debian's.
 * @returns undefined, having said why, where none can be had.
 */
export async function findScientificPython(): Promise<string | undefined> {
  const own = findPython();
  const environment = new PythonEnvironment('python-environment');
  for (const candidate of [environment.python, own, debianPython]) {
    if (existsSync(candidate) && (await hasPackages(candidate))) {
      return candidate;
    }
  }
  try {
    console.log(`Installing ${packageNames} into a virtual environment of the cache (once)…`);
    await environment.make(own);
    await environment.install(...packages);
    return environment.python;
  } catch (error) {
    console.log(`${packageNames} could not be installed from PyPI: ${errorText(error)}`);
  }
  try {
    if ((await installDebianPackages(debianPackages, 'test with them')) && (await hasPackages(debianPython))) {
      return debianPython;
    }
  } catch (error) {
    console.log(errorText(error));
  }
  console.log(`Tests that need ${packageNames} are skipped. To have them: apt-get install ${debianPackages.join(' ')}`);
  return undefined;
}

async function hasPackages(python: string): Promise<boolean> {
  return (await captureCommand(python, ['-c', `import ${packageNames}`])).exitCode === 0;
}
