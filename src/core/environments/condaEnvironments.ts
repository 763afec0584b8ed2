/** Conda environments that are on this machine already, as their users manage them. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { isFile } from '../base/commandPath.ts';
import { RunledgerError } from '../base/errors.ts';
import { expandHome } from '../base/homePath.ts';
import { pathExists } from '../base/pathExists.ts';
import { isInside } from '../snapshots/sourceFiles.ts';
import { isJsonObject } from '../store/jsonFile.ts';
import { findCondaTool, interpreterOfConda } from './condaTool.ts';
import { environmentsFolder } from './environmentPlan.ts';

const timeoutMs = 60_000;

/** An environment that has a Python. */
export interface CondaEnvironment {
  /** `base`: conda's own. Of two of one name, the first is meant. */
  readonly name: string;
  /** Its folder, absolute. */
  readonly prefix: string;
}

/** Those of this machine, by name. Asks conda, which may take a second. */
export async function listCondaEnvironments(): Promise<readonly CondaEnvironment[]> {
  const byName = new Map<string, CondaEnvironment>();
  for (const prefix of await condaPrefixes()) {
    const name = await nameOf(prefix);
    // The first is the one that the name stands for, with a Python or without.
    if (!byName.has(name)) {
      byName.set(name, { name, prefix });
    }
  }
  const usable: CondaEnvironment[] = [];
  for (const environment of byName.values()) {
    if (await isFile(interpreterOfConda(environment.prefix))) {
      usable.push(environment);
    }
  }
  return usable.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * The interpreter of an environment.
 *
 * @param wanted its name (`base`: conda's own), or its folder: absolute, below the home folder (`~/…`) or below the source folder
 * @throws RunledgerError `interpreter-not-found`, which says which there are
 */
export async function findCondaInterpreter(wanted: string, sourceDirectory: string): Promise<string> {
  if (/[\\/]/.test(wanted)) {
    return interpreterIn(resolve(sourceDirectory, expandHome(wanted)), wanted);
  }
  const prefixes = await condaPrefixes();
  for (const prefix of prefixes) {
    if ((await nameOf(prefix)) === wanted) {
      return interpreterIn(prefix, wanted);
    }
  }
  const names = [...new Set(await Promise.all(prefixes.map(nameOf)))].sort();
  throw new RunledgerError('interpreter-not-found', `There is no conda environment "${wanted}" on this machine.`, {
    advice:
      names.length === 0
        ? 'No conda environment was found at all. Name its folder in environment.python.baseCondaEnvironment, or its Python in interpreterPath.'
        : `There are: ${names.join(', ')}. Or name the folder of one.`,
  });
}

async function interpreterIn(prefix: string, wanted: string): Promise<string> {
  const interpreter = interpreterOfConda(prefix);
  if (await isFile(interpreter)) {
    return interpreter;
  }
  const isThere = await pathExists(prefix);
  throw new RunledgerError(
    'interpreter-not-found',
    isThere ? `The conda environment in ${prefix} has no Python.` : `There is no conda environment in ${prefix}.`,
    { advice: isThere ? `Install it there: conda install --prefix ${prefix} python` : `Correct "${wanted}".` },
  );
}

/** The folders of all environments, each once, as the environment of this process, conda's list of the user's, and conda itself tell. */
async function condaPrefixes(): Promise<readonly string[]> {
  const listed = await readFile(join(homedir(), '.conda', 'environments.txt'), 'utf8').catch(() => '');
  const active = process.env.CONDA_PREFIX ?? '';
  const found = [...listed.split(/\r?\n/).map((line) => line.trim()), active, ...(await listedByConda())];
  const there: string[] = [];
  for (const prefix of new Set(found)) {
    // Conda lists those, too, that are made for runs.
    if (isAbsolute(prefix) && !isInside(environmentsFolder(), prefix) && (await pathExists(prefix))) {
      there.push(prefix);
    }
  }
  return there;
}

async function listedByConda(): Promise<readonly string[]> {
  const tool = await findCondaTool();
  if (tool === undefined) {
    return [];
  }
  const answer = await new Promise<string>((done) => {
    const options = { encoding: 'utf8', timeout: timeoutMs, windowsHide: true } as const;
    execFile(tool.path, ['env', 'list', '--json'], options, (_error, stdout) => done(stdout));
  });
  try {
    const value: unknown = JSON.parse(answer);
    const prefixes = isJsonObject(value) && Array.isArray(value.envs) ? value.envs : [];
    return prefixes.filter((prefix): prefix is string => typeof prefix === 'string');
  } catch {
    return [];
  }
}

/** Conda's own environment is the one that holds the others; one that lies elsewhere has the name of its folder. */
async function nameOf(prefix: string): Promise<string> {
  const isOwn = (await pathExists(join(prefix, 'condabin'))) && basename(dirname(prefix)) !== 'envs';
  return isOwn ? 'base' : basename(prefix);
}
