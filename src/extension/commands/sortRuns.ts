import * as vscode from 'vscode';
import { parseQuery } from '../../core/run-query/parseQuery.ts';
import { printName } from '../../core/run-query/printQuery.ts';
import { commandIds } from '../ids.ts';
import { plainLabel } from '../text/format.ts';
import type { Command } from './commandRunner.ts';

interface FieldItem extends vscode.QuickPickItem {
  /** Undefined: the newest first. */
  readonly field?: string;
}

interface DirectionItem extends vscode.QuickPickItem {
  readonly isDescending: boolean;
}

/** Sorts the runs of each experiment. Takes what stands behind `order by`, as docs/run-filters.md has it, without asking; empty: the newest first. */
export const sortRunsCommand: Command = {
  id: commandIds.sortRuns,
  async run({ experiments }, argument) {
    const order = typeof argument === 'string' ? argument.trim() : await askForOrder(await experiments.knownNames());
    if (order === undefined) {
      return;
    }
    if (order !== '') {
      parseQuery(`order by ${order}`);
    }
    await experiments.order.setOrder(order === '' ? undefined : order);
  },
};

/** Empty for the newest first; undefined where the person gave up. */
async function askForOrder(names: {
  readonly metrics: readonly string[];
  readonly parameters: readonly string[];
}): Promise<string | undefined> {
  const separator = (label: string): FieldItem => ({ label, kind: vscode.QuickPickItemKind.Separator });
  const named = (prefix: string, icon: string) => (name: string) => ({
    label: plainLabel(name),
    iconPath: new vscode.ThemeIcon(icon),
    field: `${prefix}.${printName(name)}`,
  });
  const items: FieldItem[] = [
    { label: vscode.l10n.t('Newest first'), iconPath: new vscode.ThemeIcon('history') },
    { label: vscode.l10n.t('Created'), iconPath: new vscode.ThemeIcon('calendar'), field: 'created' },
    { label: vscode.l10n.t('Duration'), iconPath: new vscode.ThemeIcon('clock'), field: 'duration' },
    { label: vscode.l10n.t('Name'), iconPath: new vscode.ThemeIcon('symbol-string'), field: 'name' },
    { label: vscode.l10n.t('Status'), iconPath: new vscode.ThemeIcon('pass'), field: 'status' },
    ...(names.metrics.length > 0 ? [separator(vscode.l10n.t('Metrics'))] : []),
    ...names.metrics.map(named('metrics', 'graph-line')),
    ...(names.parameters.length > 0 ? [separator(vscode.l10n.t('Parameters'))] : []),
    ...names.parameters.map(named('params', 'symbol-parameter')),
  ];
  const picked = await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('Sort runs by') });
  if (picked?.field === undefined) {
    return picked === undefined ? undefined : '';
  }
  const directions: DirectionItem[] = [
    {
      label: vscode.l10n.t('Highest or latest first'),
      iconPath: new vscode.ThemeIcon('arrow-down'),
      isDescending: true,
    },
    {
      label: vscode.l10n.t('Lowest or earliest first'),
      iconPath: new vscode.ThemeIcon('arrow-up'),
      isDescending: false,
    },
  ];
  const direction = await vscode.window.showQuickPick(directions, { placeHolder: picked.label });
  return direction === undefined ? undefined : `${picked.field}${direction.isDescending ? ' desc' : ''}`;
}
