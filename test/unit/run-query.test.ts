import type { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deleteRunMetrics, saveRunMetrics } from '../../src/core/run-index/metricSummary.ts';
import { pageOfRuns } from '../../src/core/run-query/pageOfRuns.ts';
import { printQuery } from '../../src/core/run-query/printQuery.ts';
import { RunSet } from '../../src/core/run-query/runSet.ts';
import type { SortThresholds } from '../../src/core/run-query/sortValues.ts';
import { anyOrder, anyQuery } from '../support/anyQuery.ts';
import { naiveList, naiveRun, type PlainRun } from '../support/naiveFilter.ts';
import { anyRuns, entryOf, indexOf, testNow } from '../support/plainIndex.ts';

/** Any number of runs is many, so that indexes are walked; a row at a time, so that ends of what was read are met. */
const walking: SortThresholds = { sortedAtOnce: 0, rowsAtFirst: 1 };

/** All pages after one another. */
function listOf(
  database: DatabaseSync,
  filter: string,
  {
    limit,
    thresholds,
    ...scope
  }: { limit: number; thresholds?: SortThresholds; experimentKey?: string; topLevelOnly?: boolean },
): { readonly runs: readonly number[]; readonly totals: readonly number[] } {
  const runs: number[] = [];
  const totals: number[] = [];
  let cursor: string | undefined;
  do {
    const page = pageOfRuns(database, { filter, limit, cursor, now: testNow, ...scope }, thresholds);
    runs.push(...page.runs);
    totals.push(page.total);
    cursor = page.nextCursor;
  } while (cursor !== undefined && totals.length < 100);
  return { runs, totals };
}

function runsWith(...parts: readonly Partial<PlainRun>[]): PlainRun[] {
  return parts.map((part, index) => naiveRun({ run: index + 1, id: `run-${index}`, number: index + 1, ...part }));
}

const number = (last: number) => ({ last, min: last, max: last, count: 1 });

describe('a page of runs', () => {
  it('has the runs that the filter describes, in its order, however they are found', () => {
    fc.assert(
      fc.property(anyRuns, anyQuery, fc.integer({ min: 1, max: 5 }), (runs, query, limit) => {
        const database = indexOf(runs);
        const filter = printQuery(query);
        const expected = naiveList(runs, query, testNow).map(({ run }) => run);
        for (const thresholds of [undefined, walking]) {
          const { runs: found, totals } = listOf(database, filter, { limit, ...(thresholds && { thresholds }) });
          expect({ filter, found }).toEqual({ filter, found: expected });
          expect(new Set(totals)).toEqual(new Set([expected.length]));
        }
        database.close();
      }),
      { numRuns: 400 },
    );
  });

  it('has all runs in any order, page after page', () => {
    fc.assert(
      fc.property(anyRuns, anyOrder, fc.integer({ min: 1, max: 3 }), (runs, order, limit) => {
        const database = indexOf(runs);
        const query = { condition: undefined, order };
        const expected = naiveList(runs, query, testNow).map(({ run }) => run);
        const found = listOf(database, printQuery(query), { limit, thresholds: walking });
        expect(found.runs).toEqual(expected);
        database.close();
      }),
      { numRuns: 300 },
    );
  });

  it('is of one experiment, and leaves out the children of runs that are there', () => {
    const database = indexOf(
      runsWith(
        {},
        { parent: 'run-0' },
        { parent: 'gone' },
        { experiment: 'Other' },
        { experiment: 'Other', parent: 'run-3' },
      ),
    );
    expect(listOf(database, '', { limit: 9, experimentKey: 'iris' }).runs).toEqual([3, 2, 1]);
    expect(listOf(database, '', { limit: 9, topLevelOnly: true }).runs).toEqual([4, 3, 1]);
    expect(listOf(database, 'not parent = gone', { limit: 9, experimentKey: 'iris', topLevelOnly: true })).toEqual({
      runs: [1],
      totals: [1],
    });
  });

  it('goes on behind the last one while runs come and go', () => {
    const metric = (last: number) => new Map([['loss', number(last)]]);
    const database = indexOf(runsWith({ metrics: metric(1) }, { metrics: metric(2) }, { metrics: metric(3) }, {}));
    const page = (cursor?: string) =>
      pageOfRuns(database, { filter: 'order by metrics.loss', limit: 2, cursor, now: testNow });
    const first = page();
    expect(first).toMatchObject({ runs: [1, 2], total: 4 });
    deleteRunMetrics(database, 2);
    saveRunMetrics(database, 3, [entryOf(['loss', number(0)])], false);
    saveRunMetrics(database, 1, [entryOf(['loss', number(5)])], false);
    expect(page(first.nextCursor).runs).toEqual([1, 4]);
  });

  it('refuses the cursor of another list', () => {
    const database = indexOf(runsWith({}, {}));
    const first = pageOfRuns(database, { limit: 1, now: testNow });
    for (const [filter, cursor] of [
      ['status = Completed', first.nextCursor],
      ['', 'nonsense'],
      ['', '[]'],
    ] as const) {
      expect(() => pageOfRuns(database, { filter, cursor, limit: 1, now: testNow })).toThrow(/of another list/);
    }
  });

  it('takes what people paste: long lists, deep conditions and SQL', () => {
    const database = indexOf(runsWith({ name: "'; DROP TABLE runs; --" }, { user: 'mara' }));
    const matches = (filter: string) => pageOfRuns(database, { filter, limit: 9, now: testNow }).runs;
    const numbers = Array.from({ length: 1500 }, (_, index) => index + 1);
    expect(matches(`number in (${numbers.join(',')})`)).toEqual([2, 1]);
    expect(matches(`tags.x not in (${numbers.join(',')})`)).toEqual([]);
    expect(
      matches(
        numbers
          .slice(0, 900)
          .map(() => 'user=a')
          .join(' or '),
      ),
    ).toEqual([]);
    expect(matches(`${'not '.repeat(98)} user = mara`)).toEqual([2]);
    expect(matches(`name = "'; DROP TABLE runs; --"`)).toEqual([1]);
    expect(matches(`"'; DROP"`)).toEqual([1]);
    expect(matches(numbers.map(() => 'run').join(' '))).toEqual([2, 1]);
    expect(matches(`${numbers.map(() => 'run').join(' ')} table`)).toEqual([1]);
    expect(matches('metrics."\'; DROP TABLE runs; --" < 1 order by tags."\' desc"')).toEqual([]);
  });
});

describe('a set of runs', () => {
  it('is what sets are', () => {
    const keys = fc.uniqueArray(fc.integer({ min: 0, max: 200 }));
    fc.assert(
      fc.property(keys, keys, (a, b) => {
        const [first, second] = [RunSet.of(a), RunSet.of(b)];
        const sorted = (runs: Iterable<number>): number[] => [...runs].sort((x, y) => x - y);
        expect(first.size).toBe(a.length);
        expect(first.runs()).toEqual(sorted(a));
        expect(first.and(second).runs()).toEqual(sorted(a.filter((run) => b.includes(run))));
        expect(first.or(second).runs()).toEqual(sorted(new Set([...a, ...b])));
        expect(first.minus(second).runs()).toEqual(sorted(a.filter((run) => !b.includes(run))));
        expect(first.minus(second).size).toBe(first.minus(second).runs().length);
      }),
    );
  });
});
