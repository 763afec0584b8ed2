import type { Schema } from '../../core/configuration-files/schema.ts';
import { entriesOf, type NodePath, nodeAtPath, textOf, type YamlText } from '../documents/yamlText.ts';

/** What a schema says of the value at a path; undefined where it says nothing. */
export function schemaAt(schema: Schema, path: NodePath, yaml: YamlText): Schema | undefined {
  let current: Schema | undefined = schema;
  for (const [depth, key] of path.entries()) {
    if (current === undefined) {
      return undefined;
    }
    current =
      typeof key === 'number'
        ? current.items
        : (propertiesOf(current, path.slice(0, depth), yaml).get(key) ?? current.additionalProperties);
  }
  return current;
}

/** The keys that the map at a path may have: of a schema with variants, those of the variant that the text has. */
export function propertiesOf(schema: Schema, path: NodePath, yaml: YamlText): ReadonlyMap<string, Schema> {
  const properties = new Map(Object.entries(schema.properties ?? {}));
  const { variants } = schema;
  if (variants === undefined) {
    return properties;
  }
  const entry = entriesOf(nodeAtPath(yaml, path), path).find(({ key }) => key === variants.key);
  const name = textOf(entry?.value)?.toLowerCase();
  const chosen = Object.entries(variants.of).find(([known]) => known.toLowerCase() === name);
  // Where nobody has chosen yet, any of them may come.
  for (const [, variant] of chosen ? [chosen] : Object.entries(variants.of)) {
    for (const [key, property] of propertiesOf(variant, path, yaml)) {
      if (!properties.has(key)) {
        properties.set(key, property);
      }
    }
  }
  return properties;
}

export function typesOf({ type, properties, items, enum: values }: Schema): readonly string[] {
  if (type === undefined) {
    return properties ? ['object'] : items ? ['array'] : values ? ['string'] : [];
  }
  return typeof type === 'string' ? [type] : type;
}
