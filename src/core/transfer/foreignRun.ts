/** Runs that another tool recorded, stored as if they had been logged here. */
import { createHash } from 'node:crypto';
import { constants, copyFile, type FileHandle, mkdir, open, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileError } from '../base/errors.ts';
import { pathExists } from '../base/pathExists.ts';
import { randomHex } from '../store/atomicFile.ts';
import { ensureExperiment } from '../store/experiments.ts';
import { formatJournalLine, type JournalRecord } from '../store/journalRecords.ts';
import { isJsonObject, numberField, readStoreFile, stringField } from '../store/jsonFile.ts';
import { publishStagedRun, replaceRun } from '../store/runPublication.ts';
import {
  artifactsFolder,
  experimentFolder,
  findExperimentOfRun,
  journalFolder,
  runFolder,
  runsFolder,
  stagingPrefix,
  supportedFormat,
} from '../store/storeLayout.ts';
import { listFilesBelow } from './fileList.ts';
import { type ImportedRun, importProperties, type SkippedRun } from './importResult.ts';

/** What is known of a run before its metrics are read. */
export interface ForeignRun {
  /** The same for the same run, whenever it is imported. */
  readonly runId: string;
  /** `<tool>:<what tells it from others there>`. */
  readonly source: string;
  /** Where it is read from, absolute. */
  readonly folder: string;
  /** Differs where the source does. */
  readonly fingerprint: string;
  /** Made on first use; a run that was imported before stays in its own. */
  readonly experiment: string;
  readonly displayName?: string | undefined;
  readonly description?: string | undefined;
  /** Left out where the parent is in another experiment. */
  readonly parentId?: string | undefined;
  /** Unix seconds. */
  readonly createdTime: number;
  readonly user?: string | undefined;
  readonly tags?: Readonly<Record<string, string>>;
  readonly properties?: Readonly<Record<string, string>>;
  /** Writes what happened in the run, and its files. */
  readonly fill: (run: ForeignRunWriter) => Promise<void>;
}

export type ForeignRunOutcome =
  | { readonly kind: 'stored'; readonly run: ImportedRun }
  | { readonly kind: 'skipped'; readonly run: SkippedRun };

const flushedCharacters = 256 * 1024;

/** A run that is being filled. */
export class ForeignRunWriter {
  /** Absolute. */
  readonly artifactsFolder: string;
  private readonly journal: FileHandle;
  private pending = '';

  private constructor(folder: string, journal: FileHandle) {
    this.artifactsFolder = artifactsFolder(folder);
    this.journal = journal;
  }

  static async open(folder: string): Promise<ForeignRunWriter> {
    await mkdir(journalFolder(folder), { recursive: true });
    await mkdir(artifactsFolder(folder));
    const name = `import-${process.pid}-${randomHex(4)}.jsonl`;
    return new ForeignRunWriter(folder, await open(join(journalFolder(folder), name), 'ax'));
  }

  /** @param time of the record, in Unix seconds */
  async append(record: JournalRecord, time: number): Promise<void> {
    this.pending += formatJournalLine(record, time);
    if (this.pending.length > flushedCharacters) {
      await this.flush();
    }
  }

  /** @param path relative, with `/`; one that is valid as an artifact's */
  async writeArtifact(path: string, content: Uint8Array): Promise<void> {
    const target = join(this.artifactsFolder, ...path.split('/'));
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, content, { flag: 'wx' });
  }

  /** Copies a file, by sharing its bytes where the file system can. */
  async copyArtifact(path: string, source: string): Promise<void> {
    const target = join(this.artifactsFolder, ...path.split('/'));
    await mkdir(dirname(target), { recursive: true });
    await copyFile(source, target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  }

  async close(): Promise<void> {
    try {
      await this.flush();
    } finally {
      await this.journal.close();
    }
  }

  private async flush(): Promise<void> {
    const text = this.pending;
    this.pending = '';
    await this.journal.writeFile(text);
  }
}

/**
 * Stores a run, which appears whole or not at all. One that was imported before is left as it is, or, where its source has changed,
 * is replaced under its id and number; what was noted here (tags, names) stays.
 *
 * @throws RunledgerError `invalid-name`, `not-writable`, `disk-full`, and what `fill` throws
 */
export async function storeForeignRun(
  workspaceFolder: string,
  run: ForeignRun,
  createdBy: string,
): Promise<ForeignRunOutcome> {
  const known = await knownRun(workspaceFolder, run);
  if (known !== undefined && 'reason' in known) {
    return { kind: 'skipped', run: known };
  }
  const experiment =
    known === undefined
      ? await ensureExperiment(workspaceFolder, run.experiment)
      : { key: known.key, name: known.name };
  const staging = join(runsFolder(workspaceFolder, experiment.key), `${stagingPrefix}${randomHex(4)}`);
  try {
    await mkdir(staging);
    const writer = await ForeignRunWriter.open(staging);
    try {
      await run.fill(writer);
    } finally {
      await writer.close();
    }
    const parentId = await parentIn(workspaceFolder, experiment.key, run.parentId);
    const staged = {
      workspaceFolder,
      experimentKey: experiment.key,
      runId: run.runId,
      parentId,
      folder: staging,
      recordOf: (number: number) => recordOf(run, number, experiment.name, parentId, createdBy),
    };
    if (known === undefined) {
      const number = await publishStagedRun(staged);
      return { kind: 'stored', run: { id: run.runId, number, experiment: experiment.name, action: 'imported' } };
    }
    await keepFrom(runFolder(workspaceFolder, experiment.key, run.runId), staging);
    await replaceRun({ ...staged, number: known.number });
    return {
      kind: 'stored',
      run: { id: run.runId, number: known.number, experiment: experiment.name, action: 'updated' },
    };
  } catch (error) {
    throw fileError(error, 'store the run', experimentFolder(workspaceFolder, experiment.key));
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** Where the run is, if its source has changed since; why it is left out, if it has not. */
async function knownRun(
  workspaceFolder: string,
  run: ForeignRun,
): Promise<SkippedRun | { readonly key: string; readonly name: string; readonly number: number } | undefined> {
  const key = await findExperimentOfRun(workspaceFolder, run.runId);
  if (key === undefined) {
    return undefined;
  }
  const record = await readStoreFile(join(runFolder(workspaceFolder, key, run.runId), 'run.json'), 'the run');
  const properties = isJsonObject(record.properties) ? record.properties : {};
  if (properties[importProperties.source] !== run.source) {
    return { id: run.runId, reason: 'Another run in the workspace has its id.' };
  }
  if (properties[importProperties.fingerprint] === run.fingerprint) {
    return { id: run.runId, reason: 'It was imported before, and has not changed since.' };
  }
  return { key, name: stringField(record, 'experiment') ?? key, number: numberField(record, 'number') ?? 1 };
}

async function parentIn(
  workspaceFolder: string,
  experimentKey: string,
  parentId: string | undefined,
): Promise<string | undefined> {
  const isThere = parentId !== undefined && (await pathExists(runFolder(workspaceFolder, experimentKey, parentId)));
  return isThere ? parentId : undefined;
}

function recordOf(
  run: ForeignRun,
  number: number,
  experiment: string,
  parentId: string | undefined,
  createdBy: string,
): object {
  return {
    format: supportedFormat,
    id: run.runId,
    number,
    experiment,
    type: null,
    displayName: run.displayName ?? null,
    description: run.description ?? null,
    parentId: parentId ?? null,
    createdTime: run.createdTime,
    user: run.user ?? null,
    host: null,
    createdBy,
    tags: run.tags ?? {},
    properties: {
      ...run.properties,
      [importProperties.source]: run.source,
      [importProperties.folder]: run.folder,
      [importProperties.fingerprint]: run.fingerprint,
    },
    submission: null,
  };
}

/** Copies what was added to a run since it was imported: journals of others, child runs, files. */
async function keepFrom(before: string, staging: string): Promise<void> {
  for (const { path, source } of (await listFilesBelow(before)).files) {
    const isKept =
      path.startsWith('children/') ||
      path.startsWith('artifacts/') ||
      (path.startsWith('journal/') && !path.startsWith('journal/import-'));
    const target = join(staging, ...path.split('/'));
    if (isKept && !(await pathExists(target))) {
      await mkdir(dirname(target), { recursive: true });
      await copyFile(source, target, constants.COPYFILE_FICLONE);
    }
  }
}

/** An id for a run that has none of its own: a UUID by form, the same for the same text. */
export function runIdOf(source: string): string {
  const hex = createHash('sha256').update(source).digest('hex');
  // The version 8 of RFC 9562: what the rest is made of is up to whoever makes it.
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** A digest of lines that tell a state of a source from another. */
export function fingerprintOf(lines: readonly string[]): string {
  return createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, 32);
}
