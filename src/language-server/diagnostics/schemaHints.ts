/** Hints for what a schema does not know. They are no mistakes: tools of other versions may read them. */
import { type Diagnostic, DiagnosticSeverity } from 'vscode-languageserver-types';
import type { Schema } from '../../core/configuration-files/schema.ts';
import type { Definition } from '../definitions/definition.ts';
import { rangeOf } from '../documents/textRanges.ts';
import { entriesOf, itemsOf, type NodePath, resolved, spanOf, textOf, type YamlText } from '../documents/yamlText.ts';
import type { OpenFile } from '../fileFeatures.ts';
import { nearest } from '../schemas/nearest.ts';
import { propertiesOf } from '../schemas/schemaAt.ts';
import { diagnosticCodes, source } from './diagnosticCodes.ts';

export function schemaHints(
  { document }: OpenFile,
  { schema, knowsAllKeys }: Definition,
  yaml: YamlText,
): Diagnostic[] {
  const hints: Diagnostic[] = [];
  const visit = (node: unknown, expected: Schema | undefined, path: NodePath): void => {
    if (expected === undefined) {
      return;
    }
    const properties = propertiesOf(expected, path, yaml);
    const entries = entriesOf(node, path);
    for (const { key, keySpan, value, path: entryPath } of entries) {
      const property = properties.get(key) ?? expected.additionalProperties;
      if (property !== undefined) {
        visit(resolved(value, yaml), property, entryPath);
      } else if (properties.size > 0 && !isQuietKey(key, expected)) {
        const present = new Set(entries.map((entry) => entry.key));
        const meant = nearest(
          key,
          [...properties.keys()].filter((known) => !present.has(known)),
        );
        if (meant === undefined && !knowsAllKeys) {
          continue;
        }
        hints.push({
          range: rangeOf(document, keySpan.start, keySpan.end),
          severity: DiagnosticSeverity.Hint,
          source,
          code: diagnosticCodes.unknownKey,
          message: meant
            ? `"${key}" is no key that is known here. Did you mean "${meant}"?`
            : `"${key}" is no key that is known here.`,
          ...(meant !== undefined && { data: { replacement: meant } }),
        });
      }
    }
    for (const item of itemsOf(node, path)) {
      visit(resolved(item.value, yaml), expected.items, item.path);
    }
    const text = textOf(node);
    const isKnown = expected.enum?.some((known) => known.toLowerCase() === text?.trim().toLowerCase()) ?? true;
    if (text !== undefined && text.trim() !== '' && !isKnown && !/\$\{\{|^\$/.test(text)) {
      const { start, end } = spanOf(node as Parameters<typeof spanOf>[0]);
      const meant = nearest(text, expected.enum ?? []);
      if (meant === undefined && !knowsAllKeys) {
        return;
      }
      hints.push({
        range: rangeOf(document, start, end),
        severity: DiagnosticSeverity.Hint,
        source,
        code: diagnosticCodes.unknownValue,
        message: meant
          ? `"${text}" is none of the values that are known. Did you mean "${meant}"?`
          : `"${text}" is none of the values that are known: ${expected.enum?.join(', ')}.`,
        ...(meant !== undefined && { data: { replacement: meant } }),
      });
    }
  };
  visit(yaml.document.contents, schema, []);
  return hints;
}

/** Merge keys, notes of people, and what was once written. */
function isQuietKey(key: string, { oldKeys }: Schema): boolean {
  return key === '<<' || /^(x-|\$|_)/.test(key) || oldKeys?.includes(key) === true;
}
