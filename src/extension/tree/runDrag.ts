import * as vscode from 'vscode';
import type { RunTarget } from '../commands/runTarget.ts';
import { commandIds, viewIds } from '../ids.ts';
import { type TreeNode, workspaceFolderOf } from './nodes.ts';

/** What VS Code calls rows of the Experiments view that are dragged. */
const rowsType = `application/vnd.code.tree.${viewIds.experiments.toLowerCase()}`;

/**
 * Runs are dragged onto another run of the view, which compares them, or with Shift onto a comparison, which they join: the page
 * only hears that rows were dropped on it, so which they are is kept here.
 */
export class RunDrag implements vscode.TreeDragAndDropController<TreeNode> {
  readonly dragMimeTypes: readonly string[] = [];
  readonly dropMimeTypes: readonly string[] = [rowsType];
  private current: readonly RunTarget[] = [];

  /** The runs that are dragged, or were last. */
  get dragged(): readonly RunTarget[] {
    return this.current;
  }

  handleDrag(source: readonly TreeNode[]): void {
    this.current = source.flatMap(targetOf);
  }

  async handleDrop(target: TreeNode | undefined): Promise<void> {
    const [onto] = target === undefined ? [] : targetOf(target);
    const others = this.current.filter(({ runId }) => runId !== onto?.runId);
    if (onto !== undefined && others.length > 0) {
      await vscode.commands.executeCommand(commandIds.compareRuns, onto, [onto, ...others]);
    }
  }
}

function targetOf(node: TreeNode): readonly RunTarget[] {
  return node.kind === 'run' && node.entry.kind === 'run'
    ? [{ workspaceFolder: workspaceFolderOf(node), runId: node.entry.id }]
    : [];
}
