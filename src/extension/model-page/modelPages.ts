import type * as vscode from 'vscode';
import { RunledgerError } from '../../core/base/errors.ts';
import type { ModelPageState } from '../../protocol/modelPage.ts';
import { webviewIds } from '../ids.ts';
import { OpenPages } from '../pages/openPages.ts';
import type { WorkspaceService } from '../workspaces/workspaceService.ts';
import type { ModelPageActions } from './modelPageActions.ts';
import { parseModelPageState } from './modelPageMessages.ts';
import { ModelPagePanel } from './modelPagePanel.ts';
import { ModelPageReader } from './modelPageReader.ts';

export interface ModelPagesDeps {
  readonly extensionUri: vscode.Uri;
  readonly workspaces: WorkspaceService;
  readonly actions: ModelPageActions;
  /** A version was changed from a page. */
  readonly onChange: () => void;
  readonly log: vscode.LogOutputChannel;
}

/** The pages of models that are open in this window: at most one a model. */
export class ModelPages implements vscode.WebviewPanelSerializer, vscode.Disposable {
  private readonly pages: OpenPages<ModelPageState, ModelPagePanel>;

  constructor({ extensionUri, workspaces, actions, onChange, log }: ModelPagesDeps) {
    this.pages = new OpenPages<ModelPageState, ModelPagePanel>(
      {
        viewType: webviewIds.model,
        keyOf: ({ workspaceFolder, modelKey }) => `${workspaceFolder}\n${modelKey}`,
        parseState: parseModelPageState,
        load: async ({ workspaceFolder, modelKey }) => {
          const catalog = await workspaces.catalog(workspaceFolder);
          const reader = new ModelPageReader(catalog, modelKey);
          const model = await reader.versions();
          if (model === undefined) {
            throw new RunledgerError(
              'not-found',
              `No version of the model ${modelKey} is left in ${workspaceFolder}.`,
              {
                advice: 'Deleted ones are brought back by "Runledger: Restore Model…".',
              },
            );
          }
          return (panel) =>
            new ModelPagePanel({
              panel,
              extensionUri,
              catalog,
              modelKey,
              reader,
              model,
              onAction: (name, action) => actions.perform({ workspaceFolder, name }, action),
              onChange,
              log,
            });
        },
      },
      log,
    );
  }

  get(workspaceFolder: string, modelKey: string): ModelPagePanel | undefined {
    return this.pages.get({ workspaceFolder, modelKey });
  }

  /** Shows the page of a model, at a version where one is given. */
  async open(target: ModelPageState): Promise<void> {
    const page = await this.pages.open(target);
    if (target.version !== undefined) {
      page.showVersion(target.version);
    }
  }

  /** Reads a model again that was changed here. */
  refresh(workspaceFolder: string, modelKey: string): void {
    this.get(workspaceFolder, modelKey)?.refresh();
  }

  deserializeWebviewPanel(panel: vscode.WebviewPanel, value: unknown): Promise<void> {
    return this.pages.deserializeWebviewPanel(panel, value);
  }

  dispose(): void {
    this.pages.dispose();
  }
}
