/** Numbers about many runs at once: of all that match, or of groups that have a value in common. */
import type { DatabaseSync } from 'node:sqlite';
import { unchanging } from '../run-query/pageOfRuns.ts';
import type { Field } from '../run-query/query.ts';
import { RunSet } from '../run-query/runSet.ts';
import { defaultThresholds, readValues, type SortValue } from '../run-query/sortValues.ts';

export interface RunValuesQuery {
  /** Keys of the index, as a {@link RunTable} has them. */
  readonly runs: readonly number[];
  readonly fields: readonly Field[];
}

export interface RunGroupsQuery extends RunValuesQuery {
  /** Runs with the same values of these are a group; none: all runs are one. */
  readonly groupBy: readonly Field[];
}

export interface RunGroup {
  /** What its runs have in common, in the order of `groupBy`; null where they have none. */
  readonly values: readonly SortValue[];
  /** In the order of the query. */
  readonly runs: readonly number[];
  /** Of each field; undefined where no run of the group has a finite number. */
  readonly statistics: readonly (FieldStatistics | undefined)[];
}

/** Over the finite numbers of a field. */
export interface FieldStatistics {
  readonly count: number;
  readonly mean: number;
  /** Of a sample: 0 for one value. */
  readonly standardDeviation: number;
  readonly min: number;
  readonly max: number;
}

/** By fields, then by runs: what each is compared by, null where a run has none. */
export function readRunValues(
  database: DatabaseSync,
  { runs, fields }: RunValuesQuery,
  now: number,
): readonly (readonly SortValue[])[] {
  return unchanging(database, () => {
    const columns = columnsOf(database, runs, fields, now);
    return columns.map((column) => runs.map((run) => column[run] ?? null));
  });
}

/** The groups in the order in which the runs come upon them. */
export function readRunGroups(
  database: DatabaseSync,
  { runs, fields, groupBy }: RunGroupsQuery,
  now: number,
): readonly RunGroup[] {
  return unchanging(database, () => {
    const keys = columnsOf(database, runs, groupBy, now);
    const columns = columnsOf(database, runs, fields, now);
    const groups = new Map<string, { readonly values: readonly SortValue[]; readonly runs: number[] }>();
    for (const run of runs) {
      const values = keys.map((column) => column[run] ?? null);
      const key = JSON.stringify(values.map((value) => (typeof value === 'number' ? [String(value)] : value)));
      const group = groups.get(key);
      if (group === undefined) {
        groups.set(key, { values, runs: [run] });
      } else {
        group.runs.push(run);
      }
    }
    return [...groups.values()].map((group) => ({
      ...group,
      statistics: columns.map((column) => statisticsOf(group.runs.map((run) => column[run]))),
    }));
  });
}

function columnsOf(
  database: DatabaseSync,
  runs: readonly number[],
  fields: readonly Field[],
  now: number,
): readonly ReadonlyArray<SortValue | undefined>[] {
  const set = RunSet.of(runs);
  const wanted = set.runs();
  return fields.map((field) => readValues({ database, now, thresholds: defaultThresholds }, set, wanted, field));
}

/** In one pass that does not lose digits (Welford's). */
function statisticsOf(values: readonly (SortValue | undefined)[]): FieldStatistics | undefined {
  let count = 0;
  let mean = 0;
  let squares = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (typeof value !== 'number' || !Number.isFinite(value)) {
      continue;
    }
    count += 1;
    const distance = value - mean;
    mean += distance / count;
    squares += distance * (value - mean);
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  return count === 0
    ? undefined
    : { count, mean, standardDeviation: count === 1 ? 0 : Math.sqrt(squares / (count - 1)), min, max };
}
