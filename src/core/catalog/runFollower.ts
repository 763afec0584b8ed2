/** Tells what is new in one run, from file events. */
import { CoalescedTask } from '../base/coalesce.ts';
import { RunledgerError } from '../base/errors.ts';
import { type Disposable, DisposableStore, toDisposable } from '../base/events.ts';
import { watchFolder } from '../base/folderWatcher.ts';
import type { RunSummary } from '../domain/run.ts';
import type { MetricMark } from '../run-index/runIndex.ts';
import { listArtifactFolders } from '../store/artifacts.ts';
import { journalFolder } from '../store/storeLayout.ts';
import type { IndexedRun } from './indexedRun.ts';
import { watchLiveness } from './livenessWatch.ts';
import type { RunDelta } from './runCatalog.ts';

/**
 * With its two frames on the page and the way there, what a script logs is seen within a tenth of a second. More often is later: where
 * the browser draws without a graphics card, each frame that is drawn for the values before keeps the next one waiting.
 */
const journalIntervalMs = 45;
const filesIntervalMs = 1000;
/** A run with more folders than this is told of changes in the outermost ones. */
const mostWatchedFolders = 200;

export function followRun(
  runId: string,
  openRun: () => Promise<IndexedRun>,
  listener: (delta: RunDelta) => void,
): Disposable {
  const follower = new RunFollower(runId, openRun, listener);
  follower.start();
  return follower;
}

class RunFollower implements Disposable {
  private readonly runId: string;
  private readonly openRun: () => Promise<IndexedRun>;
  private readonly listener: (delta: RunDelta) => void;
  private readonly disposables = new DisposableStore();
  private readonly journalTask: CoalescedTask;
  private readonly filesTask: CoalescedTask;
  private readonly watchedFolders = new Map<string, Disposable>();
  private mark: MetricMark | undefined;
  private isOpen = true;
  private annotationsRevision = '';
  private lastSummary = '';
  private isDisposed = false;

  constructor(runId: string, openRun: () => Promise<IndexedRun>, listener: (delta: RunDelta) => void) {
    this.runId = runId;
    this.openRun = openRun;
    this.listener = listener;
    this.journalTask = this.disposables.add(
      new CoalescedTask(() => this.update(), journalIntervalMs, undefined, { isPrompt: true }),
    );
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
    const run = await this.openRun();
    // Taken at once, so that a caller who asks for the details next gets nothing older.
    this.mark = run.mark();
    this.annotationsRevision = run.annotationsRevision;
    this.isOpen = run.isOpen;
    this.noteSummary(await run.summary());
    if (run.currentRevision !== run.state.revision) {
      // More was read in between: who asked for the details may have got them without it.
      this.lastSummary = '';
    }
    if (this.isDisposed) {
      return;
    }
    this.disposables.add(watchFolder(journalFolder(run.folder), () => this.journalTask.schedule()));
    this.disposables.add(
      watchLiveness(
        () => this.isOpen,
        () => this.journalTask.schedule(),
      ),
    );
    await this.watchArtifactFolders(run.folder);
    // What was written between the reading and the watching.
    this.journalTask.schedule();
  }

  private async update(): Promise<void> {
    let run: IndexedRun;
    try {
      run = await this.openRun();
    } catch (error) {
      if (RunledgerError.is(error, 'not-found')) {
        this.emit({ runId: this.runId, points: [], metrics: [], filesChanged: false, isDeleted: true });
        return;
      }
      throw error;
    }
    const { metrics, points } = this.mark === undefined ? { metrics: [], points: [] } : run.since(this.mark);
    this.mark = run.mark();
    const areAnnotationsNew = run.annotationsRevision !== this.annotationsRevision;
    this.annotationsRevision = run.annotationsRevision;
    this.isOpen = run.isOpen;
    const summary = await run.summary();
    const isSummaryNew = this.noteSummary(summary);
    if (isSummaryNew || areAnnotationsNew || metrics.length > 0) {
      this.emit({
        runId: this.runId,
        points,
        metrics,
        filesChanged: false,
        isDeleted: false,
        ...(isSummaryNew ? { summary } : {}),
        ...(areAnnotationsNew ? { details: await run.details() } : {}),
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
    await this.watchArtifactFolders((await this.openRun()).folder);
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
