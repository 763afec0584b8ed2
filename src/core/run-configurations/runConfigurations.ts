import type { Dirent } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, extname, join, relative, sep } from 'node:path';
import { fileError, RunledgerError } from '../base/errors.ts';
import { builtInRunConfigurations, type RunConfiguration, type RunConfigurationEntry } from './runConfiguration.ts';
import { looksLikeRunConfiguration, parseRunConfiguration } from './runConfigurationFile.ts';

const extension = '.runconfig';
/** Where Azure ML's tools kept them: searched before the other folders, and hidden to a common search. */
const homes = ['.azureml', 'aml_config'] as const;
const skippedFolders: ReadonlySet<string> = new Set(['node_modules', '__pycache__', 'site-packages']);
const maxDepth = 4;
const maxFiles = 200;
/** A folder of data can hold any number of others. */
const maxFolders = 1000;
/** A larger file is no run configuration that somebody wrote. */
const maxBytes = 1024 * 1024;

/**
 * The run configurations of a folder: the files found in it and below, then the built-in ones. A file of a built-in
 * one's name takes its place.
 *
 * A file that cannot be used is listed with its problem.
 */
export async function listRunConfigurations(folder: string): Promise<readonly RunConfigurationEntry[]> {
  const entries: RunConfigurationEntry[] = [];
  for (const file of await findRunConfigurationFiles(folder)) {
    entries.push(await entryOf(file));
  }
  const taken = new Set(entries.map((entry) => entry.name));
  for (const { configuration, description } of builtInRunConfigurations) {
    if (!taken.has(configuration.name)) {
      const { name, path, target } = configuration;
      entries.push({ name, path, target, description, problem: undefined });
    }
  }
  return entries;
}

/**
 * The run configuration that {@link listRunConfigurations} lists under a name.
 *
 * @throws RunledgerError `not-found`, `invalid-run-configuration`
 */
export async function loadRunConfiguration(folder: string, name: string): Promise<RunConfiguration> {
  return loadRunConfigurationFrom(folder, [], name);
}

/** The same with further folders, whose files come after the built-in ones. */
export async function loadRunConfigurationFrom(
  folder: string,
  furtherFolders: readonly string[],
  name: string,
): Promise<RunConfiguration> {
  const files = await findRunConfigurationFiles(folder);
  const found = files.find((file) => file.name === name);
  if (found !== undefined) {
    return readRunConfiguration(found);
  }
  const builtIn = builtInRunConfigurations.find(({ configuration }) => configuration.name === name);
  if (builtIn !== undefined) {
    return builtIn.configuration;
  }
  const known = new Set([
    ...builtInRunConfigurations.map(({ configuration }) => configuration.name),
    ...files.map((file) => file.name),
  ]);
  for (const further of furtherFolders) {
    for (const file of await findRunConfigurationFiles(further)) {
      if (file.name === name) {
        return readRunConfiguration(file);
      }
      known.add(file.name);
    }
  }
  throw new RunledgerError('not-found', `There is no run configuration "${name}" in ${folder}.`, {
    advice: `There are: ${[...known].join(', ')}.`,
  });
}

interface RunConfigurationFile {
  readonly name: string;
  readonly path: string;
  /** Relative to the folder that was searched, with `/`. */
  readonly label: string;
}

async function entryOf(file: RunConfigurationFile): Promise<RunConfigurationEntry> {
  const { name, path, label } = file;
  try {
    const { target } = await readRunConfiguration(file);
    return { name, path, target, description: label, problem: undefined };
  } catch (error) {
    if (!(error instanceof RunledgerError)) {
      throw error;
    }
    return { name, path, target: '', description: label, problem: error.fullMessage };
  }
}

async function readRunConfiguration(file: RunConfigurationFile): Promise<RunConfiguration> {
  let text: string;
  try {
    text = await readFile(file.path, 'utf8');
  } catch (error) {
    throw fileError(error, 'read the run configuration', file.path);
  }
  const configuration = parseRunConfiguration(text, file);
  return configuration.target.toLowerCase() === 'local' ? { ...configuration, target: 'local' } : configuration;
}

/** In the order of precedence: of two files of one name, the first has the name and the second its path. */
async function findRunConfigurationFiles(folder: string): Promise<readonly RunConfigurationFile[]> {
  const paths: string[] = [];
  for (const home of homes) {
    paths.push(...(await filesIn(join(folder, home))).files);
  }
  await searchBelow(folder, paths);
  const names = new Set<string>();
  const files: RunConfigurationFile[] = [];
  for (const path of paths) {
    const label = relative(folder, path).split(sep).join('/');
    const stem = basename(path, extname(path).toLowerCase() === extension ? extname(path) : '');
    const name = names.has(stem) ? label : stem;
    names.add(name);
    files.push({ name, path, label });
  }
  return files;
}

/** Level by level, so that what is near is found even in a folder that holds more than is searched. */
async function searchBelow(folder: string, found: string[]): Promise<void> {
  let level = [folder];
  let searched = 0;
  for (let depth = 0; depth <= maxDepth; depth++) {
    const next: string[] = [];
    for (const current of level) {
      if (found.length >= maxFiles || searched++ >= maxFolders) {
        return;
      }
      const { files, folders } = await filesIn(current);
      found.push(...files.filter((path) => !found.includes(path)));
      next.push(...folders);
    }
    level = next;
  }
}

/** The run configurations that a folder holds itself, and its folders that may hold others. */
async function filesIn(folder: string): Promise<{ files: string[]; folders: string[] }> {
  let entries: Dirent[];
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch {
    // A folder that is not there or cannot be listed offers nothing to choose.
    return { files: [], folders: [] };
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  const files: string[] = [];
  const folders: string[] = [];
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (isSearched(entry.name)) {
        folders.push(path);
      }
    } else if (await isRunConfigurationFile(path, folder)) {
      files.push(path);
    }
  }
  return { files, folders };
}

function isSearched(name: string): boolean {
  return homes.some((home) => home === name) || !(name.startsWith('.') || skippedFolders.has(name));
}

async function isRunConfigurationFile(path: string, folder: string): Promise<boolean> {
  const ending = extname(path).toLowerCase();
  const isNamedSo = ending === extension;
  if (!isNamedSo && (ending !== '' || basename(folder) !== '.azureml' || basename(path).startsWith('.'))) {
    return false;
  }
  try {
    const status = await stat(path);
    return (
      status.isFile() &&
      status.size <= maxBytes &&
      (isNamedSo || looksLikeRunConfiguration(await readFile(path, 'utf8')))
    );
  } catch {
    // One that cannot be opened is listed, so that its problem is told; other files nobody asked for.
    return isNamedSo;
  }
}
