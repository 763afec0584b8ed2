/**
 * What a file store of MLflow holds: `<experiment id>/meta.yaml` and `<experiment id>/<run id>/` with `meta.yaml`, `metrics/`,
 * `params/`, `tags/` and `artifacts/`. Format: https://github.com/mlflow/mlflow/blob/master/mlflow/store/tracking/file_store.py
 */
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { isNotFound, RunledgerError } from '../../base/errors.ts';
import { pathExists } from '../../base/pathExists.ts';
import { isJsonObject, type JsonObject } from '../../store/jsonFile.ts';
import { listFilesBelow } from '../fileList.ts';

export interface MlflowStore {
  /** Absolute. */
  readonly folder: string;
  readonly runs: readonly MlflowRun[];
  readonly experiments: readonly MlflowExperiment[];
  /** Sentences for a person: what is in the store and is not imported. */
  readonly notes: readonly string[];
}

export interface MlflowExperiment {
  readonly id: string;
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
}

export interface MlflowRun {
  readonly id: string;
  readonly experiment: MlflowExperiment;
  /** Absolute. */
  readonly folder: string;
  readonly name: string | undefined;
  readonly user: string | undefined;
  readonly status: MlflowStatus;
  /** Unix seconds. */
  readonly startTime: number;
  readonly endTime: number | undefined;
  /** Where MLflow kept the run's files. */
  readonly artifactUri: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

export type MlflowStatus = 'running' | 'scheduled' | 'finished' | 'failed' | 'killed';

/** By the numbers of MLflow's `RunStatus`. */
const statuses = ['running', 'scheduled', 'finished', 'failed', 'killed'] as const;
const metaFile = 'meta.yaml';
/** A text of a parameter or a tag; MLflow itself allows 8,000 characters. */
const mostTextBytes = 16 * 1024 * 1024;

/**
 * Reads what a file store holds, but for metrics, parameters and files.
 *
 * @param folder `mlruns`, or the folder that it lies in
 * @throws RunledgerError `not-found` where there is no store, `unreadable`
 */
export async function readMlflowStore(folder: string): Promise<MlflowStore> {
  const store = await storeFolderIn(folder);
  const reader = new StoreReader();
  for (const id of await folderNames(store)) {
    if (id === 'models') {
      const count = (await folderNames(join(store, id))).length;
      reader.notes.push(
        `The model registry is not imported (models: ${count}): register them with run.register_model.`,
      );
    } else if (id === '.trash') {
      const count = (await folderNames(join(store, id))).length;
      reader.noteDeleted(count, 0);
    } else if (await pathExists(join(store, id, metaFile))) {
      await reader.addExperiment(join(store, id), id);
    }
  }
  return reader.finish(store);
}

async function storeFolderIn(folder: string): Promise<string> {
  for (const candidate of [folder, join(folder, 'mlruns')]) {
    for (const id of await folderNames(candidate)) {
      if (await pathExists(join(candidate, id, metaFile))) {
        return candidate;
      }
    }
  }
  throw new RunledgerError('not-found', `There is no file store of MLflow in ${folder}.`, {
    advice: 'Choose the folder "mlruns", or the one that it lies in. A database such as mlflow.db cannot be imported.',
  });
}

class StoreReader {
  readonly notes: string[] = [];
  private readonly runs: MlflowRun[] = [];
  private readonly experiments: MlflowExperiment[] = [];
  private deletedExperimentCount = 0;
  private deletedRunCount = 0;
  private loggedModelCount = 0;

  noteDeleted(experiments: number, runs: number): void {
    this.deletedExperimentCount += experiments;
    this.deletedRunCount += runs;
  }

  async addExperiment(folder: string, id: string): Promise<void> {
    const meta = await readMeta(join(folder, metaFile));
    if (meta === undefined) {
      this.notes.push(`The experiment ${id} is not imported: its ${metaFile} cannot be read.`);
      return;
    }
    if (meta.lifecycle_stage === 'deleted') {
      this.noteDeleted(1, 0);
      return;
    }
    const experiment = { id, name: textOf(meta.name) ?? id, tags: await readTexts(join(folder, 'tags')) };
    this.experiments.push(experiment);
    for (const name of await folderNames(folder)) {
      if (name === 'models') {
        this.loggedModelCount += (await folderNames(join(folder, name))).length;
      } else if (await pathExists(join(folder, name, metaFile))) {
        await this.addRun(join(folder, name), experiment);
      }
    }
  }

  finish(folder: string): MlflowStore {
    const { deletedExperimentCount, deletedRunCount, loggedModelCount } = this;
    if (deletedRunCount > 0) {
      this.notes.push(`Deleted runs are left out: ${deletedRunCount}.`);
    }
    if (deletedExperimentCount > 0) {
      this.notes.push(`Deleted experiments are left out: ${deletedExperimentCount}.`);
    }
    if (loggedModelCount > 0) {
      this.notes.push(`Logged models are not imported: ${loggedModelCount}.`);
    }
    return { folder, runs: this.runs, experiments: this.experiments, notes: this.notes };
  }

  private async addRun(folder: string, experiment: MlflowExperiment): Promise<void> {
    const meta = await readMeta(join(folder, metaFile));
    const id = textOf(meta?.run_id) ?? textOf(meta?.run_uuid);
    const startTime = secondsOf(meta?.start_time);
    if (meta === undefined || id === undefined || startTime === undefined) {
      this.notes.push(`The run ${basename(folder)} is not imported: its ${metaFile} cannot be read.`);
      return;
    }
    if (meta.lifecycle_stage === 'deleted') {
      this.noteDeleted(0, 1);
      return;
    }
    this.runs.push({
      id,
      experiment,
      folder,
      name: textOf(meta.run_name),
      user: textOf(meta.user_id),
      status: statusOf(meta.status),
      startTime,
      endTime: secondsOf(meta.end_time),
      artifactUri: textOf(meta.artifact_uri),
      tags: await readTexts(join(folder, 'tags')),
    });
  }
}

/** The texts of a folder with a file for each name, which may have `/`. */
export async function readTexts(folder: string): Promise<Record<string, string>> {
  const texts: [string, string][] = [];
  for (const { path, source, bytes } of (await listFilesBelow(folder)).files) {
    if (bytes <= mostTextBytes) {
      texts.push([path, await readFile(source, 'utf8')]);
    }
  }
  return Object.fromEntries(texts);
}

/** Undefined where the file is no YAML, or no object. */
async function readMeta(path: string): Promise<JsonObject | undefined> {
  const text = await readFile(path, 'utf8');
  try {
    const value: unknown = parse(text, { prettyErrors: false, logLevel: 'silent' });
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

async function folderNames(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .sort();
  } catch (error) {
    if (isNotFound(error)) {
      return [];
    }
    throw error;
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined;
}

/** From milliseconds. */
function secondsOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value / 1000 : undefined;
}

/** A number, or in some versions its name. */
function statusOf(value: unknown): MlflowStatus {
  const named = statuses.find((status) => typeof value === 'string' && status === value.toLowerCase());
  return named ?? (typeof value === 'number' ? statuses[value - 1] : undefined) ?? 'running';
}
