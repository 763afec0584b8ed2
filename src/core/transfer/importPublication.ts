/** Gives what was unpacked its place in a workspace. */
import { link, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { errorCode, fileError } from '../base/errors.ts';
import { pathExists } from '../base/pathExists.ts';
import { publishFolder, randomHex, toJsonText } from '../store/atomicFile.ts';
import { claimNumberAt, highestClaim } from '../store/claims.ts';
import { ensureExperiment, experimentName } from '../store/experiments.ts';
import { isJsonObject, type JsonObject } from '../store/jsonFile.ts';
import { readPlainJson } from '../store/plainJson.ts';
import { publishStagedRun } from '../store/runPublication.ts';
import {
  entriesOf,
  experimentFolder,
  experimentsFolder,
  modelNumbersFolder,
  modelVersionsFolder,
  numbersFolder,
  snapshotFile,
  stagingPrefix,
  storeFolder,
} from '../store/storeLayout.ts';
import type { PlannedRun } from './importPlan.ts';
import { importProperties } from './importResult.ts';
import type { UnpackedExport } from './unpackedExport.ts';
import type { ZippedModel } from './zipContents.ts';

/** Numbers that a new experiment or model may leave out so that those of the export stay. */
const mostSkippedNumbers = 1000;

/** Moves a snapshot to its place, where it is not there yet. */
export async function publishSnapshot(workspaceFolder: string, unpacked: UnpackedExport, hash: string): Promise<void> {
  const target = snapshotFile(workspaceFolder, hash);
  if (!(await pathExists(target))) {
    await mkdir(dirname(target), { recursive: true });
    await rename(unpacked.snapshot(hash), target);
  }
}

/**
 * Makes an experiment as it was exported, with its tags. One that is there stays as it is.
 *
 * @returns whether it was made
 */
export async function publishExperiment(
  workspaceFolder: string,
  unpacked: UnpackedExport,
  key: string,
  name: string,
): Promise<boolean> {
  const target = experimentFolder(workspaceFolder, key);
  const source = unpacked.experiment(key);
  if (await pathExists(target)) {
    return false;
  }
  if (!(await pathExists(join(source, 'experiment.json')))) {
    await ensureExperiment(workspaceFolder, name);
    return true;
  }
  const staging = join(experimentsFolder(workspaceFolder), `${stagingPrefix}${randomHex(4)}`);
  return publishFolder(staging, target, async (folder) => {
    for (const part of ['numbers', 'runs', 'journal']) {
      await mkdir(join(folder, part));
    }
    await rename(join(source, 'experiment.json'), join(folder, 'experiment.json'));
    for (const journal of await entriesOf(join(source, 'journal'))) {
      await rename(join(source, 'journal', journal), join(folder, 'journal', journal));
    }
  });
}

/**
 * Moves a run to its place. In an experiment whose highest number is lower it keeps its number.
 *
 * @returns the number, and the experiment's name in the workspace
 */
export async function publishRun(
  workspaceFolder: string,
  unpacked: UnpackedExport,
  run: PlannedRun,
  isNewExperiment: boolean,
  newIds: ReadonlyMap<string, string>,
): Promise<{ readonly number: number; readonly experiment: string }> {
  const experiment = await experimentName(workspaceFolder, run.experimentKey);
  const parentId = run.parentId === undefined ? undefined : (newIds.get(run.parentId) ?? run.parentId);
  const highest = await highestClaim(numbersFolder(workspaceFolder, run.experimentKey));
  const isKept = isNewExperiment && run.number - highest <= mostSkippedNumbers;
  const number = await publishStagedRun({
    workspaceFolder,
    experimentKey: run.experimentKey,
    runId: run.newId,
    parentId,
    folder: unpacked.run(run),
    ...(isKept && { wantedNumber: run.number }),
    recordOf: (claimed) => ({
      ...run.record,
      id: run.newId,
      number: claimed,
      experiment,
      parentId: parentId ?? null,
      properties: {
        ...(claimed !== run.number && { [importProperties.number]: String(run.number) }),
        ...(run.newId !== run.id && { [importProperties.runId]: run.id }),
        // What an earlier import noted stays: it names the first origin.
        ...(isJsonObject(run.record.properties) ? run.record.properties : {}),
      },
    }),
  });
  return { number, experiment };
}

/** The ids of the versions of models in a workspace. */
export async function knownModelIds(workspaceFolder: string, keys: Iterable<string>): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  for (const key of new Set(keys)) {
    for (const version of await entriesOf(modelVersionsFolder(workspaceFolder, key))) {
      try {
        const file = join(modelVersionsFolder(workspaceFolder, key), version, 'model.json');
        const { id } = await readPlainJson(file, 'the model');
        if (typeof id === 'string') {
          ids.add(id);
        }
      } catch {
        // One that cannot be read is not the one that is imported.
      }
    }
  }
  return ids;
}

/** Moves a version of a model to its place. Resolves with its version, which is another where a later one is there. */
export async function publishModel(
  workspaceFolder: string,
  unpacked: UnpackedExport,
  model: ZippedModel,
  newIds: ReadonlyMap<string, string>,
): Promise<number> {
  const { key, record } = model;
  const numbers = modelNumbersFolder(workspaceFolder, key);
  const versions = modelVersionsFolder(workspaceFolder, key);
  const folder = unpacked.model(model);
  try {
    for (const part of [numbers, versions, join(folder, 'journal'), join(folder, 'files')]) {
      await mkdir(part, { recursive: true });
    }
    const isKept = model.version - (await highestClaim(numbers)) <= mostSkippedNumbers;
    const version = await claimNumberAt(numbers, isKept ? model.version : 1, String(record.id));
    const runId = typeof record.runId === 'string' ? (newIds.get(record.runId) ?? record.runId) : null;
    const properties = {
      ...(version !== model.version && { [importProperties.number]: String(model.version) }),
      ...(isJsonObject(record.properties) ? record.properties : {}),
    };
    await writeFile(join(folder, 'model.json'), toJsonText({ ...record, version, runId, properties }), { flush: true });
    await rename(folder, join(versions, String(version)));
    return version;
  } catch (error) {
    throw fileError(error, 'store the model', versions);
  }
}

/**
 * Stores a version of an environment or a data set. One that is there with the same content, whatever its version, is that one.
 *
 * @returns the version; undefined where it was there
 */
export async function publishDefinition(
  workspaceFolder: string,
  area: string,
  key: string,
  version: number,
  record: JsonObject,
): Promise<number | undefined> {
  const folder = join(storeFolder(workspaceFolder), area, key);
  await mkdir(folder, { recursive: true });
  const files = (await readdir(folder)).filter((name) => /^\d+\.json$/.test(name));
  for (const file of files) {
    const known = await readPlainJson(join(folder, file), 'the definition').catch(() => undefined);
    if (known !== undefined && isDeepStrictEqual(contentOf(known), contentOf(record))) {
      return undefined;
    }
  }
  const highest = files.reduce((most, name) => Math.max(most, Number.parseInt(name, 10)), 0);
  for (let number = files.length === 0 ? version : Math.max(version, highest + 1); ; number++) {
    const staged = join(folder, `.${number}.json.${randomHex(4)}.tmp`);
    try {
      await writeFile(staged, toJsonText({ ...record, version: number }), { flush: true });
      // Unlike a rename, a link never replaces what is there.
      await link(staged, join(folder, `${number}.json`));
      return number;
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') {
        throw fileError(error, 'store the definition', folder);
      }
    } finally {
      await rm(staged, { force: true });
    }
  }
}

function contentOf(record: JsonObject): JsonObject {
  const { version: _version, createdTime: _createdTime, format: _format, ...content } = record;
  return content;
}

/** Moves a published pipeline to its place. Resolves with whether it was not there. */
export async function publishPipeline(workspaceFolder: string, unpacked: UnpackedExport, id: string): Promise<boolean> {
  const target = join(storeFolder(workspaceFolder), 'pipelines', `${id}.json`);
  if (await pathExists(target)) {
    return false;
  }
  await mkdir(dirname(target), { recursive: true });
  await rename(unpacked.pipeline(id), target);
  return true;
}
