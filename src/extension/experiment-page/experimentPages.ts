import type * as vscode from 'vscode';
import { RunledgerError } from '../../core/base/errors.ts';
import type { ExperimentPageState } from '../../protocol/experimentPage.ts';
import { webviewIds } from '../ids.ts';
import { OpenPages } from '../pages/openPages.ts';
import type { WorkspaceService } from '../workspaces/workspaceService.ts';
import { ExperimentPageActions } from './experimentPageActions.ts';
import { parseExperimentPageState } from './experimentPageMessages.ts';
import { ExperimentPagePanel } from './experimentPagePanel.ts';
import { RememberedLayouts } from './rememberedLayouts.ts';

export interface ExperimentPagesDeps {
  readonly extensionUri: vscode.Uri;
  readonly workspaces: WorkspaceService;
  readonly memento: vscode.Memento;
  readonly log: vscode.LogOutputChannel;
}

/** The pages of experiments that are open in this window: at most one for each. */
export function experimentPages({
  extensionUri,
  workspaces,
  memento,
  log,
}: ExperimentPagesDeps): OpenPages<ExperimentPageState, ExperimentPagePanel> {
  const layouts = new RememberedLayouts(memento);
  const actions = new ExperimentPageActions(log);
  return new OpenPages<ExperimentPageState, ExperimentPagePanel>(
    {
      viewType: webviewIds.experiment,
      keyOf: ({ workspaceFolder, experimentKey }) => `${workspaceFolder}\n${experimentKey}`,
      parseState: parseExperimentPageState,
      load: async ({ workspaceFolder, experimentKey }) => {
        const catalog = await workspaces.catalog(workspaceFolder);
        const experiment = (await catalog.experiments()).find(({ key }) => key === experimentKey);
        if (experiment === undefined) {
          throw new RunledgerError('not-found', `There is no experiment "${experimentKey}" in ${workspaceFolder}.`);
        }
        const { name: experimentName } = experiment;
        return (panel) =>
          new ExperimentPagePanel({
            panel,
            experiment: { catalog, experimentKey, experimentName },
            extensionUri,
            layouts,
            actions,
            log,
          });
      },
    },
    log,
  );
}

export type ExperimentPages = ReturnType<typeof experimentPages>;
