import { type Disposable, Emitter } from '../../core/base/events.ts';
import type { ModelEntry } from '../../core/domain/model.ts';
import type { WorkspaceInfo } from '../../core/domain/workspace.ts';
import type { WorkspaceEntry } from './experimentTree.ts';
import type { ModelNode, ModelProblemNode, ModelTreeNode, ModelWorkspaceNode } from './modelNodes.ts';
import { VisibleWatch } from './visibleWatch.ts';

export interface ModelTreeDeps {
  /** Workspaces of the open folders. */
  readonly openWorkspaces: () => Promise<readonly WorkspaceEntry[]>;
  /** The versions of a workspace's models, by name and each model's newest first. */
  readonly listModels: (workspaceFolder: string) => Promise<readonly ModelEntry[]>;
  /** Tells when versions come and go. */
  readonly watchModels: (workspaceFolder: string, listener: () => void) => Disposable;
  readonly onError: (error: unknown) => void;
}

/**
 * The Models view without VS Code: what its rows are and when they change. It reads when it is asked, and listens only while
 * it is visible.
 */
export class ModelTree implements Disposable {
  private readonly deps: ModelTreeDeps;
  private readonly changeEmitter: Emitter<void>;
  private readonly watch: VisibleWatch;
  private rows: Promise<readonly ModelTreeNode[]> | undefined;

  constructor(deps: ModelTreeDeps) {
    this.deps = deps;
    this.changeEmitter = new Emitter<void>(deps.onError);
    this.watch = new VisibleWatch(deps.watchModels, () => this.readAgain());
  }

  /** The rows are to be drawn again. */
  get onDidChange() {
    return this.changeEmitter.event;
  }

  /** The models of the one open workspace, or the workspaces where there are several. Empty where nothing is registered. */
  async roots(): Promise<readonly ModelTreeNode[]> {
    const rows = this.rows ?? this.read();
    this.rows = rows;
    return await rows;
  }

  children(node: ModelTreeNode): readonly ModelTreeNode[] {
    return 'children' in node ? node.children : [];
  }

  /** Listens while it is visible. What happened before is not known, and read again. */
  setVisible(isVisible: boolean): void {
    if (this.watch.setVisible(isVisible)) {
      this.refresh();
    }
  }

  /** Forgets everything that was read; the view then asks for what it shows. */
  refresh(): void {
    this.watch.stop();
    this.readAgain();
  }

  private readAgain(): void {
    this.rows = undefined;
    this.changeEmitter.fire();
  }

  dispose(): void {
    this.watch.stop();
    this.changeEmitter.dispose();
  }

  private async read(): Promise<readonly ModelTreeNode[]> {
    const entries = await this.deps.openWorkspaces();
    const isAlone = entries.length === 1;
    const rows: ModelTreeNode[] = [];
    let count = 0;
    for (const entry of entries) {
      if (entry.kind === 'problem') {
        count++;
        rows.push({ kind: 'modelProblem', id: `${entry.folder}/problem`, parent: undefined, message: entry.message });
        continue;
      }
      this.watch.add(entry.info.folder);
      if (isAlone) {
        const models = await this.modelsOf(entry.info, undefined);
        count += models.length;
        rows.push(...models);
      } else {
        const node: ModelWorkspaceNode = {
          kind: 'modelWorkspace',
          id: entry.info.folder,
          parent: undefined,
          info: entry.info,
          children: [],
        };
        node.children.push(...(await this.modelsOf(entry.info, node)));
        count += node.children.length;
        rows.push(node);
      }
    }
    return count === 0 ? [] : rows;
  }

  private async modelsOf(
    info: WorkspaceInfo,
    parent: ModelWorkspaceNode | undefined,
  ): Promise<(ModelNode | ModelProblemNode)[]> {
    let entries: readonly ModelEntry[];
    try {
      entries = await this.deps.listModels(info.folder);
    } catch (error) {
      this.deps.onError(error);
      const message = error instanceof Error ? error.message : String(error);
      return [{ kind: 'modelProblem', id: `${info.folder}/problem`, parent, message }];
    }
    const models = new Map<string, ModelNode>();
    for (const entry of entries) {
      const id = `${info.folder}/models/${entry.modelKey}`;
      const name = entry.kind === 'version' ? entry.name : entry.modelKey;
      const model = models.get(id) ?? { kind: 'model', id, parent, workspaceFolder: info.folder, name, children: [] };
      models.set(id, model);
      model.children.push({ kind: 'modelVersion', id: `${id}/${entry.version}`, parent: model, entry });
    }
    return [...models.values()];
  }
}
