import { createHash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { RunledgerError } from '../base/errors.ts';
import { matchingRuns, type RunScope } from './matchingRuns.ts';
import { parseQuery } from './parseQuery.ts';
import { printField, printQuery } from './printQuery.ts';
import type { RunQuery } from './query.ts';
import { RunSet } from './runSet.ts';
import { sortedRuns } from './sortedRuns.ts';
import {
  defaultThresholds,
  type SortedRun,
  type Sorting,
  type SortThresholds,
  type SortValue,
  withSortValues,
} from './sortValues.ts';

export interface RunsOfPage extends RunScope {
  /** As docs/run-filters.md describes. Empty or absent: all runs, newest first. */
  readonly filter?: string | undefined;
  readonly limit: number;
  /** `nextCursor` of the page before. */
  readonly cursor?: string | undefined;
  /** Unix seconds: what relative times count from. */
  readonly now: number;
}

export interface PageOfRuns {
  /** Keys of the index's table `runs`, in the filter's order. */
  readonly runs: readonly number[];
  /** How many runs match, on all pages. */
  readonly total: number;
  readonly nextCursor: string | undefined;
}

/**
 * A page of the runs that match a filter. The cursor is the place of the last run in the order: runs that come or go between
 * two pages make none of the others appear twice or not at all.
 *
 * @throws QueryError where the filter cannot be understood; RunledgerError `invalid-argument` for the cursor of another list
 */
export function pageOfRuns(
  database: DatabaseSync,
  page: RunsOfPage,
  thresholds: SortThresholds = defaultThresholds,
): PageOfRuns {
  const query = parseQuery(page.filter ?? '');
  const list = listId(query, page);
  const after = page.cursor === undefined ? undefined : readCursor(page.cursor, list);
  return unchanging(database, () => {
    const matches = matchingRuns(database, query.condition, page, page.now);
    const sorting: Sorting = { database, now: page.now, thresholds };
    const found = sortedRuns(sorting, matches, query.order, page.limit + 1, after, boundOf(query));
    const runs = found.slice(0, page.limit);
    const last = runs.at(-1);
    const [place] =
      last === undefined || found.length <= page.limit ? [] : withSortValues(sorting, RunSet.of([last]), query.order);
    return { runs, total: matches.size, nextCursor: place && writeCursor(place, list) };
  });
}

/** All that is read is of one state of the index, while others write to it. */
export function unchanging<T>(database: DatabaseSync, read: () => T): T {
  if (database.isTransaction) {
    return read();
  }
  database.exec('BEGIN');
  try {
    return read();
  } finally {
    database.exec('COMMIT');
  }
}

/** Where the condition limits the metric that runs are sorted by: `metrics.x < 0.5 order by metrics.x desc` begins at 0.5. */
function boundOf({ condition, order: [first] }: RunQuery): number | undefined {
  if (condition === undefined || first === undefined || first.field.kind !== 'metric') {
    return undefined;
  }
  const wanted = printField(first.field);
  const operators: readonly string[] = first.isDescending ? ['<', '<=', '='] : ['>', '>=', '='];
  const parts = condition.kind === 'and' ? condition.conditions : [condition];
  for (const part of parts) {
    if (
      part.kind === 'compare' &&
      part.value.kind === 'number' &&
      !Number.isNaN(part.value.number) &&
      operators.includes(part.operator) &&
      printField(part.field) === wanted
    ) {
      return part.value.number;
    }
  }
  return undefined;
}

/** The same for all pages of a list. */
function listId(query: RunQuery, { experimentKey, topLevelOnly }: RunScope): string {
  const text = JSON.stringify([printQuery(query), experimentKey ?? null, topLevelOnly === true]);
  return createHash('sha256').update(text).digest('base64url').slice(0, 8);
}

/** JSON, with infinities by their names. */
function writeCursor({ values, created, run }: SortedRun, list: string): string {
  const plain = values.map((value) =>
    typeof value === 'number' && !Number.isFinite(value) ? { infinity: Math.sign(value) } : value,
  );
  return JSON.stringify([list, run, created, ...plain]);
}

function readCursor(cursor: string, list: string): SortedRun {
  let parsed: unknown;
  try {
    parsed = JSON.parse(cursor);
  } catch {
    parsed = undefined;
  }
  const [of, run, created, ...values]: unknown[] = Array.isArray(parsed) ? parsed : [];
  if (of !== list || typeof run !== 'number' || typeof created !== 'number') {
    throw new RunledgerError('invalid-argument', 'The place to go on from is of another list of runs.', {
      advice: 'Begin with the first page.',
    });
  }
  return { run, created, values: values.map(sortValue) };
}

function sortValue(value: unknown): SortValue {
  if (typeof value === 'number' || typeof value === 'string') {
    return value;
  }
  return typeof value === 'object' && value !== null && 'infinity' in value
    ? Number(value.infinity) * Number.POSITIVE_INFINITY
    : null;
}
