import type * as vscode from 'vscode';
import type { RunPageTab } from '../../protocol/runPage.ts';
import type { RunTarget } from '../commands/runTarget.ts';
import type { RunFiles } from '../files/runFiles.ts';
import { webviewIds } from '../ids.ts';
import { OpenPages } from '../pages/openPages.ts';
import type { WorkspaceService } from '../workspaces/workspaceService.ts';
import type { MetricsLayouts } from './metricsLayouts.ts';
import type { RunPageActions } from './runPageActions.ts';
import { parseRunPageState } from './runPageMessages.ts';
import { RunPagePanel } from './runPagePanel.ts';

export interface RunPagesDeps {
  readonly extensionUri: vscode.Uri;
  readonly workspaces: WorkspaceService;
  readonly actions: RunPageActions;
  readonly layouts: MetricsLayouts;
  readonly runFiles: RunFiles;
  readonly log: vscode.LogOutputChannel;
}

/** The pages of runs that are open in this window: at most one a run. */
export class RunPages implements vscode.WebviewPanelSerializer, vscode.Disposable {
  private readonly pages: OpenPages<RunTarget, RunPagePanel>;

  constructor({ extensionUri, workspaces, actions, layouts, runFiles, log }: RunPagesDeps) {
    this.pages = new OpenPages<RunTarget, RunPagePanel>(
      {
        viewType: webviewIds.run,
        keyOf: ({ workspaceFolder, runId }) => `${workspaceFolder}\n${runId}`,
        parseState: parseRunPageState,
        load: async ({ workspaceFolder, runId }) => {
          const catalog = await workspaces.catalog(workspaceFolder);
          const details = await catalog.details(runId);
          const target: RunTarget = { workspaceFolder: catalog.workspace.folder, runId: details.summary.id };
          return (panel) =>
            new RunPagePanel({
              panel,
              catalog,
              details,
              extensionUri,
              listSnapshot: () => runFiles.listSnapshot(target),
              onAction: (action) => actions.perform(target, action),
              layouts,
              log,
            });
        },
      },
      log,
    );
  }

  get(workspaceFolder: string, runId: string): RunPagePanel | undefined {
    return this.pages.get({ workspaceFolder, runId });
  }

  /** Whether the page of a run is in front of the person. */
  isVisible(workspaceFolder: string, runId: string): boolean {
    return this.get(workspaceFolder, runId)?.isVisible === true;
  }

  /** Shows the page of a run, in the active editor group where it is not open yet. */
  async open(workspaceFolder: string, runId: string, tab?: RunPageTab, path?: string): Promise<void> {
    const page = await this.pages.open({ workspaceFolder, runId });
    if (tab !== undefined) {
      page.showTab(tab, path);
    }
  }

  close(workspaceFolder: string, runId: string): void {
    this.get(workspaceFolder, runId)?.close();
  }

  deserializeWebviewPanel(panel: vscode.WebviewPanel, value: unknown): Promise<void> {
    return this.pages.deserializeWebviewPanel(panel, value);
  }

  dispose(): void {
    this.pages.dispose();
  }
}
