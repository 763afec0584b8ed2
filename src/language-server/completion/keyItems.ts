import { type CompletionItem, CompletionItemKind, InsertTextFormat, MarkupKind } from 'vscode-languageserver-types';
import type { Schema } from '../../core/configuration-files/schema.ts';
import type { Cursor } from '../documents/cursor.ts';
import { rangeOf } from '../documents/textRanges.ts';
import type { YamlText } from '../documents/yamlText.ts';
import type { OpenFile } from '../fileFeatures.ts';
import { kindOfValue } from '../hover/schemaText.ts';
import { propertiesOf, typesOf } from '../schemas/schemaAt.ts';

/** The keys that a map does not have yet; behind a bare dash those of an item. */
export function keyItems(
  { document }: OpenFile,
  cursor: Cursor,
  schema: Schema,
  yaml: YamlText,
): readonly CompletionItem[] {
  if (typesOf(schema).includes('array') && cursor.place === 'key') {
    return itemItems({ document }, cursor, schema);
  }
  const { start, end } = cursor.typed;
  const hasColon = /^["']?\s*:/.test(yaml.text.slice(end, end + 3));
  const isQuoted = yaml.isJson || yaml.text[start] === '"';
  return [...propertiesOf(schema, cursor.path, yaml)]
    .filter(([key]) => !cursor.taken.has(key))
    .map(([key, property], index) => {
      const written = isQuoted ? JSON.stringify(key) : key;
      const needsValue = hasColon ? '' : ending(property, cursor, yaml.isJson);
      const asks = !hasColon && asksForValue(property);
      return {
        label: key,
        kind: CompletionItemKind.Property,
        detail: kindOfValue(property),
        ...(property.description !== undefined && {
          documentation: { kind: MarkupKind.Markdown, value: property.description },
        }),
        sortText: `${schema.required?.includes(key) ? 1 : 2}${String(index).padStart(3, '0')}`,
        filterText: written,
        insertTextFormat: InsertTextFormat.Snippet,
        textEdit: { range: rangeOf(document, start, end), newText: written + needsValue },
        // The values that may come are shown at once.
        ...(asks && { command: { title: '', command: 'editor.action.triggerSuggest' } }),
      };
    });
}

/** In place of a key, where a list is expected: its first dash. */
function itemItems(
  { document }: Pick<OpenFile, 'document'>,
  { typed }: Cursor,
  schema: Schema,
): readonly CompletionItem[] {
  return [
    {
      label: '- ',
      kind: CompletionItemKind.Operator,
      detail: kindOfValue(schema.items ?? {}),
      textEdit: { range: rangeOf(document, typed.start, typed.end), newText: '- ' },
      command: { title: '', command: 'editor.action.triggerSuggest' },
    },
  ];
}

/** What stands behind a key: a colon, and for a list or a map the beginning of it. */
function ending(property: Schema, { isFlow }: Cursor, isJson: boolean): string {
  const [type] = typesOf(property);
  if (type === 'object') {
    return isFlow ? ': {$0}' : ':\n  $0';
  }
  if (type === 'array') {
    return isFlow ? ': [$0]' : ':\n  - $0';
  }
  return isJson && type === 'string' ? ': "$0"' : ': $0';
}

function asksForValue(property: Schema): boolean {
  const [type] = typesOf(property);
  return type === 'boolean' || type === 'object' || (property.enum ?? property.refersTo) !== undefined;
}
