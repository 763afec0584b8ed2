import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { captureCommand, findCommand, runCommand } from './childProcess.ts';
import { cacheFolder } from './paths.ts';
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
const environmentFolder = path.join(cacheFolder, 'python-environment');
const installTimeoutMs = 240_000;

/**
 * A Python that has numpy, matplotlib, tqdm and pandas, for scripts that people wrote with them: the machine's own, else a virtual
 * environment in the cache, else Debian's.
 * @returns undefined, having said why, where none can be had.
 */
export async function findScientificPython(): Promise<string | undefined> {
  const own = findPython();
  const cached = path.join(environmentFolder, 'bin', 'python');
  for (const candidate of [cached, own, '/usr/bin/python3']) {
    if (existsSync(candidate) && (await hasPackages(candidate))) {
      return candidate;
    }
  }
  try {
    await createEnvironment(own);
    return cached;
  } catch (error) {
    console.log(`${packageNames} could not be installed from PyPI: ${errorText(error)}`);
  }
  if (process.getuid?.() === 0 && findCommand('apt-get') !== undefined) {
    await runCommand('apt-get', ['update', '-q']);
    await runCommand('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...debianPackages]);
    if (await hasPackages('/usr/bin/python3')) {
      return '/usr/bin/python3';
    }
  }
  console.log(`Tests that need ${packageNames} are skipped. To have them: apt-get install ${debianPackages.join(' ')}`);
  return undefined;
}

async function hasPackages(python: string): Promise<boolean> {
  return (await captureCommand(python, ['-c', `import ${packageNames}`])).exitCode === 0;
}

async function createEnvironment(python: string): Promise<void> {
  console.log(`Installing ${packageNames} into a virtual environment of the cache (once)…`);
  await mkdir(cacheFolder, { recursive: true });
  await rm(environmentFolder, { recursive: true, force: true });
  await succeed(python, ['-m', 'venv', environmentFolder]);
  await succeed(path.join(environmentFolder, 'bin', 'python'), [
    ...['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--only-binary=:all:'],
    ...packages,
  ]);
}

async function succeed(command: string, args: readonly string[]): Promise<void> {
  const result = await captureCommand(command, args, { timeoutMs: installTimeoutMs });
  if (result.exitCode !== 0) {
    const said = `${result.stdout}${result.stderr}`.trim().split('\n').slice(-5).join('\n');
    throw new TaskError(
      `${path.basename(command)} ${args.slice(0, 3).join(' ')} ended with ${result.exitCode}:\n${said}`,
    );
  }
}
