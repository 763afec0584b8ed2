import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printQuery } from '../../src/core/run-query/printQuery.ts';
import type { Field } from '../../src/core/run-query/query.ts';
import { narrowedFilter } from '../../src/core/run-table/narrowedFilter.ts';
import { readRunColumns } from '../../src/core/run-table/runColumns.ts';
import { readRunRows } from '../../src/core/run-table/runRows.ts';
import { readRunGroups, readRunValues } from '../../src/core/run-table/runStatistics.ts';
import { readRunTable } from '../../src/core/run-table/runTable.ts';
import { anyOrder, anyQuery, someNames } from '../support/anyQuery.ts';
import { naiveList, naiveRun, type PlainRun } from '../support/naiveFilter.ts';
import { anyRuns, indexOf, testNow } from '../support/plainIndex.ts';

const experimentKey = 'iris';

function inIris(runs: readonly PlainRun[]): PlainRun[] {
  return runs.filter(({ experiment }) => experiment === 'Iris');
}

const number = (last: number) => ({ last, min: last - 1, max: last + 1, count: 3 });
const accuracy: Field = { kind: 'metric', part: 'last', name: 'loss' };
const team: Field = { kind: 'tag', name: 'a b' };

describe('the table of an experiment', () => {
  it('has the runs that match, sorted by its own keys, then by those of the filter', () => {
    fc.assert(
      fc.property(anyRuns, anyQuery, anyOrder, (runs, query, sort) => {
        const database = indexOf(runs);
        const table = readRunTable(
          database,
          { experimentKey, filter: printQuery(query), sort, withChildren: true },
          testNow,
        );
        const expected = naiveList(inIris(runs), { ...query, order: [...sort, ...query.order] }, testNow);
        expect(table.runs).toEqual(expected.map(({ run }) => run));
        expect(table.total).toBe(inIris(runs).length);
        expect(table.statuses.reduce((sum, { count }) => sum + count, 0)).toBe(inIris(runs).length);
        database.close();
      }),
      { numRuns: 300 },
    );
  });

  it('leaves out child runs whose parent is there, unless they are asked for', () => {
    const runs = [{}, { parent: 'run-0' }, { parent: 'gone' }].map((part, index) =>
      naiveRun({ run: index + 1, id: `run-${index}`, number: index + 1, ...part }),
    );
    const database = indexOf(runs);
    const table = (withChildren: boolean) =>
      readRunTable(database, { experimentKey, filter: '', sort: [], withChildren }, testNow);
    expect(table(true)).toMatchObject({ runs: [3, 2, 1], total: 3 });
    expect(table(false)).toMatchObject({ runs: [3, 1], total: 2 });
    database.close();
  });

  it('shows values as they were recorded, in the order that is asked for', () => {
    const database = indexOf([
      naiveRun({
        run: 1,
        metrics: new Map([['loss', { last: Number.NaN, min: 0.5, max: 0.5, count: 2 }]]),
        parameters: new Map<string, string | boolean>([
          ['x.y', true],
          ['loss', '1e-3'],
        ]),
        tags: new Map([['a b', null]]),
      }),
      naiveRun({ run: 5, id: 'run-1', number: 2, name: '<b>', metrics: new Map([['loss', number(Infinity)]]) }),
    ]);
    const columns: Field[] = [
      accuracy,
      { kind: 'metric', part: 'min', name: 'loss' },
      { kind: 'parameter', name: 'x.y' },
      { kind: 'parameter', name: 'loss' },
      team,
      { kind: 'attribute', name: 'number' },
    ];
    const rows = readRunRows(database, { runs: [5, 9, 1], columns }, testNow);
    expect(rows).toMatchObject([
      { run: 5, id: 'run-1', name: '<b>', values: [Infinity, Infinity, null, null, null, 2] },
      { run: 1, number: 1, values: [Number.NaN, 0.5, true, '1e-3', true, 1] },
    ]);
    database.close();
  });

  it('knows what can be a column, and how many runs have it', () => {
    const database = indexOf([
      naiveRun({ run: 1, metrics: new Map([['loss', number(3)]]), parameters: new Map([['é"\\`\'', 1]]) }),
      naiveRun({ run: 2, id: 'b', number: 2, metrics: new Map([['loss', number(7)]]) }),
      naiveRun({ run: 3, id: 'c', experiment: 'other', metrics: new Map([['x.y', number(7)]]) }),
    ]);
    expect(readRunColumns(database, experimentKey)).toEqual({
      metrics: [{ name: 'loss', kind: 'metric', isSystem: false, runCount: 2, mostPoints: 3, hasNumbers: true }],
      parameters: [{ name: 'é"\\`\'', runCount: 1 }],
      tags: [],
      properties: [],
    });
    database.close();
  });
});

describe('what can be a column', () => {
  it('is what runs of the experiment have, whether it is a large part of the store or a small one', () => {
    fc.assert(
      fc.property(anyRuns, fc.nat({ max: 60 }), (runs, others) => {
        const more = Array.from({ length: others }, (_, index) =>
          naiveRun({ run: 1000 + index, id: `other-${index}`, number: index, experiment: 'a b' }),
        );
        const database = indexOf([...runs, ...more]);
        const own = inIris(runs);
        const counts = (kind: 'metrics' | 'parameters' | 'tags' | 'properties') =>
          someNames
            .map((name) => ({ name, runCount: own.filter((run) => run[kind].has(name)).length }))
            .filter(({ runCount }) => runCount > 0)
            .sort((a, b) => (a.name < b.name ? -1 : 1));
        const columns = readRunColumns(database, experimentKey);
        expect(columns.metrics.map(({ name, runCount }) => ({ name, runCount }))).toEqual(counts('metrics'));
        expect(columns).toMatchObject({
          parameters: counts('parameters'),
          tags: counts('tags'),
          properties: counts('properties'),
        });
        database.close();
      }),
      { numRuns: 200 },
    );
  });
});

describe('groups of runs', () => {
  it('are all runs, each once, with the numbers of each group', () => {
    fc.assert(
      fc.property(anyRuns, fc.constantFrom<Field>(team, { kind: 'parameter', name: 'x.y' }), (runs, by) => {
        const database = indexOf(runs);
        const keys = runs.map(({ run }) => run);
        const groups = readRunGroups(database, { runs: keys, fields: [accuracy], groupBy: [by] }, testNow);
        expect(groups.flatMap((group) => group.runs).sort((a, b) => a - b)).toEqual(keys);
        expect(new Set(groups.map(({ values }) => JSON.stringify(values.map(String)))).size).toBe(groups.length);
        for (const group of groups) {
          const [values = []] = readRunValues(database, { runs: group.runs, fields: [accuracy] }, testNow);
          const finite = values.filter((value) => typeof value === 'number' && Number.isFinite(value)).map(Number);
          const [statistics] = group.statistics;
          expect(statistics?.count ?? 0).toBe(finite.length);
          if (statistics !== undefined) {
            const mean = finite.reduce((a, b) => a + b, 0) / finite.length;
            expect(statistics.mean).toBeCloseTo(mean, -8);
            expect(statistics).toMatchObject({ min: Math.min(...finite), max: Math.max(...finite) });
          }
        }
        database.close();
      }),
      { numRuns: 200 },
    );
  });

  it('have the mean and the deviation of a sample', () => {
    const database = indexOf(
      [2, 4, 4, 4, 5, 5, 7, 9].map((last, index) =>
        naiveRun({ run: index + 1, id: `r-${index}`, number: index + 1, metrics: new Map([['loss', number(last)]]) }),
      ),
    );
    const runs = [1, 2, 3, 4, 5, 6, 7, 8];
    const [group] = readRunGroups(database, { runs, fields: [accuracy, team], groupBy: [] }, testNow);
    expect(group?.statistics[0]).toMatchObject({ count: 8, mean: 5, min: 2, max: 9 });
    expect(group?.statistics[0]?.standardDeviation).toBeCloseTo(2.138, 3);
    expect(group?.statistics[1]).toBeUndefined();
    database.close();
  });
});

describe('a filter that a click narrows', () => {
  const fields = someNames.flatMap((name): Field[] => [
    { kind: 'metric', part: 'last', name },
    { kind: 'parameter', name },
    { kind: 'tag', name },
  ]);

  it('keeps the run that was clicked on, or leaves it out, and nothing of the filter is lost', () => {
    fc.assert(
      fc.property(anyRuns, anyQuery, fc.constantFrom(...fields), (runs, query, field) => {
        const database = indexOf(runs);
        const filter = printQuery(query);
        const table = (text: string) =>
          readRunTable(database, { experimentKey, filter: text, sort: [], withChildren: true }, testNow).runs;
        const matching = table(filter);
        for (const row of readRunRows(database, { runs: matching, columns: [field] }, testNow)) {
          const [value = null] = row.values;
          if (value === null) {
            continue;
          }
          const only = table(narrowedFilter(filter, { field, value, isExcluded: false }));
          const others = table(narrowedFilter(filter, { field, value, isExcluded: true }));
          expect(only).toContain(row.run);
          expect([...only, ...others].sort((a, b) => a - b)).toEqual([...matching].sort((a, b) => a - b));
        }
        database.close();
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    ['', 'params.lr = 0.01'],
    ['metrics.loss < 1 order by created', 'metrics.loss < 1 and params.lr = 0.01 order by created'],
    ['a or status = Failed', '("a" or status = "Failed") and params.lr = 0.01'],
  ])('%j becomes what a person would write', (filter, expected) => {
    const field: Field = { kind: 'parameter', name: 'lr' };
    expect(narrowedFilter(filter, { field, value: 0.01, isExcluded: false })).toBe(expected);
  });

  it('asks for what is not there', () => {
    const change = { field: team, value: null, isExcluded: false };
    expect(narrowedFilter('', change)).toBe('tags."a b" is null');
  });
});
