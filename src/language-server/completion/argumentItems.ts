/** The arguments that the script of a list of arguments takes, and the choices of the one before. */
import { dirname, resolve } from 'node:path';
import { CompletionItemKind } from 'vscode-languageserver-types';
import { findScriptArguments, type ScriptArgument } from '../../core/python-source/scriptArguments.ts';
import type { Cursor } from '../documents/cursor.ts';
import { itemsOf, nodeAtPath, textOf, type YamlText } from '../documents/yamlText.ts';
import type { OpenFile } from '../fileFeatures.ts';
import { findNamed, sourceFoldersOf } from '../world/sourceFolders.ts';
import type { ProposedValue } from './valueItems.ts';

/** A run configuration names its script `script`, a step `script_name`. */
const scriptKeys = ['script', 'script_name'] as const;

export async function argumentValues(
  file: OpenFile,
  { path }: Cursor,
  yaml: YamlText,
): Promise<readonly ProposedValue[]> {
  const index = path.at(-1);
  const list = path.slice(0, -1);
  const known = await scriptArguments(file, list.slice(0, -1), yaml);
  const words = itemsOf(nodeAtPath(yaml, list), list).map(({ value }) => textOf(value));
  const before = typeof index === 'number' ? words[index - 1] : undefined;
  const awaiting = known.find(({ names, isFlag }) => !isFlag && before !== undefined && names.includes(before));
  if (awaiting !== undefined) {
    return awaiting.choices.map((text) => ({ text, kind: CompletionItemKind.EnumMember, detail: awaiting.names[0] }));
  }
  const others = new Set(words.filter((_, at) => at !== index));
  return known
    .filter(({ names, isPositional }) => !isPositional && !names.some((name) => others.has(name)))
    .map((argument) => ({
      text: argument.names[0],
      kind: CompletionItemKind.Field,
      detail: detailOf(argument),
      documentation: argument.help,
    }));
}

async function scriptArguments(
  file: OpenFile,
  owner: Cursor['path'],
  yaml: YamlText,
): Promise<readonly ScriptArgument[]> {
  const sibling = (key: string): string | undefined => textOf(nodeAtPath(yaml, [...owner, key]));
  const script = scriptKeys.map(sibling).find((name) => name !== undefined);
  if (script === undefined) {
    return [];
  }
  const folder = sibling('source_directory');
  const folders = folder === undefined ? sourceFoldersOf(file.path, file.world) : [resolve(dirname(file.path), folder)];
  const { path, exists } = await findNamed(script, folders, file.world, 'file');
  const text = exists ? await file.world.textOf(path) : undefined;
  return text === undefined ? [] : findScriptArguments(text);
}

function detailOf({ type, defaultText, isFlag, isRequired }: ScriptArgument): string {
  const parts = [
    isFlag ? 'flag' : type,
    isRequired ? 'required' : undefined,
    defaultText === undefined ? undefined : `default ${defaultText}`,
  ];
  return parts.filter((part) => part !== undefined).join(', ');
}
