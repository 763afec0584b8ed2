/** Tells what changes in a workspace's lists: watches `active/`, and the journals of the runs named in it. */
import { CoalescedTask } from '../base/coalesce.ts';
import { type Disposable, Emitter, type Event, toDisposable } from '../base/events.ts';
import { watchFolder } from '../base/folderWatcher.ts';
import type { RunEntry } from '../domain/run.ts';
import { isTerminal } from '../domain/runStatus.ts';
import { activeFolder, entriesOf, experimentsFolder, journalFolder, runFolder } from '../store/storeLayout.ts';
import { watchLiveness } from './livenessWatch.ts';
import type { CatalogChange } from './runCatalog.ts';

const activeIntervalMs = 50;
const runIntervalMs = 200;

export interface WatchedStore {
  entry(experimentKey: string, runId: string): Promise<RunEntry | undefined>;
  findExperiment(runId: string): Promise<string | undefined>;
}

interface WatchedRun extends Disposable {
  readonly experimentKey: string;
  readonly refresh: CoalescedTask;
}

function isOpen(entry: RunEntry): boolean {
  return entry.kind === 'run' && !isTerminal(entry.status);
}

export class CatalogWatcher implements Disposable {
  private readonly workspaceFolder: string;
  private readonly store: WatchedStore;
  private readonly emitter = new Emitter<CatalogChange>();
  private readonly runs = new Map<string, WatchedRun>();
  /** The last told state of each run that was ever watched, to tell only changes. */
  private readonly told = new Map<string, string>();
  private readonly changedMarkers = new Set<string>();
  private readonly activeTask: CoalescedTask;
  private readonly experimentsTask: CoalescedTask;
  private watchers: Disposable[] = [];

  constructor(workspaceFolder: string, store: WatchedStore) {
    this.workspaceFolder = workspaceFolder;
    this.store = store;
    this.activeTask = new CoalescedTask(() => this.readMarkers(), activeIntervalMs);
    this.experimentsTask = new CoalescedTask(async () => this.emitter.fire({ kind: 'experiments' }), activeIntervalMs);
  }

  readonly onDidChange: Event<CatalogChange> = (listener) => {
    const isFirst = !this.emitter.hasListeners;
    const registration = this.emitter.event(listener);
    let isListening = true;
    if (isFirst) {
      this.start();
    } else {
      // Not before the caller has what this returns.
      queueMicrotask(() => {
        for (const [runId, { experimentKey }] of isListening ? this.runs : []) {
          listener({ kind: 'runs-added', experimentKey, runIds: [runId] });
        }
      });
    }
    return toDisposable(() => {
      isListening = false;
      registration.dispose();
      if (!this.emitter.hasListeners) {
        this.stop();
      }
    });
  };

  /** Tells of a change that was not found by watching. */
  tell(change: CatalogChange): void {
    this.emitter.fire(change);
  }

  private start(): void {
    const active = watchFolder(activeFolder(this.workspaceFolder), (name) => {
      if (name !== undefined && !name.startsWith('.')) {
        this.changedMarkers.add(name);
      }
      this.activeTask.schedule();
    });
    const experiments = watchFolder(experimentsFolder(this.workspaceFolder), (name) => {
      if (name === undefined || !name.startsWith('.')) {
        this.experimentsTask.schedule();
      }
    });
    this.watchers = [active, experiments];
    this.activeTask.schedule();
  }

  private stop(): void {
    for (const watcher of [...this.watchers, ...this.runs.values()]) {
      watcher.dispose();
    }
    this.watchers = [];
    this.runs.clear();
    this.told.clear();
  }

  /** Looks at the runs whose marker came, went or was touched, and at those that are marked and not yet watched. */
  private async readMarkers(): Promise<void> {
    const changed = [...this.changedMarkers];
    this.changedMarkers.clear();
    const marked = await entriesOf(activeFolder(this.workspaceFolder));
    const unwatched = marked.filter((runId) => !this.runs.has(runId) && !this.told.has(runId));
    for (const runId of new Set([...changed, ...unwatched])) {
      await this.look(runId);
    }
  }

  private async look(runId: string): Promise<void> {
    const experimentKey = await this.store.findExperiment(runId).catch(() => undefined);
    if (experimentKey === undefined) {
      const known = this.runs.get(runId);
      this.forget(runId);
      if (known !== undefined || this.told.delete(runId)) {
        this.told.delete(runId);
        this.emitter.fire({ kind: 'run-removed', experimentKey: known?.experimentKey ?? '', runId });
      } else {
        this.emitter.fire({ kind: 'experiments' });
      }
      return;
    }
    const isNew = !this.told.has(runId);
    const entry = await this.tellOfRun(experimentKey, runId, isNew);
    if (entry !== undefined && isOpen(entry)) {
      this.watchRun(experimentKey, runId);
    }
  }

  /** Reads a run and tells of it where it changed. */
  private async tellOfRun(experimentKey: string, runId: string, isNew: boolean): Promise<RunEntry | undefined> {
    const entry = await this.store.entry(experimentKey, runId);
    if (!this.emitter.hasListeners) {
      return undefined;
    }
    if (entry === undefined) {
      this.forget(runId);
      this.told.delete(runId);
      this.emitter.fire({ kind: 'run-removed', experimentKey, runId });
      return undefined;
    }
    const text = JSON.stringify(entry);
    if (this.told.get(runId) !== text) {
      this.told.set(runId, text);
      this.emitter.fire(
        isNew ? { kind: 'runs-added', experimentKey, runIds: [runId] } : { kind: 'run-changed', entry },
      );
    } else {
      this.emitter.fire({ kind: 'run-recorded', experimentKey, runId });
    }
    if (!isOpen(entry)) {
      this.forget(runId);
    }
    return entry;
  }

  private watchRun(experimentKey: string, runId: string): void {
    if (this.runs.has(runId) || !this.emitter.hasListeners) {
      return;
    }
    const refresh = new CoalescedTask(async () => {
      await this.tellOfRun(experimentKey, runId, false);
    }, runIntervalMs);
    const journal = watchFolder(journalFolder(runFolder(this.workspaceFolder, experimentKey, runId)), () =>
      refresh.schedule(),
    );
    const liveness = watchLiveness(
      () => true,
      () => refresh.schedule(),
    );
    this.runs.set(runId, {
      experimentKey,
      refresh,
      dispose: () => {
        journal.dispose();
        liveness.dispose();
        refresh.dispose();
      },
    });
    // What was written between the reading and the watching.
    refresh.schedule();
  }

  private forget(runId: string): void {
    this.runs.get(runId)?.dispose();
    this.runs.delete(runId);
  }

  dispose(): void {
    this.stop();
    this.activeTask.dispose();
    this.experimentsTask.dispose();
    this.emitter.dispose();
  }
}
