import * as vscode from 'vscode';
import { CoalescedTask } from '../../core/base/coalesce.ts';
import type { Event } from '../../core/base/events.ts';
import type { ReadingProgress } from '../../core/catalog/runCatalog.ts';
import type { KnownNames } from '../../core/run-query/knownNames.ts';
import { type FilterChoice, filterChoices } from './filterChoices.ts';
import { readingText } from './readingText.ts';

interface ChoiceItem extends vscode.QuickPickItem {
  readonly choice?: FilterChoice;
}

export interface FilterPickOptions {
  readonly current: string | undefined;
  readonly recent: readonly string[];
  readonly knownNames: () => Promise<KnownNames>;
  /** How many runs match; rejects where that cannot be told. */
  readonly count: (filter: string) => Promise<number>;
  /** Tells how far the runs are read, for which the count waits; undefined when all are read. */
  readonly onDidRead: Event<ReadingProgress | undefined>;
  readonly onError: (error: unknown) => void;
}

const countIntervalMs = 150;

/** Nothing is known until the store was asked. */
const noNames: KnownNames = { metrics: [], parameters: [], tags: [], properties: [], experiments: [], tagValues: {} };

/**
 * Asks for a filter: at each key it says what is wrong or how many runs match, and how it can go on. Resolves with the filter, an
 * empty one for all runs; with undefined where the person gave up.
 */
export function pickFilter(options: FilterPickOptions): Promise<string | undefined> {
  const picker = vscode.window.createQuickPick<ChoiceItem>();
  picker.title = vscode.l10n.t('Filter Runs');
  picker.placeholder = vscode.l10n.t('Words to search for, or conditions: metrics.loss < 0.1 and status = Completed');
  picker.value = options.current ?? '';
  let known = noNames;
  let count: { readonly filter: string; readonly matches: number } | undefined;
  let progress: ReadingProgress | undefined;

  const show = (): void => {
    const choices = filterChoices(picker.value, known, options.recent);
    const matches = count?.filter === picker.value ? count.matches : undefined;
    const items = itemsOf(choices, matches, progress);
    const [first] = items;
    picker.items = items;
    // Enter takes the filter as it stands.
    picker.activeItems = first === undefined ? [] : [first];
  };
  const counting = new CoalescedTask(
    async () => {
      const filter = picker.value;
      const [first] = filterChoices(filter, known, []);
      if (first?.kind === 'apply' && filter.trim() !== '') {
        count = { filter, matches: await options.count(filter) };
        if (picker.value === filter) {
          show();
        }
      }
    },
    countIntervalMs,
    options.onError,
  );

  const reading = options.onDidRead((now) => {
    progress = now;
    show();
  });

  return new Promise((resolve) => {
    picker.onDidChangeValue(() => {
      show();
      counting.schedule();
    });
    picker.onDidAccept(() => {
      const choice = picker.activeItems[0]?.choice ?? picker.items[0]?.choice;
      switch (choice?.kind) {
        case 'apply':
          resolve(choice.filter);
          picker.hide();
          break;
        case 'completion':
        case 'recent':
          picker.value = choice.filter;
          show();
          counting.schedule();
          break;
        case 'problem':
        case undefined:
          break;
      }
    });
    picker.onDidHide(() => {
      resolve(undefined);
      counting.dispose();
      reading.dispose();
      picker.dispose();
    });
    show();
    counting.schedule();
    picker.show();
    options.knownNames().then(
      (names) => {
        known = names;
        show();
      },
      (error: unknown) => options.onError(error),
    );
  });
}

/** Rows that stay in their order, whatever was typed. */
function itemsOf(
  choices: readonly FilterChoice[],
  matches: number | undefined,
  progress: ReadingProgress | undefined,
): ChoiceItem[] {
  const items: ChoiceItem[] = [];
  let group: string | undefined;
  for (const choice of choices) {
    const next = groupOf(choice);
    if (next !== undefined && next !== group) {
      items.push({ label: next, kind: vscode.QuickPickItemKind.Separator });
    }
    group = next;
    items.push({ ...itemOf(choice, matches, progress), choice, alwaysShow: true });
  }
  return items;
}

function groupOf(choice: FilterChoice): string | undefined {
  switch (choice.kind) {
    case 'apply':
    case 'problem':
      return undefined;
    case 'completion':
      return vscode.l10n.t('go on with');
    case 'recent':
      return vscode.l10n.t('used lately');
  }
}

function itemOf(
  choice: FilterChoice,
  matches: number | undefined,
  progress: ReadingProgress | undefined,
): vscode.QuickPickItem {
  switch (choice.kind) {
    case 'apply': {
      if (choice.filter.trim() === '') {
        return { label: vscode.l10n.t('Show all runs'), iconPath: new vscode.ThemeIcon('clear-all') };
      }
      const label =
        matches === undefined
          ? vscode.l10n.t('Show runs that match')
          : matches === 1
            ? vscode.l10n.t('Show 1 run that matches')
            : vscode.l10n.t('Show {0} runs that match', new Intl.NumberFormat(vscode.env.language).format(matches));
      const detail = choice.hint;
      return {
        label,
        iconPath: new vscode.ThemeIcon('filter'),
        ...(detail === undefined ? {} : { detail }),
        ...(matches === undefined && progress !== undefined ? { description: readingText(progress) } : {}),
      };
    }
    case 'problem': {
      const [before, at, after] = choice.marked;
      const iconPath = new vscode.ThemeIcon('error', new vscode.ThemeColor('list.errorForeground'));
      return { label: choice.message, detail: `${before}▸${at}◂${after}`, iconPath };
    }
    case 'completion':
      return { label: choice.label, ...(choice.detail === undefined ? {} : { description: choice.detail }) };
    case 'recent':
      return { label: choice.filter, iconPath: new vscode.ThemeIcon('history') };
  }
}
