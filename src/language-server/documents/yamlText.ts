/** The text of a file as YAML, of which JSON is a part, by place and by path. */
import type { TextDocument } from 'vscode-languageserver-textdocument';
import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type Scalar,
} from 'yaml';
import { parseYamlText } from '../../core/base/yamlText.ts';

/** Keys, and indexes of lists. */
export type NodePath = readonly (string | number)[];

/** From the first character to behind the last. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A key with its value. */
export interface Entry {
  readonly key: string;
  readonly keySpan: Span;
  /** Undefined where nothing stands behind the key. */
  readonly value: Node | undefined;
  readonly path: NodePath;
}

export interface YamlText {
  readonly text: string;
  readonly document: Document;
  /** Whether it is written as JSON is, in braces. */
  readonly isJson: boolean;
}

const parsed = new WeakMap<TextDocument, { readonly version: number; readonly yaml: YamlText }>();

/** The parsed text, made once for each version of a document, as every feature asks for it. */
export function yamlOf(document: TextDocument): YamlText {
  const known = parsed.get(document);
  if (known?.version === document.version) {
    return known.yaml;
  }
  const yaml = parseYaml(document.getText());
  parsed.set(document, { version: document.version, yaml });
  return yaml;
}

export function parseYaml(text: string): YamlText {
  const { document, isJson } = parseYamlText(text);
  return { text, isJson, document };
}

export function spanOf(node: Node): Span {
  return { start: node.range?.[0] ?? 0, end: node.range?.[1] ?? 0 };
}

/** The entries of a map; none of anything else. */
export function entriesOf(node: unknown, path: NodePath): readonly Entry[] {
  if (!isMap(node)) {
    return [];
  }
  return node.items.flatMap((pair): readonly Entry[] => entryOf(pair, path) ?? []);
}

function entryOf(pair: Pair, path: NodePath): readonly [Entry] | undefined {
  if (!isScalar(pair.key)) {
    return undefined;
  }
  const key = textOf(pair.key) ?? '';
  const value = isNode(pair.value) && !isEmpty(pair.value) ? pair.value : undefined;
  return [{ key, keySpan: spanOf(pair.key), value, path: [...path, key] }];
}

/** What a parser makes of nothing: a null of no characters. */
function isEmpty(node: Node): boolean {
  return isScalar(node) && node.value === null && (node.source ?? '') === '';
}

/** The items of a list with their paths; none of anything else. */
export function itemsOf(node: unknown, path: NodePath): readonly { readonly value: Node; readonly path: NodePath }[] {
  return isSeq(node)
    ? node.items.flatMap((value, index) => (isNode(value) ? { value, path: [...path, index] } : []))
    : [];
}

/** A scalar as it is written; undefined for null and what is no scalar. */
export function textOf(node: unknown): string | undefined {
  if (!isScalar(node) || node.value === null || node.value === undefined) {
    return undefined;
  }
  return typeof node.value === 'string' ? node.value : (node.source ?? String(node.value));
}

/** What an alias stands for. */
export function resolved(node: Node | undefined, { document }: YamlText): Node | undefined {
  return isAlias(node) ? node.resolve(document) : node;
}

export function nodeAtPath({ document }: YamlText, path: NodePath): Node | undefined {
  const node: unknown = path.length === 0 ? document.contents : document.getIn(path, true);
  return isNode(node) ? node : undefined;
}

/** What stands at an offset: a key, or a scalar value. */
export interface PlaceInYaml {
  readonly path: NodePath;
  readonly isKey: boolean;
  readonly node: Scalar | undefined;
  readonly span: Span;
}

export function placeAt({ document }: YamlText, offset: number): PlaceInYaml | undefined {
  return document.contents ? placeIn(document.contents, offset, []) : undefined;
}

function placeIn(node: Node, offset: number, path: NodePath): PlaceInYaml | undefined {
  for (const { keySpan, value, path: entryPath } of entriesOf(node, path)) {
    if (isWithin(keySpan, offset)) {
      return { path: entryPath, isKey: true, node: undefined, span: keySpan };
    }
    const found = value && isWithin(spanOf(value), offset) ? placeIn(value, offset, entryPath) : undefined;
    if (found !== undefined) {
      return found;
    }
  }
  for (const { value, path: itemPath } of itemsOf(node, path)) {
    const found = isWithin(spanOf(value), offset) ? placeIn(value, offset, itemPath) : undefined;
    if (found !== undefined) {
      return found;
    }
  }
  return isScalar(node) && isWithin(spanOf(node), offset)
    ? { path, isKey: false, node, span: spanOf(node) }
    : undefined;
}

/** The outermost list or map in brackets that an offset is in. */
export function flowAt({ document, text }: YamlText, offset: number): { node: Node; path: NodePath } | undefined {
  const search = (node: Node, path: NodePath): { node: Node; path: NodePath } | undefined => {
    if (!isCollection(node)) {
      return undefined;
    }
    const { start, end } = spanOf(node);
    if (node.flow === true) {
      const isClosed = /[\]}]/.test(text[end - 1] ?? '');
      return offset > start && (isClosed ? offset < end : offset <= end + 1) ? { node, path } : undefined;
    }
    for (const { value, path: valuePath } of [...entriesOf(node, path), ...itemsOf(node, path)]) {
      const found = value && search(value, valuePath);
      if (found) {
        return found;
      }
    }
    return undefined;
  };
  return document.contents ? search(document.contents, []) : undefined;
}

function isWithin({ start, end }: Span, offset: number): boolean {
  return start <= offset && offset <= end;
}

/** Every scalar value and every map of a text, in its order. */
export function* nodesOf(
  root: Node | null,
  path: NodePath = [],
): Generator<{ readonly node: Node; readonly path: NodePath }> {
  if (root === null) {
    return;
  }
  yield { node: root, path };
  for (const { value, path: valuePath } of [...entriesOf(root, path), ...itemsOf(root, path)]) {
    if (value !== undefined) {
      yield* nodesOf(value, valuePath);
    }
  }
}
