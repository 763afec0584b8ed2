import { randomUUID } from 'node:crypto';
import { mkdir, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join, resolve, sep } from 'node:path';
import { type CopyOptions, copyTree } from '../base/copyTree.ts';
import { fileError, RunledgerError } from '../base/errors.ts';
import { pathExists } from '../base/pathExists.ts';
import { userName } from '../base/userName.ts';
import type { ModelVersion } from '../domain/model.ts';
import { artifactFile, listArtifacts } from '../store/artifacts.ts';
import { randomHex, toJsonText } from '../store/atomicFile.ts';
import { claimNumber } from '../store/claims.ts';
import { readStoreFile, stringField } from '../store/jsonFile.ts';
import { nameKey, normalizeName } from '../store/names.ts';
import {
  findRunFolder,
  modelNumbersFolder,
  modelVersionsFolder,
  stagingPrefix,
  supportedFormat,
} from '../store/storeLayout.ts';
import { findModel } from './modelVersions.ts';

/** What becomes a model: a file or a folder of the machine, or one among the files of a run. */
export type ModelSource =
  | { readonly path: string }
  | {
      readonly runId: string;
      /** As `outputs/model.pkl`. */
      readonly artifactPath: string;
    };

export interface RegisterModelOptions extends CopyOptions {
  readonly workspaceFolder: string;
  readonly name: string;
  readonly source: ModelSource;
  readonly description?: string | undefined;
  readonly tags?: Readonly<Record<string, string>>;
  readonly properties?: Readonly<Record<string, string>>;
  readonly framework?: string | undefined;
  readonly frameworkVersion?: string | undefined;
  /** The program, as `runledger-cli/0.1.0`. */
  readonly createdBy: string;
}

interface ResolvedSource {
  /** Absolute. */
  readonly file: string;
  readonly runId: string | null;
  readonly experiment: string | null;
  readonly path: string;
}

/**
 * Copies a file or a folder into the workspace, as the next version of a model: whole, or not at all.
 *
 * @throws RunledgerError `invalid-name`, `not-found`, `invalid-argument`, `not-writable`, `disk-full`, `canceled`
 */
export async function registerModel(options: RegisterModelOptions): Promise<ModelVersion> {
  const { workspaceFolder } = options;
  const name = normalizeName('model', options.name);
  const key = nameKey('model', name);
  const source =
    'path' in options.source
      ? await machineSource(workspaceFolder, key, options.source.path)
      : await runSource(workspaceFolder, options.source.runId, options.source.artifactPath);
  const numbers = modelNumbersFolder(workspaceFolder, key);
  const versions = modelVersionsFolder(workspaceFolder, key);
  const staging = join(versions, `${stagingPrefix}${randomHex(4)}`);
  try {
    await mkdir(numbers, { recursive: true });
    await mkdir(versions, { recursive: true });
    await mkdir(staging);
    await mkdir(join(staging, 'journal'));
    await mkdir(join(staging, 'files'));
    await copyTree(source.file, join(staging, 'files', basename(source.file)), options);
    const id = randomUUID();
    // After the files, which may take long: numbers follow the order of publication.
    const version = await claimNumber(numbers, id);
    const record = {
      format: supportedFormat,
      id,
      name,
      version,
      createdTime: Date.now() / 1000,
      user: userName(),
      runId: source.runId,
      experiment: source.experiment,
      path: source.path,
      description: options.description ?? null,
      tags: options.tags ?? {},
      properties: options.properties ?? {},
      framework: options.framework ?? null,
      frameworkVersion: options.frameworkVersion ?? null,
      createdBy: options.createdBy,
    };
    await writeFile(join(staging, 'model.json'), toJsonText(record), { flush: true });
    await rename(staging, join(versions, String(version)));
    return await findModel(workspaceFolder, { name, version });
  } catch (error) {
    await rm(staging, { recursive: true, force: true });
    throw fileError(error, `register the model "${name}"`, versions);
  }
}

async function machineSource(workspaceFolder: string, key: string, path: string): Promise<ResolvedSource> {
  const file = resolve(path);
  if (!(await pathExists(file))) {
    throw new RunledgerError('not-found', `There is no file or folder ${file}.`, {
      advice: 'Check the path; for a file of a run, name the run as well.',
    });
  }
  const name = basename(file);
  if (name === '' || /^\..*\.tmp$/.test(name)) {
    throw new RunledgerError('invalid-argument', `${file} cannot be a model: its name is not one of a model's file.`);
  }
  // A copy into itself would have no end.
  const target = `${modelVersionsFolder(await realpath(workspaceFolder), key)}${sep}`;
  if (target.startsWith(`${await realpath(file)}${sep}`)) {
    throw new RunledgerError('invalid-argument', `${file} holds the workspace itself, which would be copied as well.`, {
      advice: 'Name the file, or a folder that holds the model and nothing else.',
    });
  }
  return { file, runId: null, experiment: null, path: file };
}

async function runSource(workspaceFolder: string, runId: string, artifactPath: string): Promise<ResolvedSource> {
  const folder = await findRunFolder(workspaceFolder, runId);
  if (folder === undefined) {
    throw new RunledgerError('not-found', `There is no run ${runId} in ${workspaceFolder}.`, {
      advice: 'Check the id; `runledger run list` shows the runs.',
    });
  }
  const wanted = artifactPath.replace(/^\.\//, '').replace(/\/+$/, '');
  const file = artifactFile(folder, wanted);
  if (!(await pathExists(file))) {
    const known = (await listArtifacts(folder)).slice(0, 20).map((artifact) => artifact.path);
    throw new RunledgerError('not-found', `The run ${runId} has no file or folder "${wanted}".`, {
      advice: known.length === 0 ? 'It has no files.' : `It has: ${known.join(', ')}.`,
    });
  }
  const record = await readStoreFile(join(folder, 'run.json'), 'the run');
  return { file, runId, experiment: stringField(record, 'experiment') ?? null, path: wanted };
}
