import * as vscode from 'vscode';
import {
  type CachedEnvironment,
  type CleanedEnvironments,
  listCachedEnvironments,
  removeCachedEnvironments,
} from '../../core/environments/cachedEnvironments.ts';
import { commandIds } from '../ids.ts';
import { workWithProgress } from '../store/workWithProgress.ts';
import { firstLine, formatAge, formatBytes, plainLabel } from '../text/format.ts';
import { requireTrust } from '../workspaces/trust.ts';
import type { Command } from './commandRunner.ts';
import { isConfirmed } from './confirmation.ts';

const longestLabel = 80;

/**
 * Shows the environments that were made for packages, which all workspaces share, and deletes those that the person picks. `{ keys: […],
 * confirmed: true }` asks nothing. Returns what was deleted and what was not, as it is in use.
 */
export const manageEnvironmentsCommand: Command = {
  id: commandIds.manageEnvironments,
  async run(_services, argument): Promise<CleanedEnvironments | undefined> {
    requireTrust(vscode.l10n.t('Managing environments'));
    const found = await workWithProgress(vscode.l10n.t('Looking at environments'), () => listCachedEnvironments());
    if (found.length === 0) {
      void vscode.window.showInformationMessage(
        vscode.l10n.t('No environments yet. Runs make them for missing packages.'),
      );
      return undefined;
    }
    const chosen = chosenIn(argument, found) ?? (await pick(found));
    if (chosen === undefined || chosen.length === 0) {
      return undefined;
    }
    const question = {
      message:
        chosen.length === 1
          ? vscode.l10n.t('Delete 1 environment?')
          : vscode.l10n.t('Delete {0} environments?', chosen.length),
      detail: vscode.l10n.t(
        '{0} are freed. The next run that needs such an environment makes it again.',
        formatBytes(bytesOf(chosen)),
      ),
      action: vscode.l10n.t('Delete'),
    };
    if (!(await isConfirmed(argument, question))) {
      return undefined;
    }
    const result = await workWithProgress(vscode.l10n.t('Deleting environments'), () =>
      removeCachedEnvironments(chosen),
    );
    void tell(result);
    return result;
  },
};

function chosenIn(argument: unknown, found: readonly CachedEnvironment[]): readonly CachedEnvironment[] | undefined {
  if (typeof argument !== 'object' || argument === null || !('keys' in argument) || !Array.isArray(argument.keys)) {
    return undefined;
  }
  const { keys } = argument;
  return found.filter(({ key }) => keys.includes(key));
}

async function pick(found: readonly CachedEnvironment[]): Promise<readonly CachedEnvironment[] | undefined> {
  const items = found.map((environment) => ({ ...itemOf(environment), environment }));
  const title = vscode.l10n.t('Environments ({0})', formatBytes(bytesOf(found)));
  const options = { title, placeHolder: vscode.l10n.t('Environments to delete'), matchOnDetail: true } as const;
  const picked = await vscode.window.showQuickPick(items, { ...options, canPickMany: true });
  return picked?.map(({ environment }) => environment);
}

function itemOf({ packages, base, bytes, lastUsedTime, isWhole, folder }: CachedEnvironment): vscode.QuickPickItem {
  const label = isWhole ? packages.join(', ') : vscode.l10n.t('Not finished');
  const age = formatAge(Date.now() / 1000 - lastUsedTime);
  const isNow = age === formatAge(0);
  // Below the packages, which may be many: what is decided by has to be seen.
  const facts = [
    formatBytes(bytes),
    isNow ? vscode.l10n.t('used now') : vscode.l10n.t('used {0} ago', age),
    ...(base === undefined ? [] : [vscode.l10n.t('made with Python {0}', base.version)]),
    plainLabel(folder),
  ];
  return { label: plainLabel(firstLine(label, longestLabel)), detail: facts.join(' · ') };
}

function bytesOf(environments: readonly CachedEnvironment[]): number {
  return environments.reduce((total, { bytes }) => total + bytes, 0);
}

async function tell({ removed, busy }: CleanedEnvironments): Promise<void> {
  const freed = vscode.l10n.t('{0} freed.', formatBytes(bytesOf(removed)));
  if (busy.length === 0) {
    await vscode.window.showInformationMessage(freed);
    return;
  }
  const stay =
    busy.length === 1
      ? vscode.l10n.t('1 environment is in use, and stays.')
      : vscode.l10n.t('{0} environments are in use, and stay.', busy.length);
  await vscode.window.showWarningMessage(removed.length === 0 ? stay : `${freed} ${stay}`);
}
