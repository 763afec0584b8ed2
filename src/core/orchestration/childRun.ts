/** A run that an orchestrator started, watched until it ends. */
import { join } from 'node:path';
import { CoalescedTask } from '../base/coalesce.ts';
import { RunledgerError } from '../base/errors.ts';
import { type Disposable, DisposableStore } from '../base/events.ts';
import { watchFolder } from '../base/folderWatcher.ts';
import { watchLiveness } from '../catalog/livenessWatch.ts';
import { jobProperty } from '../compute/slurm/slurmJob.ts';
import { isSystemMetric } from '../domain/metric.ts';
import type { RunSummary } from '../domain/run.ts';
import { isTerminal } from '../domain/runStatus.ts';
import { openJournal } from '../store/journalWriter.ts';
import { type JsonObject, readStoreFile } from '../store/jsonFile.ts';
import type { CreatedRun } from '../store/runCreation.ts';
import { RunReader } from '../store/runReader.ts';
import { journalFolder } from '../store/storeLayout.ts';
import { cancelRun } from '../submission/cancelRun.ts';

const checkIntervalMs = 100;

export interface ChildRunOptions {
  readonly workspaceFolder: string;
  readonly experimentKey: string;
  readonly runId: string;
  readonly folder: string;
  /** Called after the child has changed. */
  readonly onChange: () => void;
}

export class ChildRun implements Disposable {
  readonly runId: string;
  readonly folder: string;
  /** What run.json holds. */
  readonly record: JsonObject;
  private readonly options: ChildRunOptions;
  private readonly reader: RunReader;
  private readonly watching = new DisposableStore();
  private current: RunSummary;

  private constructor(options: ChildRunOptions, record: JsonObject, reader: RunReader, summary: RunSummary) {
    this.options = options;
    this.runId = options.runId;
    this.folder = options.folder;
    this.record = record;
    this.reader = reader;
    this.current = summary;
  }

  /** @throws RunledgerError where the run cannot be read */
  static async open(options: ChildRunOptions): Promise<ChildRun> {
    const { folder, experimentKey } = options;
    const record = await readStoreFile(join(folder, 'run.json'), 'the run');
    const reader = await RunReader.open({ folder, experimentKey, withMetrics: true });
    await reader.refresh();
    const child = new ChildRun(options, record, reader, await reader.summary());
    child.watch();
    return child;
  }

  private watch(): void {
    if (this.hasEnded) {
      return;
    }
    const check = this.watching.add(
      new CoalescedTask(
        () => this.update(),
        checkIntervalMs,
        // A run that was deleted, or is damaged, has ended as far as its parent is concerned.
        () => this.end(),
      ),
    );
    this.watching.add(watchFolder(journalFolder(this.folder), () => check.schedule()));
    this.watching.add(
      watchLiveness(
        () => !this.hasEnded,
        () => check.schedule(),
      ),
    );
    // What was written between the reading and the watching.
    check.schedule();
  }

  private async update(): Promise<void> {
    await readStoreFile(join(this.folder, 'run.json'), 'the run');
    await this.reader.refresh();
    this.current = await this.reader.summary();
    if (this.hasEnded) {
      this.watching.dispose();
    }
    this.options.onChange();
  }

  private end(): void {
    this.current = {
      ...this.current,
      status: 'Failed',
      failure: { message: 'The run was deleted, or can no longer be read.' },
    };
    this.watching.dispose();
    this.options.onChange();
  }

  get summary(): RunSummary {
    return this.current;
  }

  get hasEnded(): boolean {
    return isTerminal(this.current.status);
  }

  /** Whether a supervisor ever took it up. One that has ended without is one whose submission was cut off. */
  get wasStarted(): boolean {
    return this.reader.hasSupervisor;
  }

  /** A run whose submission was cut off, and which recorded no end; undefined where it is none. */
  get cutOff(): CreatedRun | undefined {
    const { id, number, experiment } = this.current;
    const isCutOff = this.hasEnded && this.reader.isOpen && !this.wasStarted;
    return isCutOff
      ? { runId: id, number, experiment, experimentKey: this.options.experimentKey, folder: this.folder }
      : undefined;
  }

  /** The job of a cluster's queue that it is; undefined where that is not known, or it is none. */
  get jobId(): string | undefined {
    return this.reader.properties[jobProperty];
  }

  /** The values of a series or list, in order; none where the run has not logged it. */
  values(metric: string): readonly number[] {
    return this.reader.metrics.series(metric)?.values ?? [];
  }

  /** Names of what it logged. */
  get metricNames(): readonly string[] {
    const names = this.reader.metrics.summaries().map(({ name }) => name);
    return names.filter((name) => !isSystemMetric(name));
  }

  /** Asks it to end. One that has ended meanwhile is as well. `reason` is a warning on it. */
  async cancel(reason: string): Promise<void> {
    const { workspaceFolder } = this.options;
    if (this.hasEnded) {
      return;
    }
    try {
      const journal = await openJournal({
        workspaceFolder,
        runId: this.runId,
        runFolder: this.folder,
        role: 'orchestrator',
      });
      try {
        await journal.append({ k: 'warning', message: reason });
      } finally {
        await journal.close();
      }
      await cancelRun(workspaceFolder, this.runId);
    } catch (error) {
      if (!(RunledgerError.is(error, 'invalid-state') || RunledgerError.is(error, 'not-found'))) {
        throw error;
      }
    }
  }

  dispose(): void {
    this.watching.dispose();
  }
}
