import { mkdir, rm } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { fileError, RunledgerError } from '../base/errors.ts';
import { pathExists } from '../base/pathExists.ts';
import { ZipReader, type ZipReaderOptions } from '../base/zipReader.ts';
import { randomHex } from '../store/atomicFile.ts';
import { snapshotFile, stagingPrefix, storeFolder, workspaceFile } from '../store/storeLayout.ts';
import { createWorkspace, openWorkspace } from '../store/workspaces.ts';
import { type ImportPlan, type OnConflict, planImport } from './importPlan.ts';
import {
  knownModelIds,
  publishDefinition,
  publishExperiment,
  publishModel,
  publishPipeline,
  publishRun,
  publishSnapshot,
} from './importPublication.ts';
import type { ImportedRun, ImportResult } from './importResult.ts';
import { assertGoingOn, type TransferOptions } from './transferProgress.ts';
import { type UnpackedExport, type UnpackRequest, unpackExport } from './unpackedExport.ts';
import { readZipContents, type ZipContents } from './zipContents.ts';

export interface ImportZipOptions extends TransferOptions, ZipReaderOptions {
  readonly zipFile: string;
  /** The folder of the workspace. */
  readonly workspaceFolder: string;
  /** Makes the workspace, which must not be there. Its name is this, or that of the export where this is empty. */
  readonly newWorkspaceName?: string;
  /** Default: `skip`. */
  readonly onConflict?: OnConflict;
}

/**
 * Imports a zip that `exportToZip` wrote. All of it is unpacked and checked beside the store before anything is given its place;
 * then each run, model and definition appears whole. Until then it can be stopped, and nothing has changed.
 *
 * Runs that had not ended are ended. Numbers stay in experiments that are new, and are the next elsewhere.
 *
 * @throws RunledgerError `not-found`, `not-a-store`; `unreadable`, `newer-format`, `zip-too-large` for the zip; `already-exists` where an id is
 * taken and the choice is `fail`, or where a workspace is there that was to be made; `not-writable`, `disk-full`, `canceled`
 */
export async function importZip(options: ImportZipOptions): Promise<ImportResult> {
  const zipPath = resolve(options.zipFile);
  const folder = resolve(options.workspaceFolder);
  const isNew = options.newWorkspaceName !== undefined;
  await assertTarget(folder, isNew);
  options.onProgress?.('Reading the export', 0);
  const zip = await ZipReader.open(zipPath, options);
  const staging = isNew
    ? join(folder, `.runledger-staging-${randomHex(4)}`)
    : join(storeFolder(folder), `${stagingPrefix}${randomHex(4)}`);
  const madeFolder = isNew ? await mkdir(folder, { recursive: true }).catch(() => undefined) : undefined;
  let isDone = false;
  try {
    const contents = await readZipContents(zip, zipPath);
    const plan = await planImport(isNew ? undefined : folder, contents.runs, options.onConflict ?? 'skip');
    const request = await requestOf(zip, zipPath, contents, plan, isNew ? undefined : folder, options);
    const unpacked = await unpackExport(request, staging);
    assertGoingOn(options.signal, 'The import was stopped. Nothing was changed.');
    if (isNew) {
      const name = options.newWorkspaceName || contents.manifest.workspace.name || basename(folder);
      await createWorkspace({ folder, name });
    }
    const result = await publish(folder, unpacked, request, plan, options);
    isDone = true;
    return result;
  } catch (error) {
    throw fileError(error, 'import', zipPath);
  } finally {
    zip.close();
    await rm(staging, { recursive: true, force: true });
    if (!isDone && madeFolder !== undefined && !(await pathExists(storeFolder(folder)))) {
      await rm(madeFolder, { recursive: true, force: true });
    }
  }
}

async function assertTarget(folder: string, isNew: boolean): Promise<void> {
  if (!isNew) {
    await openWorkspace(folder);
  } else if (await pathExists(workspaceFile(folder))) {
    throw new RunledgerError('already-exists', `${folder} already holds a Runledger workspace.`, {
      advice: 'Import into it, or choose another folder.',
    });
  }
}

/** What is to be unpacked: what is not in the workspace yet. */
async function requestOf(
  zip: ZipReader,
  zipPath: string,
  contents: ZipContents,
  plan: ImportPlan,
  workspaceFolder: string | undefined,
  options: ImportZipOptions,
): Promise<UnpackRequest> {
  const known =
    workspaceFolder === undefined
      ? new Set<string>()
      : await knownModelIds(
          workspaceFolder,
          contents.models.map(({ key }) => key),
        );
  const snapshots: UnpackRequest['snapshots'][number][] = [];
  for (const snapshot of contents.snapshots) {
    if (workspaceFolder === undefined || !(await pathExists(snapshotFile(workspaceFolder, snapshot.place.hash)))) {
      snapshots.push(snapshot);
    }
  }
  return {
    zip,
    zipPath,
    contents,
    runs: plan.runs,
    models: contents.models.filter(({ record }) => !known.has(String(record.id))),
    snapshots,
    newIds: plan.newIds,
    options,
  };
}

async function publish(
  folder: string,
  unpacked: UnpackedExport,
  request: UnpackRequest,
  plan: ImportPlan,
  options: ImportZipOptions,
): Promise<ImportResult> {
  const { contents } = request;
  const notes: string[] = [];
  options.onProgress?.('Storing', 0.99);
  for (const { place } of request.snapshots) {
    await publishSnapshot(folder, unpacked, place.hash);
  }
  const newExperiments = new Set<string>();
  const keys = new Set([...plan.runs.map(({ experimentKey }) => experimentKey), ...contents.experiments.keys()]);
  for (const key of keys) {
    const name = plan.runs.find(({ experimentKey }) => experimentKey === key)?.experiment ?? key;
    if (await publishExperiment(folder, unpacked, key, name)) {
      newExperiments.add(key);
    }
  }
  const runs: ImportedRun[] = [];
  for (const run of plan.runs) {
    const isNew = newExperiments.has(run.experimentKey);
    const stored = await publishRun(folder, unpacked, run, isNew, plan.newIds);
    runs.push({ id: run.newId, action: 'imported', ...stored });
    if (run.newId !== run.id) {
      notes.push(`The run ${run.id} is imported as ${run.newId}.`);
    }
  }
  const renumbered = plan.runs.filter((run, index) => run.number !== runs[index]?.number).length;
  if (renumbered > 0) {
    notes.push(`${renumbered} of ${runs.length} runs have another number than before, which a property of them keeps.`);
  }
  const models: string[] = [];
  for (const model of request.models) {
    const version = await publishModel(folder, unpacked, model, plan.newIds);
    models.push(`${String(model.record.name)}:${version}`);
    if (version !== model.version) {
      notes.push(`The model ${String(model.record.name)}:${model.version} is version ${version} here.`);
    }
  }
  for (const definition of contents.definitions) {
    const { area, key, version, record } = definition;
    const stored = await publishDefinition(folder, area, key, version, record);
    if (stored !== undefined && stored !== version) {
      notes.push(`Version ${version} of ${key} in ${area} is version ${stored} here.`);
    }
  }
  for (const { place } of contents.pipelines) {
    await publishPipeline(folder, unpacked, place.id);
  }
  if (contents.unknownCount > 0) {
    notes.push(`${contents.unknownCount} files that this version does not know were left out.`);
  }
  return { workspaceFolder: folder, runs, skipped: plan.skipped, models, notes };
}
