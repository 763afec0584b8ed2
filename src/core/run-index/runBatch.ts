/** What one reading of a run's journals adds to the index. */
import type { TextDecoder } from 'node:util';
import { errorCode } from '../base/errors.ts';
import { isTerminal } from '../domain/runStatus.ts';
import { parseJournalLine, type TimedRecord } from '../store/journalRecords.ts';
import type { JsonObject } from '../store/jsonFile.ts';
import { parametersOfRun } from '../store/runDescription.ts';
import type { RunFold } from '../store/runFold.ts';
import type { IndexDatabase } from './indexDatabase.ts';
import { type JournalPart, type JournalPosition, readJournalPart } from './journalLines.ts';
import type { NameTable, PointScanner } from './journalScanner.ts';
import { saveSearchTexts } from './searchTexts.ts';
import { SeriesBatch } from './seriesBatch.ts';

export interface KnownRun {
  /** Its key in the index. */
  readonly run: number;
  readonly record: JsonObject;
  readonly fold: RunFold;
  revision: number;
  /** Files among its journals that could not be read. */
  unreadableJournals: number;
  /** Records of metrics that the index has no place for. */
  leftOut: number;
}

export class RunBatch {
  private readonly database: IndexDatabase;
  private readonly known: KnownRun;
  private readonly nameKey: (name: string) => number;
  private readonly names: NameTable<number>;
  private readonly scanner: PointScanner;
  private readonly decoder: TextDecoder;
  private readonly series: SeriesBatch;
  private readonly isNew: boolean;
  private readonly annotationRevision: number;
  private lineCount = 0;
  private unreadableJournals = 0;

  constructor(
    database: IndexDatabase,
    known: KnownRun,
    nameKey: (name: string) => number,
    names: NameTable<number>,
    scanner: PointScanner,
    decoder: TextDecoder,
    isNew: boolean,
  ) {
    this.isNew = isNew;
    this.series = new SeriesBatch(database, known.run, isNew);
    this.database = database;
    this.known = known;
    this.nameKey = nameKey;
    this.names = names;
    this.scanner = scanner;
    this.decoder = decoder;
    this.annotationRevision = known.fold.annotationRevision;
  }

  readJournal(
    path: string,
    writer: string,
    start: JournalPosition | undefined,
    budget: number,
  ): JournalPart | undefined {
    const { scanner, series } = this;
    const { fold, run } = this.known;
    const long = series.longOf(writer);
    let line = start?.lines ?? 0;
    const part = readIfPossible(path, start, budget, {
      take: (bytes, from, to) => {
        const end = scanner.scan(bytes, from, to);
        if (end < 0) {
          return end;
        }
        const { time, value, step } = scanner;
        const key = this.names.get(bytes, scanner);
        const appender = long.get(key);
        if (appender === undefined) {
          series.addNumber(writer, key, line, 0, time, value, step);
        } else {
          appender.addRecord(time, line, undefined);
          appender.addNumber(value, time, step);
        }
        if (time > fold.lastRecordTime) {
          fold.lastRecordTime = time;
        }
        line++;
        return end;
      },
      line: (bytes, from, to, offset) => {
        const text = bytes === undefined ? undefined : this.decode(bytes, from, to);
        const record = text === undefined ? 'problem' : parseJournalLine(text);
        if (record === 'problem') {
          fold.lineProblemCount++;
        } else if (record !== undefined && text !== undefined) {
          this.addRecord(record, text, writer, line, offset, to - from);
        }
        line++;
      },
    });
    if (part === 'unreadable') {
      this.unreadableJournals++;
      return { end: start?.bytes ?? 0, hasMore: false, proof: start?.proof ?? new Uint8Array(), changedTime: 0 };
    }
    if (part !== undefined) {
      this.lineCount += line - (start?.lines ?? 0);
      this.database.run(
        'INSERT OR REPLACE INTO journals (run, writer, bytes, lines, proof, changed) VALUES (?, ?, ?, ?, ?, ?)',
        run,
        writer,
        part.end,
        line,
        part.proof,
        part.changedTime,
      );
    }
    return part;
  }

  private decode(bytes: Buffer, from: number, to: number): string | undefined {
    try {
      return this.decoder.decode(bytes.subarray(from, to));
    } catch {
      return undefined;
    }
  }

  private addRecord(
    record: TimedRecord,
    text: string,
    writer: string,
    line: number,
    start: number,
    bytes: number,
  ): void {
    const { fold, run } = this.known;
    const { t: time } = record;
    fold.add(record, { time, writer, line });
    switch (record.k) {
      case 'metric': {
        const name = this.nameKey(record.n);
        const step = record.s ?? Number.NaN;
        this.series.addValue(writer, { name, line, place: 0, time, step, description: record.d }, record.v);
        break;
      }
      case 'metrics':
        for (const [place, [text, value]] of Object.entries(record.v).entries()) {
          const name = this.nameKey(text);
          const step = record.s ?? Number.NaN;
          this.series.addValue(writer, { name, line, place, time, step, description: undefined }, value);
        }
        break;
      case 'list': {
        const appender = this.series.appender(this.nameKey(record.n), 'list', writer);
        appender?.addRecord(time, line, record.d);
        for (const value of record.v) {
          appender?.addValue(value, time, Number.NaN);
        }
        break;
      }
      case 'row':
      case 'table': {
        const appender = this.series.appender(this.nameKey(record.n), record.k, writer);
        if (appender === undefined) {
          break;
        }
        appender.addRecord(time, line, record.d);
        const height =
          record.k === 'row'
            ? 1
            : Object.values(record.v).reduce((highest, { length }) => Math.max(highest, length), 0);
        appender.addRows(height, Object.keys(record.v), time);
        this.database.run(
          'INSERT OR REPLACE INTO table_rows (run, name, kind, writer, line, time, start, bytes) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
          run,
          this.nameKey(record.n),
          record.k,
          writer,
          line,
          time,
          start,
          bytes,
        );
        break;
      }
      case 'heartbeat':
        break;
      default:
        this.database.run(
          'INSERT OR REPLACE INTO records (run, writer, line, text) VALUES (?, ?, ?, ?)',
          run,
          writer,
          line,
          text,
        );
    }
  }

  /**
   * Writes what was read.
   *
   * @param journalsChanged when the folder of journals was changed, as far as all of it was read; else 0
   */
  save(journalsChanged: number): void {
    const { database, known, isNew } = this;
    this.series.save(known.revision + 1);
    const hasOtherProblems = known.unreadableJournals !== this.unreadableJournals;
    known.unreadableJournals = this.unreadableJournals;
    if (this.lineCount === 0 && !isNew && !hasOtherProblems) {
      database.run(
        'UPDATE runs SET journals_changed = ? WHERE run = ? AND journals_changed <> ?',
        journalsChanged,
        known.run,
        journalsChanged,
      );
      return;
    }
    known.revision++;
    known.leftOut += this.series.leftOut;
    this.saveRun(journalsChanged);
    if (isNew || known.fold.annotationRevision !== this.annotationRevision) {
      this.saveAnnotations();
    }
  }

  private saveRun(journalsChanged: number): void {
    const { run, fold, revision, unreadableJournals, leftOut } = this.known;
    const { status, startTime, endTime } = fold.status;
    this.database.run(
      `UPDATE runs SET name = ?, status = ?, is_open = ?, started = ?, ended = ?, description = ?, notes = ?, line_problems = ?,
        unreadable_journals = ?, left_out = ?,
        last_record = ?, journals_changed = ?, revision = ? WHERE run = ?`,
      fold.displayName ?? null,
      status,
      isTerminal(status) ? 0 : 1,
      startTime ?? null,
      endTime ?? null,
      fold.description ?? null,
      fold.notes ?? null,
      fold.lineProblemCount,
      unreadableJournals,
      leftOut,
      fold.lastRecordTime,
      journalsChanged,
      revision,
      run,
    );
  }

  private saveAnnotations(): void {
    const { database } = this;
    const { run, record, fold } = this.known;
    for (const table of ['parameters', 'tags', 'properties']) {
      database.run(`DELETE FROM ${table} WHERE run = ?`, run);
    }
    for (const [name, value] of parametersOfRun(record, fold)) {
      const number = typeof value === 'number' ? value : typeof value === 'boolean' ? Number(value) : null;
      const text = value === null ? null : String(value);
      database.run('INSERT INTO parameters (run, name, number, text) VALUES (?, ?, ?, ?)', run, name, number, text);
    }
    for (const [name, value] of Object.entries(fold.tags)) {
      database.run('INSERT INTO tags (run, name, value) VALUES (?, ?, ?)', run, name, value);
    }
    for (const [name, value] of Object.entries(fold.properties)) {
      database.run('INSERT INTO properties (run, name, value) VALUES (?, ?, ?)', run, name, value);
    }
    saveSearchTexts(database.database, run);
  }
}

/** One file that cannot be read is a problem of the run, and does not hide what the others say. */
function readIfPossible(...reading: Parameters<typeof readJournalPart>): JournalPart | 'unreadable' | undefined {
  try {
    return readJournalPart(...reading);
  } catch (error) {
    if (errorCode(error) === undefined) {
      throw error;
    }
    return 'unreadable';
  }
}
