import type { Disposable } from '../../core/base/events.ts';
import type { RunCatalog } from '../../core/catalog/runCatalog.ts';
import type { RunEntry, RunSummary } from '../../core/domain/run.ts';
import { isTerminal } from '../../core/domain/runStatus.ts';
import type { ChildRunModel, PrimaryMetricModel } from '../../protocol/runPage.ts';
import { toChildRunModel, toChildRunModelWithMetrics } from './runPageMapping.ts';

/** Rows with metrics that are sent at once: each takes the reading of a journal. */
const batchSize = 20;

export interface ChildRunsFeedOptions {
  readonly catalog: RunCatalog;
  readonly parentId: string;
  readonly primaryMetric: PrimaryMetricModel | undefined;
  readonly send: (rows: readonly ChildRunModel[], removed: readonly string[]) => void;
  readonly onError: (error: unknown) => void;
}

/** The child runs of a run, and what changes in them: those that go on are followed, those that come are added. */
export class ChildRunsFeed implements Disposable {
  private readonly options: ChildRunsFeedOptions;
  private readonly followed = new Map<string, Disposable>();
  private subscription: Disposable | undefined;
  private isOpen = false;
  private isDisposed = false;
  /** Children that changed before anything may be sent. */
  private readonly changedEarly = new Set<string>();
  private children: readonly RunSummary[] = [];

  constructor(options: ChildRunsFeedOptions) {
    this.options = options;
  }

  /** The rows as they are now, without metrics. Nothing is sent before {@link open}. */
  async rows(): Promise<readonly ChildRunModel[]> {
    const { catalog, parentId } = this.options;
    this.subscription = catalog.onDidChange((change) => {
      if (change.kind === 'runs-added') {
        this.guard(this.addRuns(change.runIds));
      } else if (change.kind === 'run-changed') {
        this.guard(this.note(change.entry));
      } else if (change.kind === 'run-removed') {
        this.send([], [change.runId]);
      }
    });
    this.children = (await catalog.children(parentId)).filter((entry) => entry.kind === 'run');
    return this.children.map(toChildRunModel);
  }

  /** Sends the metrics of all rows, and from then on what changes. */
  open(): void {
    this.isOpen = true;
    this.guard(this.sendMetrics(this.children).then(() => this.addRuns([...this.changedEarly])));
  }

  dispose(): void {
    this.isDisposed = true;
    this.subscription?.dispose();
    for (const following of this.followed.values()) {
      following.dispose();
    }
    this.followed.clear();
  }

  private guard(work: Promise<void>): void {
    work.catch((error: unknown) => this.options.onError(error));
  }

  private async sendMetrics(children: readonly RunSummary[]): Promise<void> {
    for (let start = 0; start < children.length && !this.isDisposed; start += batchSize) {
      const rows: ChildRunModel[] = [];
      for (const child of children.slice(start, start + batchSize)) {
        // Followed before it is read, so that nothing falls between the two.
        this.follow(child);
        rows.push(await this.row(child.id));
      }
      this.send(rows);
    }
  }

  private async row(runId: string): Promise<ChildRunModel> {
    return toChildRunModelWithMetrics(await this.options.catalog.details(runId), this.options.primaryMetric);
  }

  private send(rows: readonly ChildRunModel[], removed: readonly string[] = []): void {
    if (!this.isDisposed && this.isOpen) {
      this.options.send(rows, removed);
    }
  }

  private async addRuns(runIds: readonly string[]): Promise<void> {
    for (const runId of runIds) {
      const entry = await this.options.catalog.run(runId);
      if (entry !== undefined) {
        await this.note(entry);
      }
    }
  }

  private async note(entry: RunEntry): Promise<void> {
    if (entry.kind !== 'run' || entry.parentId !== this.options.parentId || this.isDisposed) {
      return;
    }
    if (this.isOpen) {
      this.follow(entry);
      this.send([await this.row(entry.id)]);
    } else {
      this.changedEarly.add(entry.id);
    }
  }

  /** Tells of the metrics of a run that goes on; that it has ended, the catalog tells. */
  private follow({ id, status }: RunSummary): void {
    if (isTerminal(status)) {
      this.followed.get(id)?.dispose();
      this.followed.delete(id);
    } else if (!this.followed.has(id) && !this.isDisposed) {
      const following = this.options.catalog.follow(id, (delta) => {
        if (delta.metrics.length > 0 && !delta.isDeleted) {
          this.guard(this.row(id).then((row) => this.send([row])));
        }
      });
      this.followed.set(id, following);
    }
  }
}
