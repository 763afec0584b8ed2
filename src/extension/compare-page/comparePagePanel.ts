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
import { showFileDifference } from '../commands/compareSnapshots.ts';
import type { RunTarget } from '../commands/runTarget.ts';
import type { RememberedLayouts } from '../experiment-page/rememberedLayouts.ts';
import type { RunFiles } from '../files/runFiles.ts';
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
  readonly runFiles: RunFiles;
  /** The runs that were dragged last from the Experiments view. */
  readonly draggedRuns: () => readonly RunTarget[];
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
    const { panel, catalog, runIds, extensionUri, runFiles, log } = options;
    const { folder: workspaceFolder } = catalog.workspace;
    this.options = options;
    this.session = new CompareSession({
      catalog,
      runIds,
      post: (message) => this.view.post(message),
      slots: (runs) => this.slots(runs),
      artifactUri: (runFolder) => (path) => this.artifactUri(runFolder, path),
      codeChanges: (left, right) =>
        runFiles.compareSnapshots({ workspaceFolder, runId: left }, { workspaceFolder, runId: right }),
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
          tellOfLimit();
          return;
        }
        const runId = await pickRun(catalog, runIds);
        if (runId !== undefined) {
          await this.session.setRuns([...runIds, runId]);
        }
        return;
      }
      case 'dropRuns':
        await this.addRuns(this.options.draggedRuns());
        return;
      case 'compareFile': {
        const [left, right] = [action.left, action.right].map((runId) => ({ workspaceFolder, runId }));
        if (left !== undefined && right !== undefined) {
          await showFileDifference(this.options.runFiles, left, right, action.path);
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

  /** Runs of another workspace cannot stand beside those of this one. */
  private async addRuns(targets: readonly RunTarget[]): Promise<void> {
    const { folder } = this.options.catalog.workspace;
    const added = targets.filter(({ workspaceFolder }) => workspaceFolder === folder).map(({ runId }) => runId);
    const runIds = [...new Set([...this.session.runIds, ...added])];
    if (added.length < targets.length) {
      void vscode.window.showInformationMessage(vscode.l10n.t('Only runs of one workspace are compared.'));
    }
    if (runIds.length > mostComparedRuns) {
      tellOfLimit();
    } else {
      await this.session.setRuns(runIds);
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

function tellOfLimit(): void {
  void vscode.window.showInformationMessage(
    vscode.l10n.t('No more than {0} runs are compared at once.', mostComparedRuns),
  );
}
