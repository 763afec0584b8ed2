import * as vscode from 'vscode';
import { RunledgerError } from '../../core/base/errors.ts';
import type { ModelEntry } from '../../core/domain/model.ts';
import { nameKey, normalizeName } from '../../core/store/names.ts';
import { plainLabel } from '../text/format.ts';

interface NameItem extends vscode.QuickPickItem {
  /** Undefined for the row that says why what was typed is no name. */
  readonly name: string | undefined;
}

/**
 * Lets the person choose the model that gets a version, or type the name of a new one. Undefined where the person gave up.
 *
 * @param latest the newest version of each model
 */
export async function pickModelName(title: string, latest: readonly ModelEntry[]): Promise<string | undefined> {
  const picker = vscode.window.createQuickPick<NameItem>();
  picker.title = title;
  picker.placeholder = vscode.l10n.t('Model: choose one, or type the name of a new one');
  picker.ignoreFocusOut = true;
  const update = (): void => {
    picker.items = itemsOf(latest, picker.value.trim());
  };
  update();
  try {
    return await new Promise<string | undefined>((resolve) => {
      picker.onDidChangeValue(update);
      picker.onDidAccept(() => {
        const name = picker.selectedItems[0]?.name;
        // The row that says what is wrong with a name is not a choice: the picker stays open.
        if (name !== undefined) {
          resolve(name);
        }
      });
      picker.onDidHide(() => resolve(undefined));
      picker.show();
    });
  } finally {
    picker.dispose();
  }
}

function itemsOf(latest: readonly ModelEntry[], typed: string): readonly NameItem[] {
  const known = latest.flatMap((entry): readonly NameItem[] =>
    entry.kind === 'unreadable'
      ? []
      : [
          {
            name: entry.name,
            label: plainLabel(entry.name),
            description: vscode.l10n.t('gets version {0} or later', entry.version + 1),
            iconPath: new vscode.ThemeIcon('package'),
          },
        ],
  );
  if (typed === '') {
    return known;
  }
  const problem = problemOf(typed);
  if (problem !== undefined) {
    return [...known, { name: undefined, label: `$(warning) ${plainLabel(problem)}`, alwaysShow: true }];
  }
  const key = nameKey('model', typed);
  const isKnown = latest.some(({ modelKey }) => modelKey === key);
  return isKnown
    ? known
    : [
        ...known,
        {
          name: typed,
          label: vscode.l10n.t('New model: {0}', plainLabel(typed)),
          iconPath: new vscode.ThemeIcon('add'),
          alwaysShow: true,
        },
      ];
}

function problemOf(name: string): string | undefined {
  try {
    normalizeName('model', name);
    return undefined;
  } catch (error) {
    return RunledgerError.is(error) ? error.message : String(error);
  }
}
