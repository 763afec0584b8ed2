import * as vscode from 'vscode';
import type { RunCatalog } from '../../core/catalog/runCatalog.ts';
import type { RunDetails, RunSummary } from '../../core/domain/run.ts';
import { isTerminal, type RunStatus } from '../../core/domain/runStatus.ts';
import { artifactFile } from '../../core/store/artifacts.ts';
import { annotateRun } from '../../core/store/runAnnotations.ts';
import type {
  HostToRunPage,
  RunPageAction,
  RunPageTab,
  RunPageToHost,
  SnapshotFileModel,
} from '../../protocol/runPage.ts';
import { CommandFailure } from '../commands/commandFailure.ts';
import type { Page } from '../pages/openPages.ts';
import { PageView } from '../pages/pageView.ts';
import { runLabel } from '../tree/nodes.ts';
import { requireTrust } from '../workspaces/trust.ts';
import type { MetricsLayouts } from './metricsLayouts.ts';
import type { ArtifactUri } from './runPageMapping.ts';
import { parseRunPageMessage } from './runPageMessages.ts';
import { RunPageSession } from './runPageSession.ts';
import { statusIconName } from './statusIcons.ts';

export interface RunPagePanelOptions {
  readonly panel: vscode.WebviewPanel;
  readonly catalog: RunCatalog;
  readonly details: RunDetails;
  readonly extensionUri: vscode.Uri;
  readonly listSnapshot: () => Promise<readonly SnapshotFileModel[]>;
  readonly onAction: (action: RunPageAction) => void;
  readonly layouts: MetricsLayouts;
  readonly log: vscode.LogOutputChannel;
}

/** A run's page in an editor tab: ties the view to its session, and keeps the tab's title and icon. */
export class RunPagePanel implements Page {
  readonly runId: string;
  readonly workspaceFolder: string;
  private readonly options: RunPagePanelOptions;
  private readonly view: PageView<RunPageToHost, HostToRunPage>;
  private readonly session: RunPageSession;
  private catalogSubscription: { dispose(): void } | undefined;
  private status: RunStatus;

  constructor(options: RunPagePanelOptions) {
    const { panel, catalog, details, extensionUri, layouts, log } = options;
    this.options = options;
    this.runId = details.summary.id;
    this.workspaceFolder = catalog.workspace.folder;
    this.session = new RunPageSession({
      catalog,
      runId: this.runId,
      post: (message) => this.view.post(message),
      artifactUri: (runFolder) => this.artifactUri(runFolder),
      onSummary: (summary) => this.showTitle(summary),
      layouts,
      onError: (error) => log.error(error instanceof Error ? error : String(error)),
      listSnapshot: options.listSnapshot,
      annotate: async (annotations) => {
        assertTrusted();
        await annotateRun(this.workspaceFolder, this.runId, annotations, 'editor');
      },
    });
    this.view = new PageView<RunPageToHost, HostToRunPage>({
      panel,
      bundle: 'run-page',
      extensionUri,
      resourceFolders: [`${details.folder}/artifacts`],
      parse: parseRunPageMessage,
      onMessage: (message) => this.receive(message),
      onVisibility: (isVisible) => {
        if (!isVisible) {
          this.session.pause();
        }
        this.watchStatusWhileHidden();
      },
      log,
    });
    this.status = details.summary.status;
    this.showTitle(details.summary);
  }

  /** Messages sent to the page so far. For tests of what a live run costs. */
  get messageCount(): number {
    return this.view.messageCount;
  }

  get title(): string {
    return this.options.panel.title;
  }

  get isVisible(): boolean {
    return this.options.panel.visible;
  }

  reveal(): void {
    this.view.reveal();
  }

  close(): void {
    this.view.close();
  }

  showTab(tab: RunPageTab, path?: string): void {
    this.session.showTab(tab, path);
  }

  dispose(): void {
    this.catalogSubscription?.dispose();
    this.view.dispose();
    this.session.dispose();
  }

  private receive(message: RunPageToHost): void {
    switch (message.type) {
      case 'ready':
      case 'resync':
        void this.session.start();
        return;
      case 'request':
        void this.session.answer(message);
        return;
      case 'cancel':
        this.session.cancel(message.id);
        return;
      case 'layout':
        this.session.keepLayout(message.layout);
        return;
      case 'action':
        this.options.onAction(message);
        return;
    }
  }

  private artifactUri(runFolder: string): ArtifactUri {
    const { log } = this.options;
    return (path) => {
      try {
        return this.view.uriOf(artifactFile(runFolder, path));
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
    // Its end may have come before the page was told, and before anybody listens here.
    this.options.catalog.run(this.runId).then(
      (entry) => {
        if (entry?.kind === 'run' && !this.options.panel.visible) {
          this.showTitle(entry);
        }
      },
      (error: unknown) => this.options.log.warn(String(error)),
    );
    this.catalogSubscription = this.options.catalog.onDidChange((change) => {
      if (change.kind === 'run-changed' && change.entry.kind === 'run' && change.entry.id === this.runId) {
        this.showTitle(change.entry);
      }
    });
  }

  private showTitle(summary: RunSummary): void {
    this.status = summary.status;
    this.view.setTitle(
      summary.displayName === undefined ? `${summary.experiment}, ${runLabel(summary)}` : runLabel(summary),
    );
    this.view.setIcon('status', statusIconName(summary.status));
  }
}

/** The page says it where the change was written: buttons of a notification have no place there. */
function assertTrusted(): void {
  try {
    requireTrust(vscode.l10n.t('Changing a run'));
  } catch (error) {
    throw error instanceof CommandFailure ? error.cause : error;
  }
}
