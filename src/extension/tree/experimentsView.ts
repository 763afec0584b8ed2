import * as vscode from 'vscode';
import type { ReadingProgress, RunCatalog } from '../../core/catalog/runCatalog.ts';
import type { WorkspaceInfo } from '../../core/domain/workspace.ts';
import { joinedNames, type KnownNames } from '../../core/run-query/knownNames.ts';
import type { RunTarget } from '../commands/runTarget.ts';
import { contextKeys, type ViewState, viewIds } from '../ids.ts';
import type { RunningRuns } from '../running/runningRuns.ts';
import { goingOnText } from '../running/runningStatusItem.ts';
import type { WorkspaceService } from '../workspaces/workspaceService.ts';
import { type Arrangement, isPlain } from './arrangement.ts';
import { ExperimentsProvider } from './experimentsProvider.ts';
import { ExperimentTree } from './experimentTree.ts';
import { groupingText } from './groupLook.ts';
import type { TreeNode } from './nodes.ts';
import { readingText } from './readingText.ts';
import { RunDrag } from './runDrag.ts';
import { RunFilter } from './runFilter.ts';
import { RunOrder } from './runOrder.ts';

const showsArchivedKey = 'runledger.showsArchived';

export interface ExperimentsViewDeps {
  readonly workspaces: WorkspaceService;
  readonly running: RunningRuns;
  /** What the view remembers for the open folder. */
  readonly memento: vscode.Memento;
  readonly log: vscode.LogOutputChannel;
}

/** The Experiments view: its rows, its badge, and which welcome text stands in their place. */
export class ExperimentsView implements vscode.Disposable {
  readonly tree: ExperimentTree;
  /** Which runs the view shows. */
  readonly filter: RunFilter;
  /** In which order, and under which headings. */
  readonly order: RunOrder;
  private readonly drag = new RunDrag();
  private readonly workspaces: WorkspaceService;
  private readonly running: RunningRuns;
  private readonly memento: vscode.Memento;
  private readonly log: vscode.LogOutputChannel;
  private readonly view: vscode.TreeView<TreeNode>;
  private readonly disposables: { dispose(): void }[] = [];
  private progress: ReadingProgress | undefined;
  private stateUpdate: Promise<void> = Promise.resolve();

  constructor({ workspaces, running, memento, log }: ExperimentsViewDeps) {
    this.workspaces = workspaces;
    this.running = running;
    this.memento = memento;
    this.log = log;
    this.filter = new RunFilter(memento);
    this.order = new RunOrder(memento);
    this.tree = new ExperimentTree({
      openWorkspaces: () => workspaces.openWorkspaces(),
      otherWorkspaces: () => workspaces.otherWorkspaces(),
      catalog: (folder) => workspaces.catalog(folder),
      arrangement: this.arrangement,
      showsArchived: () => this.showsArchived,
      onError: (error) => log.error(error instanceof Error ? error : String(error)),
    });
    const provider = new ExperimentsProvider(this.tree);
    this.view = vscode.window.createTreeView(viewIds.experiments, {
      treeDataProvider: provider,
      showCollapseAll: true,
      canSelectMany: true,
      dragAndDropController: this.drag,
    });
    // VS Code keeps the badge of an extension host that was killed, and is told of none only where there was another.
    this.view.badge = { value: 0, tooltip: '' };
    this.updateBadge();
    this.disposables.push(
      this.view.onDidChangeVisibility(({ visible }) => {
        this.tree.setVisible(visible);
        if (visible) {
          this.updateState();
        }
      }),
      this.view.onDidExpandElement(({ element }) => this.tree.noteFolding(element, true)),
      this.view.onDidCollapseElement(({ element }) => this.tree.noteFolding(element, false)),
      this.tree.onDidChangeState(() => this.updateState()),
      this.tree.onDidRead((progress) => {
        this.progress = progress;
        this.showArrangement();
      }),
      this.running.onDidChange(() => this.updateBadge()),
      workspaces.onDidChange(() => this.tree.refresh()),
      this.filter.onDidChange(() => this.arrange()),
      this.order.onDidChange(() => this.arrange()),
      this.filter,
      this.order,
      this.view,
      provider,
      this.tree,
    );
    this.showArrangement();
    this.setArchivedKey();
    this.tree.setVisible(this.view.visible);
    if (this.view.visible) {
      this.updateState();
    }
  }

  /** Reads everything that is shown anew. */
  refresh(): void {
    this.workspaces.invalidate();
  }

  /** Whether archived experiments have rows. Remembered for the open folder. */
  get showsArchived(): boolean {
    return this.memento.get(showsArchivedKey) === true;
  }

  async showArchived(isShown: boolean): Promise<void> {
    await this.memento.update(showsArchivedKey, isShown);
    this.setArchivedKey();
    this.tree.redraw();
  }

  /** Selects a run in the tree, without taking the focus. Does nothing while the view is hidden. */
  async reveal(workspace: WorkspaceInfo, runId: string): Promise<void> {
    const node = await this.tree.findRun(workspace, runId);
    if (node !== undefined && this.view.visible) {
      await this.view.reveal(node, { select: true, focus: false });
    }
  }

  /** How many runs of the open workspaces match a filter. */
  async count(filter: string): Promise<number> {
    const pages = await Promise.all((await this.catalogs()).map((catalog) => catalog.find({ filter, limit: 1 })));
    return pages.reduce((sum, { total }) => sum + total, 0);
  }

  /** What a filter can ask of the runs of the open workspaces. */
  async knownNames(): Promise<KnownNames> {
    return joinedNames(await Promise.all((await this.catalogs()).map((catalog) => catalog.knownNames())));
  }

  private async catalogs(): Promise<readonly RunCatalog[]> {
    const entries = await this.workspaces.openWorkspaces();
    const folders = entries.flatMap((entry) => (entry.kind === 'workspace' ? [entry.info.folder] : []));
    return await Promise.all(folders.map((folder) => this.workspaces.catalog(folder)));
  }

  /** The runs that were dragged last. */
  get draggedRuns(): readonly RunTarget[] {
    return this.drag.dragged;
  }

  get selection(): readonly TreeNode[] {
    return this.view.selection;
  }

  dispose(): void {
    for (const disposable of this.disposables) {
      disposable.dispose();
    }
  }

  private get arrangement(): Arrangement {
    return { filter: this.filter.current, ...this.order.current };
  }

  private arrange(): void {
    this.tree.setArrangement(this.arrangement);
    this.showArrangement();
  }

  private showArrangement(): void {
    const { filter, order, grouping } = this.arrangement;
    this.view.message = [
      ...(filter === undefined ? [] : [vscode.l10n.t('Runs that match: {0}', filter)]),
      ...(isPlain(this.arrangement) || this.progress === undefined ? [] : [readingText(this.progress)]),
    ].join('\n');
    this.view.description = [
      ...(grouping === undefined ? [] : [vscode.l10n.t('by {0}', groupingText(grouping))]),
      ...(order === undefined ? [] : [vscode.l10n.t('sorted by {0}', order)]),
    ].join(', ');
    vscode.commands
      .executeCommand('setContext', contextKeys.hasRunFilter, filter !== undefined)
      .then(undefined, (error: unknown) => this.log.error(error instanceof Error ? error : String(error)));
  }

  private setArchivedKey(): void {
    vscode.commands
      .executeCommand('setContext', contextKeys.showsArchived, this.showsArchived)
      .then(undefined, (error: unknown) => this.log.error(error instanceof Error ? error : String(error)));
  }

  private updateBadge(): void {
    const count = this.running.current.length;
    this.view.badge = count === 0 ? undefined : { value: count, tooltip: goingOnText(count) };
  }

  private updateState(): void {
    // One after the other, so that the key ends with the last state and not with the slowest.
    this.stateUpdate = this.stateUpdate
      .then(async () => {
        await vscode.commands.executeCommand('setContext', contextKeys.viewState, await this.viewState());
      })
      .catch((error: unknown) => this.log.error(error instanceof Error ? error : String(error)));
  }

  private async viewState(): Promise<ViewState> {
    if ((await this.workspaces.openWorkspaces()).length === 0) {
      return (vscode.workspace.workspaceFolders ?? []).length === 0 ? 'noFolder' : 'noWorkspace';
    }
    return (await this.tree.hasRunsOrProblems()) ? 'runs' : 'noRuns';
  }
}
