import type { DatabaseSync } from 'node:sqlite';

/** Names and values that are in a workspace: what completion offers. */
export interface KnownNames {
  readonly metrics: readonly string[];
  readonly parameters: readonly string[];
  readonly tags: readonly string[];
  readonly properties: readonly string[];
  readonly experiments: readonly string[];
  /** Some of the values of each tag, by its name. */
  readonly tagValues: Readonly<Record<string, readonly string[]>>;
}

const mostNames = 2000;
const mostTags = 200;
const mostValues = 50;

/** The names of an index's runs, sorted. Each is found by a jump to the next in an index, so it does not matter how many runs there are. */
export function readKnownNames(database: DatabaseSync): KnownNames {
  const texts = (sql: string, ...values: (string | number)[]): string[] =>
    database
      .prepare(sql)
      .all(...values)
      .map(({ text }) => String(text));
  const distinct = (table: string, column: string): string[] => texts(jumps(table, column), mostNames);
  const tags = distinct('tags', 'name');
  const valuesOf = (tag: string): string[] => texts(jumps('tags', 'value', 'name = ?2'), mostValues, tag);
  const experiments = distinct('runs', 'experiment').map(
    (key) => texts('SELECT experiment_name AS text FROM runs WHERE experiment = ? LIMIT 1', key)[0] ?? key,
  );
  return {
    metrics: texts('SELECT text FROM names ORDER BY text LIMIT ?', mostNames),
    parameters: distinct('parameters', 'name'),
    tags,
    properties: distinct('properties', 'name'),
    experiments,
    tagValues: Object.fromEntries(tags.slice(0, mostTags).map((tag) => [tag, valuesOf(tag)])),
  };
}

/** The different names of what runs have, sorted; of very many the first. */
export function distinctNames(database: DatabaseSync, table: 'parameters' | 'tags' | 'properties'): readonly string[] {
  return database
    .prepare(jumps(table, 'name'))
    .all(mostNames)
    .map(({ text }) => String(text));
}

/** The names of several workspaces, each once and sorted. */
export function joinedNames(known: readonly KnownNames[]): KnownNames {
  const join = (lists: readonly (readonly string[])[]): string[] => [...new Set(lists.flat())].sort();
  const tags = join(known.map((names) => names.tags));
  const valuesOf = (tag: string): string[] =>
    join(known.map(({ tagValues }) => (Object.hasOwn(tagValues, tag) ? (tagValues[tag] ?? []) : [])));
  return {
    metrics: join(known.map((names) => names.metrics)),
    parameters: join(known.map((names) => names.parameters)),
    tags,
    properties: join(known.map((names) => names.properties)),
    experiments: join(known.map((names) => names.experiments)),
    tagValues: Object.fromEntries(tags.map((tag) => [tag, valuesOf(tag)])),
  };
}

/** Selects the different values of a column whose index begins with it, or with what the condition names. */
function jumps(table: string, column: string, condition = 'true'): string {
  return `WITH RECURSIVE found (text) AS (
      SELECT min(${column}) FROM ${table} WHERE ${condition}
      UNION ALL
      SELECT (SELECT min(${column}) FROM ${table} WHERE ${condition} AND ${column} > found.text) FROM found
      WHERE text IS NOT NULL
    )
    SELECT text FROM found WHERE text IS NOT NULL LIMIT ?1`;
}
