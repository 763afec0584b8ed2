/** The Python halves of benchmarks: scripts/bench/python/. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { captureCommand } from '../support/childProcess.ts';
import { rootFolder } from '../support/paths.ts';
import { TaskError } from '../support/taskError.ts';

/** What a program needs to run with the SDK from its sources, and to write nowhere but in `folder`. */
export function pythonVariables(folder: string): Record<string, string | undefined> {
  const python = path.join(rootFolder, 'python');
  return {
    PYTHONPATH: [python, path.join(python, 'compat')].join(path.delimiter),
    // Compiled once, as an installed package is.
    PYTHONPYCACHEPREFIX: path.join(folder, 'compiled'),
    PYTHONDONTWRITEBYTECODE: undefined,
    RUNLEDGER_HOME: path.join(folder, 'home'),
  };
}

export function programFile(name: string): string {
  return path.join(rootFolder, 'scripts', 'bench', 'python', name);
}

/** An empty folder for a program to work in. */
export async function workingFolder(folder: string, name: string): Promise<string> {
  const working = path.join(folder, name);
  await mkdir(working, { recursive: true });
  return working;
}

/** Runs a program of scripts/bench/python/ and gives the JSON of the last line that it prints. */
export async function runProgram<T>(
  python: string,
  folder: string,
  cwd: string,
  name: string,
  ...args: readonly (string | number)[]
): Promise<T> {
  const result = await captureCommand(python, [programFile(name), ...args.map(String)], {
    cwd,
    env: pythonVariables(folder),
  });
  // What is measured may print as well, before or after it.
  const line = result.stdout
    .trimEnd()
    .split('\n')
    .findLast((text) => text.startsWith('{"result"'));
  if (result.exitCode !== 0 || line === undefined) {
    throw new TaskError(`${name} ended with ${result.exitCode}:\n${result.stdout}${result.stderr}`);
  }
  return (JSON.parse(line) as { result: T }).result;
}
