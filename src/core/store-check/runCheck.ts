/** Checking one run: its record, its journals, its end, its children. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode, fileError, RunledgerError } from '../base/errors.ts';
import { pathExists } from '../base/pathExists.ts';
import { isOrchestration, type RunSummary } from '../domain/run.ts';
import { isTerminal } from '../domain/runStatus.ts';
import { listArtifacts } from '../store/artifacts.ts';
import { claimNumber } from '../store/claims.ts';
import { parseJournalLine } from '../store/journalRecords.ts';
import { openJournal } from '../store/journalWriter.ts';
import { type JsonObject, numberField, stringField } from '../store/jsonFile.ts';
import { experimentKey, isRunId } from '../store/names.ts';
import { livenessOf } from '../store/processIdentity.ts';
import { RunFold } from '../store/runFold.ts';
import { RunReader } from '../store/runReader.ts';
import {
  activeMarker,
  childrenFolder,
  journalFolder,
  numbersFolder,
  runFolder,
  runsFolder,
} from '../store/storeLayout.ts';
import type { CheckSession } from './checkSession.ts';
import { makeFolder } from './folders.ts';
import { reportJournals, scanJournals } from './journalScan.ts';
import { reportLeftovers } from './leftovers.ts';
import { rebuildRun, rebuiltRunRecord, replaceRecord } from './recordRepair.ts';
import type { StoreWorld } from './storeWorld.ts';

export interface CheckedExperiment {
  readonly key: string;
  readonly name: string;
}

/** What the check of the experiment needs to know of a run. */
export interface CheckedRun {
  readonly id: string;
  readonly path: string;
  readonly number: number | undefined;
  /** Whether a claim names it. */
  readonly isNumbered: boolean;
}

/**
 * Checks a run.
 *
 * @param claimed the number whose claim names it
 * @returns undefined where it is no run after all
 */
export async function checkRun(
  session: CheckSession,
  world: StoreWorld,
  experiment: CheckedExperiment,
  id: string,
  claimed: number | undefined,
): Promise<CheckedRun | undefined> {
  const folder = runFolder(session.workspaceFolder, experiment.key, id);
  const check = new RunCheck(session, world, experiment, { id, folder, claimed });
  try {
    return await check.run();
  } catch (error) {
    if (!(RunledgerError.is(error) || errorCode(error) !== undefined) || RunledgerError.is(error, 'canceled')) {
      throw error;
    }
    if (!(await pathExists(join(folder, 'run.json')).catch(() => true))) {
      // It was deleted meanwhile.
      return undefined;
    }
    await session.report({
      kind: 'not-accessible',
      path: folder,
      message: fileError(error, 'check it', folder).message,
    });
    return { id, path: folder, number: claimed, isNumbered: claimed !== undefined };
  }
}

class RunCheck {
  private readonly session: CheckSession;
  private readonly world: StoreWorld;
  private readonly experiment: CheckedExperiment;
  private readonly id: string;
  private readonly folder: string;
  private readonly claimed: number | undefined;
  private readonly fold = new RunFold({ displayName: undefined, description: undefined, tags: {}, properties: {} });
  private isNumbered = false;

  constructor(
    session: CheckSession,
    world: StoreWorld,
    experiment: CheckedExperiment,
    run: { readonly id: string; readonly folder: string; readonly claimed: number | undefined },
  ) {
    this.session = session;
    this.world = world;
    this.experiment = experiment;
    this.id = run.id;
    this.folder = run.folder;
    this.claimed = run.claimed;
  }

  async run(): Promise<CheckedRun | undefined> {
    const { session, folder } = this;
    const journals = await scanJournals(session, {
      folder,
      onLine: (text, writer, line) => this.takeLine(text, writer, line),
    });
    const record = await this.checkRecord();
    if (record === 'gone') {
      return undefined;
    }
    const number = record === undefined ? this.claimed : numberField(record, 'number');
    const checked = { id: this.id, path: folder, number, isNumbered: this.claimed !== undefined || this.isNumbered };
    if (record === undefined) {
      // Nothing is told of a run that cannot be read, and nothing is changed.
      return checked;
    }
    const goesOn = await this.checkEnd(record);
    if (!goesOn) {
      await reportJournals(session, journals, {
        processes: this.fold.processes,
        working: this.fold.workingProcesses,
        host: stringField(record, 'host'),
        hasEnded: isTerminal(this.fold.status.status),
      });
      await this.checkWorkingFolder();
    }
    if (!goesOn && !(await pathExists(journalFolder(folder))) && (await pathExists(folder))) {
      await this.reportJournalFolder();
    }
    await this.checkSnapshots();
    await this.checkChildren();
    await this.checkParent(record);
    await reportLeftovers(session, folder);
    return checked;
  }

  private takeLine(text: string, writer: string, line: number): boolean {
    const record = parseJournalLine(text);
    if (record !== undefined && record !== 'problem') {
      this.fold.add(record, { time: record.t, writer, line });
    }
    return record !== 'problem';
  }

  /** The record, repaired where that was wanted; undefined where there is none; `gone` where there is no run. */
  private async checkRecord(): Promise<JsonObject | 'gone' | undefined> {
    const { session, folder, id, experiment, fold } = this;
    const path = join(folder, 'run.json');
    const found = await session.record(path, 'the run');
    if (found.kind === 'reported') {
      return undefined;
    }
    if (found.kind === 'missing') {
      if (!(await session.hasSettled(folder))) {
        return 'gone';
      }
      if (await this.isEmpty()) {
        const fix = async () => (await this.isEmpty()) && (await session.moveAside(folder));
        const isRepaired = await session.report({ kind: 'run-empty', path: folder, message: found.why, fix });
        return isRepaired ? 'gone' : undefined;
      }
    }
    const record = found.kind === 'record' ? found.record : undefined;
    if (record === undefined || typeof record.id !== 'string' || typeof record.createdTime !== 'number') {
      const parentId = await this.world.parentOf(runsFolder(session.workspaceFolder, experiment.key), id);
      const lost = { id, folder, experiment: experiment.name, number: this.claimed, parentId, fold };
      const rebuilt = await rebuiltRunRecord(lost);
      const message = found.kind === 'record' ? 'It is incomplete.' : found.why;
      let written = rebuilt;
      const fix = async (): Promise<boolean> => {
        written = typeof rebuilt.number === 'number' ? rebuilt : { ...rebuilt, number: await this.claim() };
        return rebuildRun(session, lost, written);
      };
      return (await session.report({ kind: 'run-record', path, message, fix })) ? written : undefined;
    }
    return this.checkIdentity(path, record);
  }

  private async claim(): Promise<number> {
    const number = await claimNumber(numbersFolder(this.session.workspaceFolder, this.experiment.key), this.id);
    this.isNumbered = true;
    return number;
  }

  private async checkIdentity(path: string, record: JsonObject): Promise<JsonObject> {
    const { session, id, experiment } = this;
    const named = stringField(record, 'experiment');
    if (record.id === id && (named === undefined || keyOf(named) === experiment.key)) {
      return record;
    }
    const message = `It says: run ${String(record.id).slice(0, 300)} of the experiment "${named?.slice(0, 300) ?? ''}".`;
    const amended = { ...record, id, experiment: experiment.name };
    const fix = () => replaceRecord(session, path, amended);
    return (await session.report({ kind: 'run-record-disagrees', path, message, fix })) ? amended : record;
  }

  /** No line of a journal, no file, no child, nothing that an orchestrator would need. */
  private async isEmpty(): Promise<boolean> {
    const { session, folder } = this;
    const kept = (await session.entries(folder)).filter((name) => !['journal', 'artifacts', 'children'].includes(name));
    const hasJournals = (await session.entries(journalFolder(folder))).length > 0;
    const hasChildren = (await session.entries(childrenFolder(folder))).length > 0;
    return kept.length === 0 && !hasJournals && !hasChildren && (await listArtifacts(folder)).length === 0;
  }

  /** Records the end of a run whose processes are gone. Resolves with whether the run goes on, or may do so. */
  private async checkEnd(record: JsonObject): Promise<boolean> {
    const { session, world, folder, id, fold } = this;
    if (isTerminal(fold.status.status)) {
      return false;
    }
    if (fold.processes.length === 0) {
      await this.reportNeverStarted();
      return false;
    }
    const now = await this.derived();
    if (now === undefined) {
      // It ended just now.
      return true;
    }
    if (now.status === 'Failed') {
      if (await this.hasSettled()) {
        const message = `Its state in the journal is ${fold.status.status}.`;
        await session.report({ kind: 'run-ended-unrecorded', path: folder, message, fix: () => this.recordEnd() });
      }
      return !(await this.hasSettled());
    }
    if (now.status === 'NotResponding') {
      const isOrchestrated = isOrchestration(stringField(record, 'type'));
      const kind = isOrchestrated ? 'orchestration-abandoned' : 'not-responding';
      const message = `Last heard of at ${new Date(fold.lastRecordTime * 1000).toISOString()}.`;
      await session.report({ kind, path: folder, message });
    }
    const marker = activeMarker(session.workspaceFolder, id);
    if (!world.marked.has(id) && (await this.hasSettled()) && !(await pathExists(marker))) {
      const message = `It is ${now.status}.`;
      const fix = async (): Promise<boolean> => {
        const again = await this.derived();
        if (again === undefined || isTerminal(again.status)) {
          return false;
        }
        await writeFile(marker, '', { flag: 'a' });
        return true;
      };
      await session.report({ kind: 'active-mark-missing', path: marker, message, fix });
    }
    return true;
  }

  /** What readers make of the run; undefined where its journals say by now how it ended. */
  private async derived(): Promise<RunSummary | undefined> {
    const reader = await RunReader.open({
      folder: this.folder,
      experimentKey: this.experiment.key,
      withMetrics: false,
    });
    await reader.refresh();
    const summary = await reader.summary();
    return reader.isOpen ? summary : undefined;
  }

  private async hasSettled(): Promise<boolean> {
    const folder = journalFolder(this.folder);
    for (const name of await this.session.entries(folder)) {
      if (!(await this.session.hasSettled(join(folder, name)))) {
        return false;
      }
    }
    return true;
  }

  /** What every reader works out is written down, with the time of the last record: so the run took as long as it did. */
  private async recordEnd(): Promise<boolean> {
    const now = await this.derived();
    if (now?.status !== 'Failed' || now.failure === undefined || !(await this.hasSettled())) {
      return false;
    }
    const { workspaceFolder } = this.session;
    const journal = await openJournal({ workspaceFolder, runId: this.id, runFolder: this.folder, role: 'repair' });
    let isRecorded = false;
    try {
      await journal.append({ k: 'status', v: 'Failed', error: now.failure }, now.endTime);
      isRecorded = true;
    } finally {
      await journal.close({ isTerminal: isRecorded });
    }
    return true;
  }

  private async reportNeverStarted(): Promise<void> {
    if (await this.session.isGivenUp(this.folder)) {
      const message = `Its state in the journal is ${this.fold.status.status}.`;
      await this.session.report({ kind: 'never-started', path: this.folder, message });
    }
  }

  private async checkWorkingFolder(): Promise<void> {
    const { session, fold } = this;
    const path = join(this.folder, '.work');
    if (!(await pathExists(path)) || !(await this.hasSettled())) {
      return;
    }
    const isGone = async (): Promise<boolean> =>
      (await Promise.all(fold.workingProcesses.map((identity) => livenessOf(identity)))).every(
        (state) => state === 'dead',
      );
    if (await isGone()) {
      const fix = async () => (await isGone()) && (await session.moveAside(path));
      await session.report({ kind: 'working-folder', path, message: 'The run has ended.', fix });
    }
  }

  private async reportJournalFolder(): Promise<void> {
    const path = journalFolder(this.folder);
    await this.session.report({ kind: 'folder-missing', path, message: 'It is missing.', fix: () => makeFolder(path) });
  }

  private async checkSnapshots(): Promise<void> {
    const { session, world, fold, folder } = this;
    const orchestration = join(folder, 'orchestration.json');
    await session.orReported(orchestration, () => world.noteSnapshotsOf(orchestration, session.signal), ['EISDIR']);
    const hash = fold.snapshot?.hash;
    if (hash === undefined) {
      return;
    }
    world.unnamedSnapshots.delete(hash);
    if (!world.snapshots.has(hash) && (await this.hasSettled())) {
      await session.report({ kind: 'snapshot-missing', path: folder, message: `It ran the snapshot ${hash}.` });
    }
  }

  private async checkChildren(): Promise<void> {
    const { session, world, experiment } = this;
    for (const child of await session.entries(childrenFolder(this.folder))) {
      const path = join(childrenFolder(this.folder), child);
      const isGone = async () => isRunId(child) && !(await world.hasRun(experiment.key, child));
      if ((await isGone()) && (await session.hasSettled(path))) {
        const fix = async () => (await isGone()) && (await session.moveAside(path));
        await session.report({ kind: 'child-gone', path, message: `There is no run ${child}.`, fix });
      }
    }
  }

  private async checkParent(record: JsonObject): Promise<void> {
    const { session, experiment, id } = this;
    const parentId = stringField(record, 'parentId');
    if (parentId === undefined || !isRunId(parentId) || parentId === id) {
      return;
    }
    const parent = runFolder(session.workspaceFolder, experiment.key, parentId);
    const mark = join(childrenFolder(parent), id);
    const isUnmarked = async () => (await pathExists(parent)) && !(await pathExists(mark));
    if ((await isUnmarked()) && (await session.hasSettled(join(this.folder, 'run.json')))) {
      const fix = async (): Promise<boolean> => {
        if (!(await isUnmarked())) {
          return false;
        }
        await makeFolder(childrenFolder(parent));
        await writeFile(mark, '', { flag: 'a' });
        return true;
      };
      await session.report({ kind: 'child-unmarked', path: this.folder, message: `Its parent is ${parentId}.`, fix });
    }
  }
}

function keyOf(name: string): string | undefined {
  try {
    return experimentKey(name);
  } catch {
    return undefined;
  }
}

/** Whether a run has ended, by what its journals say; undefined where it cannot be read. */
export async function hasRunEnded(folder: string, key: string): Promise<boolean | undefined> {
  try {
    const reader = await RunReader.open({ folder, experimentKey: key, withMetrics: false });
    await reader.refresh();
    return !reader.isOpen;
  } catch {
    return undefined;
  }
}
