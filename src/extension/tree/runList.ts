import { isDeepStrictEqual } from 'node:util';
import type { RunCatalog } from '../../core/catalog/runCatalog.ts';
import type { RunEntry, RunSummary } from '../../core/domain/run.ts';
import {
  type ExperimentNode,
  isGoingOn,
  type LoadMoreNode,
  type RunGroupNode,
  type RunNode,
  type TreeNode,
} from './nodes.ts';

/** The runs of one experiment that were read so far, newest first, a page at a time. */
export class RunList {
  readonly node: ExperimentNode;
  private readonly catalog: RunCatalog;
  private readonly pageSize: number;
  private readonly loadMoreNode: LoadMoreNode;
  private readonly nodesById = new Map<string, RunNode>();
  private rows: RunNode[] = [];
  /** The rows below a run, by its id, oldest first. */
  private readonly childRows = new Map<string, RunNode[]>();
  private cursor: string | undefined;
  private firstPage: Promise<void> | undefined;
  private nextPage: Promise<readonly RunNode[]> | undefined;

  constructor(node: ExperimentNode, catalog: RunCatalog, pageSize: number) {
    this.node = node;
    this.catalog = catalog;
    this.pageSize = pageSize;
    this.loadMoreNode = { kind: 'loadMore', id: `${node.id}/more`, parent: node };
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

  /** The rows below a run, reading them when that has not been done. */
  async childrenOf(parent: RunNode): Promise<readonly RunNode[]> {
    const known = this.childRows.get(parent.entry.id);
    if (known !== undefined) {
      return known;
    }
    const entries = await this.catalog.children(parent.entry.id);
    // A call made meanwhile may have been faster.
    const rows =
      this.childRows.get(parent.entry.id) ??
      entries.map((entry) => this.nodesById.get(entry.id) ?? this.makeNode(entry, parent));
    this.childRows.set(parent.entry.id, rows);
    return rows;
  }

  /**
   * Reads the rows that were read before once more, where which runs there are may have changed in a way that was not told. Returns
   * whether they are to be drawn again.
   */
  async reload(): Promise<boolean> {
    if (this.firstPage === undefined) {
      return false;
    }
    const limit = Math.max(this.pageSize, this.rows.length);
    const page = await this.catalog.runs({ experimentKey: this.node.summary.key, limit, topLevelOnly: true });
    const isSame =
      // The rows below runs would have to be read, too.
      this.childRows.size === 0 &&
      page.nextCursor === this.cursor &&
      isDeepStrictEqual(
        page.items,
        this.rows.map((row) => row.entry),
      );
    if (isSame) {
      return false;
    }
    const known = new Map(this.nodesById);
    this.nodesById.clear();
    this.childRows.clear();
    this.rows = page.items.map((entry) => {
      const node = known.get(entry.id) ?? this.makeNode(entry, this.node);
      node.entry = entry;
      this.nodesById.set(entry.id, node);
      return node;
    });
    this.cursor = page.nextCursor;
    return true;
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
    return [...this.nodesById.values()].filter((row) => isGoingOn(row.entry)).map((row) => row.entry);
  }

  /** Puts a run that was just made where its number belongs. Returns the row below which that is; undefined where nothing changed. */
  insert(entry: RunEntry): ExperimentNode | RunNode | undefined {
    if (this.firstPage === undefined || this.nodesById.has(entry.id)) {
      return undefined;
    }
    if (entry.kind === 'run' && entry.parentId !== undefined) {
      return this.insertChild(entry, entry.parentId);
    }
    const place = this.placeOf(entry);
    if (place === this.rows.length && this.cursor !== undefined) {
      // It is older than everything read so far: the page that holds it will bring it.
      return undefined;
    }
    this.rows.splice(place, 0, this.makeNode(entry, this.node));
    return this.node;
  }

  private insertChild(entry: RunSummary, parentId: string): RunNode | undefined {
    const parent = this.nodesById.get(parentId);
    if (parent === undefined || parent.entry.kind === 'unreadable') {
      return undefined;
    }
    parent.entry = { ...parent.entry, hasChildren: true };
    const rows = this.childRows.get(parentId);
    if (rows !== undefined) {
      const place = rows.findIndex((row) => row.entry.kind === 'run' && row.entry.number > entry.number);
      rows.splice(place === -1 ? rows.length : place, 0, this.makeNode(entry, parent));
    }
    return parent;
  }

  /** Returns the row to refresh, where the run has one. */
  update(entry: RunEntry): RunNode | undefined {
    const node = this.nodesById.get(entry.id);
    if (node !== undefined) {
      node.entry = entry;
    }
    return node;
  }

  /** Takes out the row of a run, with those below it. Returns the row that it was below; undefined where it had none. */
  remove(runId: string): ExperimentNode | RunGroupNode | RunNode | undefined {
    const node = this.nodesById.get(runId);
    if (node === undefined) {
      return undefined;
    }
    this.nodesById.delete(runId);
    this.rows = this.rows.filter((row) => row !== node);
    for (const child of this.childRows.get(runId) ?? []) {
      this.remove(child.entry.id);
    }
    this.childRows.delete(runId);
    if (node.parent.kind === 'run') {
      const siblings = this.childRows.get(node.parent.entry.id) ?? [];
      this.childRows.set(
        node.parent.entry.id,
        siblings.filter((row) => row !== node),
      );
    }
    return node.parent;
  }

  private async read(cursor: string | undefined): Promise<readonly RunNode[]> {
    const page = await this.catalog.runs({
      experimentKey: this.node.summary.key,
      limit: this.pageSize,
      cursor,
      topLevelOnly: true,
    });
    const added: RunNode[] = [];
    let place = this.rows.length;
    for (const entry of page.items) {
      // Runs that came in while the page was read have rows already: they can be on the page, and among others of it.
      const known = this.nodesById.get(entry.id);
      if (known === undefined) {
        const node = this.makeNode(entry, this.node);
        place = entry.kind === 'unreadable' ? place : this.placeOf(entry);
        this.rows.splice(place, 0, node);
        added.push(node);
      } else {
        place = this.rows.indexOf(known);
      }
      place += 1;
    }
    this.cursor = page.nextCursor;
    return added;
  }

  private makeNode(entry: RunEntry, parent: ExperimentNode | RunNode): RunNode {
    const node: RunNode = { kind: 'run', id: `${this.node.parent.id}/run/${entry.id}`, parent, entry };
    this.nodesById.set(entry.id, node);
    return node;
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
