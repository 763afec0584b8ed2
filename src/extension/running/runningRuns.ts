import { type Disposable, Emitter } from '../../core/base/events.ts';
import type { CatalogChange, RunCatalog } from '../../core/catalog/runCatalog.ts';
import type { RunEntry, RunSummary } from '../../core/domain/run.ts';
import type { WorkspaceEntry } from '../tree/experimentTree.ts';
import { isGoingOn, topmost } from '../tree/nodes.ts';

/** A run, and where it is. */
export interface PlacedRun {
  readonly workspaceFolder: string;
  readonly run: RunSummary;
}

export interface RunningRunsDeps {
  readonly openWorkspaces: () => Promise<readonly WorkspaceEntry[]>;
  readonly catalog: (workspaceFolder: string) => Promise<RunCatalog>;
  readonly onError: (error: unknown) => void;
}

/**
 * The runs that go on in the open workspaces, whichever views are shown. It listens to what catalogs tell of runs that are active,
 * and reads no lists.
 */
export class RunningRuns implements Disposable {
  private readonly deps: RunningRunsDeps;
  private readonly changeEmitter: Emitter<void>;
  private readonly updateEmitter: Emitter<PlacedRun>;
  private readonly subscriptions = new Map<string, Disposable>();
  private readonly active = new Map<string, Map<string, RunSummary>>();
  /** One after the other: sets of workspaces that change quickly must not end in an earlier one. */
  private following: Promise<void> = Promise.resolve();
  private isDisposed = false;

  constructor(deps: RunningRunsDeps) {
    this.deps = deps;
    this.changeEmitter = new Emitter<void>(deps.onError);
    this.updateEmitter = new Emitter<PlacedRun>(deps.onError);
  }

  /** Which runs go on changed, or what is known of one. */
  get onDidChange() {
    return this.changeEmitter.event;
  }

  /** What is known of a run changed, its end included. */
  get onDidUpdateRun() {
    return this.updateEmitter.event;
  }

  /** Newest first, without those that belong to another one of them: the trials of a sweep count as the sweep. */
  get current(): readonly PlacedRun[] {
    return [...this.active]
      .flatMap(([workspaceFolder, runs]) => topmost([...runs.values()]).map((run) => ({ workspaceFolder, run })))
      .sort((a, b) => b.run.createdTime - a.run.createdTime);
  }

  /** Listens to the workspaces that are open now. Call it again when they change. */
  async follow(): Promise<void> {
    this.following = this.following.then(() => this.followOpen()).catch((error: unknown) => this.deps.onError(error));
    await this.following;
  }

  dispose(): void {
    this.isDisposed = true;
    for (const subscription of this.subscriptions.values()) {
      subscription.dispose();
    }
    this.subscriptions.clear();
    this.changeEmitter.dispose();
    this.updateEmitter.dispose();
  }

  private async followOpen(): Promise<void> {
    const entries = await this.deps.openWorkspaces();
    const folders = new Set(entries.flatMap((entry) => (entry.kind === 'workspace' ? [entry.info.folder] : [])));
    // Those that stay are listened to anew, too: their catalog may be another one after the worker ended.
    for (const [folder, subscription] of this.subscriptions) {
      subscription.dispose();
      this.subscriptions.delete(folder);
      if (!folders.has(folder)) {
        this.active.delete(folder);
      }
    }
    for (const folder of folders) {
      try {
        const catalog = await this.deps.catalog(folder);
        if (this.isDisposed) {
          return;
        }
        // A run may have ended while nobody listened.
        await this.recheck(folder, catalog);
        this.subscriptions.set(
          folder,
          catalog.onDidChange((change) => this.note(folder, catalog, change)),
        );
      } catch (error) {
        this.active.delete(folder);
        this.deps.onError(error);
      }
    }
    this.changeEmitter.fire();
  }

  private async recheck(folder: string, catalog: RunCatalog): Promise<void> {
    for (const runId of this.active.get(folder)?.keys() ?? []) {
      this.update(folder, runId, await catalog.run(runId));
    }
  }

  private note(folder: string, catalog: RunCatalog, change: CatalogChange): void {
    switch (change.kind) {
      case 'runs-added':
        Promise.all(change.runIds.map(async (runId) => this.update(folder, runId, await catalog.run(runId)))).catch(
          (error: unknown) => this.deps.onError(error),
        );
        return;
      case 'run-changed':
        this.update(folder, change.entry.id, change.entry);
        return;
      case 'run-removed':
        this.update(folder, change.runId, undefined);
        return;
      case 'experiments':
      case 'run-recorded':
      case 'reading':
        return;
    }
  }

  private update(folder: string, runId: string, entry: RunEntry | undefined): void {
    const runs = this.active.get(folder) ?? new Map<string, RunSummary>();
    this.active.set(folder, runs);
    const isActive = entry?.kind === 'run' && isGoingOn(entry);
    const isNews = isActive || runs.has(runId);
    if (isActive) {
      runs.set(runId, entry);
    } else {
      runs.delete(runId);
    }
    if (entry?.kind === 'run') {
      this.updateEmitter.fire({ workspaceFolder: folder, run: entry });
    }
    if (isNews) {
      this.changeEmitter.fire();
    }
  }
}
