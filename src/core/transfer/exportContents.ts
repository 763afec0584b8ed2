/** What belongs to an export: which files of a store, and what stays out of it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RunledgerError } from '../base/errors.ts';
import { pathExists } from '../base/pathExists.ts';
import { isTerminal } from '../domain/runStatus.ts';
import { randomHex } from '../store/atomicFile.ts';
import { formatJournalLine } from '../store/journalRecords.ts';
import { isJsonObject } from '../store/jsonFile.ts';
import { experimentKey, isRunId } from '../store/names.ts';
import { RunReader } from '../store/runReader.ts';
import {
  childrenFolder,
  entriesOf,
  experimentFolder,
  experimentsFolder,
  findExperimentOfRun,
  runFolder,
  runsFolder,
  snapshotFile,
  storeFolder,
} from '../store/storeLayout.ts';
import { placeOf } from './exportFormat.ts';
import { type ListedFile, listedFile, listFilesBelow } from './fileList.ts';
import { assertGoingOn } from './transferProgress.ts';

/** What is exported. Runs take their child runs with them. */
export type ExportSubject =
  | { readonly kind: 'runs'; readonly runIds: readonly string[] }
  | { readonly kind: 'experiment'; readonly name: string }
  | { readonly kind: 'workspace' };

export interface ExportFile {
  /** In the zip, and in the store. */
  readonly path: string;
  readonly bytes: number;
  /** A file of the store, or the bytes themselves. */
  readonly source: ListedFile | Buffer;
}

export interface ExportContents {
  readonly files: readonly ExportFile[];
  readonly runIds: readonly string[];
  readonly experimentCount: number;
  readonly modelVersionCount: number;
  /** Sentences for a person: what is not in the export, though one may think so. */
  readonly leftOut: readonly string[];
}

/**
 * Finds the files of an export.
 *
 * @throws RunledgerError `not-found`; `invalid-state` where a run that was named, or a child of it, still goes on; `canceled`
 */
export async function collectExport(
  workspaceFolder: string,
  subject: ExportSubject,
  signal: AbortSignal | undefined,
): Promise<ExportContents> {
  const collection = new ExportCollection(workspaceFolder, signal);
  switch (subject.kind) {
    case 'runs':
      for (const runId of subject.runIds) {
        await collection.addNamedRun(runId);
      }
      break;
    case 'experiment':
      await collection.addExperiment(experimentKey(subject.name), subject.name);
      break;
    case 'workspace':
      for (const key of (await entriesOf(experimentsFolder(workspaceFolder))).sort()) {
        await collection.addExperiment(key, key);
      }
      for (const area of ['models', 'environments', 'datasets', 'pipelines']) {
        await collection.addArea(area);
      }
      break;
  }
  await collection.addSnapshots();
  return collection.contents();
}

class ExportCollection {
  private readonly workspaceFolder: string;
  private readonly signal: AbortSignal | undefined;
  private readonly files = new Map<string, ExportFile>();
  private readonly runIds = new Set<string>();
  private readonly experiments = new Set<string>();
  private readonly modelVersions = new Set<string>();
  private readonly snapshots = new Set<string>();
  private readonly leftOut: string[] = [];

  constructor(workspaceFolder: string, signal: AbortSignal | undefined) {
    this.workspaceFolder = workspaceFolder;
    this.signal = signal;
  }

  contents(): ExportContents {
    return {
      files: [...this.files.values()],
      runIds: [...this.runIds],
      experimentCount: this.experiments.size,
      modelVersionCount: this.modelVersions.size,
      leftOut: this.leftOut,
    };
  }

  async addNamedRun(runId: string): Promise<void> {
    const key = await findExperimentOfRun(this.workspaceFolder, runId);
    if (key === undefined) {
      throw new RunledgerError('not-found', `There is no run ${runId} in ${this.workspaceFolder}.`, {
        advice: 'Check the id; `runledger run list` shows the runs.',
      });
    }
    await this.addExperimentRecord(key);
    for (const id of [runId, ...(await this.descendantsOf(key, runId))]) {
      if ((await this.addRun(key, id)) === 'going-on') {
        const which = id === runId ? '' : `, a child of ${runId},`;
        throw new RunledgerError('invalid-state', `The run ${id}${which} still goes on.`, {
          advice: 'Export it when it has ended.',
        });
      }
    }
  }

  async addExperiment(key: string, name: string): Promise<void> {
    if (!(await pathExists(experimentFolder(this.workspaceFolder, key)))) {
      throw new RunledgerError('not-found', `There is no experiment "${name}" in ${this.workspaceFolder}.`, {
        advice: 'Check the name; `runledger experiment list` shows the experiments.',
      });
    }
    await this.addExperimentRecord(key);
    for (const runId of (await entriesOf(runsFolder(this.workspaceFolder, key))).filter(isRunId).sort()) {
      if ((await this.addRun(key, runId)) === 'going-on') {
        this.leftOut.push(`The run ${runId} is left out: it still goes on.`);
      }
    }
  }

  /** Models, environments and the like: all of it. */
  async addArea(area: string): Promise<void> {
    await this.addFolder(join(storeFolder(this.workspaceFolder), area), area);
    for (const [path, file] of this.files) {
      const place = placeOf(path);
      if (place?.kind === 'model') {
        this.modelVersions.add(`${place.key}/${place.version}`);
      } else if (place?.kind === 'pipeline') {
        await this.noteSnapshotsOf(file);
      }
    }
  }

  async addSnapshots(): Promise<void> {
    for (const hash of [...this.snapshots].sort()) {
      const found = await listedFile(`${hash}.zip`, snapshotFile(this.workspaceFolder, hash));
      if (found === undefined) {
        this.leftOut.push(`The snapshot ${hash.slice(0, 12)} is missing in the workspace.`);
      } else {
        this.add(`snapshots/${hash}.zip`, found);
      }
    }
  }

  private async addExperimentRecord(key: string): Promise<void> {
    if (!this.experiments.has(key)) {
      this.experiments.add(key);
      const folder = experimentFolder(this.workspaceFolder, key);
      await this.addFolder(join(folder, 'journal'), `experiments/${key}/journal`);
      const record = await listedFile('experiment.json', join(folder, 'experiment.json'));
      if (record !== undefined) {
        this.add(`experiments/${key}/experiment.json`, record);
      }
    }
  }

  private async addRun(key: string, runId: string): Promise<'added' | 'going-on' | 'unreadable'> {
    assertGoingOn(this.signal, 'The export was stopped.');
    if (this.runIds.has(runId)) {
      return 'added';
    }
    const folder = runFolder(this.workspaceFolder, key, runId);
    const prefix = `experiments/${key}/runs/${runId}`;
    try {
      const reader = await RunReader.open({ folder, experimentKey: key, withMetrics: false });
      await reader.refresh();
      const { summary, snapshot } = await reader.details();
      if (reader.hasProcesses && !isTerminal(summary.status) && summary.status !== 'NotResponding') {
        return 'going-on';
      }
      if (snapshot !== undefined) {
        this.noteSnapshot(snapshot.hash);
      }
      if (reader.isOpen && summary.status === 'Failed' && summary.failure !== undefined) {
        // Its process is known to be dead on this machine alone: another one could not tell.
        const ended = { k: 'status', v: 'Failed', error: summary.failure } as const;
        const line = Buffer.from(formatJournalLine(ended, summary.endTime ?? summary.createdTime));
        const path = `${prefix}/journal/export-${process.pid}-${randomHex(4)}.jsonl`;
        this.files.set(path, { path, bytes: line.length, source: line });
      }
    } catch (error) {
      if (!RunledgerError.is(error)) {
        throw error;
      }
      this.leftOut.push(`The run ${runId} is left out, since it cannot be read: ${error.message}`);
      return 'unreadable';
    }
    this.runIds.add(runId);
    await this.addFolder(folder, prefix);
    const orchestration = this.files.get(`${prefix}/orchestration.json`);
    if (orchestration !== undefined) {
      await this.noteSnapshotsOf(orchestration);
    }
    return 'added';
  }

  private async descendantsOf(key: string, runId: string): Promise<string[]> {
    const found: string[] = [];
    for (const id of (await entriesOf(childrenFolder(runFolder(this.workspaceFolder, key, runId)))).filter(isRunId)) {
      if (await pathExists(runFolder(this.workspaceFolder, key, id))) {
        found.push(id, ...(await this.descendantsOf(key, id)));
      }
    }
    return found;
  }

  /** The files of a folder that have a place in an export: what is the store's own machinery has none. */
  private async addFolder(folder: string, prefix: string): Promise<void> {
    const { files, others } = await listFilesBelow(folder);
    for (const file of files) {
      const path = `${prefix}/${file.path}`;
      const isTemporary = /(^|\/)\.[^/]*\.tmp$/.test(path);
      if (placeOf(path) !== undefined && !isTemporary) {
        this.add(path, file);
      }
    }
    for (const path of others.filter((other) => placeOf(`${prefix}/${other}`) !== undefined)) {
      this.leftOut.push(`${prefix}/${path} is left out: it is a link, which could lead anywhere.`);
    }
  }

  private add(path: string, source: ListedFile): void {
    this.files.set(path, { path, bytes: source.bytes, source });
  }

  private noteSnapshot(hash: unknown): void {
    if (typeof hash === 'string' && /^[0-9a-f]{64}$/.test(hash)) {
      this.snapshots.add(hash);
    }
  }

  /** The code that the steps of a sweep or a pipeline are submitted with. */
  private async noteSnapshotsOf({ source }: ExportFile): Promise<void> {
    try {
      const value: unknown = JSON.parse(
        Buffer.isBuffer(source) ? source.toString('utf8') : await readFile(source.source, 'utf8'),
      );
      for (const snapshot of Object.values(
        isJsonObject(value) && isJsonObject(value.snapshots) ? value.snapshots : {},
      )) {
        this.noteSnapshot(isJsonObject(snapshot) ? snapshot.hash : undefined);
      }
    } catch {
      // What cannot be read names no snapshots; it is exported as it is.
    }
  }
}
