import * as vscode from 'vscode';
import { plainLabel } from '../text/format.ts';

/** A tag without a value is null. */
export type Tags = Readonly<Record<string, string | null>>;

export interface TagPickerOptions {
  readonly title: string;
  readonly tags: Tags;
  /** Keeps a tag; resolves when it is there. */
  readonly set: (name: string, value: string | null) => Promise<void>;
  readonly remove: (name: string) => Promise<void>;
  readonly onError: (error: unknown) => void;
}

interface TagItem extends vscode.QuickPickItem {
  readonly tag: { readonly name: string; readonly value: string | null };
  /** Typed, and not there yet. */
  readonly isNew: boolean;
}

/** `name=value`, or a name alone. Undefined where there is no name. */
export function parseTag(text: string): TagItem['tag'] | undefined {
  const place = text.indexOf('=');
  const name = (place === -1 ? text : text.slice(0, place)).trim();
  return name === '' ? undefined : { name, value: place === -1 ? null : text.slice(place + 1).trim() };
}

export function formatTag({ name, value }: TagItem['tag']): string {
  return value === null ? name : `${name}=${value}`;
}

/** Lets the person add, change and remove tags until the picker is closed. What is done is kept at once. */
export async function editTags(options: TagPickerOptions): Promise<void> {
  const picker = vscode.window.createQuickPick<TagItem>();
  const remove: vscode.QuickInputButton = {
    iconPath: new vscode.ThemeIcon('trash'),
    tooltip: vscode.l10n.t('Remove Tag'),
  };
  const tags = new Map(Object.entries(options.tags));
  picker.title = options.title;
  picker.placeholder = vscode.l10n.t('Type name=value to add or change a tag; choose one to change it');
  const update = (): void => {
    picker.items = itemsOf(tags, picker.value, remove);
  };
  const apply = (change: Promise<void>): void => {
    picker.busy = true;
    change
      .catch(options.onError)
      .finally(() => {
        picker.busy = false;
      })
      .then(update, options.onError);
  };
  update();
  try {
    await new Promise<void>((resolve) => {
      picker.onDidChangeValue(update);
      picker.onDidTriggerItemButton(({ item }) => {
        apply(options.remove(item.tag.name).then(() => void tags.delete(item.tag.name)));
      });
      picker.onDidAccept(() => {
        const [item] = picker.selectedItems;
        const typed = parseTag(picker.value);
        if (item?.isNew === false) {
          picker.value = formatTag(item.tag);
          update();
        } else if (typed !== undefined) {
          picker.value = '';
          apply(options.set(typed.name, typed.value).then(() => void tags.set(typed.name, typed.value)));
        } else {
          picker.hide();
        }
      });
      picker.onDidHide(() => resolve());
      picker.show();
    });
  } finally {
    picker.dispose();
  }
}

function itemsOf(
  tags: ReadonlyMap<string, string | null>,
  value: string,
  remove: vscode.QuickInputButton,
): readonly TagItem[] {
  const typed = parseTag(value);
  const isThere = typed !== undefined && tags.get(typed.name) === typed.value;
  const items = [...tags]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(
      ([name, text]): TagItem => ({
        tag: { name, value: text },
        isNew: false,
        label: plainLabel(name),
        ...(text !== null && { description: plainLabel(text) }),
        iconPath: new vscode.ThemeIcon('tag'),
        buttons: [remove],
      }),
    );
  if (typed === undefined || isThere) {
    return items;
  }
  const label = tags.has(typed.name)
    ? vscode.l10n.t('Change tag: {0}', plainLabel(formatTag(typed)))
    : vscode.l10n.t('Add tag: {0}', plainLabel(formatTag(typed)));
  const item: TagItem = { tag: typed, isNew: true, label, iconPath: new vscode.ThemeIcon('add'), alwaysShow: true };
  return [item, ...items];
}
