import { basename } from 'node:path';
import { type Disposable, Emitter } from '../../core/base/events.ts';
import type { ReadingProgress, RunCatalog } from '../../core/catalog/runCatalog.ts';
import type { RunEntry } from '../../core/domain/run.ts';
import type { WorkspaceInfo } from '../../core/domain/workspace.ts';
import { type Arrangement, plainArrangement } from './arrangement.ts';
import {
  type ExperimentNode,
  experimentOf,
  type LoadMoreNode,
  type OtherWorkspacesNode,
  type ProblemNode,
  type RunGroupNode,
  type RunNode,
  type TreeNode,
  type WorkspaceNode,
} from './nodes.ts';
import { WorkspaceBranch } from './workspaceBranch.ts';

/** A workspace that is open, or the reason why one that is there cannot be opened. */
export type WorkspaceEntry =
  | { readonly kind: 'workspace'; readonly info: WorkspaceInfo }
  | { readonly kind: 'problem'; readonly folder: string; readonly message: string };

export interface ExperimentTreeDeps {
  /** Workspaces of the open folders. */
  readonly openWorkspaces: () => Promise<readonly WorkspaceEntry[]>;
  /** Registered workspaces that are not open. */
  readonly otherWorkspaces: () => Promise<readonly WorkspaceInfo[]>;
  readonly catalog: (workspaceFolder: string) => Promise<RunCatalog>;
  readonly onError: (error: unknown) => void;
  /** Whether archived experiments have rows; not where it is not given. */
  readonly showsArchived?: () => boolean;
  /** Runs read at a time; 50 where it is not given. */
  readonly pageSize?: number;
  /** Which runs are shown, and how; all, the newest first, where it is not given. */
  readonly arrangement?: Arrangement;
}

/** What the tree draws again: rows, or the whole tree where it holds `undefined`. */
export type TreeChange = ReadonlySet<TreeNode | undefined>;

/**
 * The Experiments view without VS Code: what its rows are and when they change. It reads a page when it is asked for it,
 * keeps it, and from then on listens; it reads nothing again by itself and has no timer.
 */
export class ExperimentTree implements Disposable {
  private readonly deps: ExperimentTreeDeps;
  private readonly branches = new Map<string, WorkspaceBranch>();
  private readonly folding = new Map<string, boolean>();
  private readonly otherNode: OtherWorkspacesNode = {
    kind: 'otherWorkspaces',
    id: 'otherWorkspaces',
    parent: undefined,
  };
  private readonly changeEmitter: Emitter<TreeChange>;
  private readonly stateEmitter: Emitter<void>;
  private readonly readingEmitter: Emitter<ReadingProgress | undefined>;
  /** Of the workspaces whose runs are being read. */
  private readonly readings = new Map<string, ReadingProgress>();
  private pending: Set<TreeNode | undefined> | undefined;
  private isVisible = false;
  private arrangement: Arrangement;

  constructor(deps: ExperimentTreeDeps) {
    this.deps = deps;
    this.arrangement = deps.arrangement ?? plainArrangement;
    this.changeEmitter = new Emitter<TreeChange>(deps.onError);
    this.stateEmitter = new Emitter<void>(deps.onError);
    this.readingEmitter = new Emitter<ReadingProgress | undefined>(deps.onError);
  }

  /** Rows to draw again. Changes of one turn of the event loop come as one. */
  get onDidChange() {
    return this.changeEmitter.event;
  }

  /** The number of active runs changed, or whether there are runs at all. */
  get onDidChangeState() {
    return this.stateEmitter.event;
  }

  /** How far the runs are read for which filters wait; undefined when all are read. */
  get onDidRead() {
    return this.readingEmitter.event;
  }

  private noteReading(folder: string, progress: ReadingProgress | undefined): void {
    if (progress === undefined) {
      this.readings.delete(folder);
    } else {
      this.readings.set(folder, progress);
    }
    const all = [...this.readings.values()];
    const sum = (which: 'done' | 'total'): number => all.reduce((total, reading) => total + reading[which], 0);
    this.readingEmitter.fire(all.length === 0 ? undefined : { done: sum('done'), total: sum('total') });
  }

  /** Empty where the view has a welcome text to show instead. */
  async roots(): Promise<readonly TreeNode[]> {
    const entries = await this.deps.openWorkspaces();
    const nodes = entries.map((entry) => this.rootOf(entry));
    this.forgetBranchesExcept(nodes);
    if (nodes.length === 0 || !(await this.hasRunsOrProblems())) {
      return [];
    }
    const others = await this.deps.otherWorkspaces();
    return others.length > 0 ? [...nodes, this.otherNode] : nodes;
  }

  /** Whether there is anything to show for the open workspaces: a run, or a workspace that cannot be read. */
  async hasRunsOrProblems(): Promise<boolean> {
    for (const entry of await this.deps.openWorkspaces()) {
      if (entry.kind === 'problem') {
        return true;
      }
      try {
        if (await this.branch(entry.info, undefined).hasRuns()) {
          return true;
        }
      } catch {
        // The row of the workspace shows what is wrong.
        return true;
      }
    }
    return false;
  }

  /** Rows below `node`. What cannot be read becomes a row that says so, beside everything that can. */
  async children(node: TreeNode): Promise<readonly TreeNode[]> {
    switch (node.kind) {
      case 'workspace':
        return await this.orProblem(node, () => this.branch(node.info, node.parent).experiments());
      case 'experiment':
        return await this.orProblem(node, () => this.branch(node.parent.info, node.parent.parent).runs(node));
      case 'runGroup': {
        const { info, parent } = node.parent.parent;
        return await this.orProblem(node, () => this.branch(info, parent).runsOfGroup(node));
      }
      case 'otherWorkspaces':
        return await this.orProblem(node, async () => {
          const others = await this.deps.otherWorkspaces();
          return others.map((info) => this.branch(info, this.otherNode).node);
        });
      case 'run': {
        const { info, parent } = experimentOf(node).parent;
        return await this.orProblem(node, () => this.branch(info, parent).children(node));
      }
      case 'loadMore':
      case 'noMatches':
      case 'hiddenExperiments':
      case 'problem':
        return [];
    }
  }

  /** Shows only runs that match, or all of them. */
  setFilter(filter: string | undefined): void {
    this.setArrangement({ ...this.arrangement, filter });
  }

  setArrangement(arrangement: Arrangement): void {
    this.arrangement = arrangement;
    for (const branch of this.branches.values()) {
      branch.setArrangement(arrangement);
      this.changed(branch.node);
    }
  }

  async loadMore(node: LoadMoreNode): Promise<void> {
    const { info, parent } = experimentOf(node).parent;
    await this.branch(info, parent).loadMore(node);
  }

  /** The row of a run, for revealing it. */
  async findRun(info: WorkspaceInfo, runId: string): Promise<RunNode | undefined> {
    const entries = await this.deps.openWorkspaces();
    const isOpen = entries.some((entry) => entry.kind === 'workspace' && entry.info.folder === info.folder);
    return await this.branch(info, isOpen ? undefined : this.otherNode).findRun(runId);
  }

  /** Remembers what the person folded and unfolded: VS Code forgets it when the whole tree is drawn anew. */
  noteFolding(node: TreeNode, isExpanded: boolean): void {
    if (node.kind === 'experiment') {
      this.folding.set(node.id, isExpanded);
      node.isDrawnExpanded = isExpanded;
    }
  }

  /** Takes out the row of a run that was deleted, without waiting to be told by the catalog. */
  async noteRemoved(workspaceFolder: string, experimentKey: string, runId: string): Promise<void> {
    await this.branches.get(workspaceFolder)?.noteRemoved(experimentKey, runId);
  }

  /** Reads again which experiments a workspace has, without waiting to be told by the catalog. */
  async noteExperiments(workspaceFolder: string): Promise<void> {
    await this.branches.get(workspaceFolder)?.reloadExperiments();
  }

  activeEntries(): readonly RunEntry[] {
    return [...this.branches.values()].flatMap((branch) => branch.activeEntries());
  }

  /** Listens to the open workspaces while it is visible or while a run is going on, so that the badge stays right. */
  setVisible(isVisible: boolean): void {
    if (this.isVisible === isVisible) {
      return;
    }
    this.isVisible = isVisible;
    if (isVisible && [...this.branches.values()].some((branch) => !branch.isListening)) {
      // What happened while nobody listened is not known.
      this.refresh();
      return;
    }
    this.updateWatching();
    if (isVisible) {
      this.redraw();
    }
  }

  /** Forgets everything that was read; the view then asks for what it shows. */
  refresh(): void {
    for (const branch of this.branches.values()) {
      branch.dispose();
    }
    this.branches.clear();
    this.changed(undefined);
    this.stateEmitter.fire();
  }

  /** Draws the rows again without reading anything: ages have moved on, or other rows are to be shown. */
  redraw(): void {
    for (const branch of this.branches.values()) {
      this.changed(branch.node);
    }
  }

  /** Resolves when every change told so far was applied. */
  async settled(): Promise<void> {
    await Promise.all([...this.branches.values()].map((branch) => branch.settled()));
  }

  dispose(): void {
    for (const branch of this.branches.values()) {
      branch.dispose();
    }
    this.branches.clear();
    this.changeEmitter.dispose();
    this.stateEmitter.dispose();
  }

  private rootOf(entry: WorkspaceEntry): WorkspaceNode | ProblemNode {
    if (entry.kind === 'workspace') {
      return this.branch(entry.info, undefined).node;
    }
    return {
      kind: 'problem',
      id: `problem:${entry.folder}`,
      parent: undefined,
      subject: basename(entry.folder),
      workspaceFolder: entry.folder,
      message: entry.message,
    };
  }

  private branch(info: WorkspaceInfo, parent: OtherWorkspacesNode | undefined): WorkspaceBranch {
    const known = this.branches.get(info.folder);
    if (known !== undefined && known.node.parent === parent) {
      return known;
    }
    known?.dispose();
    const branch = new WorkspaceBranch({
      node: { kind: 'workspace', id: `workspace:${info.folder}`, parent, info, activeRunCount: 0 },
      openCatalog: () => this.deps.catalog(info.folder),
      pageSize: this.deps.pageSize ?? 50,
      arrangement: this.arrangement,
      folding: this.folding,
      showsArchived: () => this.deps.showsArchived?.() ?? false,
      onChange: (node) => this.changed(node),
      onFirstRun: () => {
        this.changed(undefined);
        this.stateEmitter.fire();
      },
      onReading: (progress) => this.noteReading(info.folder, progress),
      onActiveChange: () => {
        this.updateWatching();
        this.stateEmitter.fire();
      },
      onError: this.deps.onError,
    });
    this.branches.set(info.folder, branch);
    this.watch(branch);
    return branch;
  }

  private forgetBranchesExcept(roots: readonly TreeNode[]): void {
    for (const [folder, branch] of this.branches) {
      if (branch.node.parent === undefined && !roots.includes(branch.node)) {
        branch.dispose();
        this.branches.delete(folder);
      }
    }
  }

  private updateWatching(): void {
    for (const branch of this.branches.values()) {
      this.watch(branch);
    }
  }

  private watch(branch: WorkspaceBranch): void {
    branch
      .setWatching(this.isVisible || branch.activeEntries().length > 0)
      .catch((error: unknown) => this.deps.onError(error));
  }

  private changed(node: TreeNode | undefined): void {
    if (this.pending === undefined) {
      const pending = new Set<TreeNode | undefined>();
      this.pending = pending;
      queueMicrotask(() => {
        this.pending = undefined;
        this.changeEmitter.fire(pending);
      });
    }
    this.pending.add(node);
  }

  private async orProblem(
    parent: WorkspaceNode | ExperimentNode | RunGroupNode | RunNode | OtherWorkspacesNode,
    read: () => Promise<readonly TreeNode[]>,
  ): Promise<readonly TreeNode[]> {
    try {
      return await read();
    } catch (error) {
      this.deps.onError(error);
      const message = error instanceof Error ? error.message : String(error);
      return [{ kind: 'problem', id: `${parent.id}/problem`, parent, subject: undefined, message }];
    }
  }
}
