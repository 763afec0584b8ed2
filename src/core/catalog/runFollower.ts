/** Tells what is new in one run, from file events. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CoalescedTask } from '../base/coalesce.ts';
import { isNotFound, RunledgerError } from '../base/errors.ts';
import { type Disposable, DisposableStore, toDisposable } from '../base/events.ts';
import { watchFolder } from '../base/folderWatcher.ts';
import type { RunDetails } from '../domain/run.ts';
import type { MetricMark } from '../store/metricFold.ts';
import type { RunReader } from '../store/runReader.ts';
import { artifactsFolder, journalFolder } from '../store/storeLayout.ts';
import { watchLiveness } from './livenessWatch.ts';
import type { RunDelta } from './runCatalog.ts';

const journalIntervalMs = 50;
const filesIntervalMs = 1000;
/** Folders of a run's files in which things appear while it goes on. */
const watchedArtifactFolders = ['', 'outputs', 'logs', 'images'];

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
  private lastSummary = '';
  private lastAnnotations = '';
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
    // The mark is taken at once, so that a caller who asks for the details next gets nothing older than it.
    this.mark = reader.metrics.mark();
    const revision = reader.revision;
    this.remember(await reader.details());
    if (reader.revision !== revision) {
      // More was read in between: who asked for the details may have got them without it.
      this.lastSummary = '';
      this.lastAnnotations = '';
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
    this.watchArtifactFolders(reader.folder);
    // What was written between the reading and the watching.
    this.journalTask.schedule();
  }

  private remember(details: RunDetails): { isSummaryNew: boolean; areAnnotationsNew: boolean } {
    const { summary, metrics: _metrics, ...annotations } = details;
    const summaryText = JSON.stringify(summary);
    const annotationsText = JSON.stringify(annotations);
    const result = {
      isSummaryNew: summaryText !== this.lastSummary,
      areAnnotationsNew: annotationsText !== this.lastAnnotations,
    };
    this.lastSummary = summaryText;
    this.lastAnnotations = annotationsText;
    return result;
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
    const details = await reader.details();
    const { metrics, points } = reader.metrics.since(this.mark);
    this.mark = reader.metrics.mark();
    const { isSummaryNew, areAnnotationsNew } = this.remember(details);
    if (isSummaryNew || areAnnotationsNew || metrics.length > 0) {
      this.emit({
        runId: this.runId,
        points,
        metrics,
        filesChanged: false,
        isDeleted: false,
        ...(isSummaryNew ? { summary: details.summary } : {}),
        ...(areAnnotationsNew ? { details } : {}),
      });
    }
  }

  private async updateFiles(): Promise<void> {
    this.watchArtifactFolders((await this.openReader()).folder);
    this.emit({ runId: this.runId, points: [], metrics: [], filesChanged: true, isDeleted: false });
  }

  /** Called again after each event: a folder may have appeared. */
  private watchArtifactFolders(folder: string): void {
    if (this.isDisposed) {
      return;
    }
    for (const part of watchedArtifactFolders) {
      if (!this.watchedFolders.has(part)) {
        const watcher = watchFolder(join(artifactsFolder(folder), part), () => this.filesTask.schedule());
        if (watcher.isWatching) {
          this.watchedFolders.set(part, watcher);
        }
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
