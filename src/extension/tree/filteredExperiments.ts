import { CoalescedTask } from '../../core/base/coalesce.ts';
import type { Disposable } from '../../core/base/events.ts';
import type { RunCatalog } from '../../core/catalog/runCatalog.ts';
import type { RunEntry } from '../../core/domain/run.ts';
import type { ExperimentSummary } from '../../core/domain/workspace.ts';
import { type Arrangement, queryOf } from './arrangement.ts';
import { FilteredRunList } from './filteredRunList.ts';
import { GroupedRunList } from './groupedRunList.ts';
import {
  type ExperimentNode,
  experimentOf,
  isArchived,
  type LoadMoreNode,
  type NoMatchesNode,
  type RunGroupNode,
  type RunNode,
  type TreeNode,
  type WorkspaceNode,
} from './nodes.ts';

/** Runs that log change several times a second; rows that come and go that fast could not be read. */
const reloadIntervalMs = 500;

export interface FilteredExperimentsOptions {
  readonly node: WorkspaceNode;
  readonly arrangement: Arrangement;
  readonly openCatalog: () => Promise<RunCatalog>;
  readonly pageSize: number;
  /** Whether a row is unfolded when VS Code draws it anew, by its id. */
  readonly folding: ReadonlyMap<string, boolean>;
  /** Whether archived experiments have rows. */
  readonly showsArchived: () => boolean;
  readonly onChange: (node: TreeNode) => void;
  readonly onError: (error: unknown) => void;
}

/** The experiments of a workspace with their runs as a person arranged them: those that match a filter, sorted, under headings. */
export class FilteredExperiments implements Disposable {
  private readonly options: FilteredExperimentsOptions;
  private readonly noMatchesNode: NoMatchesNode;
  private readonly lists = new Map<string, FilteredRunList | GroupedRunList>();
  private loading: Promise<void> | undefined;
  private readonly changedKeys = new Set<string>();
  private areExperimentsChanged = false;
  private readonly reloading: CoalescedTask;

  constructor(options: FilteredExperimentsOptions) {
    this.options = options;
    this.noMatchesNode = { kind: 'noMatches', id: `${options.node.id}/noMatches`, parent: options.node };
    this.reloading = new CoalescedTask(() => this.reloadChanged(), reloadIntervalMs, options.onError);
  }

  /** Those with matches, by name; a row that says so where there is none. */
  async experiments(): Promise<readonly (ExperimentNode | NoMatchesNode)[]> {
    await this.load();
    const nodes = this.shown();
    return nodes.length > 0 ? nodes : [this.noMatchesNode];
  }

  async runs(node: ExperimentNode): Promise<readonly TreeNode[]> {
    await this.load();
    return (await this.lists.get(node.summary.key)?.children()) ?? [];
  }

  async runsOfGroup(node: RunGroupNode): Promise<readonly TreeNode[]> {
    const list = this.lists.get(node.parent.summary.key);
    return list instanceof GroupedRunList ? await list.childrenOfGroup(node) : [];
  }

  async children(node: RunNode): Promise<readonly RunNode[]> {
    return (await this.lists.get(experimentOf(node).summary.key)?.childrenOf(node)) ?? [];
  }

  async loadMore(node: LoadMoreNode): Promise<readonly RunNode[]> {
    return (await this.lists.get(experimentOf(node).summary.key)?.loadMore(node)) ?? [];
  }

  /** The row of a run that matches and was read. */
  async findRun(runId: string): Promise<RunNode | undefined> {
    await this.load();
    return [...this.lists.values()].map((list) => list.get(runId)).find((node) => node !== undefined);
  }

  entries(): readonly RunEntry[] {
    return [...this.lists.values()].flatMap((list) => list.entries());
  }

  /** Shows what is new about a run at once; whether it matches now is asked for a little later. */
  update(entry: RunEntry): void {
    for (const node of this.lists.get(entry.experimentKey)?.update(entry) ?? []) {
      this.options.onChange(node);
    }
    this.noteChanged(entry.experimentKey);
  }

  /** Something happened in an experiment: other runs may match. */
  noteChanged(experimentKey: string): void {
    this.changedKeys.add(experimentKey);
    this.reloading.schedule();
  }

  /** Experiments may have come or gone. */
  noteExperimentsChanged(): void {
    this.areExperimentsChanged = true;
    this.reloading.schedule();
  }

  dispose(): void {
    this.reloading.dispose();
  }

  private async load(): Promise<void> {
    this.loading ??= this.readLists().catch((error: unknown) => {
      this.loading = undefined;
      throw error;
    });
    await this.loading;
  }

  private async readLists(): Promise<void> {
    const catalog = await this.options.openCatalog();
    const summaries = await catalog.experiments();
    const lists = summaries.map((summary) => this.listOf(summary, catalog));
    await Promise.all(lists.map((list) => list.load()));
    this.lists.clear();
    for (const list of lists) {
      this.lists.set(list.node.summary.key, list);
    }
  }

  private listOf(summary: ExperimentSummary, catalog: RunCatalog): FilteredRunList | GroupedRunList {
    const known = this.lists.get(summary.key);
    if (known !== undefined) {
      known.node.summary = summary;
      return known;
    }
    const { node: parent, arrangement, pageSize, folding } = this.options;
    const { filter, grouping } = arrangement;
    // Not the id of the row without a filter: what is found is shown, be it folded or not there.
    const id = filter === undefined ? `${parent.id}/experiment/${summary.key}` : `${parent.id}/filtered/${summary.key}`;
    const node: ExperimentNode = {
      kind: 'experiment',
      id,
      parent,
      summary,
      isDrawnExpanded: folding.get(id) ?? filter !== undefined,
      isFiltered: filter !== undefined,
    };
    return grouping === undefined
      ? new FilteredRunList(node, catalog, queryOf(arrangement), pageSize)
      : new GroupedRunList(node, catalog, arrangement, pageSize);
  }

  private shown(): readonly ExperimentNode[] {
    const { showsArchived, arrangement } = this.options;
    return [...this.lists.values()]
      .filter(
        (list) => (list.total > 0 || arrangement.filter === undefined) && (showsArchived() || !isArchived(list.node)),
      )
      .map((list) => list.node);
  }

  private async reloadChanged(): Promise<void> {
    const keys = [...this.changedKeys];
    this.changedKeys.clear();
    const before = this.shown();
    // How many runs an experiment has may be new as well.
    const hasNew = this.areExperimentsChanged || keys.some((key) => !this.lists.has(key));
    this.areExperimentsChanged = false;
    await this.load();
    const counts = new Map([...this.lists].map(([key, list]) => [key, list.node.summary.runCount]));
    await this.readLists();
    const reloaded = hasNew ? [...this.lists.keys()] : keys;
    for (const key of reloaded) {
      const list = this.lists.get(key);
      const isOther = (await list?.reload()) === true || counts.get(key) !== list?.node.summary.runCount;
      if (list !== undefined && isOther) {
        this.options.onChange(list.node);
      }
    }
    const after = this.shown();
    if (before.length !== after.length || before.some((node, index) => node !== after[index])) {
      this.options.onChange(this.options.node);
    }
  }
}
