/** The words of the language: what the parser knows and completion offers. */
import { type AttributeName, attributes, isAttributeName, type MetricPart, type NamedKind } from './query.ts';

/** Words that are no text to search for, unless they are quoted. */
const keywords = [
  'and',
  'or',
  'not',
  'in',
  'like',
  'ilike',
  'contains',
  'is',
  'null',
  'has',
  'order',
  'by',
  'asc',
  'desc',
] as const;
export type Keyword = (typeof keywords)[number];

export function isKeyword(text: string): text is Keyword {
  return (keywords as readonly string[]).includes(text);
}

const partsOfMetrics: readonly MetricPart[] = ['last', 'min', 'max', 'count'];

export function metricPart(text: string): MetricPart | undefined {
  return partsOfMetrics.find((part) => part === text.toLowerCase());
}

/** How fields may begin, in the order in which they are offered; others have these by other names. */
const kindsOfPrefixes: ReadonlyMap<string, 'metric' | NamedKind | 'attribute'> = new Map([
  ['metrics', 'metric'],
  ['metric', 'metric'],
  ['params', 'parameter'],
  ['param', 'parameter'],
  ['parameters', 'parameter'],
  ['parameter', 'parameter'],
  ['tags', 'tag'],
  ['tag', 'tag'],
  ['properties', 'property'],
  ['property', 'property'],
  ['attributes', 'attribute'],
  ['attribute', 'attribute'],
  ['attr', 'attribute'],
]);

/** What a word before its first dot says about the field; undefined where it is no field. */
export function splitReference(
  text: string,
): { readonly kind: 'metric' | NamedKind | 'attribute'; readonly name: string } | undefined {
  const dot = text.indexOf('.');
  const kind = dot === -1 ? undefined : kindsOfPrefixes.get(text.slice(0, dot).toLowerCase());
  return kind === undefined ? undefined : { kind, name: text.slice(dot + 1) };
}

/** Names of attributes in MLflow and Azure ML. */
const aliases: ReadonlyMap<string, AttributeName> = new Map([
  ['run_id', 'id'],
  ['run_name', 'name'],
  ['display_name', 'name'],
  ['displayname', 'name'],
  ['start_time', 'started'],
  ['end_time', 'ended'],
  ['created_time', 'created'],
  ['user_id', 'user'],
  ['experiment_name', 'experiment'],
  ['parent_run_id', 'parent'],
  ['compute_target', 'target'],
]);

export function attributeOf(text: string): AttributeName | undefined {
  const name = text.toLowerCase();
  return isAttributeName(name) ? name : aliases.get(name);
}

/** What a field can be called, for suggestions. */
export const fieldNames: readonly string[] = [...Object.keys(attributes), 'metrics', 'params', 'tags', 'properties'];
