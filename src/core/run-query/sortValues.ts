/** What runs are sorted by. */
import type { DatabaseSync } from 'node:sqlite';
import { metricColumn } from '../run-index/metricColumns.ts';
import { metricsOfRuns } from '../run-index/metricSummary.ts';
import { attributeColumn } from './attributeCondition.ts';
import { fieldIndex, numberInText, tableOf } from './namedFieldRows.ts';
import type { AttributeField, Field, MetricField, RowField, SortKey } from './query.ts';
import type { RunSet } from './runSet.ts';
import { fragment, type SqlFragment } from './sqlFragment.ts';

/** Of up to so many runs, a metric is looked up run by run. */
const lookedUp = 100;

/** Null where the run has none: it comes last, whatever the direction. */
export type SortValue = number | string | null;

/** A run with its place in an order: values of the keys, then what all orders end with. */
export interface SortedRun {
  readonly values: readonly SortValue[];
  readonly created: number;
  readonly run: number;
}

export interface Sorting {
  readonly database: DatabaseSync;
  /** Unix seconds. */
  readonly now: number;
  readonly thresholds: SortThresholds;
}

/** What is worth it for how many runs: the results are the same for any. */
export interface SortThresholds {
  /** Up to so many runs are looked up and sorted; of more, an index is walked, or the values of all runs are read. */
  readonly sortedAtOnce: number;
  /** Rows of an index that are read before all of it is. */
  readonly rowsAtFirst: number;
}

export const defaultThresholds: SortThresholds = { sortedAtOnce: 2000, rowsAtFirst: 1000 };

/** Texts as people order them: `run 2` before `run 10`, in any case and language alike on all machines. */
const collator = new Intl.Collator('en', { numeric: true });

/** By the keys, then the newest first, then the one that came into the index last. */
export function runComparison(keys: readonly SortKey[]): (a: SortedRun, b: SortedRun) => number {
  return (a, b) => {
    for (const [index, { isDescending }] of keys.entries()) {
      const order = compareValues(a.values[index] ?? null, b.values[index] ?? null, isDescending);
      if (order !== 0) {
        return order;
      }
    }
    return b.created - a.created || b.run - a.run;
  };
}

function compareValues(a: SortValue, b: SortValue, isDescending: boolean): number {
  if (a === null || b === null) {
    return Number(a === null) - Number(b === null);
  }
  let order = 0;
  if (typeof a === 'number' && typeof b === 'number') {
    // A difference of two infinities would be no number.
    order = a < b ? -1 : a > b ? 1 : 0;
  } else if (typeof a === 'string' && typeof b === 'string') {
    order = collator.compare(a, b);
  } else {
    order = typeof a === 'number' ? -1 : 1;
  }
  return isDescending ? -order : order;
}

/** The runs of a set with what they are sorted by. */
export function withSortValues(sorting: Sorting, runs: RunSet, keys: readonly SortKey[]): readonly SortedRun[] {
  const wanted = runs.runs();
  const columns = keys.map(({ field }) => readValues(sorting, runs, wanted, field));
  const created = readValues(sorting, runs, wanted, { kind: 'attribute', name: 'created' });
  return wanted.map((run) => ({
    values: columns.map((column) => column[run] ?? null),
    created: Number(created[run]),
    run,
  }));
}

/** What each run of a set is sorted by in one field, at the place of its key. */
export function readValues(
  { database, now, thresholds }: Sorting,
  runs: RunSet,
  wanted: readonly number[],
  field: Field,
): ReadonlyArray<SortValue | undefined> {
  if (field.kind === 'metric') {
    return metricValues(database, runs, wanted, field);
  }
  const isFew = wanted.length <= thresholds.sortedAtOnce;
  const { sql, values } = isFew ? lookUp(field, wanted, now) : selectValues(field, now);
  const [keys, found] = readPairs(database, fragment(sql, ...values));
  // By the runs' keys, which are small and dense.
  const result: (SortValue | undefined)[] = [];
  for (const [index, run] of keys.entries()) {
    if (isFew || runs.has(run)) {
      result[run] = found[index] ?? null;
    }
  }
  return result;
}

/** A metric is sorted by its numbers. */
function metricValues(
  database: DatabaseSync,
  runs: RunSet,
  wanted: readonly number[],
  { name, part }: MetricField,
): (SortValue | undefined)[] {
  const result: (SortValue | undefined)[] = [];
  if (wanted.length <= lookedUp) {
    const key = Number(database.prepare('SELECT name FROM names WHERE text = ?').get(name)?.name ?? -1);
    for (const [run, metrics] of metricsOfRuns(database, wanted)) {
      const index = metrics.indexOf(key);
      if (index >= 0) {
        result[run] = numberOrNull(metrics.value(index, part));
      }
    }
    return result;
  }
  const column = metricColumn(database, name, part);
  for (let index = 0; index < column.runs.length; index += 1) {
    const run = column.runs[index] as number;
    if (runs.has(run)) {
      result[run] = numberOrNull(column.numbers[index] as number);
    }
  }
  return result;
}

function numberOrNull(number: number): number | null {
  return Number.isNaN(number) ? null : number;
}

/** What a selection of `run` and `value` gives, as two JSON texts: that is faster than rows, and exact. */
export function readPairs(
  database: DatabaseSync,
  { sql, values }: SqlFragment,
): readonly [runs: number[], values: SortValue[]] {
  const statement = database.prepare(
    `SELECT json_group_array(run) AS runs, json_group_array(value) AS found FROM (${sql})`,
  );
  const row = statement.get(...values);
  return [JSON.parse(String(row?.runs)) as number[], JSON.parse(String(row?.found)) as SortValue[]];
}

function selectValues(field: RowField | AttributeField, now: number): SqlFragment {
  if (field.kind === 'attribute') {
    const column = attributeColumn(field.name, now);
    return fragment(`SELECT run, ${column.sql} AS value FROM runs`, ...column.values);
  }
  return selectNamed(field);
}

function selectNamed(field: RowField): SqlFragment {
  const table = tableOf(field);
  const select = (value: string, index: string, condition = ''): string =>
    `SELECT run, ${value} AS value FROM ${table} INDEXED BY ${index} WHERE name = ? ${condition}`;
  switch (field.kind) {
    case 'parameter': {
      // Two halves, so that numbers are read from their index alone.
      const numbers = select('number', 'parameters_by_number', 'AND number IS NOT NULL');
      const texts = select(valueColumn(field, table), 'parameters_by_number', 'AND number IS NULL');
      return fragment(`${numbers} UNION ALL ${texts}`, field.name, field.name);
    }
    case 'tag':
    case 'property':
      return fragment(select(valueColumn(field, table), fieldIndex(field)), field.name);
  }
}

function lookUp(field: RowField | AttributeField, runs: readonly number[], now: number): SqlFragment {
  const wanted = JSON.stringify(runs);
  if (field.kind === 'attribute') {
    const column = attributeColumn(field.name, now);
    return fragment(
      `SELECT run, ${column.sql} AS value FROM runs WHERE run IN (SELECT value FROM json_each(?))`,
      ...column.values,
      wanted,
    );
  }
  const table = tableOf(field);
  // From the runs to their values: else SQLite would go through all runs that have the name.
  return fragment(
    `SELECT run, ${valueColumn(field, table)} AS value
     FROM json_each(?) AS wanted CROSS JOIN ${table} ON ${table}.run = wanted.value AND ${table}.name = ?`,
    wanted,
    field.name,
  );
}

/** A text that spells a number is sorted as that number. */
function valueColumn(field: RowField, table: string): string {
  switch (field.kind) {
    case 'parameter':
      return `coalesce(${table}.number, ${numberInText(`${table}.text`)}, ${table}.text)`;
    case 'tag':
    case 'property':
      return `coalesce(${numberInText(`${table}.value`)}, ${table}.value)`;
  }
}
