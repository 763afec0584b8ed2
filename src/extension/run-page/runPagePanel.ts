import * as vscode from 'vscode';
import type { RunCatalog } from '../../core/catalog/runCatalog.ts';
import type { RunDetails, RunSummary } from '../../core/domain/run.ts';
import { isTerminal, type RunStatus } from '../../core/domain/runStatus.ts';
import { artifactFile } from '../../core/store/artifacts.ts';
import type { HostToRunPage, RunPageAction, RunPageTab } from '../../protocol/runPage.ts';
import { runLabel } from '../tree/nodes.ts';
import { runPageHtml } from './runPageHtml.ts';
import type { ArtifactUri } from './runPageMapping.ts';
import { parseRunPageMessage } from './runPageMessages.ts';
import { RunPageSession } from './runPageSession.ts';
import { statusIconName } from './statusIcons.ts';

export interface RunPagePanelOptions {
  readonly panel: vscode.WebviewPanel;
  readonly catalog: RunCatalog;
  readonly details: RunDetails;
  readonly extensionUri: vscode.Uri;
  readonly onAction: (action: RunPageAction) => void;
  readonly log: vscode.LogOutputChannel;
}

/** A run's page in an editor tab: ties the webview to its session, and keeps the tab's title and icon. */
export class RunPagePanel implements vscode.Disposable {
  readonly runId: string;
  readonly workspaceFolder: string;
  private readonly options: RunPagePanelOptions;
  private readonly session: RunPageSession;
  private readonly disposables: { dispose(): void }[] = [];
  private catalogSubscription: { dispose(): void } | undefined;
  private status: RunStatus;
  private postedCount = 0;

  constructor(options: RunPagePanelOptions) {
    const { panel, catalog, details, extensionUri, log } = options;
    this.options = options;
    this.runId = details.summary.id;
    this.workspaceFolder = catalog.workspace.folder;
    const onError = (error: unknown): void => log.error(error instanceof Error ? error : String(error));
    this.session = new RunPageSession({
      catalog,
      runId: this.runId,
      post: (message) => this.post(message),
      artifactUri: (runFolder) => this.artifactUri(runFolder),
      onSummary: (summary) => this.showTitle(summary),
      onError,
    });
    const webviewFolder = vscode.Uri.joinPath(extensionUri, 'dist', 'webview');
    panel.webview.options = {
      enableScripts: true,
      localResourceRoots: [webviewFolder, vscode.Uri.file(`${details.folder}/artifacts`)],
    };
    this.disposables.push(
      panel.webview.onDidReceiveMessage((value: unknown) => this.receive(value)),
      panel.onDidChangeViewState(() => {
        if (!panel.visible) {
          this.session.pause();
        }
        this.watchStatusWhileHidden();
      }),
      this.session,
    );
    this.status = details.summary.status;
    this.showTitle(details.summary);
    panel.webview.html = runPageHtml({
      cspSource: panel.webview.cspSource,
      scriptUri: panel.webview.asWebviewUri(vscode.Uri.joinPath(webviewFolder, 'run-page.js')).toString(),
      styleUri: panel.webview.asWebviewUri(vscode.Uri.joinPath(webviewFolder, 'run-page.css')).toString(),
      language: vscode.env.language,
    });
  }

  /** Messages sent to the page so far. For tests of what a live run costs. */
  get messageCount(): number {
    return this.postedCount;
  }

  get title(): string {
    return this.options.panel.title;
  }

  reveal(): void {
    this.options.panel.reveal(undefined, false);
  }

  close(): void {
    this.options.panel.dispose();
  }

  showTab(tab: RunPageTab, path?: string): void {
    this.session.showTab(tab, path);
  }

  dispose(): void {
    this.catalogSubscription?.dispose();
    for (const disposable of this.disposables) {
      disposable.dispose();
    }
  }

  private receive(value: unknown): void {
    const message = parseRunPageMessage(value);
    if (message === undefined) {
      this.options.log.warn('A run page sent a message that is not one of its protocol.');
      return;
    }
    switch (message.type) {
      case 'ready':
      case 'resync':
        void this.session.start();
        return;
      case 'request':
        void this.session.answer(message);
        return;
      case 'action':
        this.options.onAction(message);
        return;
    }
  }

  private post(message: HostToRunPage): void {
    this.postedCount += 1;
    // The promise tells whether a hidden page got it; such a page loads anew when it is shown.
    void this.options.panel.webview.postMessage(message);
  }

  private artifactUri(runFolder: string): ArtifactUri {
    const { panel, log } = this.options;
    return (path) => {
      try {
        return panel.webview.asWebviewUri(vscode.Uri.file(artifactFile(runFolder, path))).toString();
      } catch (error) {
        log.warn(
          `An image of run ${this.runId} is left out: ${error instanceof Error ? error.message : String(error)}`,
        );
        return undefined;
      }
    };
  }

  /** The tab tells how the run is doing while the page is hidden, too; after the run's end there is nothing to listen for. */
  private watchStatusWhileHidden(): void {
    this.catalogSubscription?.dispose();
    this.catalogSubscription = undefined;
    if (this.options.panel.visible || isTerminal(this.status)) {
      return;
    }
    this.catalogSubscription = this.options.catalog.onDidChange((change) => {
      if (change.kind === 'run-changed' && change.entry.kind === 'run' && change.entry.id === this.runId) {
        this.showTitle(change.entry);
      }
    });
  }

  private showTitle(summary: RunSummary): void {
    const { panel, extensionUri } = this.options;
    this.status = summary.status;
    const icon = statusIconName(summary.status);
    const title = summary.displayName === undefined ? `${summary.experiment}, ${runLabel(summary)}` : runLabel(summary);
    // Only what differs is set: each assignment redraws the tab.
    if (panel.title !== title) {
      panel.title = title;
    }
    panel.iconPath = {
      light: vscode.Uri.joinPath(extensionUri, 'media', 'status', `${icon}-light.svg`),
      dark: vscode.Uri.joinPath(extensionUri, 'media', 'status', `${icon}-dark.svg`),
    };
  }
}
