import * as vscode from 'vscode';
import { listComputeDefinitions } from '../../core/compute/computeDefinitions.ts';
import { checkComputeTarget } from '../../core/compute/computeTargets.ts';
import { watchComputeTargets } from '../../core/compute/targetWatch.ts';
import { viewIds } from '../ids.ts';
import { interpreterCandidates } from '../submit/pythonExtension.ts';
import type { WorkspaceService } from '../workspaces/workspaceService.ts';
import { computeItemOf } from './computeItems.ts';
import type { ComputeTargetNode, ComputeTreeNode } from './computeNodes.ts';
import { ComputeTree } from './computeTree.ts';

export interface ComputeViewDeps {
  readonly workspaces: WorkspaceService;
  /** The folder `python/` of the extension. */
  readonly pythonSdkFolder: string;
  readonly log: vscode.LogOutputChannel;
}

/** The Compute view: where runs can run, and whether they could now. */
export class ComputeView implements vscode.Disposable {
  readonly tree: ComputeTree;
  private readonly view: vscode.TreeView<ComputeTreeNode>;
  private readonly disposables: { dispose(): void }[] = [];

  constructor({ workspaces, pythonSdkFolder, log }: ComputeViewDeps) {
    this.tree = new ComputeTree({
      openWorkspaces: () => workspaces.openWorkspaces(),
      listTargets: listComputeDefinitions,
      watchTargets: watchComputeTargets,
      check: async (workspaceFolder, name, signal) =>
        checkComputeTarget(name, {
          workspaceFolder,
          interpreterCandidates: await interpreterCandidates(vscode.Uri.file(workspaceFolder), log),
          pythonSdkFolder,
          signal,
        }),
      mayCheck: () => vscode.workspace.isTrusted,
      onError: (error) => log.error(error instanceof Error ? error : String(error)),
    });
    const emitter = new vscode.EventEmitter<ComputeTreeNode | undefined>();
    const provider: vscode.TreeDataProvider<ComputeTreeNode> = {
      onDidChangeTreeData: emitter.event,
      getTreeItem: (node) => computeItemOf(node, (target) => this.tree.healthOf(target)),
      getChildren: async (node) => [...(node === undefined ? await this.tree.roots() : await this.tree.children(node))],
      getParent: (node) => node.parent,
    };
    this.view = vscode.window.createTreeView(viewIds.compute, { treeDataProvider: provider });
    this.disposables.push(
      this.tree.onDidChange((node) => emitter.fire(node)),
      this.view.onDidChangeVisibility(({ visible }) => this.tree.setVisible(visible)),
      workspaces.onDidChange(() => this.tree.refresh()),
      this.view,
      emitter,
      this.tree,
    );
    this.tree.setVisible(this.view.visible);
  }

  /** Unfolds a target, which shows what its check finds. */
  async show(node: ComputeTargetNode): Promise<void> {
    await this.view.reveal(node, { select: true, focus: false, expand: true });
  }

  dispose(): void {
    for (const disposable of this.disposables) {
      disposable.dispose();
    }
  }
}
