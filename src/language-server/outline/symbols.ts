import { type DocumentSymbol, SymbolKind } from 'vscode-languageserver-types';
import { isMap, isScalar, isSeq, type Node } from 'yaml';
import { rangeOf } from '../documents/textRanges.ts';
import { entriesOf, itemsOf, type NodePath, spanOf, textOf, yamlOf } from '../documents/yamlText.ts';
import type { OpenFile } from '../fileFeatures.ts';

const longestDetail = 60;

/** Every key with what is below it; items of lists where they are maps. */
export function symbolsOf({ document }: OpenFile): readonly DocumentSymbol[] {
  const yaml = yamlOf(document);
  const below = (node: Node | undefined, path: NodePath): DocumentSymbol[] => {
    const keys = entriesOf(node, path).map(({ key, keySpan, value, path: entryPath }): DocumentSymbol => {
      const end = value ? Math.max(spanOf(value).end, keySpan.end) : keySpan.end;
      return {
        name: key === '' ? '""' : key,
        detail: detailOf(value),
        kind: kindOf(value),
        range: rangeOf(document, keySpan.start, end),
        selectionRange: rangeOf(document, keySpan.start, keySpan.end),
        children: below(value, entryPath),
      };
    });
    const items = itemsOf(node, path).flatMap(({ value, path: itemPath }): readonly DocumentSymbol[] => {
      const [first] = entriesOf(value, itemPath);
      if (first === undefined) {
        return [];
      }
      const { start, end } = spanOf(value);
      const range = rangeOf(document, start, end);
      const name = textOf(first.value) ?? first.key;
      return [
        { name: name || '""', kind: SymbolKind.Object, range, selectionRange: range, children: below(value, itemPath) },
      ];
    });
    return [...keys, ...items];
  };
  return below(yaml.document.contents ?? undefined, []);
}

function detailOf(value: Node | undefined): string {
  const text = textOf(value)?.split('\n', 1)[0] ?? '';
  return text.length > longestDetail ? `${text.slice(0, longestDetail)}…` : text;
}

function kindOf(value: Node | undefined): SymbolKind {
  if (isMap(value)) {
    return SymbolKind.Object;
  }
  if (isSeq(value)) {
    return SymbolKind.Array;
  }
  const plain = isScalar(value) ? typeof value.value : 'undefined';
  return plain === 'number' ? SymbolKind.Number : plain === 'boolean' ? SymbolKind.Boolean : SymbolKind.String;
}
