/** The rows of a table of runs. */
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import type { Scalar } from '../domain/metric.ts';
import type { RunStatus } from '../domain/runStatus.ts';
import { metricsOfRuns, type RunMetrics } from '../run-index/metricSummary.ts';
import { attributeColumn } from '../run-query/attributeCondition.ts';
import { tableOf } from '../run-query/namedFieldRows.ts';
import { unchanging } from '../run-query/pageOfRuns.ts';
import type { AttributeField, Field, MetricField, RowField } from '../run-query/query.ts';

export interface RunRowsQuery {
  /** Keys of the index, as a {@link RunTable} has them. */
  readonly runs: readonly number[];
  readonly columns: readonly Field[];
}

export interface RunRow {
  readonly run: number;
  readonly id: string;
  readonly number: number;
  /** The name that it was given. */
  readonly name: string | undefined;
  readonly status: RunStatus;
  /** Why it cannot be read. */
  readonly problem: string | undefined;
  readonly parentId: string | undefined;
  /** Unix seconds. */
  readonly created: number;
  readonly started: number | undefined;
  readonly ended: number | undefined;
  /** Of each column, as it was recorded; null where the run has none, true for a tag without a value. */
  readonly values: readonly (Scalar | null)[];
}

/** Runs that are gone are left out; the others come in the order of the query. */
export function readRunRows(database: DatabaseSync, { runs, columns }: RunRowsQuery, now: number): readonly RunRow[] {
  return unchanging(database, () => {
    const wanted = JSON.stringify(runs);
    const metrics = [...metricsOfRuns(database, runs)];
    const values = columns.map((column) =>
      column.kind === 'metric'
        ? metricOf(database, column, metrics, wanted)
        : readColumn(database, column, wanted, now),
    );
    return database
      .prepare(
        `SELECT runs.run, runs.id, number, name, status, problem, runs.parent, created, started, ended
         FROM json_each(?) AS wanted CROSS JOIN runs ON runs.run = wanted.value ORDER BY wanted.key`,
      )
      .all(wanted)
      .map((row) => {
        const run = Number(row.run);
        return {
          run,
          id: String(row.id),
          number: Number(row.number),
          name: textOf(row.name),
          status: row.status as RunStatus,
          problem: textOf(row.problem),
          parentId: textOf(row.parent),
          created: Number(row.created),
          started: numberOf(row.started),
          ended: numberOf(row.ended),
          values: values.map((column) => column.get(run) ?? null),
        };
      });
  });
}

/** What each run has of a metric, in a map like that of {@link readColumn}. */
function metricOf(
  database: DatabaseSync,
  { name, part }: MetricField,
  metrics: readonly (readonly [run: number, metrics: RunMetrics])[],
  wanted: string,
): ReadonlyMap<number, Scalar | null> {
  const key = Number(database.prepare('SELECT name FROM names WHERE text = ?').get(name)?.name ?? -1);
  const found = new Map<number, Scalar | null>();
  for (const [run, of] of metrics) {
    const index = of.indexOf(key);
    const number = index < 0 ? Number.NaN : of.value(index, part);
    if (!Number.isNaN(number)) {
      found.set(run, number);
    }
  }
  if (part === 'last') {
    const texts = database
      .prepare('SELECT run, text FROM metric_texts WHERE name = ? AND run IN (SELECT value FROM json_each(?))')
      .all(key, wanted);
    for (const { run, text } of texts) {
      found.set(Number(run), recordedValue(null, text));
    }
  }
  return found;
}

/** What each run has in a column. Only those that have something are in the map. */
function readColumn(
  database: DatabaseSync,
  field: RowField | AttributeField,
  wanted: string,
  now: number,
): ReadonlyMap<number, Scalar | null> {
  if (field.kind === 'attribute') {
    const column = attributeColumn(field.name, now);
    const rows = database
      .prepare(`SELECT run, ${column.sql} AS number FROM runs WHERE run IN (SELECT value FROM json_each(?))`)
      .all(...column.values, wanted);
    return new Map(rows.map((row) => [Number(row.run), scalarOf(row.number)]));
  }
  const table = tableOf(field);
  const decode = field.kind === 'tag' || field.kind === 'property' ? annotation : recordedValue;
  const rows = database
    .prepare(
      `SELECT run, ${recorded(field)}
       FROM json_each(?) AS wanted CROSS JOIN ${table} ON ${table}.run = wanted.value AND ${table}.name = ?`,
    )
    .all(wanted, field.name);
  return new Map(rows.map((row) => [Number(row.run), decode(row.number, row.text)]));
}

/** A number and the text that was recorded with it, or in its place. */
function recorded(field: RowField): string {
  switch (field.kind) {
    case 'parameter':
      return 'number, text';
    case 'tag':
      return 'NULL AS number, tags.value AS text';
    case 'property':
      return 'NULL AS number, properties.value AS text';
  }
}

function recordedValue(number: SQLOutputValue | undefined, text: SQLOutputValue | undefined): Scalar | null {
  if (typeof number !== 'number') {
    return text === 'NaN' ? Number.NaN : scalarOf(text);
  }
  // A boolean is kept as the number that it is compared as, beside its own spelling.
  return text === 'true' || text === 'false' ? text === 'true' : number;
}

/** A tag may be there without a value. */
function annotation(_number: SQLOutputValue | undefined, text: SQLOutputValue | undefined): Scalar {
  return typeof text === 'string' ? text : true;
}

function scalarOf(value: SQLOutputValue | undefined): Scalar | null {
  return typeof value === 'number' || typeof value === 'string' ? value : null;
}

function textOf(value: SQLOutputValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function numberOf(value: SQLOutputValue | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
