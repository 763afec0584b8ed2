import * as vscode from 'vscode';
import { RunledgerError } from '../../core/base/errors.ts';
import type { RunCatalog } from '../../core/catalog/runCatalog.ts';
import type { RunPageTab } from '../../protocol/runPage.ts';
import { webviewIds } from '../ids.ts';
import type { WorkspaceService } from '../workspaces/workspaceService.ts';
import type { RunPageActions } from './runPageActions.ts';
import { parseRunPageState } from './runPageMessages.ts';
import { RunPagePanel } from './runPagePanel.ts';

export interface RunPagesDeps {
  readonly extensionUri: vscode.Uri;
  readonly workspaces: WorkspaceService;
  readonly actions: RunPageActions;
  readonly log: vscode.LogOutputChannel;
}

/** The pages of runs that are open in this window: at most one a run. */
export class RunPages implements vscode.WebviewPanelSerializer, vscode.Disposable {
  private readonly deps: RunPagesDeps;
  private readonly pages = new Map<string, RunPagePanel>();
  /** Openings under way, so that two quick clicks make one page. */
  private readonly opening = new Map<string, Promise<RunPagePanel>>();

  constructor(deps: RunPagesDeps) {
    this.deps = deps;
  }

  get(workspaceFolder: string, runId: string): RunPagePanel | undefined {
    return this.pages.get(keyOf(workspaceFolder, runId));
  }

  /** Shows the page of a run, in the active editor group where it is not open yet. */
  async open(workspaceFolder: string, runId: string, tab?: RunPageTab, path?: string): Promise<void> {
    const key = keyOf(workspaceFolder, runId);
    let page = this.pages.get(key);
    if (page === undefined) {
      let opening = this.opening.get(key);
      if (opening === undefined) {
        opening = this.create(workspaceFolder, runId).finally(() => this.opening.delete(key));
        this.opening.set(key, opening);
      }
      page = await opening;
    }
    page.reveal();
    if (tab !== undefined) {
      page.showTab(tab, path);
    }
  }

  close(workspaceFolder: string, runId: string): void {
    this.get(workspaceFolder, runId)?.close();
  }

  /** Called by VS Code for each page that was open when the window was closed or reloaded. */
  async deserializeWebviewPanel(panel: vscode.WebviewPanel, value: unknown): Promise<void> {
    const state = parseRunPageState(value);
    try {
      if (state === undefined) {
        throw new RunledgerError('not-found', 'The page did not keep which run it showed.');
      }
      const catalog = await this.deps.workspaces.catalog(state.workspaceFolder);
      await this.attach(panel, catalog, state.runId);
    } catch (error) {
      // A run that was deleted meanwhile, or whose disk is not there, is no reason for an empty tab.
      this.deps.log.warn(`A run page was not restored: ${error instanceof Error ? error.message : String(error)}`);
      panel.dispose();
    }
  }

  dispose(): void {
    for (const page of this.pages.values()) {
      page.dispose();
    }
    this.pages.clear();
  }

  private async create(workspaceFolder: string, runId: string): Promise<RunPagePanel> {
    const catalog = await this.deps.workspaces.catalog(workspaceFolder);
    const details = await catalog.details(runId);
    const panel = vscode.window.createWebviewPanel(webviewIds.run, runId, vscode.ViewColumn.Active, {
      enableFindWidget: true,
    });
    return this.bind(panel, catalog, details);
  }

  private async attach(panel: vscode.WebviewPanel, catalog: RunCatalog, runId: string): Promise<RunPagePanel> {
    return this.bind(panel, catalog, await catalog.details(runId));
  }

  private bind(
    panel: vscode.WebviewPanel,
    catalog: RunCatalog,
    details: Awaited<ReturnType<RunCatalog['details']>>,
  ): RunPagePanel {
    const { extensionUri, actions, log } = this.deps;
    const workspaceFolder = catalog.workspace.folder;
    const runId = details.summary.id;
    const key = keyOf(workspaceFolder, runId);
    const page = new RunPagePanel({
      panel,
      catalog,
      details,
      extensionUri,
      onAction: (action) => actions.perform({ workspaceFolder, runId }, action),
      log,
    });
    this.pages.set(key, page);
    panel.onDidDispose(() => {
      page.dispose();
      if (this.pages.get(key) === page) {
        this.pages.delete(key);
      }
    });
    return page;
  }
}

function keyOf(workspaceFolder: string, runId: string): string {
  return `${workspaceFolder}\n${runId}`;
}
