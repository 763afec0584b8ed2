import { describe, expect, it } from 'vitest';
import type { ColumnsModel, FieldModel, GroupModel, MetricColumnModel } from '../../src/protocol/experimentPage.ts';
import {
  canGroupBy,
  curveMetrics,
  defaultColumns,
  descendsFirst,
  fieldKey,
} from '../../webview-ui/experiment-page/fields.ts';
import { listingChange, nextSort, sortedGroups, tableItems } from '../../webview-ui/experiment-page/tableItems.ts';
import {
  chosenWidth,
  leastColumnWidth,
  movedColumns,
  withWidth,
} from '../../webview-ui/experiment-page/tableLayout.ts';

const accuracy: FieldModel = { kind: 'metric', part: 'max', name: 'val/accuracy' };
const rate: FieldModel = { kind: 'parameter', name: 'lr' };

function group(value: string, runs: readonly number[], mean?: number): GroupModel {
  const statistics = mean === undefined ? null : { count: 2, mean, standardDeviation: 0, min: mean, max: mean };
  return { values: [value], runs, statistics: [statistics] };
}

function metric(name: string, part: Partial<MetricColumnModel> = {}): MetricColumnModel {
  return { name, kind: 'metric', isSystem: false, runCount: 1, mostPoints: 9, hasNumbers: true, ...part };
}

describe('the lines of the table', () => {
  it('are the runs in their order, pinned ones on top and only there', () => {
    const items = tableItems({ runs: [4, 3, 2, 1], pinned: [2, 9], groups: undefined, expanded: new Set() });
    expect(items.map((item) => (item.kind === 'run' ? [item.run, item.isPinned] : item.kind))).toEqual([
      [2, true],
      [4, false],
      [3, false],
      [1, false],
    ]);
  });

  it('have the runs of a group below it while it is open', () => {
    const groups = [group('a', [4, 2]), group('b', [3])];
    const items = tableItems({ runs: [4, 3, 2], pinned: [], groups, expanded: new Set(['["a"]']) });
    expect(items.map((item) => (item.kind === 'run' ? item.run : item.group.values[0]))).toEqual(['a', 4, 2, 'b']);
  });

  it('have groups by the mean of what runs are sorted by; those without one come last', () => {
    const groups = [group('none', [1]), group('low', [2], 0.1), group('high', [3], 0.9)];
    const names = (isDescending: boolean) =>
      sortedGroups(groups, [accuracy], [{ field: accuracy, isDescending }]).map(({ values }) => values[0]);
    expect(names(true)).toEqual(['high', 'low', 'none']);
    expect(names(false)).toEqual(['low', 'high', 'none']);
    expect(sortedGroups(groups, [accuracy], [])).toBe(groups);
  });

  it('have groups of several columns together by the first of these, and behind them what is in no group', () => {
    const groups = [
      ['a', 'x'],
      ['b', 'x'],
      ['a', 'y'],
      ['b', 'y'],
    ].map((values, index): GroupModel => ({ values, runs: [index], statistics: [] }));
    const sorted = sortedGroups(groups, [], []);
    expect(sorted.map(({ values }) => values.join(''))).toEqual(['ax', 'ay', 'bx', 'by']);
    const items = tableItems({ runs: [], pinned: [], groups: sorted, ungrouped: [9], expanded: new Set() });
    expect(items.map((item) => (item.kind === 'run' ? item.run : 'group'))).toEqual([...Array(4).fill('group'), 9]);
  });

  it('wait where the reader would lose the place: what came and what moved is told apart', () => {
    expect(listingChange([3, 2, 1], [4, 3, 2, 1])).toEqual({ added: 1, isReordered: false });
    expect(listingChange([3, 2, 1], [3, 1])).toEqual({ added: 0, isReordered: false });
    expect(listingChange([3, 2, 1], [2, 3, 1])).toEqual({ added: 0, isReordered: true });
  });
});

describe('sorting by clicks', () => {
  it('takes the good end first, then the other, then nothing', () => {
    const first = nextSort([], accuracy, descendsFirst(accuracy), false);
    expect(first).toEqual([{ field: accuracy, isDescending: true }]);
    const second = nextSort(first, accuracy, true, false);
    expect(second).toEqual([{ field: accuracy, isDescending: false }]);
    expect(nextSort(second, accuracy, true, false)).toEqual([]);
    expect(descendsFirst({ kind: 'metric', part: 'min', name: 'val/loss' })).toBe(false);
  });

  it('keeps the other keys with Shift, and drops them without', () => {
    const sort = [{ field: accuracy, isDescending: true }];
    expect(nextSort(sort, rate, false, true).map(({ field }) => field)).toEqual([accuracy, rate]);
    expect(nextSort(sort, rate, false, false).map(({ field }) => field)).toEqual([rate]);
  });
});

describe('columns', () => {
  const known: ColumnsModel = {
    metrics: [
      metric('model', { mostPoints: 1, hasNumbers: false }),
      metric('system/cpu', { isSystem: true }),
      metric('predictions', { kind: 'table' }),
      metric('train/loss'),
      metric('val/accuracy'),
    ],
    parameters: Array.from({ length: 20 }, (_, index) => ({ name: `p${index}`, runCount: index })),
    tags: [],
    properties: [{ name: 'commit', runCount: 9 }],
  };

  it('are what most runs have, without tables, properties and what was measured of the machine', () => {
    const keys = defaultColumns(known).map(fieldKey);
    expect(keys.filter((key) => key.startsWith('metric'))).toEqual([
      'metric max val/accuracy',
      'metric min train/loss',
      'metric last model',
    ]);
    expect(keys.filter((key) => key.startsWith('parameter'))).toHaveLength(8);
    expect(keys).toContain('parameter p19');
    expect(keys).not.toContain('parameter p2');
    expect(keys.some((key) => key.includes('commit'))).toBe(false);
  });

  it('that runs are grouped by are those whose values come again', () => {
    expect(canGroupBy(rate)).toBe(true);
    expect(canGroupBy({ kind: 'attribute', name: 'status' })).toBe(true);
    expect(canGroupBy({ kind: 'attribute', name: 'created' })).toBe(false);
    expect(canGroupBy(accuracy)).toBe(false);
  });

  it('move to another place, and no further than the ends', () => {
    const columns = ['a', 'b', 'c'].map((name): FieldModel => ({ kind: 'tag', name }));
    const moved = (from: number, to: number) =>
      movedColumns(columns, from, to)
        .map(({ name }) => name)
        .join('');
    expect([moved(0, 2), moved(2, 0), moved(1, 9), moved(0, -1), moved(7, 0)]).toEqual([
      'bca',
      'cab',
      'acb',
      'abc',
      'abc',
    ]);
  });

  it('keep the width that they were given, until they get the usual one again', () => {
    const widths = withWidth(withWidth([], rate, 120.4), accuracy, 3);
    expect([chosenWidth(widths, rate), chosenWidth(widths, accuracy)]).toEqual([120, leastColumnWidth]);
    expect(chosenWidth(widths, { ...rate, name: 'other' })).toBeUndefined();
    expect(withWidth(widths, rate, undefined)).toHaveLength(1);
  });

  it('that make charts are those with curves, judged ones first', () => {
    expect(curveMetrics(known).map(({ name }) => name)).toEqual(['val/accuracy', 'train/loss']);
  });
});
