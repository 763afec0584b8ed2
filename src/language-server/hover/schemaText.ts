/** What a schema says, in words. */
import type { Schema } from '../../core/configuration-files/schema.ts';
import { typesOf } from '../schemas/schemaAt.ts';

const words: Readonly<Record<string, string>> = {
  object: 'keys with values',
  array: 'list',
  string: 'text',
  number: 'number',
  integer: 'whole number',
  boolean: 'true or false',
  null: 'nothing',
};

/** The kind of a value, as `text or nothing`. */
export function kindOfValue(schema: Schema): string {
  const [first, ...others] = typesOf(schema).map((type) => {
    const [item] = type === 'array' && schema.items ? typesOf(schema.items) : [];
    return item === 'string' ? 'list of texts' : item === 'object' ? 'list of maps' : (words[type] ?? type);
  });
  const last = others.pop();
  return [[first ?? 'anything', ...others].join(', '), ...(last === undefined ? [] : [last])].join(' or ');
}

/** Meaning, kind, default and allowed values, as Markdown. */
export function schemaText(key: string, schema: Schema): string {
  const lines = [`**${key}**: ${kindOfValue(schema)}${defaultText(schema)}`];
  if (schema.description !== undefined) {
    lines.push(schema.description);
  }
  if (schema.enum !== undefined) {
    lines.push(schema.enum.map((value, index) => valueLine(value, schema.enumDescriptions?.[index])).join('\n'));
  } else if (schema.variants !== undefined) {
    lines.push(`One of: ${Object.keys(schema.variants.of).join(', ')}.`);
  }
  if (schema.examples !== undefined) {
    lines.push(`For example ${schema.examples.map((example) => `\`${example}\``).join(', ')}.`);
  }
  return lines.join('\n\n');
}

function defaultText({ default: value }: Schema): string {
  return value === undefined ? '' : `, \`${String(value)}\` where it is absent`;
}

function valueLine(value: string, description: string | undefined): string {
  return description === undefined ? `- \`${value}\`` : `- \`${value}\`: ${description}`;
}
