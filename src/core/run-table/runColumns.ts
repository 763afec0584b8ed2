import type { DatabaseSync } from 'node:sqlite';
import { isSystemMetric, type MetricKind } from '../domain/metric.ts';

/** What the runs of an experiment have by name: what can be a column. */
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

export interface MetricColumn extends NamedColumn {
  readonly kind: MetricKind;
  /** What the supervisor measured of the machine, which is no result. */
  readonly isSystem: boolean;
  /** The most points that a run has of it: 1 for what is recorded once. */
  readonly mostPoints: number;
  /** Lowest and highest value of all runs; undefined where no number was recorded. */
  readonly min: number | undefined;
  readonly max: number | undefined;
}

/** Sorted by name. */
export function readRunColumns(database: DatabaseSync, experimentKey: string): RunColumns {
  // From the runs to what they have: an experiment may be a small part of the store.
  const ofRuns = (columns: string, table: string, group: string): string =>
    `SELECT ${columns}, count(*) AS runs FROM runs INDEXED BY runs_by_number CROSS JOIN ${table} ON ${table}.run = runs.run
     WHERE runs.experiment = ? GROUP BY ${group}`;
  const named = (table: string): NamedColumn[] =>
    database
      .prepare(`${ofRuns(`${table}.name AS text`, table, `${table}.name`)} ORDER BY 1`)
      .all(experimentKey)
      .map(({ text, runs }) => ({ name: String(text), runCount: Number(runs) }));
  const metrics = database
    .prepare(
      `SELECT text, found.* FROM (${ofRuns(
        'metrics.name AS name, min(kind) AS kind, max(count) AS points, min(min) AS low, max(max) AS high',
        'metrics',
        'metrics.name',
      )}) AS found JOIN names USING (name) ORDER BY text`,
    )
    .all(experimentKey)
    .map(({ text, kind, points, low, high, runs }) => ({
      name: String(text),
      kind: kind as MetricKind,
      isSystem: isSystemMetric(String(text)),
      runCount: Number(runs),
      mostPoints: Number(points),
      min: typeof low === 'number' ? low : undefined,
      max: typeof high === 'number' ? high : undefined,
    }));
  return { metrics, parameters: named('parameters'), tags: named('tags'), properties: named('properties') };
}
