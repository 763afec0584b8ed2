import { isDeepStrictEqual } from 'node:util';
import { CoalescedTask } from '../../core/base/coalesce.ts';
import type { Disposable } from '../../core/base/events.ts';
import type { CatalogChange, ReadingProgress, RunCatalog } from '../../core/catalog/runCatalog.ts';
import type { RunEntry } from '../../core/domain/run.ts';
import { ActiveEntries } from './activeEntries.ts';
import { type Arrangement, isPlain } from './arrangement.ts';
import { ExperimentLists } from './experimentLists.ts';
import { FilteredExperiments } from './filteredExperiments.ts';
import {
  type ExperimentNode,
  experimentOf,
  isArchived,
  type LoadMoreNode,
  type RunGroupNode,
  type RunNode,
  type TreeNode,
  type WorkspaceNode,
} from './nodes.ts';
import type { RunList } from './runList.ts';

/** Counting reads the folder of each experiment's runs: of many runs that come, once for all. */
const recountIntervalMs = 500;

export interface WorkspaceBranchOptions {
  readonly node: WorkspaceNode;
  readonly openCatalog: () => Promise<RunCatalog>;
  readonly pageSize: number;
  /** Which runs are shown, and how. */
  readonly arrangement: Arrangement;
  /** Whether a row is unfolded when VS Code draws it anew, by its id. Outlives this branch. */
  readonly folding: Map<string, boolean>;
  /** Whether archived experiments have rows. */
  readonly showsArchived: () => boolean;
  /** Told which rows to draw again. */
  readonly onChange: (node: TreeNode) => void;
  /** Told when the workspace gets its first run or experiment: the welcome text gives way to the tree. */
  readonly onFirstRun: () => void;
  /** Told how far the runs are read for which filters wait; undefined when they are read. */
  readonly onReading: (progress: ReadingProgress | undefined) => void;
  /** Told when a run starts or ends being active. */
  readonly onActiveChange: () => void;
  readonly onError: (error: unknown) => void;
}

/** One workspace of the tree: its experiments, the runs that were read, and what the catalog says has changed. */
export class WorkspaceBranch implements Disposable {
  readonly node: WorkspaceNode;
  private readonly options: WorkspaceBranchOptions;
  private readonly lists: ExperimentLists;
  private readonly active: ActiveEntries;
  private filtered: FilteredExperiments | undefined;
  private subscription: Disposable | undefined;
  private isWatching = false;
  private isDisposed = false;
  private readonly recount: CoalescedTask;
  /** Changes are applied one after the other, since some need a read. */
  private changes: Promise<void> = Promise.resolve();

  constructor(options: WorkspaceBranchOptions) {
    this.options = options;
    this.node = options.node;
    this.lists = new ExperimentLists(options);
    this.active = new ActiveEntries(() => {
      this.node.activeRunCount = this.active.count;
      options.onChange(this.node);
      options.onActiveChange();
    });
    this.recount = new CoalescedTask(() => this.readCounts(), recountIntervalMs, options.onError);
    this.setArrangement(options.arrangement);
  }

  /** Shows runs in another way. What was read as it lies is kept. */
  setArrangement(arrangement: Arrangement): void {
    this.filtered?.dispose();
    const { node, openCatalog, pageSize, folding, showsArchived, onChange, onError } = this.options;
    this.filtered = isPlain(arrangement)
      ? undefined
      : new FilteredExperiments({
          node,
          arrangement,
          openCatalog,
          pageSize,
          folding,
          showsArchived,
          onChange,
          onError,
        });
  }

  async experiments(): Promise<readonly TreeNode[]> {
    if (this.filtered !== undefined) {
      const { filtered } = this;
      const nodes = await filtered.experiments();
      this.active.note(...filtered.entries());
      return nodes;
    }
    const nodes = (await this.lists.all()).map((list) => list.node);
    const shown = nodes.filter((node) => this.isShown(node));
    return shown.length === 0 && nodes.length > 0
      ? [{ kind: 'hiddenExperiments', id: `${this.node.id}/hidden`, parent: this.node, count: nodes.length }]
      : shown;
  }

  private isShown(node: ExperimentNode): boolean {
    return this.options.showsArchived() || !isArchived(node);
  }

  async hasRuns(): Promise<boolean> {
    return (await this.lists.all()).some((list) => list.node.summary.runCount > 0);
  }

  async runs(node: ExperimentNode): Promise<readonly TreeNode[]> {
    if (this.filtered !== undefined) {
      return await this.filtered.runs(node);
    }
    const list = this.lists.get(node.summary.key);
    const rows = (await list?.children()) ?? [];
    this.active.note(...(list?.activeEntries() ?? []));
    return rows;
  }

  /** The rows below a heading. */
  async runsOfGroup(node: RunGroupNode): Promise<readonly TreeNode[]> {
    const rows = (await this.filtered?.runsOfGroup(node)) ?? [];
    this.active.note(...rows.flatMap((row) => (row.kind === 'run' ? [row.entry] : [])));
    return rows;
  }

  /** The rows below a run. */
  async children(node: RunNode): Promise<readonly TreeNode[]> {
    const rows =
      this.filtered === undefined
        ? ((await this.lists.get(experimentOf(node).summary.key)?.childrenOf(node)) ?? [])
        : await this.filtered.children(node);
    this.active.note(...rows.map((row) => row.entry));
    return rows;
  }

  async loadMore(node: LoadMoreNode): Promise<void> {
    const added =
      this.filtered === undefined
        ? ((await this.lists.get(experimentOf(node).summary.key)?.loadMore()) ?? [])
        : await this.filtered.loadMore(node);
    this.active.note(...added.map((row) => row.entry));
    this.options.onChange(node.parent);
  }

  /**
   * The row of a run, reading what is needed to have one; undefined where it is further down than the first page, where it does not
   * match the filter, or where its experiment is hidden.
   */
  async findRun(runId: string): Promise<RunNode | undefined> {
    if (this.filtered !== undefined) {
      return await this.filtered.findRun(runId);
    }
    const known = this.lists.runNode(runId);
    if (known !== undefined) {
      return this.isShown(experimentOf(known)) ? known : undefined;
    }
    const catalog = await this.options.openCatalog();
    const entry = await catalog.run(runId);
    if (entry === undefined) {
      return undefined;
    }
    const list = await this.listOf(entry.experimentKey);
    if (list !== undefined && !this.isShown(list.node)) {
      return undefined;
    }
    if (list !== undefined) {
      // VS Code draws changes a moment later, and forgets a row that it was asked to reveal before it drew it: an
      // experiment that is new to it is drawn unfolded from the start.
      this.options.folding.set(list.node.id, true);
      list.node.isDrawnExpanded = true;
    }
    await list?.children();
    if (entry.kind === 'run' && entry.parentId !== undefined) {
      const parent = await this.findRun(entry.parentId);
      await (parent && list?.childrenOf(parent));
    }
    const changed = list?.insert(entry);
    if (changed !== undefined) {
      this.options.onChange(changed);
    }
    this.active.note(...(list?.activeEntries() ?? []));
    return list?.get(runId);
  }

  get isListening(): boolean {
    return this.subscription !== undefined;
  }

  activeEntries(): readonly RunEntry[] {
    return this.active.all;
  }

  /** Takes out the row of a run that was deleted. */
  async noteRemoved(experimentKey: string, runId: string): Promise<void> {
    this.active.forget(runId);
    for (const list of this.lists.known) {
      const parent = list.remove(runId);
      if (parent !== undefined) {
        this.options.onChange(parent);
      }
    }
    // How many are left.
    await this.lists.readAgain();
    const list = this.lists.get(experimentKey);
    if (list !== undefined) {
      this.options.onChange(list.node);
    }
    this.filtered?.noteChanged(experimentKey);
  }

  /** Starts or stops listening to the catalog. Nothing is read by it. */
  async setWatching(isWatching: boolean): Promise<void> {
    this.isWatching = isWatching;
    if (!isWatching) {
      this.subscription?.dispose();
      this.subscription = undefined;
      return;
    }
    const catalog = await this.options.openCatalog();
    if (this.isWatching && !this.isDisposed) {
      this.subscription ??= catalog.onDidChange((change) => this.enqueue(catalog, change));
    }
  }

  /** Resolves when every change told so far was applied. */
  async settled(): Promise<void> {
    await this.changes;
  }

  dispose(): void {
    this.isDisposed = true;
    this.recount.dispose();
    this.filtered?.dispose();
    this.subscription?.dispose();
    this.subscription = undefined;
  }

  private enqueue(catalog: RunCatalog, change: CatalogChange): void {
    this.changes = this.changes
      .then(() => this.apply(catalog, change))
      .catch((error: unknown) => this.options.onError(error));
  }

  private async apply(catalog: RunCatalog, change: CatalogChange): Promise<void> {
    if (this.isDisposed) {
      return;
    }
    switch (change.kind) {
      case 'experiments':
        await this.reloadExperiments();
        this.filtered?.noteExperimentsChanged();
        return;
      case 'runs-added':
        await this.addRuns(catalog, change.experimentKey, change.runIds);
        this.filtered?.noteChanged(change.experimentKey);
        return;
      case 'run-recorded':
        this.filtered?.noteChanged(change.experimentKey);
        return;
      case 'run-changed': {
        this.active.note(change.entry);
        const node = this.lists.get(change.entry.experimentKey)?.update(change.entry);
        if (node !== undefined) {
          this.options.onChange(node);
        }
        this.filtered?.update(change.entry);
        return;
      }
      case 'reading':
        this.options.onReading(change.progress);
        return;
      case 'run-removed': {
        await this.noteRemoved(change.experimentKey, change.runId);
        return;
      }
    }
  }

  private async addRuns(catalog: RunCatalog, experimentKey: string, runIds: readonly string[]): Promise<void> {
    let list = this.lists.get(experimentKey);
    if (list === undefined) {
      await this.reloadExperiments();
      list = this.lists.get(experimentKey);
    }
    let hasNewRows = false;
    for (const runId of runIds) {
      const entry = await catalog.run(runId);
      if (entry === undefined) {
        continue;
      }
      this.active.note(entry);
      if (list !== undefined) {
        const changed = list.insert(entry) ?? list.update(entry);
        if (changed !== undefined) {
          this.options.onChange(changed);
        }
        const { summary } = list.node;
        const isFirst = summary.runCount === 0;
        if (entry.kind === 'run' && (isFirst || entry.number > summary.lastRunNumber)) {
          const lastRunNumber = Math.max(entry.number, summary.lastRunNumber);
          list.node.summary = { ...summary, lastRunNumber, runCount: summary.runCount + 1 };
          hasNewRows = true;
          if (isFirst) {
            this.options.onFirstRun();
          }
        }
      }
    }
    if (list !== undefined && hasNewRows) {
      this.options.onChange(list.node);
    }
    this.recount.schedule();
  }

  /** Runs that come while an experiment is read may be in its count or not: it is read once more when they have come. */
  private async readCounts(): Promise<void> {
    const before = new Map(this.lists.known.map(({ node: { summary } }) => [summary.key, summary.runCount]));
    for (const { node } of this.isDisposed ? [] : await this.lists.readAgain()) {
      if (before.get(node.summary.key) !== node.summary.runCount) {
        this.options.onChange(node);
      }
    }
  }

  /**
   * Reads which experiments there are, and what is known of each, once more. Rows that are still right are not drawn again: that closes
   * menus, and a command chosen meanwhile would not be told its row.
   */
  async reloadExperiments(): Promise<void> {
    const before = this.lists.known.map((list) => list.node.summary);
    const hadRuns = before.some(({ runCount }) => runCount > 0);
    const lists = await this.lists.readAgain();
    if (hadRuns) {
      const areNew = await Promise.all(lists.map((list) => list.reload()));
      const after = lists.map((list) => list.node.summary);
      if (areNew.includes(true) || !isDeepStrictEqual(after, before)) {
        this.options.onChange(this.node);
      }
    } else if (lists.some(({ node }) => node.summary.runCount > 0)) {
      this.options.onFirstRun();
    }
  }

  private async listOf(experimentKey: string): Promise<RunList | undefined> {
    await this.lists.all();
    if (this.lists.get(experimentKey) === undefined) {
      await this.reloadExperiments();
    }
    return this.lists.get(experimentKey);
  }
}
