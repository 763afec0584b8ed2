import * as vscode from 'vscode';
import { CoalescedTask } from '../../core/base/coalesce.ts';
import type { Disposable } from '../../core/base/events.ts';
import type { RunCatalog } from '../../core/catalog/runCatalog.ts';
import { updateModel } from '../../core/models/modelChanges.ts';
import { watchModels } from '../../core/models/modelWatch.ts';
import type {
  AnnotateVersionParams,
  HostToModelPage,
  ModelPageAction,
  ModelPageModel,
  ModelPageToHost,
} from '../../protocol/modelPage.ts';
import type { Page } from '../pages/openPages.ts';
import { PageAnswers } from '../pages/pageAnswers.ts';
import { errorSentence } from '../pages/pageErrors.ts';
import { PageView } from '../pages/pageView.ts';
import { requireTrust } from '../workspaces/trust.ts';
import { parseModelPageMessage } from './modelPageMessages.ts';
import type { ModelPageReader } from './modelPageReader.ts';

/** Soon enough for a person, and once for what comes together. */
const reloadIntervalMs = 50;

export interface ModelPagePanelOptions {
  readonly panel: vscode.WebviewPanel;
  readonly extensionUri: vscode.Uri;
  readonly catalog: RunCatalog;
  readonly modelKey: string;
  readonly reader: ModelPageReader;
  /** As it was when the page was opened. */
  readonly model: ModelPageModel;
  readonly onAction: (name: string, action: ModelPageAction) => void;
  /** A version was changed from here. */
  readonly onChange: () => void;
  readonly log: vscode.LogOutputChannel;
}

/** The page of a model in an editor tab. */
export class ModelPagePanel implements Page {
  private readonly options: ModelPagePanelOptions;
  private readonly view: PageView<ModelPageToHost, HostToModelPage>;
  private readonly answers: PageAnswers;
  private readonly reloading: CoalescedTask;
  private watch: Disposable | undefined;
  private name: string;
  /** Asked for before the page was ready. */
  private versionToShow: number | undefined;
  private isReady = false;

  constructor(options: ModelPagePanelOptions) {
    const { panel, extensionUri, model, log } = options;
    this.options = options;
    this.name = model.name;
    this.reloading = new CoalescedTask(
      () => this.send(),
      reloadIntervalMs,
      (error) => this.fail(error),
    );
    this.view = new PageView<ModelPageToHost, HostToModelPage>({
      panel,
      bundle: 'model-page',
      extensionUri,
      parse: parseModelPageMessage,
      onMessage: (message) => this.receive(message),
      onVisibility: (isVisible) => {
        if (!isVisible) {
          this.pause();
        }
      },
      log,
    });
    this.answers = new PageAnswers(
      (response) => this.view.post(response),
      (error) => log.error(error instanceof Error ? error : String(error)),
    );
    this.view.setTitle(model.name);
    this.view.setIcon('pages', 'model');
  }

  get title(): string {
    return this.options.panel.title;
  }

  reveal(): void {
    this.view.reveal();
  }

  close(): void {
    this.view.close();
  }

  showVersion(version: number): void {
    if (this.isReady) {
      this.view.post({ type: 'showVersion', version });
    } else {
      this.versionToShow = version;
    }
  }

  /** Reads the model again, since nobody is told of what changes of a version itself. */
  refresh(): void {
    if (this.isReady) {
      this.reloading.schedule();
    }
  }

  dispose(): void {
    this.pause();
    this.reloading.dispose();
    this.view.dispose();
  }

  private pause(): void {
    this.isReady = false;
    this.answers.cancelAll();
    this.watch?.dispose();
    this.watch = undefined;
  }

  private receive(message: ModelPageToHost): void {
    switch (message.type) {
      case 'ready':
        this.isReady = true;
        this.watch ??= watchModels(this.options.catalog.workspace.folder, () => this.refresh());
        this.send()
          .then(() => this.showWaiting())
          .catch((error: unknown) => this.fail(error));
        return;
      case 'request':
        void this.answers.answer(message.id, async () => {
          await this.annotate(message.params);
          return null;
        });
        return;
      case 'action':
        this.options.onAction(this.name, message);
        return;
    }
  }

  private async send(): Promise<void> {
    const { reader, catalog, modelKey } = this.options;
    const restore = { workspaceFolder: catalog.workspace.folder, modelKey };
    const model = await reader.versions();
    if (model === undefined) {
      this.view.post({
        type: 'gone',
        message: 'No version of this model is left. Deleted ones are brought back by "Runledger: Restore Model…".',
      });
      return;
    }
    this.name = model.name;
    this.view.setTitle(model.name);
    this.view.post({ type: 'model', model, restore });
    this.view.post({ type: 'model', model: await reader.withRuns(model), restore });
  }

  private showWaiting(): void {
    if (this.versionToShow !== undefined && this.isReady) {
      this.view.post({ type: 'showVersion', version: this.versionToShow });
      this.versionToShow = undefined;
    }
  }

  private async annotate({ version, description, addTags, removeTags }: AnnotateVersionParams): Promise<void> {
    requireTrust(vscode.l10n.t('Changing a model'));
    const change = {
      ...(description !== undefined && { description: description ?? '' }),
      // The SDK writes the tags of models as texts.
      ...(addTags !== undefined && {
        addTags: Object.fromEntries(addTags.map(([name, value]) => [name, value ?? ''])),
      }),
      ...(removeTags !== undefined && { removeTags }),
    };
    await updateModel(this.options.catalog.workspace.folder, { name: this.name, version }, change, 'editor');
    this.refresh();
    this.options.onChange();
  }

  private fail(error: unknown): void {
    this.options.log.error(error instanceof Error ? error : String(error));
    this.view.post({ type: 'gone', message: errorSentence(error) });
  }
}
