import * as vscode from 'vscode';
import { commandIds } from '../ids.ts';
import type { Command } from './commandRunner.ts';
import { resolveExperimentTarget } from './experimentTarget.ts';

/** Opens the page of an experiment. */
export const openExperimentCommand: Command = {
  id: commandIds.openExperiment,
  async run(services, argument) {
    const target = await resolveExperimentTarget(services, argument, {
      placeHolder: vscode.l10n.t('Experiment to open'),
      whenNone: vscode.l10n.t('There is no experiment yet. The first run makes one.'),
      accepts: () => true,
    });
    if (target !== undefined) {
      await services.experimentPages.open({ workspaceFolder: target.workspaceFolder, experimentKey: target.key });
    }
  },
};
