/** Plain runs, and an index in memory that holds them as the indexer stores them. */
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { runStatuses } from '../../src/core/domain/runStatus.ts';
import { filterIndexes, indexTables } from '../../src/core/run-index/indexSchema.ts';
import { settleMetrics } from '../../src/core/run-index/metricColumns.ts';
import { deleteRunMetrics, type MetricEntry, saveRunMetrics } from '../../src/core/run-index/metricSummary.ts';
import { saveSearchTexts } from '../../src/core/run-index/searchTexts.ts';
import { experimentKey } from '../../src/core/store/names.ts';
import { someNames, someNumbers, someTexts } from './anyQuery.ts';
import type { PlainMetric, PlainRun } from './naiveFilter.ts';

const nameKeys: ReadonlyMap<string, number> = new Map(someNames.map((name, index) => [name, index + 1]));

/** Noon of the day that queries of {@link someTimes} are about. */
export const testNow = Date.UTC(2026, 10, 21, 12) / 1000;

const finite = someNumbers.filter(Number.isFinite);
const anyText = fc.constantFrom(...someTexts);
const anyLast = fc.oneof(fc.constantFrom(...someNumbers), fc.constant(Number.NaN), fc.boolean(), anyText);
const anyTime = fc.constantFrom(0, 1, 3600, 43_200, 86_400, 129_600, 200_000).map((ago) => testNow - ago);

const anyMetric: fc.Arbitrary<PlainMetric> = fc
  .oneof(
    { weight: 5, arbitrary: fc.tuple(anyLast, fc.option(fc.constantFrom(...finite), { nil: undefined })) },
    { weight: 1, arbitrary: fc.constant([undefined, undefined] as const) },
  )
  .map(([last, min]) => ({ last, min, max: min === undefined ? undefined : min + 1, count: 3 }));

function mapOf<T>(value: fc.Arbitrary<T>): fc.Arbitrary<ReadonlyMap<string, T>> {
  return fc.array(fc.tuple(fc.constantFrom(...someNames), value), { maxLength: 5 }).map((pairs) => new Map(pairs));
}

const anyRun = fc.record({
  experiment: fc.constantFrom('Iris', 'a b', 'Été'),
  status: fc.constantFrom(...runStatuses),
  created: anyTime,
  started: fc.option(anyTime),
  ended: fc.option(anyTime),
  name: fc.option(anyText),
  type: fc.constantFrom(null, 'azureml.scriptrun', 'abc'),
  target: fc.option(anyText),
  script: fc.constantFrom(null, 'train.py'),
  user: fc.option(anyText),
  host: fc.option(anyText),
  parent: fc.constantFrom(null, null, 'run-1', 'gone'),
  description: fc.option(anyText),
  notes: fc.option(anyText),
  metrics: mapOf(anyMetric),
  parameters: mapOf(fc.oneof(anyLast, fc.constant(null))),
  tags: mapOf(fc.option(anyText)),
  properties: mapOf(anyText),
});

export const anyRuns: fc.Arbitrary<readonly PlainRun[]> = fc
  .array(anyRun, { maxLength: 12 })
  .map((runs) => runs.map((run, index) => ({ ...run, run: index * 7 + 1, id: `run-${index}`, number: index + 1 })));

export function entryOf([name, { last, min, max, count }]: readonly [string, PlainMetric]): MetricEntry {
  const number = typeof last === 'boolean' ? Number(last) : last;
  return {
    name: nameKeys.get(name) ?? 0,
    kind: last === undefined ? 'table' : 'metric',
    count,
    last: typeof number === 'number' ? number : Number.NaN,
    lastText: (typeof last === 'number' && Number.isFinite(last)) || last === undefined ? null : String(last),
    min: min ?? Number.NaN,
    max: max ?? Number.NaN,
  };
}

/** In each of the states that metrics of runs can be in: sorted by name, changed since, and waiting for it; beside some that are gone. */
function saveMetrics(database: DatabaseSync, runs: readonly PlainRun[]): void {
  const goneRun = 5000;
  const entries = (metrics: PlainRun['metrics']): MetricEntry[] => [...metrics].map(entryOf);
  const everything = someNames.map((name) => entryOf([name, { last: 1, min: 0, max: 2, count: 9 }]));
  database.exec(`INSERT INTO runs (run, id, experiment, experiment_name, number, status, is_open, created, line_problems, last_record,
    journals_changed, revision) VALUES (${goneRun}, 'to be gone', 'x', 'x', 1, 'Completed', 0, 0, 0, 0, 0, 0)`);
  saveRunMetrics(database, goneRun, everything, true);
  for (const [index, { run, metrics }] of runs.entries()) {
    if (index % 3 === 0) {
      saveRunMetrics(database, run, entries(metrics), true);
    } else if (index % 3 === 1) {
      const before = new Map([...metrics.keys()].map((name) => [name, { last: 7, min: 7, max: 7, count: 1 }]));
      saveRunMetrics(database, run, entries(before), true);
    }
  }
  settleMetrics(database, { runs: 0, metrics: 0 });
  for (const [index, { run, metrics }] of runs.entries()) {
    if (index % 3 !== 0) {
      saveRunMetrics(database, run, entries(metrics), index % 3 === 2);
    }
    if (index === 4) {
      settleMetrics(database, { runs: 0, metrics: 0 });
    }
  }
  deleteRunMetrics(database, goneRun);
  database.exec(`DELETE FROM runs WHERE run = ${goneRun}`);
}

/** The index that has these runs. */
export function indexOf(runs: readonly PlainRun[]): DatabaseSync {
  const database = new DatabaseSync(':memory:');
  database.exec(indexTables);
  const insert = (table: string, row: Readonly<Record<string, string | number | null>>): void => {
    const columns = Object.keys(row);
    const places = columns.map(() => '?').join(', ');
    database.prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places})`).run(...Object.values(row));
  };
  for (const [text, name] of nameKeys) {
    insert('names', { name, text });
  }
  for (const { metrics: _, parameters, tags, properties, experiment, ...columns } of runs) {
    const { run } = columns;
    insert('runs', {
      ...columns,
      experiment: experimentKey(experiment),
      experiment_name: experiment,
      is_open: 0,
      line_problems: 0,
      last_record: 0,
      journals_changed: 0,
      revision: 0,
    });
    for (const [name, value] of parameters) {
      const number = typeof value === 'boolean' ? Number(value) : typeof value === 'number' ? value : null;
      const text = value === null ? null : String(value);
      insert('parameters', { run, name, number: Number.isNaN(number) ? null : number, text });
    }
    for (const [name, value] of tags) {
      insert('tags', { run, name, value });
    }
    for (const [name, value] of properties) {
      insert('properties', { run, name, value });
    }
  }
  saveMetrics(database, runs);
  saveSearchTexts(database);
  database.exec(filterIndexes.join(';'));
  return database;
}
