import * as vscode from 'vscode';
import { annotateRun } from '../../core/store/runAnnotations.ts';
import { commandIds } from '../ids.ts';
import { requireTrust } from '../workspaces/trust.ts';
import type { Command } from './commandRunner.ts';
import { resolveRunTargets } from './runTarget.ts';

/** Gives a run a name. Takes `{ displayName }` beside the run without asking; an empty name makes it its number again. */
export const renameRunCommand: Command = {
  id: commandIds.renameRun,
  async run(services, argument) {
    requireTrust(vscode.l10n.t('Renaming a run'));
    const [target] = await resolveRunTargets(services, argument, undefined, {
      placeHolder: vscode.l10n.t('Run to rename'),
    });
    if (target === undefined) {
      return;
    }
    const catalog = await services.workspaces.catalog(target.workspaceFolder);
    const { summary } = await catalog.details(target.runId);
    const name = nameOf(argument) ?? (await askForName(summary.displayName ?? '', summary.number));
    if (name !== undefined && name !== (summary.displayName ?? '')) {
      await annotateRun(target.workspaceFolder, target.runId, { displayName: name === '' ? null : name }, 'editor');
    }
  },
};

function nameOf(argument: unknown): string | undefined {
  return typeof argument === 'object' &&
    argument !== null &&
    'displayName' in argument &&
    typeof argument.displayName === 'string'
    ? argument.displayName
    : undefined;
}

async function askForName(value: string, number: number): Promise<string | undefined> {
  const name = await vscode.window.showInputBox({
    title: vscode.l10n.t('Rename run {0}', number),
    prompt: vscode.l10n.t('Without a name it is shown as "run {0}".', number),
    value,
  });
  return name?.trim();
}
