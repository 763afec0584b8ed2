import * as vscode from 'vscode';
import { RunledgerError } from '../../core/base/errors.ts';
import { mostComparedRuns } from '../../protocol/comparePage.ts';
import { commandIds } from '../ids.ts';
import type { Command } from './commandRunner.ts';
import { resolveRunTargets } from './runTarget.ts';

/** Opens runs side by side: those that are selected, else one, to which others are added on the page. */
export const compareRunsCommand: Command = {
  id: commandIds.compareRuns,
  async run(services, argument, selection) {
    const targets = await resolveRunTargets(services, argument, selection, {
      placeHolder: vscode.l10n.t('Run to compare with others'),
    });
    const [first] = targets;
    if (first === undefined) {
      return;
    }
    const { workspaceFolder } = first;
    if (targets.some((target) => target.workspaceFolder !== workspaceFolder)) {
      throw new RunledgerError('invalid-argument', vscode.l10n.t('The selected runs are of different workspaces.'), {
        advice: vscode.l10n.t('Select runs of one workspace, or import those of the other.'),
      });
    }
    if (targets.length > mostComparedRuns) {
      throw new RunledgerError(
        'invalid-argument',
        vscode.l10n.t('{0} runs are selected, and no more than {1} can be compared.', targets.length, mostComparedRuns),
        { advice: vscode.l10n.t('Group them in the table of their experiment instead.') },
      );
    }
    await services.comparePages.open({ workspaceFolder, runIds: targets.map(({ runId }) => runId) });
  },
};
