/** What tables and charts over the runs of an experiment are made of. */
import type { DatabaseSync } from 'node:sqlite';
import type { RunStatus } from '../domain/runStatus.ts';
import { matchingRuns } from '../run-query/matchingRuns.ts';
import { unchanging } from '../run-query/pageOfRuns.ts';
import { parseQuery } from '../run-query/parseQuery.ts';
import type { SortKey } from '../run-query/query.ts';
import { defaultThresholds, runComparison, withSortValues } from '../run-query/sortValues.ts';

export interface RunTableQuery {
  readonly experimentKey: string;
  /** As docs/run-filters.md describes; empty: all runs. */
  readonly filter: string;
  /** Before what the filter says of the order; the newest come first where neither does. */
  readonly sort: readonly SortKey[];
  /** Lists child runs like any others; without, those whose parent is there are left out. */
  readonly withChildren: boolean;
}

/** Which runs a table has, in its order, as keys of the index: whoever shows some of them asks for their rows. */
export interface RunTable {
  readonly runs: readonly number[];
  /** How many runs there are without the filter. */
  readonly total: number;
  /** Of all runs of the experiment, child runs too. */
  readonly statuses: readonly StatusCount[];
  /** When the newest was made, Unix seconds. */
  readonly lastCreated: number | undefined;
}

export interface StatusCount {
  readonly status: RunStatus;
  readonly count: number;
}

/**
 * @param now Unix seconds
 * @throws QueryError where the filter cannot be understood
 */
export function readRunTable(database: DatabaseSync, query: RunTableQuery, now: number): RunTable {
  const { condition, order } = parseQuery(query.filter);
  const scope = { experimentKey: query.experimentKey, topLevelOnly: !query.withChildren };
  const keys = [...query.sort, ...order];
  return unchanging(database, () => {
    const all = matchingRuns(database, undefined, scope, now);
    const matches = condition === undefined ? all : matchingRuns(database, condition, scope, now);
    const sorted = withSortValues({ database, now, thresholds: defaultThresholds }, matches, keys);
    const statuses = database
      .prepare('SELECT status, count(*) AS count FROM runs WHERE experiment = ? GROUP BY status ORDER BY count DESC')
      .all(query.experimentKey)
      .map(({ status, count }) => ({ status: status as RunStatus, count: Number(count) }));
    const last = database
      .prepare('SELECT created FROM runs WHERE experiment = ? ORDER BY number DESC LIMIT 1')
      .get(query.experimentKey)?.created;
    return {
      runs: sorted.toSorted(runComparison(keys)).map(({ run }) => run),
      total: all.size,
      statuses,
      lastCreated: typeof last === 'number' ? last : undefined,
    };
  });
}
