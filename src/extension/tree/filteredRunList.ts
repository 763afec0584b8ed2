import type { FoundRuns, RunCatalog } from '../../core/catalog/runCatalog.ts';
import type { RunEntry } from '../../core/domain/run.ts';
import {
  type ExperimentNode,
  experimentOf,
  type LoadMoreNode,
  type RunGroupNode,
  type RunNode,
  type TreeNode,
} from './nodes.ts';

/** What is below an experiment, or below a heading in it. */
type ListNode = ExperimentNode | RunGroupNode;

/**
 * The runs of one experiment that match a filter, in its order, a page at a time. Child runs that match are rows like any; below
 * a row are all children of its run.
 */
export class FilteredRunList<Node extends ListNode = ExperimentNode> {
  readonly node: Node;
  private readonly catalog: RunCatalog;
  private readonly filter: string;
  private readonly pageSize: number;
  private readonly loadMoreNode: LoadMoreNode;
  private rows: readonly RunNode[] = [];
  /** The rows below a row, by its id. */
  private readonly childRows = new Map<string, readonly RunNode[]>();
  private cursor: string | undefined;
  private isRead = false;
  private isCounted = false;
  /** Reads come one after the other, so that none undoes what another found. */
  private reading: Promise<unknown> = Promise.resolve();

  constructor(node: Node, catalog: RunCatalog, filter: string, pageSize: number) {
    this.node = node;
    this.catalog = catalog;
    this.filter = filter;
    this.pageSize = pageSize;
    this.loadMoreNode = { kind: 'loadMore', id: `${node.id}/more`, parent: node };
  }

  /** How many runs match. */
  get total(): number {
    return this.node.matchCount ?? 0;
  }

  /** Reads the first page when that has not been done. */
  async load(): Promise<void> {
    await this.inTurn(async () => {
      if (!this.isRead) {
        await this.readAgain();
      }
    });
  }

  /** Finds out how many runs match when that has not been done, without reading them. */
  async count(): Promise<void> {
    await this.inTurn(async () => {
      if (!this.isCounted) {
        await this.countAgain();
      }
    });
  }

  /** Reads what was read before once more. Resolves with whether anything is different. */
  async reload(): Promise<boolean> {
    return await this.inTurn(async () => {
      const before = this.state();
      await (this.isRead ? this.readAgain() : this.countAgain());
      return this.state() !== before;
    });
  }

  async loadMore(): Promise<readonly RunNode[]> {
    return await this.inTurn(async () => {
      if (this.cursor === undefined) {
        return [];
      }
      const page = await this.find(this.pageSize, this.cursor);
      const known = new Set(this.rows.map((row) => row.entry.id));
      const added = page.items.filter(({ id }) => !known.has(id)).map((entry) => this.makeNode(entry, this.node));
      this.rows = [...this.rows, ...added];
      this.note(page);
      return added;
    });
  }

  children(): readonly TreeNode[] {
    return this.cursor === undefined ? this.rows : [...this.rows, this.loadMoreNode];
  }

  async childrenOf(parent: RunNode): Promise<readonly RunNode[]> {
    const entries = await this.catalog.children(parent.entry.id);
    const known = new Map(this.childRows.get(parent.id)?.map((row) => [row.entry.id, row]));
    const rows = entries.map((entry) => this.nodeOf(known, entry, parent));
    this.childRows.set(parent.id, rows);
    return rows;
  }

  /** The row of a run, if it matches and was read. */
  get(runId: string): RunNode | undefined {
    return this.rows.find((row) => row.entry.id === runId);
  }

  /** Returns the rows to refresh: a child run that matches has one below its parent too. */
  update(entry: RunEntry): readonly RunNode[] {
    const nodes = [...this.rows, ...[...this.childRows.values()].flat()].filter((row) => row.entry.id === entry.id);
    for (const node of nodes) {
      node.entry = entry;
    }
    return nodes;
  }

  entries(): readonly RunEntry[] {
    return this.rows.map((row) => row.entry);
  }

  private async countAgain(): Promise<void> {
    const { total } = await this.find(1, undefined);
    this.node.matchCount = total;
    this.isCounted = true;
  }

  private async readAgain(): Promise<void> {
    const page = await this.find(Math.max(this.pageSize, this.rows.length), undefined);
    const known = new Map(this.rows.map((row) => [row.entry.id, row]));
    this.rows = page.items.map((entry) => this.nodeOf(known, entry, this.node));
    const ids = new Set(this.rows.map((row) => row.id));
    for (const parentId of this.childRows.keys()) {
      if (!ids.has(parentId)) {
        this.childRows.delete(parentId);
      }
    }
    this.isRead = true;
    this.note(page);
  }

  private find(limit: number, cursor: string | undefined): Promise<FoundRuns> {
    const { key: experimentKey } = experimentOf(this.node).summary;
    return this.catalog.find({ filter: this.filter, experimentKey, limit, cursor });
  }

  private note({ nextCursor, total }: FoundRuns): void {
    this.cursor = nextCursor;
    this.isCounted = true;
    this.node.matchCount = total;
  }

  /** What the rows show. */
  private state(): string {
    return JSON.stringify([this.total, this.cursor === undefined, this.entries()]);
  }

  private inTurn<T>(read: () => Promise<T>): Promise<T> {
    const turn = this.reading.then(read);
    this.reading = turn.catch(() => {});
    return turn;
  }

  /** The known row of a run, or a new one. */
  private nodeOf(known: ReadonlyMap<string, RunNode>, entry: RunEntry, parent: ListNode | RunNode): RunNode {
    const node = known.get(entry.id) ?? this.makeNode(entry, parent);
    node.entry = entry;
    return node;
  }

  private makeNode(entry: RunEntry, parent: ListNode | RunNode): RunNode {
    return { kind: 'run', id: `${parent.id}/run/${entry.id}`, parent, entry };
  }
}
