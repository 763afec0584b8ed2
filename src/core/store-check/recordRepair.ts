/** Writing the records of runs and of versions of models again, from what is left of them. */
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../base/errors.ts';
import { orchestrationTypes } from '../domain/run.ts';
import { toJsonText, writeFileAtomically } from '../store/atomicFile.ts';
import { JournalWriter } from '../store/journalWriter.ts';
import { isJsonObject, type JsonObject, numberField, readText, stringField } from '../store/jsonFile.ts';
import type { RunFold } from '../store/runFold.ts';
import { journalFolder, supportedFormat } from '../store/storeLayout.ts';
import type { CheckSession } from './checkSession.ts';

export const lostSubmission =
  "The run's record, run.json, was damaged, and was made again from what was left. What was submitted is not known any more.";

/** Replaces a JSON file, and keeps what was there. */
export async function replaceRecord(session: CheckSession, path: string, record: JsonObject): Promise<boolean> {
  await session.keepCopy(path);
  await writeFileAtomically(path, toJsonText(record));
  return true;
}

/** What can be read of a damaged record: its fields where it is JSON, else none. */
export async function readableFields(path: string): Promise<JsonObject> {
  try {
    const value: unknown = JSON.parse(await readText(path, 'the record'));
    return isJsonObject(value) ? value : {};
  } catch {
    return {};
  }
}

export interface LostRun {
  readonly id: string;
  readonly folder: string;
  /** The experiment's name. */
  readonly experiment: string;
  /** That of its claim. */
  readonly number: number | undefined;
  readonly parentId: string | undefined;
  readonly fold: RunFold;
}

/** The record of a run, as far as it can still be known. */
export async function rebuiltRunRecord(run: LostRun): Promise<JsonObject> {
  const fields = await readableFields(join(run.folder, 'run.json'));
  return {
    type: await typeOf(run),
    displayName: null,
    description: null,
    user: null,
    host: run.fold.processes[0]?.host ?? null,
    tags: {},
    properties: {},
    submission: null,
    ...fields,
    format: supportedFormat,
    id: run.id,
    number: numberField(fields, 'number') ?? run.number ?? null,
    experiment: run.experiment,
    parentId: stringField(fields, 'parentId') ?? run.parentId ?? null,
    createdTime: numberField(fields, 'createdTime') ?? (await createdTime(run)),
    createdBy: stringField(fields, 'createdBy') ?? 'runledger store check',
  };
}

async function typeOf({ folder, fold }: LostRun): Promise<string | null> {
  const { definition } = await readableFields(join(folder, 'orchestration.json'));
  const kind = isJsonObject(definition) ? definition.kind : undefined;
  if (kind === 'sweep' || kind === 'pipeline') {
    return orchestrationTypes[kind];
  }
  const isSubmitted = fold.processes.some(({ role }) => role === 'submitter' || role === 'supervisor');
  return isSubmitted ? 'azureml.scriptrun' : null;
}

/** The id of a script run tells when it was made. */
async function createdTime({ id, folder }: LostRun): Promise<number> {
  const inId = /_(\d{9,11})_[0-9a-f]{8}$/.exec(id)?.[1];
  return inId === undefined ? (await stat(folder)).birthtimeMs / 1000 : Number(inId);
}

/** Writes the record of a run again, and notes on the run that something is lost. */
export async function rebuildRun(session: CheckSession, run: LostRun, record: JsonObject): Promise<boolean> {
  if (!run.fold.warnings.includes(lostSubmission)) {
    await mkdir(journalFolder(run.folder)).catch((error: unknown) => {
      if (errorCode(error) !== 'EEXIST') {
        throw error;
      }
    });
    const journal = await JournalWriter.openUnwatched(run.folder, 'repair');
    try {
      // As old as the newest record: a run that ended unrecorded ends with its last one.
      const time = run.fold.lastRecordTime || numberField(record, 'createdTime');
      await journal.append({ k: 'warning', message: lostSubmission }, time);
    } finally {
      await journal.close();
    }
  }
  return replaceRecord(session, join(run.folder, 'run.json'), record);
}

export interface LostModel {
  readonly folder: string;
  readonly name: string;
  readonly version: number;
  /** That of its claim. */
  readonly id: string | undefined;
}

/** The record of a version of a model, as far as it can still be known. */
export async function rebuiltModelRecord({ folder, name, version, id }: LostModel): Promise<JsonObject> {
  const fields = await readableFields(join(folder, 'model.json'));
  return {
    user: null,
    runId: null,
    experiment: null,
    path: null,
    description: null,
    tags: {},
    properties: {},
    framework: null,
    frameworkVersion: null,
    ...fields,
    format: supportedFormat,
    id: stringField(fields, 'id') ?? id ?? null,
    name,
    version,
    createdTime: numberField(fields, 'createdTime') ?? (await stat(folder)).birthtimeMs / 1000,
    createdBy: stringField(fields, 'createdBy') ?? 'runledger store check',
  };
}
