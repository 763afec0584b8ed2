import { describe, expect, it } from 'vitest';
import { parseQuery } from '../../src/core/run-query/parseQuery.ts';
import {
  type Arrangement,
  type Grouping,
  type GroupLabel,
  groupsOf,
  parseGrouping,
  plainArrangement,
  queryOf,
} from '../../src/extension/tree/arrangement.ts';
import { ExperimentTree, type TreeChange } from '../../src/extension/tree/experimentTree.ts';
import type { TreeNode } from '../../src/extension/tree/nodes.ts';
import { RunOrder } from '../../src/extension/tree/runOrder.ts';
import {
  collector,
  newRun,
  onCleanup,
  openTestCatalog,
  record,
  temporaryWorkspace,
} from '../support/temporaryStore.ts';

const now = new Date(2026, 10, 21, 15).getTime() / 1000;

async function openTree(folder: string, arrangement: Partial<Arrangement>, pageSize = 50) {
  const catalog = await openTestCatalog(folder);
  const tree = new ExperimentTree({
    openWorkspaces: async () => [{ kind: 'workspace', info: catalog.workspace }],
    otherWorkspaces: async () => [],
    catalog: async () => catalog,
    onError: (error) => {
      throw error;
    },
    pageSize,
    arrangement: { ...plainArrangement, ...arrangement },
  });
  onCleanup(() => tree.dispose());
  return { tree, catalog };
}

/** The rows below the first experiment, and those below headings, runs by number. */
async function shownBy(tree: ExperimentTree): Promise<unknown[]> {
  const [workspace] = await tree.roots();
  const [experiment] = workspace === undefined ? [] : await tree.children(workspace);
  const rows = experiment === undefined ? [] : await tree.children(experiment);
  return await Promise.all(
    rows.map(async (row) =>
      row.kind === 'runGroup'
        ? [textOf(row.label), row.matchCount, (await tree.children(row)).map(labelOf)]
        : labelOf(row),
    ),
  );
}

function textOf(label: GroupLabel): string {
  switch (label.kind) {
    case 'status':
      return label.status;
    case 'day':
      return `${label.daysAgo} days ago`;
    case 'tagValue':
      return `${label.name}=${label.value}`;
    default:
      return label.kind;
  }
}

const labelOf = (row: TreeNode): number | string =>
  row.kind === 'run' && row.entry.kind === 'run' ? row.entry.number : row.kind;

async function workspaceWithRuns(): Promise<string> {
  const folder = await temporaryWorkspace();
  const tags: Record<string, string | null>[] = [
    { team: 'vision' },
    {},
    { team: null },
    { team: 'nlp, "x"' },
    { team: 'vision' },
  ];
  for (const [index, tag] of tags.entries()) {
    const run = await newRun(folder);
    await record(folder, run, { k: 'metric', n: 'loss', v: (index * 7) % 5 });
    for (const [n, v] of Object.entries(tag)) {
      await record(folder, run, { k: 'tag', n, v });
    }
    await record(folder, run, { k: 'status', v: index === 1 ? 'Failed' : 'Completed' });
  }
  return folder;
}

describe('an arrangement', () => {
  it('is one query, the filter with its order or another one, and the condition of a group', () => {
    const filter = 'status = Failed or loss order by created';
    expect(queryOf({ ...plainArrangement, order: 'metrics.loss desc' })).toBe(
      'parent is null order by metrics.loss desc',
    );
    expect(queryOf({ ...plainArrangement, filter })).toContain('order by created');
    const [group] = groupsOf({ by: 'tag', name: 'a "b"' }, ['x'], now);
    const query = queryOf({ filter, order: undefined, grouping: { by: 'tag', name: 'a "b"' } }, group);
    expect(parseQuery(query).condition).toMatchObject({
      kind: 'and',
      conditions: [{ kind: 'or' }, { kind: 'compare' }],
    });
  });

  it('has headings that are understood, whatever the tag and its values hold', () => {
    const groupings: Grouping[] = [{ by: 'status' }, { by: 'day' }, { by: 'tag', name: 'order by \\ "x" (y' }];
    for (const grouping of groupings) {
      for (const group of groupsOf(grouping, ['', ' ', '"', '\\', 'or', '1.0', '‮x'], now)) {
        expect(parseQuery(group.condition).condition, group.condition).toBeDefined();
      }
    }
  });

  it('has a heading for each day of a week that ends today, over the change of the clocks too', () => {
    for (const date of [new Date(2026, 2, 30, 0, 30), new Date(2026, 9, 26, 23, 30)]) {
      const days = groupsOf({ by: 'day' }, [], date.getTime() / 1000).map(({ condition }) => condition);
      expect(new Set(days).size).toBe(8);
    }
    expect(groupsOf({ by: 'day' }, [], now).map(({ condition }) => condition)).toEqual([
      ...[21, 20, 19, 18, 17, 16, 15].map((day) => `created = 2026-11-${day}`),
      'created < 2026-11-15',
    ]);
  });
});

describe('the tree', () => {
  it('sorts runs, and leaves child runs below their parents', async () => {
    const folder = await workspaceWithRuns();
    const parent = await newRun(folder);
    await newRun(folder, { parentId: parent.runId });
    const { tree } = await openTree(folder, { order: 'metrics.loss' });
    expect(await shownBy(tree)).toEqual([1, 4, 2, 5, 3, 6]);
    const changes = collector<TreeChange>(tree.onDidChange);
    tree.setArrangement(plainArrangement);
    await changes.until((values) => values.length > 0);
    expect(await shownBy(tree)).toEqual([6, 5, 4, 3, 2, 1]);
  });

  it('groups runs by status, and only has headings that have runs', async () => {
    const { tree } = await openTree(await workspaceWithRuns(), { grouping: { by: 'status' } });
    expect(await shownBy(tree)).toEqual([
      ['Failed', 1, [2]],
      ['Completed', 4, [5, 4, 3, 1]],
    ]);
  });

  it('groups runs by a tag: its values, without one, and without the tag, a page at a time', async () => {
    const { tree } = await openTree(
      await workspaceWithRuns(),
      { grouping: { by: 'tag', name: 'team' }, filter: 'metrics.loss >= 0' },
      1,
    );
    expect(await shownBy(tree)).toEqual([
      ['team=nlp, "x"', 1, [4]],
      ['team=vision', 2, [5, 'loadMore']],
      ['tagElse', 1, [3]],
      ['noTag', 1, [2]],
    ]);
    const [workspace] = await tree.roots();
    const [experiment] = workspace === undefined ? [] : await tree.children(workspace);
    const groups = experiment === undefined ? [] : await tree.children(experiment);
    const more = groups[1] && (await tree.children(groups[1])).at(-1);
    if (groups[1] !== undefined && more?.kind === 'loadMore') {
      await tree.loadMore(more);
    }
    expect(groups[1] && (await tree.children(groups[1])).map(labelOf)).toEqual([5, 1]);
  });

  it('moves a run to another heading when it changes', async () => {
    const folder = await workspaceWithRuns();
    const going = await newRun(folder);
    const { tree } = await openTree(folder, { grouping: { by: 'status' } });
    tree.setVisible(true);
    const before = await shownBy(tree);
    expect(before).toContainEqual(['NotStarted', 1, [6]]);
    const changes = collector<TreeChange>(tree.onDidChange);
    await record(folder, going, { k: 'status', v: 'Failed' });
    let after = before;
    while (JSON.stringify(after) === JSON.stringify(before)) {
      const count = changes.values.length;
      await changes.until((values) => values.length > count);
      after = await shownBy(tree);
    }
    expect(after).toContainEqual(['Failed', 2, [6, 2]]);
  });
});

describe('the order of runs', () => {
  it('is remembered, and what another version wrote is not taken for one', async () => {
    const kept = new Map<string, unknown>();
    const storage = {
      get: <T>(key: string) => kept.get(key) as T | undefined,
      update: async (key: string, value: unknown) => void kept.set(key, value),
    };
    const order = new RunOrder(storage);
    await order.setOrder('metrics.loss desc');
    await order.setGrouping({ by: 'tag', name: 'team' });
    expect(new RunOrder(storage).current).toEqual({
      order: 'metrics.loss desc',
      grouping: { by: 'tag', name: 'team' },
    });
    for (const [key, value] of kept) {
      kept.set(key, typeof value === 'string' ? 'metrics. (' : { by: 'moon' });
    }
    expect(order.current).toEqual({ order: undefined, grouping: undefined });
    expect([null, 1, {}, { by: 'tag' }, { by: 'tag', name: 1 }].map(parseGrouping)).toEqual(Array(5).fill(undefined));
  });
});
