import { type CompletionItem, CompletionItemKind, MarkupKind } from 'vscode-languageserver-types';
import type { Schema } from '../../core/configuration-files/schema.ts';
import type { Cursor } from '../documents/cursor.ts';
import { rangeOf } from '../documents/textRanges.ts';
import type { YamlText } from '../documents/yamlText.ts';
import type { OpenFile } from '../fileFeatures.ts';
import { typesOf } from '../schemas/schemaAt.ts';
import { namedItems } from './namedItems.ts';

/** A value before it is written as YAML or JSON. */
export interface ProposedValue {
  readonly text: string;
  readonly kind: CompletionItemKind;
  readonly detail?: string | undefined;
  readonly documentation?: string | undefined;
  /** Whether a number or a truth value is meant, and not a text. */
  readonly isBare?: boolean;
  /** More may follow, as behind the name of a folder. */
  readonly goesOn?: boolean;
}

/** What the schema allows, and what the workspace has of the kind. */
export async function valueItems(
  file: OpenFile,
  cursor: Cursor,
  schema: Schema,
  yaml: YamlText,
): Promise<readonly CompletionItem[]> {
  const { start, end } = cursor.typed;
  const typed = yaml.text.slice(start, file.document.offsetAt(file.document.positionAt(end)));
  const values = [...schemaValues(schema), ...(await namedItems(file, schema, unquoted(typed), cursor, yaml))];
  const range = rangeOf(file.document, start, end);
  const quote = /^["']/.exec(typed)?.[0] ?? (yaml.isJson ? '"' : '');
  return values.map(({ text, kind, detail, documentation, isBare, goesOn }, index) => {
    const written = isBare ? text : quoted(text, quote, cursor.isFlow);
    return {
      label: text,
      kind,
      sortText: String(index).padStart(4, '0'),
      filterText: written,
      textEdit: { range, newText: written },
      ...(detail !== undefined && { detail }),
      ...(documentation !== undefined && { documentation: { kind: MarkupKind.Markdown, value: documentation } }),
      ...(goesOn && { command: { title: '', command: 'editor.action.triggerSuggest' } }),
    };
  });
}

function schemaValues(schema: Schema): readonly ProposedValue[] {
  const values: ProposedValue[] = (schema.enum ?? []).map((text, index) => ({
    text,
    kind: CompletionItemKind.EnumMember,
    documentation: schema.enumDescriptions?.[index],
    detail: text === schema.default ? 'default' : undefined,
  }));
  const types = typesOf(schema);
  // Where any text may stand, truth is not what is mostly meant.
  if (types.includes('boolean') && !types.includes('string')) {
    for (const text of ['true', 'false']) {
      const isDefault = String(schema.default) === text;
      values.push({ text, kind: CompletionItemKind.Value, isBare: true, detail: isDefault ? 'default' : undefined });
    }
  } else if (schema.enum === undefined && schema.default !== undefined && schema.default !== null) {
    const isBare = typeof schema.default !== 'string';
    values.push({ text: String(schema.default), kind: CompletionItemKind.Value, isBare, detail: 'default' });
  }
  for (const text of schema.examples ?? []) {
    values.push({ text, kind: CompletionItemKind.Value, detail: 'example' });
  }
  return values;
}

function unquoted(text: string): string {
  return text.replace(/^["']/, '').replace(/["']$/, '');
}

/** Quoted as what is there already, or where YAML would take the text for something else. */
function quoted(text: string, quote: string, isFlow: boolean): string {
  const isSpecial =
    /^[\s&*!|>%@`"'#?-]|: |\s#|:$|\s$|^$/.test(text) ||
    /^(true|false|yes|no|on|off|null|~|[-+.\d][\d._e+-]*)$/i.test(text) ||
    (isFlow && /[,[\]{}]/.test(text));
  if (quote === "'" || (quote === '' && isSpecial && !/^--?\w/.test(text))) {
    return `'${text.replaceAll("'", "''")}'`;
  }
  return quote === '"' ? JSON.stringify(text) : text;
}
