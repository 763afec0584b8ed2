import * as vscode from 'vscode';
import type { RunCatalog } from '../../core/catalog/runCatalog.ts';
import type { RunDetails } from '../../core/domain/run.ts';
import { artifactFile } from '../../core/store/artifacts.ts';
import { experimentsFolder } from '../../core/store/storeLayout.ts';
import {
  type ComparePageAction,
  type ComparePageToHost,
  type HostToComparePage,
  mostComparedRuns,
} from '../../protocol/comparePage.ts';
import { showFailure } from '../commands/commandRunner.ts';
import type { RememberedLayouts } from '../experiment-page/rememberedLayouts.ts';
import { commandIds } from '../ids.ts';
import type { Page } from '../pages/openPages.ts';
import { PageView } from '../pages/pageView.ts';
import { parseComparePageMessage } from './comparePageMessages.ts';
import { CompareSession } from './compareSession.ts';

export interface ComparePagePanelOptions {
  readonly panel: vscode.WebviewPanel;
  readonly catalog: RunCatalog;
  readonly runIds: readonly string[];
  readonly extensionUri: vscode.Uri;
  readonly layouts: RememberedLayouts;
  /** Asks which run to compare with those that are there. */
  readonly pickRun: (catalog: RunCatalog, runIds: readonly string[]) => Promise<string | undefined>;
  readonly log: vscode.LogOutputChannel;
}

/** Runs side by side in an editor tab. */
export class ComparePagePanel implements Page {
  private readonly options: ComparePagePanelOptions;
  private readonly view: PageView<ComparePageToHost, HostToComparePage>;
  private readonly session: CompareSession;

  constructor(options: ComparePagePanelOptions) {
    const { panel, catalog, runIds, extensionUri, log } = options;
    this.options = options;
    this.session = new CompareSession({
      catalog,
      runIds,
      post: (message) => this.view.post(message),
      slots: (runs) => this.slots(runs),
      artifactUri: (runFolder) => (path) => this.artifactUri(runFolder, path),
      onRuns: (runs) => this.view.setTitle(vscode.l10n.t('Compare {0} runs', runs.length)),
      onError: (error) => log.error(error instanceof Error ? error : String(error)),
    });
    this.view = new PageView<ComparePageToHost, HostToComparePage>({
      panel,
      bundle: 'compare-page',
      extensionUri,
      // Images of any run of the workspace, since runs are added.
      resourceFolders: [experimentsFolder(catalog.workspace.folder)],
      parse: parseComparePageMessage,
      onMessage: (message) => {
        this.receive(message).catch((error: unknown) => {
          log.error(error instanceof Error ? error : String(error));
          showFailure(error, log);
        });
      },
      onVisibility: (isVisible) => {
        if (!isVisible) {
          this.session.pause();
        }
      },
      log,
    });
    this.view.setTitle(vscode.l10n.t('Compare {0} runs', runIds.length));
    this.view.setIcon('pages', 'compare');
  }

  reveal(): void {
    this.view.reveal();
  }

  close(): void {
    this.view.close();
  }

  dispose(): void {
    this.view.dispose();
    this.session.dispose();
  }

  private async receive(message: ComparePageToHost): Promise<void> {
    switch (message.type) {
      case 'ready':
        await this.session.start();
        return;
      case 'request':
        await this.session.answer(message);
        return;
      case 'cancel':
        this.session.cancel(message.id);
        return;
      case 'action':
        await this.perform(message);
        return;
    }
  }

  private async perform(action: ComparePageAction): Promise<void> {
    const { catalog, pickRun } = this.options;
    const workspaceFolder = catalog.workspace.folder;
    const { runIds } = this.session;
    switch (action.action) {
      case 'openRun':
        await vscode.commands.executeCommand(commandIds.openRun, { workspaceFolder, runId: action.runId });
        return;
      case 'removeRun':
        await this.session.setRuns(runIds.filter((id) => id !== action.runId));
        return;
      case 'addRun': {
        if (runIds.length >= mostComparedRuns) {
          void vscode.window.showInformationMessage(
            vscode.l10n.t('No more than {0} runs are compared at once.', mostComparedRuns),
          );
          return;
        }
        const runId = await pickRun(catalog, runIds);
        if (runId !== undefined) {
          await this.session.setRuns([...runIds, runId]);
        }
        return;
      }
      case 'compareCode': {
        const pair = [action.left, action.right].map((runId) => ({ workspaceFolder, runId }));
        await vscode.commands.executeCommand(commandIds.compareSnapshots, pair[0], pair);
        return;
      }
    }
  }

  /** A run keeps the colour that it has on the page of its experiment. */
  private slots(runs: readonly RunDetails[]): ReadonlyMap<string, number> {
    const { catalog, layouts } = this.options;
    const compared = new Set(runs.map(({ summary }) => summary.id));
    const slots = new Map<string, number>();
    const taken = new Set<number>();
    for (const key of new Set(runs.map(({ summary }) => summary.experimentKey))) {
      for (const { id, slot } of layouts.of(catalog.workspace.folder, key)?.drawn ?? []) {
        if (compared.has(id) && !taken.has(slot)) {
          slots.set(id, slot);
          taken.add(slot);
        }
      }
    }
    return slots;
  }

  private artifactUri(runFolder: string, path: string): string | undefined {
    try {
      return this.view.uriOf(artifactFile(runFolder, path));
    } catch (error) {
      this.options.log.warn(`An image is left out: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  }
}
