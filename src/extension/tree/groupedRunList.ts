import type { RunCatalog } from '../../core/catalog/runCatalog.ts';
import type { RunEntry } from '../../core/domain/run.ts';
import { type Arrangement, groupsOf, queryOf, type RunGroup } from './arrangement.ts';
import { FilteredRunList } from './filteredRunList.ts';
import type { ExperimentNode, LoadMoreNode, RunGroupNode, RunNode, TreeNode } from './nodes.ts';

/** The runs of one experiment under headings. Which headings there are is asked when the experiment is unfolded, and their runs when they are. */
export class GroupedRunList {
  readonly node: ExperimentNode;
  private readonly catalog: RunCatalog;
  private readonly arrangement: Arrangement;
  private readonly pageSize: number;
  private readonly all: FilteredRunList;
  private readonly lists = new Map<string, FilteredRunList<RunGroupNode>>();
  private areGroupsAsked = false;

  constructor(node: ExperimentNode, catalog: RunCatalog, arrangement: Arrangement, pageSize: number) {
    this.node = node;
    this.catalog = catalog;
    this.arrangement = arrangement;
    this.pageSize = pageSize;
    this.all = new FilteredRunList(node, catalog, queryOf(arrangement), pageSize);
  }

  get total(): number {
    return this.all.total;
  }

  async load(): Promise<void> {
    await this.all.count();
  }

  async reload(): Promise<boolean> {
    const before = this.state();
    let isOther = await this.all.reload();
    if (this.areGroupsAsked) {
      for (const list of await this.groups()) {
        isOther = (await list.reload()) || isOther;
      }
    }
    return isOther || this.state() !== before;
  }

  /** The headings that have runs. */
  async children(): Promise<readonly TreeNode[]> {
    this.areGroupsAsked = true;
    const lists = await this.groups();
    await Promise.all(lists.map((list) => list.count()));
    return lists.filter((list) => list.total > 0).map((list) => list.node);
  }

  async childrenOfGroup(node: RunGroupNode): Promise<readonly TreeNode[]> {
    const list = this.lists.get(node.key);
    await list?.load();
    return list?.children() ?? [];
  }

  async childrenOf(parent: RunNode): Promise<readonly RunNode[]> {
    return (await this.listOf(parent)?.childrenOf(parent)) ?? [];
  }

  async loadMore(node: LoadMoreNode): Promise<readonly RunNode[]> {
    return node.parent.kind === 'runGroup' ? ((await this.lists.get(node.parent.key)?.loadMore()) ?? []) : [];
  }

  get(runId: string): RunNode | undefined {
    return [...this.lists.values()].map((list) => list.get(runId)).find((row) => row !== undefined);
  }

  update(entry: RunEntry): readonly RunNode[] {
    return [...this.lists.values()].flatMap((list) => list.update(entry));
  }

  entries(): readonly RunEntry[] {
    return [...this.lists.values()].flatMap((list) => list.entries());
  }

  /** Those of now: days go by, and tags get new values. */
  private async groups(): Promise<readonly FilteredRunList<RunGroupNode>[]> {
    const { grouping } = this.arrangement;
    if (grouping === undefined) {
      return [];
    }
    const values = grouping.by === 'tag' ? (await this.catalog.knownNames()).tagValues : {};
    const tagValues = grouping.by === 'tag' && Object.hasOwn(values, grouping.name) ? values[grouping.name] : [];
    const groups = groupsOf(grouping, tagValues ?? [], Date.now() / 1000);
    const known = new Map(this.lists);
    this.lists.clear();
    for (const group of groups) {
      this.lists.set(group.key, known.get(group.key) ?? this.makeList(group));
    }
    return [...this.lists.values()];
  }

  private makeList(group: RunGroup): FilteredRunList<RunGroupNode> {
    const { key, label } = group;
    const node: RunGroupNode = { kind: 'runGroup', id: `${this.node.id}/${key}`, parent: this.node, key, label };
    return new FilteredRunList(node, this.catalog, queryOf(this.arrangement, group), this.pageSize);
  }

  private listOf(row: RunNode): FilteredRunList<RunGroupNode> | undefined {
    let parent = row.parent;
    while (parent.kind === 'run') {
      parent = parent.parent;
    }
    return parent.kind === 'runGroup' ? this.lists.get(parent.key) : undefined;
  }

  private state(): string {
    return [...this.lists].map(([key, list]) => `${key} ${list.total}`).join('\n');
  }
}
