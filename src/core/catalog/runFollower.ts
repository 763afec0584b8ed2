/** Tells what is new in one run, from file events. */
import { stat } from 'node:fs/promises';
import { CoalescedTask } from '../base/coalesce.ts';
import { isNotFound, RunledgerError } from '../base/errors.ts';
import { type Disposable, DisposableStore, toDisposable } from '../base/events.ts';
import { watchFolder } from '../base/folderWatcher.ts';
import type { RunSummary } from '../domain/run.ts';
import { listArtifactFolders } from '../store/artifacts.ts';
import type { MetricMark } from '../store/metricFold.ts';
import type { RunReader } from '../store/runReader.ts';
import { journalFolder } from '../store/storeLayout.ts';
import { watchLiveness } from './livenessWatch.ts';
import type { RunDelta } from './runCatalog.ts';

const journalIntervalMs = 50;
const filesIntervalMs = 1000;
/** A run with more folders than this is told of changes in the outermost ones. */
const mostWatchedFolders = 200;

export function followRun(
  runId: string,
  openReader: () => Promise<RunReader>,
  listener: (delta: RunDelta) => void,
): Disposable {
  const follower = new RunFollower(runId, openReader, listener);
  follower.start();
  return follower;
}

class RunFollower implements Disposable {
  private readonly runId: string;
  private readonly openReader: () => Promise<RunReader>;
  private readonly listener: (delta: RunDelta) => void;
  private readonly disposables = new DisposableStore();
  private readonly journalTask: CoalescedTask;
  private readonly filesTask: CoalescedTask;
  private readonly watchedFolders = new Map<string, Disposable>();
  private mark: MetricMark = { counts: new Map(), disorders: new Map() };
  private annotationsRevision = '';
  private lastSummary = '';
  private isDisposed = false;

  constructor(runId: string, openReader: () => Promise<RunReader>, listener: (delta: RunDelta) => void) {
    this.runId = runId;
    this.openReader = openReader;
    this.listener = listener;
    this.journalTask = this.disposables.add(new CoalescedTask(() => this.update(), journalIntervalMs));
    this.filesTask = this.disposables.add(new CoalescedTask(() => this.updateFiles(), filesIntervalMs));
    this.disposables.add(toDisposable(() => this.unwatchFolders()));
  }

  start(): void {
    this.begin().catch((error: unknown) => {
      if (RunledgerError.is(error) && !this.isDisposed) {
        this.listener({ runId: this.runId, points: [], metrics: [], filesChanged: false, isDeleted: true });
      }
    });
  }

  private async begin(): Promise<void> {
    const reader = await this.openReader();
    // Both are taken at once, so that a caller who asks for the details next gets nothing older than them.
    this.mark = reader.metrics.mark();
    this.annotationsRevision = reader.annotationsRevision;
    const { revision } = reader;
    this.noteSummary(await reader.summary());
    if (reader.revision !== revision) {
      // More was read in between: who asked for the details may have got them without it.
      this.lastSummary = '';
    }
    if (this.isDisposed) {
      return;
    }
    this.disposables.add(watchFolder(journalFolder(reader.folder), () => this.journalTask.schedule()));
    this.disposables.add(
      watchLiveness(
        () => reader.isOpen,
        () => this.journalTask.schedule(),
      ),
    );
    await this.watchArtifactFolders(reader.folder);
    // What was written between the reading and the watching.
    this.journalTask.schedule();
  }

  private async update(): Promise<void> {
    let reader: RunReader;
    try {
      reader = await this.openReader();
      await stat(reader.folder);
    } catch (error) {
      if (isNotFound(error) || RunledgerError.is(error, 'not-found')) {
        this.emit({ runId: this.runId, points: [], metrics: [], filesChanged: false, isDeleted: true });
        return;
      }
      throw error;
    }
    const summary = await reader.summary();
    const { metrics, points } = reader.metrics.since(this.mark);
    this.mark = reader.metrics.mark();
    const isSummaryNew = this.noteSummary(summary);
    const areAnnotationsNew = reader.annotationsRevision !== this.annotationsRevision;
    this.annotationsRevision = reader.annotationsRevision;
    if (isSummaryNew || areAnnotationsNew || metrics.length > 0) {
      this.emit({
        runId: this.runId,
        points,
        metrics,
        filesChanged: false,
        isDeleted: false,
        ...(isSummaryNew ? { summary } : {}),
        ...(areAnnotationsNew ? { details: await reader.details() } : {}),
      });
    }
  }

  private noteSummary(summary: RunSummary): boolean {
    const text = JSON.stringify(summary);
    const isNew = text !== this.lastSummary;
    this.lastSummary = text;
    return isNew;
  }

  private async updateFiles(): Promise<void> {
    await this.watchArtifactFolders((await this.openReader()).folder);
    this.emit({ runId: this.runId, points: [], metrics: [], filesChanged: true, isDeleted: false });
  }

  /** Called again after each event: a folder may have appeared or gone. */
  private async watchArtifactFolders(runFolder: string): Promise<void> {
    const folders = new Set((await listArtifactFolders(runFolder)).slice(0, mostWatchedFolders));
    if (this.isDisposed) {
      return;
    }
    for (const [folder, watcher] of this.watchedFolders) {
      if (!folders.has(folder)) {
        watcher.dispose();
        this.watchedFolders.delete(folder);
      }
    }
    for (const folder of folders) {
      if (!this.watchedFolders.has(folder)) {
        this.watchedFolders.set(
          folder,
          watchFolder(folder, () => this.filesTask.schedule()),
        );
      }
    }
  }

  private unwatchFolders(): void {
    for (const watcher of this.watchedFolders.values()) {
      watcher.dispose();
    }
    this.watchedFolders.clear();
  }

  private emit(delta: RunDelta): void {
    if (!this.isDisposed) {
      this.listener(delta);
    }
  }

  dispose(): void {
    this.isDisposed = true;
    this.disposables.dispose();
  }
}
