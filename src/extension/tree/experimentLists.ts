import type { RunCatalog } from '../../core/catalog/runCatalog.ts';
import type { ExperimentNode, RunNode, WorkspaceNode } from './nodes.ts';
import { RunList } from './runList.ts';

export interface ExperimentListsOptions {
  readonly node: WorkspaceNode;
  readonly openCatalog: () => Promise<RunCatalog>;
  /** Runs read at a time. */
  readonly pageSize: number;
  /** Whether a row is unfolded when VS Code draws it anew, by its id. */
  readonly folding: ReadonlyMap<string, boolean>;
}

/** The experiments of a workspace with their runs, as far as they were read. */
export class ExperimentLists {
  private readonly options: ExperimentListsOptions;
  private readonly byKey = new Map<string, RunList>();
  private reading: Promise<readonly RunList[]> | undefined;

  constructor(options: ExperimentListsOptions) {
    this.options = options;
  }

  /** Those that were read, in the order in which the workspace has them. */
  get known(): readonly RunList[] {
    return [...this.byKey.values()];
  }

  get(experimentKey: string): RunList | undefined {
    return this.byKey.get(experimentKey);
  }

  /** The row of a run that was read. */
  runNode(runId: string): RunNode | undefined {
    for (const list of this.byKey.values()) {
      const node = list.get(runId);
      if (node !== undefined) {
        return node;
      }
    }
    return undefined;
  }

  /** Reads which there are, once. A read that failed is tried again by the next call. */
  async all(): Promise<readonly RunList[]> {
    this.reading ??= this.read().catch((error: unknown) => {
      this.reading = undefined;
      throw error;
    });
    return await this.reading;
  }

  /** Reads once more which there are, and what is known of each. Lists that are still there keep their rows. */
  async readAgain(): Promise<readonly RunList[]> {
    this.reading = undefined;
    return await this.all();
  }

  private async read(): Promise<readonly RunList[]> {
    const { node: parent, openCatalog, pageSize, folding } = this.options;
    const catalog = await openCatalog();
    const summaries = await catalog.experiments();
    const lists = summaries.map((summary) => {
      const known = this.byKey.get(summary.key);
      if (known !== undefined) {
        known.node.summary = summary;
        return known;
      }
      const id = `${parent.id}/experiment/${summary.key}`;
      const node: ExperimentNode = {
        kind: 'experiment',
        id,
        parent,
        summary,
        // One alone is what the person wants to see.
        isDrawnExpanded: folding.get(id) ?? summaries.length === 1,
      };
      return new RunList(node, catalog, pageSize);
    });
    this.byKey.clear();
    for (const list of lists) {
      this.byKey.set(list.node.summary.key, list);
    }
    return lists;
  }
}
