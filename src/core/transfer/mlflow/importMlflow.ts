import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { isNotFound, RunledgerError } from '../../base/errors.ts';
import { pathExists } from '../../base/pathExists.ts';
import { ensureExperiment } from '../../store/experiments.ts';
import { JournalWriter } from '../../store/journalWriter.ts';
import { experimentKey, isRunId } from '../../store/names.ts';
import { experimentFolder } from '../../store/storeLayout.ts';
import { openWorkspace } from '../../store/workspaces.ts';
import { type FileList, listFilesBelow } from '../fileList.ts';
import { experimentNameFrom } from '../foreignNames.ts';
import { fingerprintOf, runIdOf, storeForeignRun } from '../foreignRun.ts';
import type { ImportedRun, ImportResult, SkippedRun } from '../importResult.ts';
import { assertGoingOn, type TransferOptions, TransferProgress } from '../transferProgress.ts';
import { importMlflowRun, mlflowTags } from './mlflowRun.ts';
import { type MlflowExperiment, type MlflowRun, type MlflowStore, readMlflowStore } from './mlflowStore.ts';

export interface ImportMlflowOptions extends TransferOptions {
  readonly workspaceFolder: string;
  /** `mlruns`, or the folder that it lies in. */
  readonly folder: string;
  /** Takes all runs. Default: experiments of MLflow's names, as far as these can be experiments' names. */
  readonly experiment?: string;
  /** The program, as `runledger-cli/0.1.0`. */
  readonly createdBy: string;
}

/**
 * Imports a file store of MLflow: its runs keep their ids, with names, notes, tags, parameters, metrics (steps and times), files, states,
 * and the runs that they are nested in. Runs and experiments that were deleted there are left out.
 *
 * A run that was imported before is left out, or read again where something in its folder has changed. Each run appears whole; stopping leaves those
 * that were imported until then.
 *
 * @throws RunledgerError `not-found` where there is no store, `not-a-store`, `invalid-name`, `not-writable`, `disk-full`, `canceled`
 */
export async function importMlflow(options: ImportMlflowOptions): Promise<ImportResult> {
  const workspace = await openWorkspace(options.workspaceFolder);
  options.onProgress?.('Reading the store of MLflow', 0);
  const store = await readMlflowStore(await realFolder(resolve(options.folder)));
  const listings = new Map<MlflowRun, FileList>();
  let totalBytes = 0;
  for (const run of store.runs) {
    assertGoingOn(options.signal, 'The import was stopped. Nothing was imported.');
    const listing = await listFilesBelow(run.folder);
    listings.set(run, listing);
    totalBytes += listing.files.reduce((sum, { bytes }) => sum + bytes, 0);
  }
  const notes = [...store.notes];
  if (options.experiment === undefined) {
    notes.push(...(await makeExperiments(workspace.folder, store)));
  }
  const progress = new TransferProgress(options, 'Importing', totalBytes);
  const runs: ImportedRun[] = [];
  const skipped: SkippedRun[] = [];
  const inOrder = parentsFirst(store.runs);
  for (const run of inOrder) {
    assertGoingOn(options.signal, `The import was stopped after ${runs.length} of ${inOrder.length} runs.`);
    const listing = listings.get(run) ?? { files: [], others: [] };
    const outcome = await storeForeignRun(
      workspace.folder,
      {
        runId: runIdIn(run.id),
        source: `mlflow:${run.id}`,
        folder: run.folder,
        fingerprint: fingerprintOf(
          listing.files.map(({ path, bytes, modifiedTime }) => `${path} ${bytes} ${modifiedTime}`),
        ),
        experiment: options.experiment ?? experimentNameFrom(run.experiment.name),
        createdTime: run.startTime,
        user: run.user,
        ...mlflowTags(run, runIdIn),
        fill: async (writer) => {
          const left = await importMlflowRun(run, listing, writer, {
            onBytes: (bytes) => progress.add(bytes),
            signal: options.signal,
          });
          notes.push(...left.map((note) => `${run.name ?? run.id}: ${note}`));
        },
      },
      options.createdBy,
    );
    if (outcome.kind === 'stored') {
      runs.push(outcome.run);
    } else {
      skipped.push(outcome.run);
      progress.add(listing.files.reduce((sum, { bytes }) => sum + bytes, 0));
    }
  }
  return { workspaceFolder: workspace.folder, runs, skipped, models: [], notes };
}

/** MLflow's own ids can be ids here. */
function runIdIn(id: string): string {
  return isRunId(id) ? id : runIdOf(`mlflow:${id}`);
}

/** By the time of their start, so that numbers follow it; a parent before its children, so that they are found as its. */
function parentsFirst(runs: readonly MlflowRun[]): readonly MlflowRun[] {
  const byId = new Map(runs.map((run) => [run.id, run]));
  const ordered = new Set<MlflowRun>();
  const add = (run: MlflowRun, below: ReadonlySet<MlflowRun>): void => {
    const parent = byId.get(run.tags['mlflow.parentRunId'] ?? '');
    if (parent !== undefined && !ordered.has(parent) && !below.has(parent)) {
      add(parent, new Set([...below, run]));
    }
    ordered.add(run);
  };
  for (const run of [...runs].sort((a, b) => a.startTime - b.startTime)) {
    add(run, new Set());
  }
  return [...ordered];
}

/** Makes the experiments that are not there, with their tags. Resolves with sentences about names that had to change. */
async function makeExperiments(workspaceFolder: string, { experiments, runs }: MlflowStore): Promise<string[]> {
  const notes: string[] = [];
  for (const experiment of experiments.filter((candidate) => runs.some((run) => run.experiment === candidate))) {
    const name = experimentNameFrom(experiment.name);
    if (name !== experiment.name) {
      notes.push(`The experiment "${experiment.name}" is called "${name}" here.`);
    }
    if (!(await pathExists(experimentFolder(workspaceFolder, experimentKey(name))))) {
      await makeExperiment(workspaceFolder, name, experiment);
    }
  }
  return notes;
}

async function makeExperiment(workspaceFolder: string, name: string, { tags }: MlflowExperiment): Promise<void> {
  const { key } = await ensureExperiment(workspaceFolder, name);
  const own = Object.entries(tags).filter(([tag]) => !tag.startsWith('mlflow.'));
  if (own.length > 0) {
    const journal = await JournalWriter.openUnwatched(experimentFolder(workspaceFolder, key), 'import');
    try {
      for (const [n, v] of own) {
        await journal.append({ k: 'tag', n, v });
      }
    } finally {
      await journal.close();
    }
  }
}

/** Throws `not-found`. */
async function realFolder(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (isNotFound(error)) {
      throw new RunledgerError('not-found', `There is no folder ${path}.`, { cause: error });
    }
    throw error;
  }
}
