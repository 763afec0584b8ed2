import { type Disposable, Emitter } from '../../core/base/events.ts';
import type { ComputeDefinition } from '../../core/compute/computeDefinitions.ts';
import type { TargetFinding } from '../../core/compute/targetCheck.ts';
import type { WorkspaceInfo } from '../../core/domain/workspace.ts';
import type { WorkspaceEntry } from '../tree/experimentTree.ts';
import { VisibleWatch } from '../tree/visibleWatch.ts';
import {
  type ComputeProblemNode,
  type ComputeTargetNode,
  type ComputeTreeNode,
  type ComputeWorkspaceNode,
  type FindingNode,
  type Health,
  isAnotherName,
} from './computeNodes.ts';

export interface ComputeTreeDeps {
  /** Workspaces of the open folders. */
  readonly openWorkspaces: () => Promise<readonly WorkspaceEntry[]>;
  readonly listTargets: (workspaceFolder: string) => Promise<readonly ComputeDefinition[]>;
  /** Tells when targets come, change and go. */
  readonly watchTargets: (workspaceFolder: string, listener: () => void) => Disposable;
  readonly check: (workspaceFolder: string, name: string, signal: AbortSignal) => Promise<readonly TargetFinding[]>;
  /** Whether targets are checked without being asked for: what files name is not reached from a folder that is not trusted. */
  readonly mayCheck: () => boolean;
  readonly onError: (error: unknown) => void;
}

/** What was found by itself is looked at again after this time: a check may connect to a host, or run a job. */
const freshMs = 10 * 60_000;

const unknown: Health = { state: 'unknown' };

/**
 * The Compute view without VS Code: what its rows are, how they fare, and when they change. It reads when it is asked, and listens
 * only while it is visible.
 */
export class ComputeTree implements Disposable {
  private readonly deps: ComputeTreeDeps;
  private readonly changeEmitter: Emitter<ComputeTreeNode | undefined>;
  private readonly watch: VisibleWatch;
  /** By what was checked. */
  private readonly health = new Map<string, { readonly health: Health; readonly time: number }>();
  private readonly checks = new Map<string, Promise<void>>();
  /** By their ids, as they were read last. */
  private readonly targets = new Map<string, ComputeTargetNode>();
  /** Ends the checks that go on. */
  private ending = new AbortController();
  private rows: Promise<readonly ComputeTreeNode[]> | undefined;

  constructor(deps: ComputeTreeDeps) {
    this.deps = deps;
    this.changeEmitter = new Emitter<ComputeTreeNode | undefined>(deps.onError);
    this.watch = new VisibleWatch(deps.watchTargets, () => this.readAgain());
  }

  /** A row, or all where it is undefined, is to be drawn again. */
  get onDidChange() {
    return this.changeEmitter.event;
  }

  /** The targets of the one open workspace, or the workspaces where there are several. */
  async roots(): Promise<readonly ComputeTreeNode[]> {
    const rows = this.rows ?? this.read();
    this.rows = rows;
    return await rows;
  }

  /** Of a target what a check finds, which is made where none was. */
  async children(node: ComputeTreeNode): Promise<readonly ComputeTreeNode[]> {
    if (node.kind === 'computeWorkspace') {
      return node.children;
    }
    if (node.kind !== 'computeTarget' || isAnotherName(node.definition)) {
      return [];
    }
    if (this.healthOf(node).state === 'unknown' && this.deps.mayCheck()) {
      await this.check(node);
    } else {
      await this.checks.get(checkOf(node));
    }
    return this.findingsOf(node);
  }

  healthOf(node: ComputeTargetNode): Health {
    return this.health.get(checkOf(node))?.health ?? unknown;
  }

  private findingsOf(node: ComputeTargetNode): readonly FindingNode[] {
    const health = this.healthOf(node);
    return 'findings' in health
      ? health.findings.map((finding, index) => ({
          kind: 'computeFinding',
          id: `${node.id}/${index}`,
          parent: node,
          finding,
        }))
      : [];
  }

  /** Looks at a target now; the row tells. A check that goes on is not begun a second time. */
  check(node: ComputeTargetNode): Promise<void> {
    const key = checkOf(node);
    const going = this.checks.get(key);
    if (going !== undefined) {
      return going;
    }
    const { signal } = this.ending;
    const check = this.checkNow(node, signal).finally(() => {
      if (!signal.aborted) {
        this.checks.delete(key);
      }
    });
    this.checks.set(key, check);
    return check;
  }

  private async checkNow(node: ComputeTargetNode, signal: AbortSignal): Promise<void> {
    this.setHealth(node, { state: 'checking' });
    try {
      const findings = await this.deps.check(node.workspaceFolder, node.definition.name, signal);
      if (!signal.aborted) {
        this.setHealth(node, { state: findings.every(({ isGood }) => isGood) ? 'good' : 'missing', findings });
      }
    } catch (error) {
      if (!signal.aborted) {
        this.setHealth(node, unknown);
        throw error;
      }
    }
  }

  private setHealth(node: ComputeTargetNode, health: Health): void {
    this.health.set(checkOf(node), { health, time: Date.now() });
    this.changeEmitter.fire(this.targets.get(node.id) ?? node);
  }

  /** The row of a target; undefined where there is none. */
  async findTarget(workspaceFolder: string, name: string): Promise<ComputeTargetNode | undefined> {
    return targetsAmong(await this.roots()).find(
      (row) => row.workspaceFolder === workspaceFolder && row.definition.name.toLowerCase() === name.toLowerCase(),
    );
  }

  /** Listens while it is visible. What happened before is not known, and read again. */
  setVisible(isVisible: boolean): void {
    if (this.watch.setVisible(isVisible)) {
      this.readAgain();
    }
  }

  /** Forgets everything that was read and found; the view then asks for what it shows. */
  refresh(): void {
    this.ending.abort();
    this.ending = new AbortController();
    this.checks.clear();
    this.health.clear();
    this.watch.stop();
    this.readAgain();
  }

  private readAgain(): void {
    this.rows = undefined;
    this.changeEmitter.fire(undefined);
  }

  dispose(): void {
    this.ending.abort();
    this.watch.stop();
    this.changeEmitter.dispose();
  }

  private async read(): Promise<readonly ComputeTreeNode[]> {
    const entries = await this.deps.openWorkspaces();
    const rows: ComputeTreeNode[] = [];
    for (const entry of entries) {
      if (entry.kind === 'problem') {
        rows.push({ kind: 'computeProblem', id: `${entry.folder}/problem`, parent: undefined, message: entry.message });
        continue;
      }
      this.watch.add(entry.info.folder);
      if (entries.length === 1) {
        rows.push(...(await this.targetsOf(entry.info, undefined)));
      } else {
        const { info } = entry;
        const node: ComputeWorkspaceNode = {
          kind: 'computeWorkspace',
          id: info.folder,
          parent: undefined,
          info,
          children: [],
        };
        node.children.push(...(await this.targetsOf(info, node)));
        rows.push(node);
      }
    }
    const targets = targetsAmong(rows);
    this.targets.clear();
    for (const target of targets) {
      this.targets.set(target.id, target);
    }
    if (this.watch.isVisible && this.deps.mayCheck()) {
      this.checkStale(targets);
    }
    return rows;
  }

  private checkStale(nodes: readonly ComputeTargetNode[]): void {
    for (const node of nodes) {
      const known = this.health.get(checkOf(node));
      const isFresh = known !== undefined && Date.now() - known.time < freshMs;
      if (!isFresh && !isAnotherName(node.definition)) {
        this.check(node).catch(this.deps.onError);
      }
    }
  }

  private async targetsOf(
    { folder }: WorkspaceInfo,
    parent: ComputeWorkspaceNode | undefined,
  ): Promise<(ComputeTargetNode | ComputeProblemNode)[]> {
    try {
      const definitions = await this.deps.listTargets(folder);
      const basis = JSON.stringify(definitions);
      return definitions.map((definition) => ({
        kind: 'computeTarget',
        id: `${folder}/compute/${definition.name.toLowerCase()}`,
        parent,
        workspaceFolder: folder,
        definition,
        basis,
      }));
    } catch (error) {
      this.deps.onError(error);
      const message = error instanceof Error ? error.message : String(error);
      return [{ kind: 'computeProblem', id: `${folder}/problem`, parent, message }];
    }
  }
}

/** What a check of a target is about. */
function checkOf({ id, basis }: ComputeTargetNode): string {
  return `${id}\n${basis}`;
}

function targetsAmong(rows: readonly ComputeTreeNode[]): readonly ComputeTargetNode[] {
  return rows
    .flatMap((row) => (row.kind === 'computeWorkspace' ? row.children : [row]))
    .filter((row) => row.kind === 'computeTarget');
}
