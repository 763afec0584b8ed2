/** Where a person types in a text that is not finished: told by indentation, and within brackets by these. */
import { isScalar } from 'yaml';
import { blockPath, type LineElement, lineElements } from './blockPath.ts';
import { flowPlace } from './flowPlace.ts';
import { entriesOf, flowAt, type NodePath, nodeAtPath, placeAt, type Span, type YamlText } from './yamlText.ts';

export interface Cursor {
  /** Of the value that is typed, or of the map (or list) that gets another key (or item). */
  readonly path: NodePath;
  /** `either`: behind the dash of an item, which may be a value, or begin with a key. */
  readonly place: 'key' | 'value' | 'either';
  /** What stands there already, with the quotes of a text. */
  readonly typed: Span;
  /** Keys that the map has, without the one that is typed. */
  readonly taken: ReadonlySet<string>;
  /** Within braces or brackets. */
  readonly isFlow: boolean;
}

/** Undefined in comments, and in texts of several lines. */
export function cursorAt(yaml: YamlText, offset: number): Cursor | undefined {
  if (isInLongText(yaml, offset)) {
    return undefined;
  }
  const flow = flowAt(yaml, offset);
  if (flow !== undefined) {
    const start = flow.node.range?.[0] ?? 0;
    const place = flowPlace(yaml.text, start, offset);
    const path = [...flow.path, ...place.path];
    return { path, place: place.place, typed: place.typed, taken: takenAt(yaml, path, place.typed), isFlow: true };
  }
  return blockCursor(yaml, offset);
}

function blockCursor(yaml: YamlText, offset: number): Cursor | undefined {
  const { text } = yaml;
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const before = text.slice(lineStart, offset);
  if (/(^|\s)#/.test(before.replaceAll(/"[^"]*"|'[^']*'/g, ''))) {
    return undefined;
  }
  const { elements, content, contentStart } = lineElements(before);
  const keyed = /^("[^"]*"|'[^']*'|[^\s"'#][^#]*?)\s*:(?:\s+|$)/.exec(content);
  const dashes: readonly LineElement[] = elements.filter(({ kind }) => kind === 'dash');
  const container = blockPath(text, lineStart, [...dashes, { kind: 'scalar', column: contentStart, key: '' }]);
  if (keyed !== null && /:\s/.test(keyed[0])) {
    const typedStart = lineStart + contentStart + keyed[0].length;
    const path = [...container, unquoted(keyed[1] ?? '')];
    return { path, place: 'value', typed: typedSpan(text, typedStart), taken: new Set(), isFlow: false };
  }
  const typed = typedSpan(text, lineStart + contentStart);
  return {
    path: container,
    place: dashes.length > 0 ? 'either' : 'key',
    typed,
    taken: takenAt(yaml, container, typed),
    isFlow: false,
  };
}

/** To the end of what is typed: of the line, of a key, or before a comment. */
function typedSpan(text: string, start: number): Span {
  const lineEnd = text.indexOf('\n', start);
  const rest = text.slice(start, lineEnd < 0 ? text.length : lineEnd);
  const word = /^(?:"[^"]*"?|'[^']*'?|[^#]*?(?=\s*(?:\s#|:\s|:?\s*$)))/.exec(rest)?.[0] ?? '';
  return { start, end: start + word.length };
}

function takenAt(yaml: YamlText, path: NodePath, typed: Span): ReadonlySet<string> {
  const entries = entriesOf(nodeAtPath(yaml, path), path);
  return new Set(entries.filter(({ keySpan }) => keySpan.start !== typed.start).map(({ key }) => key));
}

function isInLongText(yaml: YamlText, offset: number): boolean {
  const node = placeAt(yaml, offset)?.node;
  return (
    node !== undefined &&
    isScalar(node) &&
    (node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED') &&
    (node.range?.[0] ?? offset) < offset
  );
}

function unquoted(text: string): string {
  return text.replace(/^(["'])(.*)\1$/, '$2');
}
