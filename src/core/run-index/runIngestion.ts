/** Brings runs of the index up to date with their files. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { TextDecoder } from 'node:util';
import { fileError, isNotFound, RunledgerError } from '../base/errors.ts';
import { isTerminal } from '../domain/runStatus.ts';
import { parseJournalLine } from '../store/journalRecords.ts';
import { isJsonObject, type JsonObject, numberField, parseStoreFile, stringField } from '../store/jsonFile.ts';
import { newRunFold } from '../store/runDescription.ts';
import type { RunFold } from '../store/runFold.ts';
import { journalFolder, runFolder } from '../store/storeLayout.ts';
import { deleteChunks } from './chunkStore.ts';
import { trustedTime } from './fileTimes.ts';
import type { IndexDatabase, Row } from './indexDatabase.ts';
import type { JournalPosition } from './journalLines.ts';
import { NameTable, PointScanner } from './journalScanner.ts';
import { deleteRunMetrics } from './metricSummary.ts';
import { deleteOrderedOfRun } from './orderedSeries.ts';
import { type KnownRun, RunBatch } from './runBatch.ts';
import { saveSearchTexts } from './searchTexts.ts';

/** Of one run, what is read before others get their turn: some 100,000 points. */
const bytesAtOnce = 8 * 1024 * 1024;
/** Folds kept for runs that go on; others are made again from their records. */
const keptFolds = 200;
const keptNames = 50_000;
const journalSuffix = '.jsonl';

const selectRun = `SELECT run, experiment, problem, revision, last_record, line_problems, unreadable_journals, left_out,
  record_changed FROM runs WHERE id = ?`;

export type IndexedRunState =
  | { readonly kind: 'unreadable'; readonly experimentKey: string; readonly problem: string }
  | ({ readonly kind: 'run'; readonly experimentKey: string } & Readonly<KnownRun>);

export class RunIngestion {
  private readonly database: IndexDatabase;
  private readonly workspaceFolder: string;
  private readonly folds = new Map<string, KnownRun>();
  private readonly names = new Map<string, number>();
  private readonly namesInJournals = new NameTable((name) => this.nameKey(name), keptNames);
  private readonly scanner = new PointScanner();
  private readonly decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

  constructor(database: IndexDatabase, workspaceFolder: string) {
    this.database = database;
    this.workspaceFolder = workspaceFolder;
  }

  /**
   * Reads what a run's files have gained, up to some megabytes. To be called within a transaction: what was read and how far
   * are kept together, or neither.
   *
   * @returns whether there is more to read
   */
  ingest(experimentKey: string, runId: string): boolean {
    const folder = runFolder(this.workspaceFolder, experimentKey, runId);
    const row = this.database.row(selectRun, runId);
    if (row !== undefined && row.experiment !== experimentKey) {
      this.remove(runId);
      return this.ingest(experimentKey, runId);
    }
    if (row === undefined || row.problem !== null || row.record_changed !== recordTime(folder)) {
      return this.ingestNew(experimentKey, runId, folder, row);
    }
    let journals: JournalList;
    try {
      journals = listJournals(folder);
    } catch (error) {
      if (!isNotFound(error)) {
        throw error;
      }
      if (!isThere(folder)) {
        this.remove(runId);
      }
      return false;
    }
    return this.ingestJournals(this.known(runId, row), experimentKey, runId, folder, journals, false);
  }

  private ingestNew(experimentKey: string, runId: string, folder: string, row: Row | undefined): boolean {
    // As it is before it is read: what is written later is read again.
    const recordChanged = recordTime(folder);
    let record: JsonObject;
    try {
      record = readRecord(folder);
    } catch (error) {
      if (!isThere(folder)) {
        this.remove(runId);
        return false;
      }
      const problem = isNotFound(error)
        ? 'Its record, run.json, is missing.'
        : fileError(error, 'read the run', runId).fullMessage;
      if (row?.problem !== problem) {
        this.remove(runId);
        const run = this.insertRun(experimentKey, runId, {}, problem, recordChanged);
        saveSearchTexts(this.database.database, run);
      }
      return false;
    }
    this.remove(runId);
    const run = this.insertRun(experimentKey, runId, record, null, recordChanged);
    const known: KnownRun = { run, record, fold: newRunFold(record), revision: 0, unreadableJournals: 0, leftOut: 0 };
    return this.ingestJournals(known, experimentKey, runId, folder, listJournalsOrNone(folder), true);
  }

  private insertRun(
    experimentKey: string,
    runId: string,
    record: JsonObject,
    problem: string | null,
    recordChanged: number,
  ): number {
    const submission = isJsonObject(record.submission) ? record.submission : {};
    const { lastInsertRowid } = this.database
      .statement(
        `INSERT INTO runs (id, experiment, experiment_name, number, parent, type, status, is_open, created, script, target,
          user, host, problem, line_problems, unreadable_journals, last_record, journals_changed, revision,
          record_changed)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, 0, 0, ?)`,
      )
      .run(
        runId,
        experimentKey,
        stringField(record, 'experiment') ?? experimentKey,
        numberField(record, 'number') ?? 0,
        stringField(record, 'parentId') ?? null,
        stringField(record, 'type') ?? null,
        problem === null ? 'NotStarted' : '',
        problem === null ? 1 : 0,
        numberField(record, 'createdTime') ?? 0,
        stringField(submission, 'script') ?? null,
        stringField(submission, 'target') ?? null,
        stringField(record, 'user') ?? null,
        stringField(record, 'host') ?? null,
        problem,
        recordChanged,
      );
    const run = Number(lastInsertRowid);
    this.database.run('INSERT INTO run_records (run, text) VALUES (?, ?)', run, JSON.stringify(record));
    return run;
  }

  /** Whether the index has all that a run's files hold, as far as their sizes and times tell. */
  isCurrent(experimentKey: string, runId: string): boolean {
    const row = this.database.row(
      'SELECT run, experiment, problem, journals_changed, unreadable_journals, record_changed FROM runs WHERE id = ?',
      runId,
    );
    if (
      row === undefined ||
      row.problem !== null ||
      row.experiment !== experimentKey ||
      row.unreadable_journals !== 0
    ) {
      return false;
    }
    const folder = runFolder(this.workspaceFolder, experimentKey, runId);
    const journals = journalFolder(folder);
    const changedTime = statSync(journals, { throwIfNoEntry: false })?.mtimeMs;
    return (
      changedTime === row.journals_changed &&
      recordTime(folder) === row.record_changed &&
      this.database
        .rows('SELECT writer, bytes, changed FROM journals WHERE run = ?', Number(row.run))
        .every(({ writer, bytes, changed }) => {
          const stat = statSync(join(journals, String(writer)), { throwIfNoEntry: false });
          return stat !== undefined && stat.size === bytes && stat.mtimeMs === changed;
        })
    );
  }

  /** The run with the fold over its records; undefined where it is not in the index, or cannot be read. */
  find(runId: string): IndexedRunState | undefined {
    const row = this.database.row(selectRun, runId);
    if (row === undefined) {
      return undefined;
    }
    const experimentKey = String(row.experiment);
    if (typeof row.problem === 'string') {
      return { kind: 'unreadable', experimentKey, problem: row.problem };
    }
    return { kind: 'run', experimentKey, ...this.known(runId, row) };
  }

  /** Takes a run out of the index. */
  remove(runId: string): void {
    const run = this.database.row('SELECT run FROM runs WHERE id = ?', runId)?.run;
    this.folds.delete(runId);
    if (typeof run === 'number') {
      this.forgetJournals(run);
      this.database.run('DELETE FROM run_records WHERE run = ?', run);
      this.database.run('DELETE FROM run_texts WHERE run = ?', run);
      this.database.run('DELETE FROM runs WHERE run = ?', run);
    }
  }

  private forgetJournals(run: number): void {
    for (const { series } of this.database.rows('SELECT series FROM series WHERE run = ?', run)) {
      deleteChunks(this.database, Number(series));
    }
    deleteOrderedOfRun(this.database, run);
    deleteRunMetrics(this.database.database, run);
    for (const table of [
      'series',
      'short_series',
      'table_rows',
      'records',
      'journals',
      'parameters',
      'tags',
      'properties',
    ]) {
      this.database.run(`DELETE FROM ${table} WHERE run = ?`, run);
    }
  }

  /** The run with the fold over its records, as it was when it was last saved, by whatever process. */
  private known(runId: string, row: Row): KnownRun {
    const cached = this.folds.get(runId);
    if (cached !== undefined && cached.run === row.run && cached.revision === row.revision) {
      return cached;
    }
    const run = Number(row.run);
    const text = this.database.row('SELECT text FROM run_records WHERE run = ?', run)?.text;
    const record = JSON.parse(String(text)) as JsonObject;
    const fold = loadFold(this.database, run, record, row);
    return {
      run,
      record,
      fold,
      revision: Number(row.revision),
      unreadableJournals: Number(row.unreadable_journals),
      leftOut: Number(row.left_out),
    };
  }

  private ingestJournals(
    known: KnownRun,
    experimentKey: string,
    runId: string,
    folder: string,
    journals: JournalList,
    isNew: boolean,
  ): boolean {
    const { run } = known;
    const read = new Map<string, JournalPosition>();
    if (!isNew) {
      for (const { writer, bytes, lines, proof } of this.database.rows(
        'SELECT writer, bytes, lines, proof FROM journals WHERE run = ?',
        run,
      )) {
        read.set(String(writer), { bytes: Number(bytes), lines: Number(lines), proof: proof as Uint8Array });
      }
    }
    const batch = new RunBatch(
      this.database,
      known,
      this.nameKey,
      this.namesInJournals,
      this.scanner,
      this.decoder,
      isNew,
    );
    let budget = bytesAtOnce;
    let hasMore = false;
    let isIntact = [...read.keys()].every((writer) => journals.writers.includes(writer));
    for (const writer of journals.writers) {
      if (!isIntact || budget <= 0) {
        hasMore = true;
        break;
      }
      const start = read.get(writer);
      const part = batch.readJournal(join(journalFolder(folder), writer), writer, start, budget);
      isIntact = part !== undefined;
      budget -= (part?.end ?? 0) - (start?.bytes ?? 0);
      hasMore = hasMore || part?.hasMore === true;
    }
    if (!isIntact) {
      // A journal only ever grows: this one was replaced (a restored backup, a sync), so nothing read so far holds.
      this.remove(runId);
      return this.ingest(experimentKey, runId);
    }
    // Who goes on where this ended, maybe after a crash, must not take the journals for read.
    batch.save(hasMore ? 0 : journals.changedTime);
    this.keep(runId, known);
    return hasMore;
  }

  private keep(runId: string, known: KnownRun): void {
    this.folds.delete(runId);
    if (!isTerminal(known.fold.status.status)) {
      this.folds.set(runId, known);
      for (const oldest of this.folds.keys()) {
        if (this.folds.size <= keptFolds) {
          break;
        }
        this.folds.delete(oldest);
      }
    }
  }

  private readonly nameKey = (name: string): number => {
    const known = this.names.get(name);
    if (known !== undefined) {
      return known;
    }
    const { database } = this;
    const found = database.row('SELECT name FROM names WHERE text = ?', name)?.name;
    const key =
      typeof found === 'number'
        ? found
        : Number(database.statement('INSERT INTO names (text) VALUES (?)').run(name).lastInsertRowid);
    if (this.names.size >= keptNames) {
      this.names.clear();
    }
    this.names.set(name, key);
    return key;
  };

  /** Forgets what is kept of other transactions: to be called when one was rolled back. */
  forget(): void {
    this.names.clear();
    this.namesInJournals.clear();
    this.folds.clear();
  }
}

/** The fold over the records that the index keeps of a run. */
function loadFold(database: IndexDatabase, run: number, record: JsonObject, row: Row): RunFold {
  const fold = newRunFold(record);
  for (const { writer, line, text } of database.rows('SELECT writer, line, text FROM records WHERE run = ?', run)) {
    const parsed = parseJournalLine(String(text));
    if (parsed !== undefined && parsed !== 'problem') {
      fold.add(parsed, { time: parsed.t, writer: String(writer), line: Number(line) });
    }
  }
  fold.lastRecordTime = Number(row.last_record);
  fold.lineProblemCount = Number(row.line_problems);
  return fold;
}

interface JournalList {
  /** The names of the journals' files, in the order in which readers take them. */
  readonly writers: readonly string[];
  /** When the folder last gained or lost a journal; see {@link trustedTime}. */
  readonly changedTime: number;
}

function listJournals(folder: string): JournalList {
  const journals = journalFolder(folder);
  const changedTime = trustedTime(journals);
  const writers = readdirSync(journals).filter((name) => name.endsWith(journalSuffix) && !name.startsWith('.'));
  return { writers: writers.sort(), changedTime };
}

function listJournalsOrNone(folder: string): JournalList {
  try {
    return listJournals(folder);
  } catch (error) {
    if (isNotFound(error)) {
      return { writers: [], changedTime: 0 };
    }
    throw error;
  }
}

function readRecord(folder: string): JsonObject {
  const file = join(folder, 'run.json');
  const record = parseStoreFile(readFileSync(file, 'utf8'), file, 'the run');
  if (typeof record.id !== 'string' || typeof record.createdTime !== 'number') {
    throw new RunledgerError('unreadable', `Cannot read the run: ${file} is incomplete.`);
  }
  return record;
}

/** When run.json was written, in milliseconds; 0 where it is not there. */
function recordTime(folder: string): number {
  return statSync(join(folder, 'run.json'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function isThere(folder: string): boolean {
  return statSync(folder, { throwIfNoEntry: false }) !== undefined;
}
