import type * as vscode from 'vscode';
import type { ExperimentPageToHost, HostToExperimentPage } from '../../protocol/experimentPage.ts';
import type { Page } from '../pages/openPages.ts';
import { PageView } from '../pages/pageView.ts';
import type { ExperimentOfPage, ExperimentPageActions } from './experimentPageActions.ts';
import { parseExperimentPageMessage } from './experimentPageMessages.ts';
import { ExperimentSession } from './experimentSession.ts';
import type { RememberedLayouts } from './rememberedLayouts.ts';

export interface ExperimentPagePanelOptions {
  readonly panel: vscode.WebviewPanel;
  readonly experiment: ExperimentOfPage;
  readonly extensionUri: vscode.Uri;
  readonly layouts: RememberedLayouts;
  readonly actions: ExperimentPageActions;
  readonly log: vscode.LogOutputChannel;
}

/** An experiment's page in an editor tab. */
export class ExperimentPagePanel implements Page {
  private readonly options: ExperimentPagePanelOptions;
  private readonly view: PageView<ExperimentPageToHost, HostToExperimentPage>;
  private readonly session: ExperimentSession;

  constructor(options: ExperimentPagePanelOptions) {
    const { panel, experiment, extensionUri, layouts, log } = options;
    const { catalog, experimentKey } = experiment;
    this.options = options;
    const onError = (error: unknown): void => log.error(error instanceof Error ? error : String(error));
    this.session = new ExperimentSession({
      catalog,
      experimentKey,
      post: (message) => this.view.post(message),
      layout: () => layouts.of(catalog.workspace.folder, experimentKey),
      onError,
    });
    this.view = new PageView<ExperimentPageToHost, HostToExperimentPage>({
      panel,
      bundle: 'experiment-page',
      extensionUri,
      parse: parseExperimentPageMessage,
      onMessage: (message) => this.receive(message).catch(onError),
      onVisibility: (isVisible) => {
        if (!isVisible) {
          this.session.pause();
        }
      },
      log,
    });
    this.view.setTitle(experiment.experimentName);
    this.view.setIcon('pages', 'experiment');
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

  private async receive(message: ExperimentPageToHost): Promise<void> {
    const { experiment, layouts, actions } = this.options;
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
      case 'layout':
        await layouts.remember(experiment.catalog.workspace.folder, experiment.experimentKey, message.layout);
        return;
      case 'action':
        if (await actions.perform(experiment, message)) {
          await this.session.tellViews();
        }
        return;
    }
  }
}
