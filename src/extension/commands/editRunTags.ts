import * as vscode from 'vscode';
import { annotateRun, type RunAnnotations } from '../../core/store/runAnnotations.ts';
import { commandIds } from '../ids.ts';
import { runLabel } from '../tree/nodes.ts';
import { requireTrust } from '../workspaces/trust.ts';
import { type Command, showFailure } from './commandRunner.ts';
import { resolveRunTargets } from './runTarget.ts';
import { editTags, type Tags } from './tagPicker.ts';

/** Changes the tags of runs: of those that are selected, all at once, else of one. */
export const editRunTagsCommand: Command = {
  id: commandIds.editRunTags,
  async run(services, argument, selection) {
    requireTrust(vscode.l10n.t('Changing tags'));
    const targets = await resolveRunTargets(services, argument, selection, {
      placeHolder: vscode.l10n.t('Run whose tags to edit'),
    });
    const tags: Record<string, string | null> = {};
    let title = vscode.l10n.t('Tags of {0} runs', targets.length);
    for (const { workspaceFolder, runId } of targets) {
      const catalog = await services.workspaces.catalog(workspaceFolder);
      const details = await catalog.details(runId);
      Object.assign(tags, details.tags satisfies Tags);
      if (targets.length === 1) {
        title = vscode.l10n.t('Tags of {0}', runLabel(details.summary));
      }
    }
    if (targets.length === 0) {
      return;
    }
    const note = async (annotations: RunAnnotations): Promise<void> => {
      for (const { workspaceFolder, runId } of targets) {
        await annotateRun(workspaceFolder, runId, annotations, 'editor');
      }
    };
    await editTags({
      title,
      tags,
      set: (name, value) => note({ addTags: { [name]: value } }),
      remove: (name) => note({ removeTags: [name] }),
      onError: (error) => showFailure(error, services.log),
    });
  },
};
