import * as vscode from 'vscode';
import { RunledgerError } from '../../core/base/errors.ts';
import { ensureExperiment } from '../../core/store/experiments.ts';
import { checkExperimentName, experimentKey } from '../../core/store/names.ts';
import { commandIds } from '../ids.ts';
import { plainMessage } from '../text/format.ts';
import { requireTrust } from '../workspaces/trust.ts';
import { type Command, showFailure } from './commandRunner.ts';
import { resolveWorkspaceTarget } from './workspaceTarget.ts';

/** Makes an experiment that has no runs yet. Takes `{ name }` beside the workspace without asking. */
export const newExperimentCommand: Command = {
  id: commandIds.newExperiment,
  async run(services, argument) {
    requireTrust(vscode.l10n.t('Making an experiment'));
    const target = await resolveWorkspaceTarget(services, argument, {
      placeHolder: vscode.l10n.t('Workspace of the experiment'),
      acceptsDamaged: false,
    });
    if (target === undefined) {
      return;
    }
    const { workspaceFolder } = target;
    const catalog = await services.workspaces.catalog(workspaceFolder);
    const known = new Set((await catalog.experiments()).map(({ key }) => key));
    const problemOf = (name: string): string | undefined =>
      checkExperimentName(name) ??
      (known.has(experimentKey(name)) ? vscode.l10n.t('There is an experiment of this name.') : undefined);
    const given = nameOf(argument);
    const name = given ?? (await askForName(target.name, problemOf));
    if (name === undefined) {
      return;
    }
    const problem = problemOf(name);
    if (problem !== undefined) {
      throw new RunledgerError('invalid-name', problem);
    }
    const experiment = await ensureExperiment(workspaceFolder, name);
    await services.experiments.tree.noteExperiments(workspaceFolder);
    const submit = vscode.l10n.t('Submit…');
    const message = vscode.l10n.t('The experiment {0} was made. It gets its runs when you submit to it.', name);
    void vscode.window.showInformationMessage(plainMessage(message), submit).then(async (answer) => {
      try {
        if (answer === submit) {
          await vscode.commands.executeCommand(commandIds.submit, { experiment: experiment.name });
        }
      } catch (error) {
        showFailure(error, services.log);
      }
    });
  },
};

function nameOf(argument: unknown): string | undefined {
  return typeof argument === 'object' &&
    argument !== null &&
    !('parent' in argument) &&
    'name' in argument &&
    typeof argument.name === 'string'
    ? argument.name
    : undefined;
}

async function askForName(
  workspace: string,
  problemOf: (name: string) => string | undefined,
): Promise<string | undefined> {
  const name = await vscode.window.showInputBox({
    title: vscode.l10n.t('New experiment in {0}', workspace),
    placeHolder: vscode.l10n.t('Name of the experiment'),
    validateInput: (value) => (value.trim() === '' ? undefined : problemOf(value.trim())),
  });
  // Nothing was typed: nothing is wanted.
  return name === undefined || name.trim() === '' ? undefined : name.trim();
}
