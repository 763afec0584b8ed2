/** One run, read from its files and kept up to date. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isNotFound, RunledgerError } from '../base/errors.ts';
import { pathExists } from '../base/pathExists.ts';
import type { RunDetails, RunFailure, RunSummary, Submission, Trial } from '../domain/run.ts';
import { isTerminal, type RunStatus } from '../domain/runStatus.ts';
import { type JournalLine, JournalTail } from './journalReader.ts';
import { parseJournalLine } from './journalRecords.ts';
import { isJsonObject, type JsonObject, numberField, readStoreFile, stringField } from './jsonFile.ts';
import { MetricFold } from './metricFold.ts';
import { livenessOf } from './processIdentity.ts';
import { RunFold } from './runFold.ts';
import { childrenFolder, journalFolder } from './storeLayout.ts';

const staleAfterSeconds = 60;

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
  private readonly record: JsonObject;
  private readonly experimentKey: string;
  private readonly withMetrics: boolean;
  private tails = new Map<string, { tail: JournalTail; lineCount: number }>();
  private fold: RunFold;
  private metricFold = new MetricFold();
  /** Files among the journals that could not be read when they were last looked at. */
  private readonly unreadable = new Set<string>();
  private linesRead = 0;
  private rebuildCount = 0;
  private pending: Promise<unknown> = Promise.resolve();

  private constructor(record: JsonObject, options: RunReaderOptions) {
    this.record = record;
    this.folder = options.folder;
    this.experimentKey = options.experimentKey;
    this.withMetrics = options.withMetrics;
    this.fold = this.newFold();
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

  private newFold(): RunFold {
    return new RunFold({
      displayName: stringField(this.record, 'displayName'),
      description: stringField(this.record, 'description'),
      tags: tagsOf(this.record.tags),
      properties: stringsOf(this.record.properties),
    });
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
    for (const name of names.sort()) {
      const state = this.tails.get(name) ?? { tail: new JournalTail(join(folder, name)), lineCount: 0 };
      this.tails.set(name, state);
      const isIntact = await this.readTail(name, state.tail, (line) => {
        hasNew = true;
        this.addLine(line.text, name, state.lineCount++);
      });
      if (!isIntact) {
        // A journal only ever grows: this one was replaced (a restored backup, a sync), so nothing read so far holds.
        this.rebuildCount++;
        this.tails = new Map();
        this.fold = this.newFold();
        this.metricFold = new MetricFold();
        return (await this.readAgain(names, folder)) || hasNew;
      }
    }
    return hasNew;
  }

  private async readAgain(names: readonly string[], folder: string): Promise<boolean> {
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

  /** Lines and files that could not be read. */
  private get readProblemCount(): number {
    return this.fold.lineProblemCount + this.unreadable.size;
  }

  /** Differs when what is told of the run beside its state and metrics does. */
  get annotationsRevision(): string {
    const { annotationRevision } = this.fold;
    return `${this.rebuildCount}.${annotationRevision}.${this.readProblemCount}.${this.metricFold.problemCount}`;
  }

  /** Grows with each line that is read. */
  get revision(): number {
    return this.linesRead;
  }

  private addLine(text: string | undefined, writer: string, line: number): void {
    this.linesRead++;
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

  /** Processes whose end would end the run; see docs/store-format.md, "Liveness". */
  private dependentProcesses() {
    const working = this.fold.processes.filter((entry) => entry.role !== 'submitter');
    return working.length > 0 ? working : this.fold.processes;
  }

  /** Whether any process ever took the run up. */
  get hasProcesses(): boolean {
    return this.fold.processes.length > 0;
  }

  /** Whether a supervisor ever took the run up. */
  get hasSupervisor(): boolean {
    return this.fold.processes.some(({ role }) => role === 'supervisor');
  }

  /** Whether the run goes on as far as its journals say: its processes are worth a look now and then. */
  get isOpen(): boolean {
    return !isTerminal(this.fold.status.status);
  }

  async summary(): Promise<RunSummary> {
    if (this.isOpen && (await this.derived()).status !== this.fold.status.status) {
      // The process may have recorded its end between our reading and its death.
      await this.refresh();
    }
    const stored = this.fold.status;
    const derived = await this.derived();
    const submission = submissionOf(this.record.submission);
    return {
      kind: 'run',
      id: stringField(this.record, 'id') ?? '',
      number: numberField(this.record, 'number') ?? 0,
      experiment: stringField(this.record, 'experiment') ?? this.experimentKey,
      experimentKey: this.experimentKey,
      displayName: this.fold.displayName,
      type: stringField(this.record, 'type'),
      parentId: stringField(this.record, 'parentId'),
      trial: trialOf(this.record.trial),
      hasChildren: await pathExists(childrenFolder(this.folder)),
      status: derived.status,
      createdTime: numberField(this.record, 'createdTime') ?? 0,
      startTime: stored.startTime,
      endTime: derived.endTime,
      exitCode: stored.exitCode,
      failure: derived.failure,
      script: submission?.script,
      target: submission?.target,
    };
  }

  private async derived(): Promise<{
    status: RunStatus;
    endTime: number | undefined;
    failure: RunFailure | undefined;
  }> {
    const { status, endTime, failure } = this.fold.status;
    const stored = { status, endTime, failure };
    const processes = this.dependentProcesses();
    if (isTerminal(status) || processes.length === 0) {
      return stored;
    }
    const liveness = await Promise.all(processes.map((identity) => livenessOf(identity)));
    if (liveness.includes('alive')) {
      return stored;
    }
    if (liveness.includes('elsewhere')) {
      const isStale = Date.now() / 1000 - this.fold.lastRecordTime > staleAfterSeconds;
      return isStale ? { ...stored, status: 'NotResponding' } : stored;
    }
    if (processes.every(({ role }) => role === 'orchestrator')) {
      // The next command or window resumes it.
      return { ...stored, status: 'NotResponding' };
    }
    const message = `Its process (${processes.map((identity) => identity.pid).join(', ')}) ended without recording how the run ended.`;
    const advice =
      'It was killed, or the machine was restarted. What was logged until then is kept; submit the script again.';
    return { status: 'Failed', endTime: this.fold.lastRecordTime, failure: { message, advice } };
  }

  async details(): Promise<RunDetails> {
    const summary = await this.summary();
    const parameters = this.fold.parameters;
    return {
      summary,
      description: this.fold.description,
      user: stringField(this.record, 'user'),
      host: stringField(this.record, 'host'),
      submission: submissionOf(this.record.submission),
      tags: this.fold.tags,
      properties: this.fold.properties,
      parameters: parameters.values,
      metrics: this.metricFold.summaries(),
      images: this.fold.images,
      documents: this.fold.documents,
      snapshot: this.fold.snapshot,
      warnings: this.fold.warnings,
      problemCount: this.readProblemCount + parameters.problemCount + this.metricFold.problemCount,
      folder: this.folder,
    };
  }
}

function trialOf(value: unknown): Trial | undefined {
  if (!isJsonObject(value) || typeof value.number !== 'number' || !isJsonObject(value.hyperparameters)) {
    return undefined;
  }
  const hyperparameters = Object.entries(value.hyperparameters).filter(
    (entry): entry is [string, string | number | boolean] => ['string', 'number', 'boolean'].includes(typeof entry[1]),
  );
  return { number: value.number, hyperparameters: Object.fromEntries(hyperparameters) };
}

function stringsOf(value: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(isJsonObject(value) ? value : {}).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    ),
  );
}

function tagsOf(value: unknown): Record<string, string | null> {
  return Object.fromEntries(
    Object.entries(isJsonObject(value) ? value : {}).filter(
      (entry): entry is [string, string | null] => typeof entry[1] === 'string' || entry[1] === null,
    ),
  );
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

function submissionOf(value: unknown): Submission | undefined {
  if (!isJsonObject(value)) {
    return undefined;
  }
  const command = value.command;
  return {
    script: stringField(value, 'script'),
    command: typeof command === 'string' ? command : Array.isArray(command) ? textsOf(command) : undefined,
    arguments: textsOf(value.arguments),
    sourceDirectory: stringField(value, 'sourceDirectory'),
    inPlace: value.inPlace === true,
    target: stringField(value, 'target'),
    runConfiguration: stringField(value, 'runConfiguration'),
    environment: isJsonObject(value.environment) ? stringField(value.environment, 'name') : undefined,
    interpreter: stringField(value, 'interpreter'),
    environmentVariables: stringsOf(value.environmentVariables),
  };
}
