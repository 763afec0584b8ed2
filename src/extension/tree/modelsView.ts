import * as vscode from 'vscode';
import { listModels } from '../../core/models/modelVersions.ts';
import { watchModels } from '../../core/models/modelWatch.ts';
import { viewIds } from '../ids.ts';
import type { WorkspaceService } from '../workspaces/workspaceService.ts';
import { modelItemOf, modelTooltipOf } from './modelItems.ts';
import type { ModelTreeNode } from './modelNodes.ts';
import { ModelTree } from './modelTree.ts';

/** The Models view: models, and their versions below them. Without any, its welcome text stands in their place. */
export class ModelsView implements vscode.Disposable {
  readonly tree: ModelTree;
  private readonly disposables: { dispose(): void }[] = [];

  constructor(workspaces: WorkspaceService, log: vscode.LogOutputChannel) {
    this.tree = new ModelTree({
      openWorkspaces: () => workspaces.openWorkspaces(),
      listModels,
      watchModels,
      onError: (error) => log.error(error instanceof Error ? error : String(error)),
    });
    const emitter = new vscode.EventEmitter<ModelTreeNode | undefined>();
    const provider: vscode.TreeDataProvider<ModelTreeNode> = {
      onDidChangeTreeData: emitter.event,
      getTreeItem: (node) => modelItemOf(node, Date.now() / 1000),
      getChildren: async (node) => [...(node === undefined ? await this.tree.roots() : this.tree.children(node))],
      getParent: (node) => node.parent,
      resolveTreeItem: (item, node) => {
        const tooltip = modelTooltipOf(node);
        if (tooltip !== undefined) {
          item.tooltip = tooltip;
        }
        return item;
      },
    };
    const view = vscode.window.createTreeView(viewIds.models, { treeDataProvider: provider, showCollapseAll: true });
    this.disposables.push(
      this.tree.onDidChange(() => emitter.fire(undefined)),
      view.onDidChangeVisibility(({ visible }) => this.tree.setVisible(visible)),
      workspaces.onDidChange(() => this.tree.refresh()),
      view,
      emitter,
      this.tree,
    );
    this.tree.setVisible(view.visible);
  }

  dispose(): void {
    for (const disposable of this.disposables) {
      disposable.dispose();
    }
  }
}
