import { type FoldingRange, FoldingRangeKind } from 'vscode-languageserver-types';
import { entriesOf, itemsOf, type NodePath, spanOf, yamlOf } from '../documents/yamlText.ts';
import type { OpenFile } from '../fileFeatures.ts';

/** What has several lines: values of keys, items of lists, comments that follow each other. */
export function foldingRangesOf({ document }: OpenFile): readonly FoldingRange[] {
  const ranges: FoldingRange[] = [];
  const yaml = yamlOf(document);
  const visit = (node: unknown, path: NodePath): void => {
    for (const { keySpan, value, path: valuePath } of entriesOf(node, path)) {
      if (value !== undefined) {
        add(keySpan.start, spanOf(value).end);
        visit(value, valuePath);
      }
    }
    for (const { value, path: itemPath } of itemsOf(node, path)) {
      add(spanOf(value).start, spanOf(value).end);
      visit(value, itemPath);
    }
  };
  const add = (start: number, end: number): void => {
    const startLine = document.positionAt(start).line;
    // The last line break of a block belongs to it.
    const endLine = document.positionAt(Math.max(start, end - 1)).line;
    if (endLine > startLine && ranges.at(-1)?.startLine !== startLine) {
      ranges.push({ startLine, endLine });
    }
  };
  visit(yaml.document.contents, []);
  return [...ranges, ...comments(yaml.text)];
}

function comments(text: string): readonly FoldingRange[] {
  const ranges: FoldingRange[] = [];
  let first: number | undefined;
  const lines = text.split('\n');
  for (let line = 0; line <= lines.length; line++) {
    const isComment = /^\s*#/.test(lines[line] ?? '');
    if (isComment) {
      first ??= line;
    } else if (first !== undefined) {
      if (line - first > 1) {
        ranges.push({ startLine: first, endLine: line - 1, kind: FoldingRangeKind.Comment });
      }
      first = undefined;
    }
  }
  return ranges;
}
