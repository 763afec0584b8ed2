/** The files that define compute targets: `compute/<name>.yml`, one each. `local.yml` is this machine's: `local/localMachine.ts`. */
import { mkdir, readFile, rm } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { stringify } from 'yaml';
import { parseDefinitionFile } from '../base/definitionFile.ts';
import { fileError, RunledgerError } from '../base/errors.ts';
import { createFileAtomically } from '../store/atomicFile.ts';
import { nameKey, normalizeName } from '../store/names.ts';
import { computeFolder, entriesOf } from '../store/storeLayout.ts';
import { type DefinedSettings, definedSettings } from './targetSettings.ts';

const extensions: ReadonlySet<string> = new Set(['.yml', '.yaml']);

export interface TargetFile {
  readonly name: string;
  /** Absolute. */
  readonly path: string;
}

/** A file that says how runs get to where they run. */
export interface DefinedTarget extends TargetFile {
  readonly settings: DefinedSettings;
}

/** By name, without `local.yml`. */
export async function listTargetFiles(workspaceFolder: string): Promise<readonly TargetFile[]> {
  const folder = computeFolder(workspaceFolder);
  const files = (await entriesOf(folder)).filter(
    (file) => extensions.has(extname(file)) && !file.startsWith('.') && stem(file).toLowerCase() !== 'local',
  );
  return files.sort().map((file) => ({ name: stem(file), path: join(folder, file) }));
}

function stem(file: string): string {
  return basename(file, extname(file));
}

/** The file of a target, whatever the name's case. */
export async function findTargetFile(workspaceFolder: string, name: string): Promise<TargetFile | undefined> {
  const files = await listTargetFiles(workspaceFolder);
  return files.find((file) => file.name.toLowerCase() === name.toLowerCase());
}

/** @throws RunledgerError `invalid-argument` with line and column; `unreadable` */
export async function readTargetFile({ name, path }: TargetFile): Promise<DefinedTarget> {
  let content: string;
  try {
    content = await readFile(path, 'utf8');
  } catch (error) {
    throw fileError(error, 'read the compute target', path);
  }
  return { name, path, settings: parseDefinitionFile(definedSettings, content, path) };
}

/**
 * Defines a compute target in a file of its own.
 *
 * @param settings of `targetSettings.ts`, with `type`
 * @throws RunledgerError `invalid-name`; `already-exists`; `invalid-argument` where a setting is wrong; `not-writable`, `disk-full`
 */
export async function createTargetFile(
  workspaceFolder: string,
  name: string,
  settings: Readonly<Record<string, unknown>>,
): Promise<DefinedTarget> {
  const file = await newTargetFile(workspaceFolder, name);
  const content = stringify(settings);
  const target = {
    ...file,
    settings: parseDefinitionFile(definedSettings, content, `The compute target ${file.name}`),
  };
  try {
    await mkdir(dirname(file.path), { recursive: true });
    await createFileAtomically(file.path, content);
  } catch (error) {
    throw fileError(error, 'make the compute target', file.path);
  }
  return target;
}

/** @throws RunledgerError `not-writable` */
export async function deleteTargetFile({ path }: TargetFile): Promise<void> {
  try {
    await rm(path, { force: true });
  } catch (error) {
    throw fileError(error, 'delete the compute target', path);
  }
}

async function newTargetFile(workspaceFolder: string, name: string): Promise<TargetFile> {
  const normalized = normalizeName('compute target', name);
  const taken =
    nameKey('compute target', normalized) === 'local'
      ? 'There is the compute target local already: it is this machine.'
      : (await findTargetFile(workspaceFolder, normalized)) && `There is a compute target "${normalized}" already.`;
  if (taken !== undefined) {
    throw new RunledgerError('already-exists', taken, {
      advice: 'Choose another name, or change the file of that one.',
    });
  }
  return { name: normalized, path: join(computeFolder(workspaceFolder), `${normalized}.yml`) };
}
