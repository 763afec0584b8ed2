import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { captureCommand } from './childProcess.ts';
import { cacheFolder } from './paths.ts';
import { TaskError } from './taskError.ts';

const installTimeoutMs = 600_000;

/** A virtual environment of the cache. `make` installs into one that is there already, as that may hold what took long. */
export class PythonEnvironment {
  readonly python: string;
  private readonly folder: string;

  constructor(name: string) {
    this.folder = path.join(cacheFolder, name);
    this.python =
      process.platform === 'win32'
        ? path.join(this.folder, 'Scripts', 'python.exe')
        : path.join(this.folder, 'bin', 'python');
  }

  /** Whether it is there and would find these modules; none of them is imported. */
  async has(modules: readonly string[]): Promise<boolean> {
    return existsSync(this.python) && (await hasModules(this.python, modules));
  }

  /** @throws TaskError with the last words of Python where it cannot be made. */
  async make(basePython: string, ...options: readonly string[]): Promise<void> {
    await mkdir(cacheFolder, { recursive: true });
    // One without pip was interrupted when it was made.
    if (!(await this.has(['pip']))) {
      await rm(this.folder, { recursive: true, force: true });
      await succeed(basePython, ['-m', 'venv', ...options, this.folder]);
    }
  }

  /** @throws TaskError with pip's last words. */
  async install(...args: readonly string[]): Promise<void> {
    const options = ['--quiet', '--disable-pip-version-check', '--only-binary=:all:'];
    await succeed(this.python, ['-m', 'pip', 'install', ...options, ...args]);
  }
}

export async function hasModules(python: string, modules: readonly string[]): Promise<boolean> {
  const program =
    'import importlib.util, sys; sys.exit(any(importlib.util.find_spec(m) is None for m in sys.argv[1:]))';
  return (await captureCommand(python, ['-c', program, ...modules])).exitCode === 0;
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
