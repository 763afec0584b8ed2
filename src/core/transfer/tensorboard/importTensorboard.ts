import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, posix, resolve } from 'node:path';
import { isNotFound, RunledgerError } from '../../base/errors.ts';
import { storeFolderName } from '../../store/storeLayout.ts';
import { openWorkspace } from '../../store/workspaces.ts';
import { type ListedFile, listFilesBelow } from '../fileList.ts';
import { experimentNameFrom } from '../foreignNames.ts';
import { fingerprintOf, runIdOf, storeForeignRun } from '../foreignRun.ts';
import type { ImportedRun, ImportResult, SkippedRun } from '../importResult.ts';
import { assertGoingOn, type TransferOptions, TransferProgress } from '../transferProgress.ts';
import { firstEventTime, importEvents } from './eventRun.ts';

export interface ImportTensorboardOptions extends TransferOptions {
  readonly workspaceFolder: string;
  /** TensorBoard's `--logdir`. */
  readonly folder: string;
  /** Default: the folder's name. */
  readonly experiment?: string;
  /** The program, as `runledger-cli/0.1.0`. */
  readonly createdBy: string;
}

/**
 * Imports TensorBoard's event files: each folder that holds some is a run, as TensorBoard has it. Scalars and texts become metrics under
 * their tags, with steps and times; images become the run's images; hyperparameters its parameters; of histograms a table is made.
 *
 * A folder that was imported before is left out, or read again where its files have grown. Each run appears whole; stopping leaves those that were
 * imported until then.
 *
 * @throws RunledgerError `not-found` where there are no event files, `not-a-store`, `invalid-name`, `not-writable`, `disk-full`, `canceled`
 */
export async function importTensorboard(options: ImportTensorboardOptions): Promise<ImportResult> {
  const workspace = await openWorkspace(options.workspaceFolder);
  const folder = await realFolder(resolve(options.folder));
  const experiment = options.experiment ?? experimentNameFrom(basename(folder));
  options.onProgress?.('Looking for event files', 0);
  const { folders, notes } = await eventFolders(folder);
  if (folders.length === 0) {
    throw new RunledgerError('not-found', `There are no event files of TensorBoard in ${folder} or below it.`, {
      advice: 'Choose the folder that TensorBoard is started with, as --logdir. Their names have "tfevents" in them.',
    });
  }
  const totalBytes = folders.flatMap(({ files }) => files).reduce((sum, { bytes }) => sum + bytes, 0);
  const progress = new TransferProgress(options, 'Importing', totalBytes);
  const runs: ImportedRun[] = [];
  const skipped: SkippedRun[] = [];
  const started: (EventFolder & { readonly startTime: number })[] = [];
  for (const run of folders) {
    const startTime = await firstTimeOf(run.files);
    if (startTime === undefined) {
      skipped.push({ id: run.path || run.name, reason: 'Its files hold no events.' });
    } else {
      started.push({ ...run, startTime });
    }
  }
  // Numbers follow the order in which the runs began.
  started.sort((a, b) => a.startTime - b.startTime);
  for (const run of started) {
    assertGoingOn(options.signal, `The import was stopped after ${runs.length} of ${started.length} runs.`);
    const { startTime } = run;
    const source = `tensorboard:${run.name}/${basename(run.files[0]?.path ?? '')}@${startTime}`;
    const runNotes: string[] = [];
    const outcome = await storeForeignRun(
      workspace.folder,
      {
        runId: runIdOf(source),
        source,
        folder: run.folder,
        fingerprint: fingerprintOf(run.files.map(({ path, bytes }) => `${path} ${bytes}`)),
        experiment,
        displayName: run.name === run.path || run.path === '' ? run.name : run.path,
        createdTime: startTime,
        fill: async (writer) => {
          const left = await importEvents(run.files, writer, {
            onBytes: (bytes) => progress.add(bytes),
            signal: options.signal,
          });
          runNotes.push(...left);
        },
      },
      options.createdBy,
    );
    if (outcome.kind === 'stored') {
      runs.push(outcome.run);
      notes.push(...runNotes.map((note) => `${run.path || run.name}: ${note}`));
    } else {
      skipped.push(outcome.run);
      progress.add(run.files.reduce((sum, { bytes }) => sum + bytes, 0));
    }
  }
  return { workspaceFolder: workspace.folder, runs, skipped, models: [], notes };
}

interface EventFolder {
  /** Relative to the folder that is imported, with `/`; empty for itself. */
  readonly path: string;
  /** Its last part. */
  readonly name: string;
  /** Absolute. */
  readonly folder: string;
  /** In the order of their names, which begin with the time. */
  readonly files: readonly ListedFile[];
}

async function eventFolders(folder: string): Promise<{ folders: EventFolder[]; notes: string[] }> {
  const { files, others } = await listFilesBelow(folder);
  const found = new Map<string, ListedFile[]>();
  for (const file of files) {
    const isStore = file.path.split('/').includes(storeFolderName);
    if (!isStore && posix.basename(file.path).includes('tfevents')) {
      const parent = posix.dirname(file.path);
      const path = parent === '.' ? '' : parent;
      found.set(path, [...(found.get(path) ?? []), file]);
    }
  }
  const folders = [...found].map(([path, listed]): EventFolder => {
    const absolute = path === '' ? folder : join(folder, ...path.split('/'));
    return { path, name: basename(absolute) || 'logs', folder: absolute, files: listed };
  });
  const notes = others
    .filter((path) => !path.split('/').includes(storeFolderName))
    .map((path) => `${path} is a link, and was not followed.`);
  return { folders, notes };
}

async function firstTimeOf(files: readonly ListedFile[]): Promise<number | undefined> {
  for (const { source } of files) {
    const time = await firstEventTime(source);
    if (time !== undefined) {
      return time;
    }
  }
  return undefined;
}

/** Where one is named that is a file, its folder. Throws `not-found`. */
async function realFolder(path: string): Promise<string> {
  try {
    const real = await realpath(path);
    return (await stat(real)).isDirectory() ? real : dirname(real);
  } catch (error) {
    if (isNotFound(error)) {
      throw new RunledgerError('not-found', `There is no folder ${path}.`, { cause: error });
    }
    throw error;
  }
}
