import * as vscode from 'vscode';
import type { ExperimentTree } from './experimentTree.ts';
import type { TreeNode } from './nodes.ts';
import { tooltipOf, treeItemOf } from './treeItems.ts';

/** Hands the rows of {@link ExperimentTree} to VS Code. */
export class ExperimentsProvider implements vscode.TreeDataProvider<TreeNode>, vscode.Disposable {
  private readonly tree: ExperimentTree;
  private readonly emitter = new vscode.EventEmitter<TreeNode | TreeNode[] | undefined>();
  private readonly subscription: { dispose(): void };
  readonly onDidChangeTreeData = this.emitter.event;

  constructor(tree: ExperimentTree) {
    this.tree = tree;
    this.subscription = tree.onDidChange((nodes) => {
      const rows = [...nodes].filter((node) => node !== undefined);
      this.emitter.fire(rows.length < nodes.size ? undefined : rows);
    });
  }

  getTreeItem(node: TreeNode): vscode.TreeItem {
    return treeItemOf(node, Date.now() / 1000);
  }

  async getChildren(node?: TreeNode): Promise<TreeNode[]> {
    return [...(node === undefined ? await this.tree.roots() : await this.tree.children(node))];
  }

  getParent(node: TreeNode): TreeNode | undefined {
    return node.parent;
  }

  resolveTreeItem(item: vscode.TreeItem, node: TreeNode): vscode.TreeItem {
    const tooltip = tooltipOf(node);
    if (tooltip !== undefined) {
      item.tooltip = tooltip;
    }
    return item;
  }

  dispose(): void {
    this.subscription.dispose();
    this.emitter.dispose();
  }
}
