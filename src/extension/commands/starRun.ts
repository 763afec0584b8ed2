import * as vscode from 'vscode';
import { type RunSummary, starTag } from '../../core/domain/run.ts';
import { annotateRun } from '../../core/store/runAnnotations.ts';
import { type CommandId, commandIds } from '../ids.ts';
import { requireTrust } from '../workspaces/trust.ts';
import type { Command } from './commandRunner.ts';
import { resolveRunTargets } from './runTarget.ts';

/** Sets runs apart: those that are selected, else one. */
export const starRunCommand = starring(commandIds.starRun, true);

export const unstarRunCommand = starring(commandIds.unstarRun, false);

function starring(id: CommandId, isStarred: boolean): Command {
  return {
    id,
    async run(services, argument, selection) {
      requireTrust(vscode.l10n.t('Starring a run'));
      const targets = await resolveRunTargets(services, argument, selection, {
        placeHolder: isStarred ? vscode.l10n.t('Run to star') : vscode.l10n.t('Run to take the star from'),
        accepts: (run: RunSummary) => run.isStarred !== isStarred,
      });
      for (const { workspaceFolder, runId } of targets) {
        const change = isStarred ? { addTags: { [starTag]: null } } : { removeTags: [starTag] };
        await annotateRun(workspaceFolder, runId, change, 'editor');
      }
    },
  };
}
