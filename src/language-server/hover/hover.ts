import { type Hover, MarkupKind, type Position } from 'vscode-languageserver-types';
import type { Definition } from '../definitions/definition.ts';
import { rangeOf } from '../documents/textRanges.ts';
import { placeAt, textOf, yamlOf } from '../documents/yamlText.ts';
import type { OpenFile } from '../fileFeatures.ts';
import { schemaAt } from '../schemas/schemaAt.ts';
import { schemaText } from './schemaText.ts';

/** The meaning of the key, or of the value that is one of several. */
export async function hoverOf(file: OpenFile, definition: Definition, position: Position): Promise<Hover | undefined> {
  const yaml = yamlOf(file.document);
  const place = placeAt(yaml, file.document.offsetAt(position));
  if (place === undefined) {
    return undefined;
  }
  const schema = schemaAt(definition.schema, place.path, yaml);
  const key = place.path.findLast((part) => typeof part === 'string');
  if (schema === undefined || key === undefined) {
    return undefined;
  }
  const text = place.isKey ? undefined : textOf(place.node);
  const parts = text === undefined ? [schemaText(key, schema)] : [valueText(text, schema), schemaText(key, schema)];
  if (text !== undefined && schema.refersTo === 'target') {
    const names = await file.world.names(file.path);
    const target = names?.targets.find(({ name }) => name.toLowerCase() === text.toLowerCase());
    parts.unshift(target && `\`${target.name}\`: ${target.description ?? `a target of type ${target.type}`}`);
  }
  const value = parts.filter((part) => part !== undefined).join('\n\n---\n\n');
  const { start, end } = place.span;
  return { contents: { kind: MarkupKind.Markdown, value }, range: rangeOf(file.document, start, end) };
}

function valueText(text: string, schema: NonNullable<ReturnType<typeof schemaAt>>): string | undefined {
  const index = schema.enum?.findIndex((value) => value.toLowerCase() === text.toLowerCase()) ?? -1;
  const description = schema.enumDescriptions?.[index];
  return description && `\`${schema.enum?.[index] ?? text}\`: ${description}`;
}
