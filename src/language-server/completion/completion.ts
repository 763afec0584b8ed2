import type { CompletionItem, Position } from 'vscode-languageserver-types';
import type { Definition } from '../definitions/definition.ts';
import { type Cursor, cursorAt } from '../documents/cursor.ts';
import { yamlOf } from '../documents/yamlText.ts';
import type { OpenFile } from '../fileFeatures.ts';
import { schemaAt } from '../schemas/schemaAt.ts';
import { keyItems } from './keyItems.ts';
import { templateItems } from './templateItems.ts';
import { valueItems } from './valueItems.ts';

/** What may be typed at a place, from the schema and from what the workspace has. */
export async function completionsOf(
  file: OpenFile,
  definition: Definition,
  position: Position,
): Promise<readonly CompletionItem[]> {
  const yaml = yamlOf(file.document);
  const cursor = cursorAt(yaml, file.document.offsetAt(position));
  if (cursor === undefined) {
    return [];
  }
  const schema = schemaAt(definition.schema, cursor.path, yaml);
  if (schema === undefined) {
    return [];
  }
  const keys = cursor.place === 'value' ? [] : keyItems(file, cursor, schema, yaml);
  const values = cursor.place === 'key' ? [] : await valueItems(file, cursor, schema, yaml);
  const templates = isAtStart(cursor) && yaml.text.trim().length <= 20 ? templateItems(file, definition) : [];
  return [...templates, ...keys, ...values];
}

function isAtStart({ path, place }: Cursor): boolean {
  return path.length === 0 && place === 'key';
}
