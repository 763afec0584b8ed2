import * as vscode from 'vscode';
import { setExperimentArchived } from '../../core/store/experimentJournal.ts';
import { commandIds } from '../ids.ts';
import { requireTrust } from '../workspaces/trust.ts';
import type { Command } from './commandRunner.ts';
import { showFailure } from './commandRunner.ts';
import type { CommandServices } from './commandServices.ts';
import { type ExperimentTarget, resolveExperimentTarget } from './experimentTarget.ts';

/** Hides an experiment from lists, and offers to undo it. */
export const archiveExperimentCommand: Command = {
  id: commandIds.archiveExperiment,
  async run(services, argument) {
    requireTrust(vscode.l10n.t('Archiving an experiment'));
    const target = await resolveExperimentTarget(services, argument, {
      placeHolder: vscode.l10n.t('Experiment to archive'),
      whenNone: vscode.l10n.t('There is no active experiment here.'),
      accepts: ({ archivedTime }) => archivedTime === undefined,
    });
    if (target !== undefined) {
      await change(services, target, true);
    }
  },
};

/** Shows an archived experiment in lists again, and offers to undo it. */
export const reactivateExperimentCommand: Command = {
  id: commandIds.reactivateExperiment,
  async run(services, argument) {
    requireTrust(vscode.l10n.t('Reactivating an experiment'));
    const target = await resolveExperimentTarget(services, argument, {
      placeHolder: vscode.l10n.t('Experiment to reactivate'),
      whenNone: vscode.l10n.t('No experiment is archived here.'),
      accepts: ({ archivedTime }) => archivedTime !== undefined,
    });
    if (target !== undefined) {
      await change(services, target, false);
    }
  },
};

async function change(services: CommandServices, target: ExperimentTarget, isArchived: boolean): Promise<void> {
  await setArchived(services, target, isArchived);
  const undo = vscode.l10n.t('Undo');
  const done = isArchived
    ? vscode.l10n.t('{0} was archived. Its runs are kept.', target.name)
    : vscode.l10n.t('{0} is active again.', target.name);
  void vscode.window.showInformationMessage(done, undo).then(async (answer) => {
    try {
      if (answer === undo) {
        await setArchived(services, target, !isArchived);
      }
    } catch (error) {
      showFailure(error, services.log);
    }
  });
}

async function setArchived({ experiments }: CommandServices, target: ExperimentTarget, value: boolean): Promise<void> {
  await setExperimentArchived(target.workspaceFolder, target.key, value, 'editor');
  await experiments.tree.noteExperiments(target.workspaceFolder);
}
