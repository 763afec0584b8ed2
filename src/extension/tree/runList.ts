import type { RunCatalog } from '../../core/catalog/runCatalog.ts';
import type { RunEntry } from '../../core/domain/run.ts';
import { type ExperimentNode, isGoingOn, type LoadMoreNode, type RunNode, type TreeNode } from './nodes.ts';

/** The runs of one experiment that were read so far, newest first, a page at a time. */
export class RunList {
  readonly node: ExperimentNode;
  private readonly catalog: RunCatalog;
  private readonly pageSize: number;
  private readonly loadMoreNode: LoadMoreNode;
  private readonly nodesById = new Map<string, RunNode>();
  private rows: RunNode[] = [];
  private cursor: string | undefined;
  private firstPage: Promise<void> | undefined;
  private nextPage: Promise<readonly RunNode[]> | undefined;

  constructor(node: ExperimentNode, catalog: RunCatalog, pageSize: number) {
    this.node = node;
    this.catalog = catalog;
    this.pageSize = pageSize;
    this.loadMoreNode = { kind: 'loadMore', id: `${node.id}/more`, parent: node };
  }

  get isLoaded(): boolean {
    return this.firstPage !== undefined;
  }

  /** The rows, reading the first page when that has not been done. A failed read is tried again by the next call. */
  async children(): Promise<readonly TreeNode[]> {
    this.firstPage ??= this.read(undefined).then(
      () => undefined,
      (error: unknown) => {
        this.firstPage = undefined;
        throw error;
      },
    );
    await this.firstPage;
    return this.cursor === undefined ? [...this.rows] : [...this.rows, this.loadMoreNode];
  }

  /** Reads the rows that were read before once more: which runs there are has changed in a way that was not told. */
  async reload(): Promise<void> {
    if (this.firstPage === undefined) {
      return;
    }
    const limit = Math.max(this.pageSize, this.rows.length);
    const page = await this.catalog.runs({ experimentKey: this.node.summary.key, limit });
    const known = new Map(this.nodesById);
    this.nodesById.clear();
    this.rows = page.items.map((entry) => {
      const node = known.get(entry.id) ?? this.makeNode(entry);
      node.entry = entry;
      this.nodesById.set(entry.id, node);
      return node;
    });
    this.cursor = page.nextCursor;
    this.updateCount();
  }

  /** Reads the next page and returns its rows; calls made meanwhile share the one read. */
  async loadMore(): Promise<readonly RunNode[]> {
    await this.children();
    if (this.cursor === undefined) {
      return [];
    }
    this.nextPage ??= this.read(this.cursor).finally(() => {
      this.nextPage = undefined;
    });
    return await this.nextPage;
  }

  get(runId: string): RunNode | undefined {
    return this.nodesById.get(runId);
  }

  activeEntries(): RunEntry[] {
    return this.rows.filter((row) => isGoingOn(row.entry)).map((row) => row.entry);
  }

  /** Puts a run that was just made where its number belongs. Returns whether the list changed. */
  insert(entry: RunEntry): boolean {
    if (this.firstPage === undefined || this.nodesById.has(entry.id)) {
      return false;
    }
    const place = this.placeOf(entry);
    if (place === this.rows.length && this.cursor !== undefined) {
      // It is older than everything read so far: the page that holds it will bring it.
      return false;
    }
    this.rows.splice(place, 0, this.makeNode(entry));
    this.updateCount();
    return true;
  }

  /** Returns the row to refresh, where the run has one. */
  update(entry: RunEntry): RunNode | undefined {
    const node = this.nodesById.get(entry.id);
    if (node !== undefined) {
      node.entry = entry;
    }
    return node;
  }

  remove(runId: string): boolean {
    const node = this.nodesById.get(runId);
    if (node === undefined) {
      return false;
    }
    this.nodesById.delete(runId);
    this.rows = this.rows.filter((row) => row !== node);
    this.updateCount();
    return true;
  }

  private async read(cursor: string | undefined): Promise<readonly RunNode[]> {
    const page = await this.catalog.runs({ experimentKey: this.node.summary.key, limit: this.pageSize, cursor });
    const added: RunNode[] = [];
    for (const entry of page.items) {
      // A run that came in while the page was read can be in both.
      if (!this.nodesById.has(entry.id)) {
        const node = this.makeNode(entry);
        this.rows.push(node);
        added.push(node);
      }
    }
    this.cursor = page.nextCursor;
    this.updateCount();
    return added;
  }

  private makeNode(entry: RunEntry): RunNode {
    const node: RunNode = { kind: 'run', id: `${this.node.parent.id}/run/${entry.id}`, parent: this.node, entry };
    this.nodesById.set(entry.id, node);
    return node;
  }

  private updateCount(): void {
    this.node.runCount = this.cursor === undefined ? this.rows.length : undefined;
  }

  /** Rows are in falling order of number; an unreadable run has none and stays where the catalog put it. */
  private placeOf(entry: RunEntry): number {
    if (entry.kind === 'unreadable') {
      return 0;
    }
    const place = this.rows.findIndex((row) => row.entry.kind === 'run' && row.entry.number < entry.number);
    return place === -1 ? this.rows.length : place;
  }
}
