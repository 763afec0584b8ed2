import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { captureCommand } from './childProcess.ts';
import { cacheFolder } from './paths.ts';
import { findPython } from './python.ts';
import { errorText, TaskError } from './taskError.ts';

const environmentFolder = path.join(cacheFolder, 'python-libraries');
const environmentPython =
  process.platform === 'win32'
    ? path.join(environmentFolder, 'Scripts', 'python.exe')
    : path.join(environmentFolder, 'bin', 'python');
const installTimeoutMs = 600_000;

// The usual build of XGBoost for Linux brings a gigabyte of CUDA along.
const xgboost = process.platform === 'linux' && process.arch === 'x64' ? 'xgboost-cpu' : 'xgboost';
const libraries = ['scikit-learn', xgboost, 'lightgbm', 'keras', 'jax', 'mlflow-skinny', 'pandas'] as const;
const libraryModules = ['sklearn', 'xgboost', 'lightgbm', 'keras', 'jax', 'mlflow', 'pandas'] as const;
const torchModules = ['torch', 'lightning', 'transformers', 'accelerate'] as const;

/**
 * A Python that has the training libraries with callbacks of ours, in a virtual environment of the cache. PyTorch and what
 * builds on it are there only where somebody installed it.
 * @returns undefined, having said why, where none can be had.
 */
export async function findTrainingLibraries(): Promise<string | undefined> {
  try {
    if (!(existsSync(environmentPython) && (await hasModules(libraryModules)))) {
      await createEnvironment();
    }
  } catch (error) {
    console.log(`${libraries.join(', ')} could not be installed from PyPI: ${errorText(error)}`);
    return undefined;
  }
  if (!(await hasModules(torchModules))) {
    console.log(
      'PyTorch, Lightning and Transformers are not there: for Linux, PyPI has them with gigabytes of CUDA only.',
    );
    console.log(`To test with them, once: ${environmentPython} -m pip install ${torchModules.join(' ')}`);
  }
  return environmentPython;
}

async function hasModules(modules: readonly string[]): Promise<boolean> {
  const program =
    'import importlib.util, sys; sys.exit(any(importlib.util.find_spec(m) is None for m in sys.argv[1:]))';
  return (await captureCommand(environmentPython, ['-c', program, ...modules])).exitCode === 0;
}

async function createEnvironment(): Promise<void> {
  console.log(`Installing ${libraries.join(', ')} into a virtual environment of the cache (once)…`);
  await mkdir(cacheFolder, { recursive: true });
  // One that is there may hold what took long to install.
  if (!existsSync(environmentPython)) {
    await rm(environmentFolder, { recursive: true, force: true });
    await succeed(findPython(), ['-m', 'venv', environmentFolder]);
  }
  await pip(['--only-binary=:all:', ...libraries]);
}

async function pip(args: readonly string[]): Promise<void> {
  await succeed(environmentPython, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...args]);
}

async function succeed(command: string, args: readonly string[]): Promise<void> {
  const result = await captureCommand(command, args, { timeoutMs: installTimeoutMs });
  if (result.exitCode !== 0) {
    const said = `${result.stdout}${result.stderr}`.trim().split('\n').slice(-2).join('\n');
    throw new TaskError(said);
  }
}
