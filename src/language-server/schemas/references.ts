/** Every text of a file that names something, by the schema of the file. */
import type { Reference } from '../../core/configuration-files/schema.ts';
import type { Definition } from '../definitions/definition.ts';
import { type NodePath, nodesOf, type Span, spanOf, textOf, type YamlText } from '../documents/yamlText.ts';
import { schemaAt } from './schemaAt.ts';

export interface NamedThing extends Span {
  readonly reference: Reference;
  readonly text: string;
  readonly path: NodePath;
}

export function referencesOf({ schema }: Definition, yaml: YamlText): readonly NamedThing[] {
  const found: NamedThing[] = [];
  for (const { node, path } of nodesOf(yaml.document.contents)) {
    const text = textOf(node)?.trim();
    // What is put in when the job runs names nothing yet.
    if (text === undefined || text === '' || text.includes('${{') || text.startsWith('$')) {
      continue;
    }
    const reference = schemaAt(schema, path, yaml)?.refersTo;
    if (reference !== undefined) {
      found.push({ reference, text, path, ...spanOf(node) });
    }
  }
  return found;
}
