/** What can stand at a place of a filter that is being typed. */
import { runStatuses } from '../domain/runStatus.ts';
import type { KnownNames } from './knownNames.ts';
import { printName, printText } from './printQuery.ts';
import { type AttributeName, attributes, type Field, prefixes } from './query.ts';
import { QueryError } from './queryError.ts';
import { queryTokens, type Token } from './queryTokens.ts';
import { attributeOf, metricPart, splitReference } from './queryWords.ts';
import { comparisonOf, isAdjacent, isSymbol, keywordOf } from './tokenMeaning.ts';

export type CompletionKind = 'field' | 'operator' | 'value' | 'keyword';

export interface QueryCompletion {
  readonly kind: CompletionKind;
  /** What it is called in a list. */
  readonly label: string;
  /** What stands from `start` to `end` afterwards. */
  readonly insertText: string;
  /** Says what it is, for a person. */
  readonly detail: string | undefined;
  readonly start: number;
  readonly end: number;
}

interface Item {
  readonly kind: CompletionKind;
  readonly label: string;
  readonly insertText: string;
  readonly detail?: string | undefined;
}

/** Operators are offered as words that go on: a value follows all but the last two. */
const operators: readonly (readonly [text: string, detail: string])[] = [
  ['=', 'is'],
  ['!=', 'is not'],
  ['<', 'is less than, or before'],
  ['<=', 'is at most'],
  ['>', 'is more than, or after'],
  ['>=', 'is at least'],
  ['in', 'is one of a list'],
  ['not in', 'is none of a list'],
  ['contains', 'has the text in it, whatever its case'],
  ['like', 'is as the pattern: % is any text, _ one character'],
  ['ilike', 'is as the pattern, whatever its case'],
  ['is null', 'is not there'],
  ['is not null', 'is there'],
];

const times: readonly (readonly [text: string, detail: string])[] = [
  ['-1h', 'an hour ago'],
  ['-1d', 'a day ago'],
  ['-7d', 'a week ago'],
  ['-30d', '30 days ago'],
  ['today', 'since midnight'],
  ['yesterday', 'the day before'],
];

/**
 * What can replace the word at an offset, or come there: first those that begin as the word does, or whose name does, then those that hold it.
 *
 * @param offset in UTF-16 units
 */
export function completionsAt(query: string, offset: number, known: KnownNames): readonly QueryCompletion[] {
  const before = tokensBefore(query.slice(0, offset));
  if (before === undefined) {
    return [];
  }
  const { word, start, tokens } = before;
  const end = offset + wordLength(query, offset, word);
  const wanted = word.toLowerCase();
  const items = itemsAt(tokens, word, known).filter(
    ({ label, insertText }) => insertText !== word && (wanted === '' || label.toLowerCase().includes(wanted)),
  );
  const isStart = ({ label }: Item): boolean =>
    [label, label.slice(label.indexOf('.') + 1)].some((name) => name.toLowerCase().startsWith(wanted));
  return [...items.filter(isStart), ...items.filter((item) => !isStart(item))].map((item) => ({
    ...item,
    detail: item.detail,
    start,
    end,
  }));
}

interface Before {
  /** What was typed of the word at the offset. */
  readonly word: string;
  readonly start: number;
  /** Those before it. */
  readonly tokens: readonly Token[];
}

/** Undefined inside what cannot be read. A quote without its end begins the word. */
function tokensBefore(text: string): Before | undefined {
  try {
    const tokens = queryTokens(text).slice(0, -1);
    const last = tokens.at(-1);
    const isTyping = last !== undefined && last.kind !== 'symbol' && last.position + last.length === text.length;
    if (!isTyping) {
      return { word: '', start: text.length, tokens };
    }
    let first = tokens.length - 1;
    const previous = tokens[first - 1];
    if (last.kind !== 'word' && previous?.kind === 'word' && isAdjacent(previous, last)) {
      first -= 1;
    }
    const start = tokens[first]?.position ?? text.length;
    return { word: text.slice(start), start, tokens: tokens.slice(0, first) };
  } catch (error) {
    if (!(error instanceof QueryError) || error.length === 0 || !/["'`]/.test(text.charAt(error.position))) {
      return undefined;
    }
    const rest = text.slice(error.position + 1);
    const earlier = tokensBefore(text.slice(0, error.position));
    // `metrics."val` is one word; `name = "val` is another behind the operator.
    const isName = earlier?.word.endsWith('.') === true;
    return (
      earlier && {
        word: isName ? `${earlier.word}${rest}` : rest,
        start: isName ? earlier.start : error.position,
        tokens:
          earlier.word === '' || isName ? earlier.tokens : queryTokens(text.slice(0, error.position)).slice(0, -1),
      }
    );
  }
}

/** How much of the word is behind the offset. */
function wordLength(query: string, offset: number, word: string): number {
  return word === '' ? 0 : (/^[^\s()<>=!,"'`]*/u.exec(query.slice(offset))?.[0].length ?? 0);
}

function itemsAt(tokens: readonly Token[], word: string, known: KnownNames): Item[] {
  const last = tokens.at(-1);
  if (isInOrder(tokens)) {
    const isFieldNext = last === undefined || keywordOf(last) === 'by' || isSymbol(last, ',') || isSymbol(last, '(');
    return isFieldNext ? fields(word, known) : [keyword('desc', 'highest first'), keyword('asc', 'lowest first')];
  }
  if (last === undefined) {
    return [...fields(word, known), keyword('not'), keyword('order by', 'how the runs are sorted')];
  }
  const role = keywordOf(last);
  if (role === 'and' || role === 'or' || role === 'not' || role === 'has') {
    return fieldBefore(tokens.slice(0, -1)) !== undefined && role === 'not'
      ? operatorItems(['in', 'like', 'ilike', 'contains'])
      : [...fields(word, known), ...(role === 'has' || role === 'not' ? [] : [keyword('not')])];
  }
  if (role === 'is') {
    return [keyword('null', 'is not there'), keyword('not null', 'is there')];
  }
  const listed = listField(tokens);
  if (listed !== undefined) {
    return isSymbol(last, '(') || isSymbol(last, ',') ? valuesOf(listed, known) : [];
  }
  if (isSymbol(last, '(')) {
    const part = tokens.at(-2);
    return part !== undefined && metricPart(part.text) !== undefined
      ? names('metrics', known.metrics)
      : [...fields(word, known), keyword('not')];
  }
  const compared = comparedField(tokens);
  if (compared !== undefined) {
    return valuesOf(compared, known);
  }
  if (fieldBefore(tokens) !== undefined) {
    return operatorItems(operators.map(([text]) => text));
  }
  return [
    keyword('and', 'both hold'),
    keyword('or', 'one of both holds'),
    keyword('order by', 'how the runs are sorted'),
  ];
}

function isInOrder(tokens: readonly Token[]): boolean {
  return tokens.some((token, index) => {
    const next = tokens[index + 1];
    return keywordOf(token) === 'order' && next !== undefined && keywordOf(next) === 'by';
  });
}

/** The field that stands at the end, with no operator behind it. */
function fieldBefore(tokens: readonly Token[]): Field | undefined {
  const last = tokens.at(-1);
  const previous = tokens.at(-2);
  if (last === undefined) {
    return undefined;
  }
  if (isSymbol(last, ')')) {
    const open = tokens.findLastIndex((token) => isSymbol(token, '('));
    const part = metricPart(tokens[open - 1]?.text ?? '');
    const inner = part === undefined ? undefined : fieldBefore(tokens.slice(0, -1));
    return inner?.kind === 'metric' && part !== undefined ? { ...inner, part } : undefined;
  }
  if (last.kind !== 'word') {
    const reference =
      previous?.kind === 'word' && isAdjacent(previous, last) ? splitReference(previous.text) : undefined;
    return reference?.name === '' ? fieldOf(reference.kind, last.text) : undefined;
  }
  if (isValue(previous)) {
    return undefined;
  }
  const reference = splitReference(last.text);
  return fieldOf(reference?.kind ?? 'attribute', reference?.name ?? last.text);
}

/** Whether what follows a token is a value and no field. */
function isValue(previous: Token | undefined): boolean {
  return previous !== undefined && (comparisonOf(previous) !== undefined || isPattern(previous));
}

function isPattern(token: Token): boolean {
  return ['like', 'ilike', 'contains'].includes(keywordOf(token) ?? '');
}

function fieldOf(kind: Field['kind'], name: string): Field | undefined {
  if (kind === 'attribute') {
    const attribute = attributeOf(name);
    return attribute && { kind, name: attribute };
  }
  return kind === 'metric' ? { kind, part: 'last', name } : { kind, name };
}

/** The field before an operator at the end. */
function comparedField(tokens: readonly Token[]): Field | undefined {
  const last = tokens.at(-1);
  if (last === undefined || !isValue(last)) {
    return undefined;
  }
  const previous = tokens.at(-2);
  const isNegated = previous !== undefined && keywordOf(previous) === 'not';
  return fieldBefore(tokens.slice(0, isNegated ? -2 : -1));
}

/** The field whose list is open at the end. */
function listField(tokens: readonly Token[]): Field | undefined {
  const open = tokens.findLastIndex((token) => isSymbol(token, '('));
  const operator = tokens[open - 1];
  const isClosed = tokens.slice(open + 1).some((token) => isSymbol(token, ')'));
  if (open === -1 || isClosed || operator === undefined || keywordOf(operator) !== 'in') {
    return undefined;
  }
  const before = tokens[open - 2];
  const isNegated = before !== undefined && keywordOf(before) === 'not';
  return fieldBefore(tokens.slice(0, isNegated ? open - 2 : open - 1));
}

/** Names are only offered behind their prefix: there are many. */
function fields(word: string, known: KnownNames): Item[] {
  switch (splitReference(word)?.kind) {
    case 'metric':
      return names(prefixes.metric, known.metrics);
    case 'parameter':
      return names(prefixes.parameter, known.parameters);
    case 'tag':
      return names(prefixes.tag, known.tags);
    case 'property':
      return names(prefixes.property, known.properties);
    case 'attribute':
    case undefined:
      break;
  }
  const kinds: readonly (readonly [prefix: string, detail: string])[] = [
    [prefixes.metric, 'the last value of a metric'],
    [prefixes.parameter, 'a parameter'],
    [prefixes.tag, 'a tag'],
    [prefixes.property, 'a property'],
  ];
  return [
    ...kinds.map(
      ([prefix, detail]): Item => ({ kind: 'field', label: `${prefix}.`, insertText: `${prefix}.`, detail }),
    ),
    ...(Object.keys(attributes) as AttributeName[]).map(
      (name): Item => ({ kind: 'field', label: name, insertText: name, detail: attributes[name].description }),
    ),
    ...(word === ''
      ? []
      : [
          ...names(prefixes.metric, known.metrics),
          ...names(prefixes.parameter, known.parameters),
          ...names(prefixes.tag, known.tags),
        ]),
    ...['min', 'max', 'count'].map(
      (part): Item => ({ kind: 'field', label: `${part}(`, insertText: `${part}(`, detail: `${part} of a metric` }),
    ),
  ];
}

function names(prefix: string, known: readonly string[]): Item[] {
  return known.map((name) => ({
    kind: 'field',
    label: `${prefix}.${name}`,
    insertText: `${prefix}.${printName(name)}`,
  }));
}

function operatorItems(wanted: readonly string[]): Item[] {
  return operators
    .filter(([text]) => wanted.includes(text))
    .map(([text, detail]) => ({ kind: 'operator', label: text, insertText: text, detail }));
}

function valuesOf(field: Field, known: KnownNames): Item[] {
  const values = (texts: readonly string[]): Item[] =>
    texts.map((text) => ({ kind: 'value', label: text, insertText: printText(text) }));
  if (field.kind === 'tag') {
    return values(Object.hasOwn(known.tagValues, field.name) ? (known.tagValues[field.name] ?? []) : []);
  }
  if (field.kind !== 'attribute') {
    return [];
  }
  if (attributes[field.name].type === 'time') {
    return times.map(([text, detail]) => ({ kind: 'value', label: text, insertText: text, detail }));
  }
  switch (field.name) {
    case 'status':
      return values(runStatuses);
    case 'experiment':
      return values(known.experiments);
    default:
      return [];
  }
}

function keyword(text: string, detail?: string): Item {
  return { kind: 'keyword', label: text, insertText: text, detail };
}
