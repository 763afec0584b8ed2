import * as vscode from 'vscode';
import { commandIds } from '../ids.ts';
import { plainLabel } from '../text/format.ts';
import { type Grouping, parseGrouping } from '../tree/arrangement.ts';
import type { Command } from './commandRunner.ts';

interface GroupingItem extends vscode.QuickPickItem {
  readonly grouping?: Grouping;
}

/** Puts the runs of each experiment under headings. Takes `{ by: 'status' }`, `{ by: 'day' }` or `{ by: 'tag', name }` without asking. */
export const groupRunsCommand: Command = {
  id: commandIds.groupRuns,
  async run({ experiments }, argument) {
    const given = parseGrouping(argument);
    if (given !== undefined) {
      await experiments.order.setGrouping(given);
      return;
    }
    const { grouping: current } = experiments.order.current;
    const { tags } = await experiments.knownNames();
    const isCurrent = (grouping: Grouping | undefined): boolean => JSON.stringify(grouping) === JSON.stringify(current);
    const item = (label: string, icon: string, grouping?: Grouping): GroupingItem => ({
      label,
      iconPath: new vscode.ThemeIcon(icon),
      ...(grouping !== undefined && { grouping }),
      ...(isCurrent(grouping) && { description: vscode.l10n.t('current') }),
    });
    const items: GroupingItem[] = [
      item(vscode.l10n.t('No groups'), 'list-flat'),
      item(vscode.l10n.t('Status'), 'pass', { by: 'status' }),
      item(vscode.l10n.t('Day'), 'calendar', { by: 'day' }),
      ...(tags.length > 0 ? [{ label: vscode.l10n.t('Tags'), kind: vscode.QuickPickItemKind.Separator }] : []),
      ...tags.map((name) => item(plainLabel(name), 'tag', { by: 'tag', name })),
    ];
    const picked = await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('Group runs by') });
    if (picked !== undefined) {
      await experiments.order.setGrouping(picked.grouping);
    }
  },
};
