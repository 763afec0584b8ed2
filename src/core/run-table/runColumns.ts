/** What the runs of an experiment have by name: what can be a column. */
import type { DatabaseSync } from 'node:sqlite';
import { isSystemMetric, type MetricKind } from '../domain/metric.ts';
import { RunMetrics } from '../run-index/metricSummary.ts';
import { distinctNames } from '../run-query/knownNames.ts';
import { readRuns } from '../run-query/matchingRuns.ts';
import { unchanging } from '../run-query/pageOfRuns.ts';
import { RunSet } from '../run-query/runSet.ts';
import { fragment } from '../run-query/sqlFragment.ts';

/** Each list is sorted by name. */
export interface RunColumns {
  readonly metrics: readonly MetricColumn[];
  readonly parameters: readonly NamedColumn[];
  readonly tags: readonly NamedColumn[];
  readonly properties: readonly NamedColumn[];
}

export interface NamedColumn {
  readonly name: string;
  /** Runs that have it. */
  readonly runCount: number;
}

/** Beside the count, what its runs tell of a metric. */
export interface MetricColumn extends NamedColumn {
  readonly kind: MetricKind;
  /** What the supervisor measured of the machine, which is no result. */
  readonly isSystem: boolean;
  /** The most points that one of these runs has of it: 1 for what is recorded once. */
  readonly mostPoints: number;
  readonly hasNumbers: boolean;
}

/** An experiment that is a smaller part of the store is read run by run, any other name by name. */
const smallShare = 1 / 4;

/** Names of a table: where they are, and which index has all runs of a name. */
interface NameSource {
  readonly table: 'parameters' | 'tags' | 'properties';
  readonly index: string;
}

const sources = {
  parameters: { table: 'parameters', index: 'parameters_by_text' },
  tags: { table: 'tags', index: 'tags_by_value' },
  properties: { table: 'properties', index: 'properties_by_value' },
} as const satisfies Record<string, NameSource>;

export function readRunColumns(database: DatabaseSync, experimentKey: string): RunColumns {
  return unchanging(database, () => {
    const runs = RunSet.of(
      readRuns(
        database,
        fragment('SELECT run FROM runs INDEXED BY runs_by_number WHERE experiment = ?', experimentKey),
      ),
    );
    const total = Number(database.prepare('SELECT count(*) AS count FROM runs').get()?.count ?? 0);
    const isSmall = runs.size < total * smallShare;
    const read = (source: NameSource): readonly (readonly [name: string | number, runs: RunSet])[] =>
      isSmall ? namesRunByRun(database, source, runs) : namesInTurn(database, source, runs);
    const named = (source: NameSource): NamedColumn[] =>
      read(source)
        .map(([name, having]) => ({ name: String(name), runCount: having.size }))
        .sort(byName);
    return {
      metrics: readMetricColumns(database, experimentKey).sort(byName),
      parameters: named(sources.parameters),
      tags: named(sources.tags),
      properties: named(sources.properties),
    };
  });
}

function byName(a: NamedColumn, b: NamedColumn): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

/** From the names to the runs that have them. */
function namesInTurn(
  database: DatabaseSync,
  { table, index }: NameSource,
  runs: RunSet,
): readonly (readonly [name: string | number, runs: RunSet])[] {
  return distinctNames(database, table).flatMap((name) => {
    const having = RunSet.of(
      readRuns(database, fragment(`SELECT run FROM ${table} INDEXED BY ${index} WHERE name = ?`, name)),
    ).and(runs);
    return having.size === 0 ? [] : [[name, having] as const];
  });
}

/** From the runs to the names that they have. */
function namesRunByRun(
  database: DatabaseSync,
  { table }: NameSource,
  runs: RunSet,
): readonly (readonly [name: string | number, runs: RunSet])[] {
  const row = database
    .prepare(
      `SELECT json_group_array(${table}.run) AS runs, json_group_array(${table}.name) AS names
       FROM json_each(?) AS wanted CROSS JOIN ${table} ON ${table}.run = wanted.value`,
    )
    .get(JSON.stringify(runs.runs()));
  const names = JSON.parse(String(row?.names)) as (string | number)[];
  const byName = new Map<string | number, number[]>();
  for (const [index, run] of (JSON.parse(String(row?.runs)) as number[]).entries()) {
    const name = names[index] ?? '';
    const known = byName.get(name);
    if (known === undefined) {
      byName.set(name, [run]);
    } else {
      known.push(run);
    }
  }
  return [...byName].map(([name, having]) => [name, RunSet.of(having)]);
}

/** From the runs to their metrics, each of which is looked at. */
function readMetricColumns(database: DatabaseSync, experimentKey: string): MetricColumn[] {
  const rows = database
    .prepare(
      `SELECT names, counts FROM runs INDEXED BY runs_by_number CROSS JOIN run_metrics USING (run) WHERE experiment = ?`,
    )
    .iterate(experimentKey);
  const found = new Map<number, { kind: MetricKind; runCount: number; mostPoints: number; hasNumbers: boolean }>();
  for (const row of rows) {
    const metrics = RunMetrics.unpack(row);
    for (let index = 0; index < metrics.names.length; index += 1) {
      const name = metrics.names[index] as number;
      const count = metrics.counts[index] as number;
      const known = found.get(name);
      if (known === undefined) {
        const kind = metrics.kind(index);
        found.set(name, { kind, runCount: 1, mostPoints: count, hasNumbers: metrics.hasNumbers(index) });
      } else {
        known.runCount += 1;
        known.mostPoints = count > known.mostPoints ? count : known.mostPoints;
        known.hasNumbers ||= metrics.hasNumbers(index);
      }
    }
  }
  const textOf = database.prepare('SELECT text FROM names WHERE name = ?');
  return [...found].map(([key, column]) => {
    const name = String(textOf.get(key)?.text);
    return { name, isSystem: isSystemMetric(name), ...column };
  });
}
