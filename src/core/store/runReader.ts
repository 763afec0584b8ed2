/** One run, read from its files and kept up to date. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isNotFound, RunledgerError } from '../base/errors.ts';
import { pathExists } from '../base/pathExists.ts';
import type { RunDetails, RunSummary } from '../domain/run.ts';
import { isTerminal } from '../domain/runStatus.ts';
import { type JournalLine, JournalTail } from './journalReader.ts';
import { parseJournalLine } from './journalRecords.ts';
import { type JsonObject, readStoreFile } from './jsonFile.ts';
import { MetricFold } from './metricFold.ts';
import { derivedState, detailsOfRun, newRunFold, summaryOfRun } from './runDescription.ts';
import type { RunFold } from './runFold.ts';
import { childrenFolder, journalFolder } from './storeLayout.ts';

/** The start of a record that says nothing of what a list shows, as every writer of the format spells it. */
const metricLineStart = /^\{"t":\s?[-+0-9.eE]+,\s?"k":\s?"(?:metric|metrics|list|row|table)"/;

export interface RunReaderOptions {
  readonly folder: string;
  readonly experimentKey: string;
  /** Without, metrics are passed over: what a list needs. */
  readonly withMetrics: boolean;
}

export class RunReader {
  readonly folder: string;
  readonly record: JsonObject;
  private readonly experimentKey: string;
  private readonly withMetrics: boolean;
  private tails = new Map<string, { tail: JournalTail; lineCount: number }>();
  private fold: RunFold;
  private metricFold = new MetricFold();
  /** Files among the journals that could not be read when they were last looked at. */
  private readonly unreadable = new Set<string>();
  private pending: Promise<unknown> = Promise.resolve();

  private constructor(record: JsonObject, options: RunReaderOptions) {
    this.record = record;
    this.folder = options.folder;
    this.experimentKey = options.experimentKey;
    this.withMetrics = options.withMetrics;
    this.fold = newRunFold(record);
  }

  /** @throws RunledgerError `not-found`, `unreadable`, `newer-format` */
  static async open(options: RunReaderOptions): Promise<RunReader> {
    const record = await readStoreFile(join(options.folder, 'run.json'), 'the run');
    if (typeof record.id !== 'string' || typeof record.createdTime !== 'number') {
      throw new RunledgerError('unreadable', `Cannot read the run: ${join(options.folder, 'run.json')} is incomplete.`);
    }
    return new RunReader(record, options);
  }

  get metrics(): MetricFold {
    return this.metricFold;
  }

  /** Reads what the journals have gained. Calls wait for each other. Resolves with whether anything was new. */
  refresh(): Promise<boolean> {
    const refreshed = this.pending.then(() => this.readJournals());
    this.pending = refreshed.catch(() => {});
    return refreshed;
  }

  private async readJournals(): Promise<boolean> {
    const folder = journalFolder(this.folder);
    let names: string[];
    try {
      names = (await readdir(folder)).filter((name) => name.endsWith('.jsonl') && !name.startsWith('.'));
    } catch (error) {
      if (isNotFound(error)) {
        return false;
      }
      throw error;
    }
    let hasNew = false;
    if ([...this.tails.keys()].some((name) => !names.includes(name))) {
      // The run was replaced, as by another import of what it came from.
      return this.readAgain(names.sort(), folder);
    }
    for (const name of names.sort()) {
      const state = this.tails.get(name) ?? { tail: new JournalTail(join(folder, name)), lineCount: 0 };
      this.tails.set(name, state);
      const isIntact = await this.readTail(name, state.tail, (line) => {
        hasNew = true;
        this.addLine(line.text, name, state.lineCount++);
      });
      if (!isIntact) {
        // A journal only ever grows: this one was replaced (a restored backup, a sync).
        return this.readAgain(names, folder);
      }
    }
    return hasNew;
  }

  /** Nothing that was read so far holds. */
  private async readAgain(names: readonly string[], folder: string): Promise<boolean> {
    this.tails = new Map();
    this.fold = newRunFold(this.record);
    this.metricFold = new MetricFold();
    for (const name of names) {
      const state = { tail: new JournalTail(join(folder, name)), lineCount: 0 };
      this.tails.set(name, state);
      await this.readTail(name, state.tail, (line) => this.addLine(line.text, name, state.lineCount++));
    }
    return true;
  }

  /** One file that cannot be read is a problem of the run, and does not hide what the others say. */
  private async readTail(name: string, tail: JournalTail, onLine: (line: JournalLine) => void): Promise<boolean> {
    try {
      const isIntact = await tail.read(onLine);
      this.unreadable.delete(name);
      return isIntact;
    } catch {
      this.unreadable.add(name);
      return true;
    }
  }

  private addLine(text: string | undefined, writer: string, line: number): void {
    if (!this.withMetrics && text !== undefined && metricLineStart.test(text)) {
      return;
    }
    const record = text === undefined ? 'problem' : parseJournalLine(text);
    if (record === undefined) {
      return;
    }
    if (record === 'problem') {
      this.fold.lineProblemCount++;
      return;
    }
    const order = { time: record.t, writer, line };
    this.fold.add(record, order);
    if (this.withMetrics) {
      this.metricFold.add(record, order);
    }
  }

  get properties(): Readonly<Record<string, string>> {
    return this.fold.properties;
  }

  /** Whether any process ever took the run up. */
  get hasProcesses(): boolean {
    return this.fold.processes.length > 0;
  }

  /** Whether a supervisor ever took the run up. */
  get hasSupervisor(): boolean {
    return this.fold.processes.some(({ role }) => role === 'supervisor' || role === 'watcher');
  }

  /** Whether the run goes on as far as its journals say. */
  get isOpen(): boolean {
    return !isTerminal(this.fold.status.status);
  }

  async summary(): Promise<RunSummary> {
    if (this.isOpen && (await derivedState(this.fold)).status !== this.fold.status.status) {
      // The process may have recorded its end between our reading and its death.
      await this.refresh();
    }
    const hasChildren = await pathExists(childrenFolder(this.folder));
    const place = { record: this.record, experimentKey: this.experimentKey, hasChildren };
    return summaryOfRun(place, this.fold, await derivedState(this.fold));
  }

  async details(): Promise<RunDetails> {
    return detailsOfRun(await this.summary(), this, this.fold, {
      summaries: this.metricFold.summaries(),
      problemCount: this.metricFold.problemCount + this.unreadable.size,
    });
  }
}
