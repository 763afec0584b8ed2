import { describe, expect, it } from 'vitest';
import type { KnownNames } from '../../src/core/run-query/knownNames.ts';
import { deleteRun } from '../../src/core/store/trash.ts';
import { ExperimentTree, type TreeChange } from '../../src/extension/tree/experimentTree.ts';
import { filterChoices } from '../../src/extension/tree/filterChoices.ts';
import type { RunNode, TreeNode } from '../../src/extension/tree/nodes.ts';
import { RunFilter } from '../../src/extension/tree/runFilter.ts';
import {
  collector,
  newRun,
  onCleanup,
  openTestCatalog,
  openTestJournal,
  record,
  temporaryWorkspace,
} from '../support/temporaryStore.ts';

const known: KnownNames = {
  metrics: ['loss', 'val loss'],
  parameters: [],
  tags: [],
  properties: [],
  experiments: ['Iris'],
  tagValues: {},
};

async function openTree(folder: string, filter?: string, pageSize = 50): Promise<ExperimentTree> {
  const catalog = await openTestCatalog(folder);
  const tree = new ExperimentTree({
    openWorkspaces: async () => [{ kind: 'workspace', info: catalog.workspace }],
    otherWorkspaces: async () => [],
    catalog: async () => catalog,
    onError: (error) => {
      throw error;
    },
    pageSize,
    arrangement: { filter, order: undefined, grouping: undefined },
  });
  onCleanup(() => tree.dispose());
  return tree;
}

/** The rows below the workspace: experiments with how many match, and their runs by number. */
async function shownBy(tree: ExperimentTree): Promise<unknown[]> {
  const [workspace] = await tree.roots();
  const rows = workspace === undefined ? [] : await tree.children(workspace);
  return await Promise.all(
    rows.map(async (row) =>
      row.kind === 'experiment'
        ? [row.summary.name, row.matchCount, row.summary.runCount, (await tree.children(row)).map(labelOf)]
        : row.kind,
    ),
  );
}

function labelOf(row: TreeNode): number | string {
  return row.kind === 'run' && row.entry.kind === 'run' ? row.entry.number : row.kind;
}

async function workspaceWithRuns(): Promise<string> {
  const folder = await temporaryWorkspace();
  for (const loss of [5, 1, 3]) {
    await record(folder, await newRun(folder), { k: 'metric', n: 'loss', v: loss });
  }
  await record(folder, await newRun(folder, { experiment: 'other' }), { k: 'metric', n: 'loss', v: 9 });
  return folder;
}

describe('the tree with a filter', () => {
  it('shows the runs that match in its order, of experiments that have some, and all of them again', async () => {
    const folder = await workspaceWithRuns();
    const tree = await openTree(folder, 'metrics.loss < 4 order by metrics.loss');
    expect(await shownBy(tree)).toEqual([['iris', 2, 3, [2, 3]]]);
    const changes = collector<TreeChange>(tree.onDidChange);
    tree.setFilter('metrics.loss > 4');
    await changes.until((values) => values.length > 0);
    expect(await shownBy(tree)).toEqual([
      ['iris', 1, 3, [1]],
      ['other', 1, 1, [1]],
    ]);
    tree.setFilter('metrics.loss > 10');
    expect(await shownBy(tree)).toEqual(['noMatches']);
    tree.setFilter(undefined);
    expect(await shownBy(tree)).toEqual([
      ['iris', undefined, 3, [3, 2, 1]],
      ['other', undefined, 1, [1]],
    ]);
  });

  it('reads a page at a time', async () => {
    const folder = await workspaceWithRuns();
    const tree = await openTree(folder, 'experiment = iris order by metrics.loss desc', 2);
    const [workspace] = await tree.roots();
    const [experiment] = workspace === undefined ? [] : await tree.children(workspace);
    if (experiment?.kind !== 'experiment') {
      throw new Error('No experiment.');
    }
    const rows = await tree.children(experiment);
    expect(rows.map(labelOf)).toEqual([1, 3, 'loadMore']);
    const more = rows.at(-1);
    if (more?.kind === 'loadMore') {
      await tree.loadMore(more);
    }
    expect((await tree.children(experiment)).map(labelOf)).toEqual([1, 3, 2]);
  });

  it('has child runs that match in the list, and all children below their parent', async () => {
    const folder = await temporaryWorkspace();
    const parent = await newRun(folder, { type: 'hyperdrive' });
    await newRun(folder, { parentId: parent.runId });
    await newRun(folder, { parentId: parent.runId, tags: { best: 'yes' } });
    const tree = await openTree(folder, 'has tags.best or type = hyperdrive');
    const [workspace] = await tree.roots();
    if (workspace?.kind !== 'workspace') {
      throw new Error('No workspace.');
    }
    const [experiment] = await tree.children(workspace);
    const rows = experiment === undefined ? [] : await tree.children(experiment);
    expect(rows.map(labelOf)).toEqual([3, 1]);
    const below = await tree.children(rows[1] as RunNode);
    expect(below.map(labelOf)).toEqual([2, 3]);
    const ids = [...rows, ...below].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect((await tree.findRun(workspace.info, parent.runId))?.id).toBe(rows[1]?.id);
  });

  it('follows runs as they begin to match, stop matching and go', async () => {
    const folder = await temporaryWorkspace();
    await newRun(folder);
    const tree = await openTree(folder, 'metrics.loss < 1');
    tree.setVisible(true);
    expect(await shownBy(tree)).toEqual(['noMatches']);
    const changes = collector<TreeChange>(tree.onDidChange);
    let seen = 0;
    const until = async (expected: unknown[]): Promise<void> => {
      for (;;) {
        const shown = await shownBy(tree);
        if (JSON.stringify(shown) === JSON.stringify(expected)) {
          return;
        }
        await changes.until((values) => values.length > seen);
        seen = changes.values.length;
      }
    };
    const run = await newRun(folder);
    const journal = await openTestJournal(folder, run);
    await journal.append({ k: 'status', v: 'Running' });
    await journal.append({ k: 'metric', n: 'loss', v: 2 });
    await journal.append({ k: 'metric', n: 'loss', v: 0.5 });
    await until([['iris', 1, 2, [2]]]);
    await journal.append({ k: 'metric', n: 'loss', v: 3 });
    await until(['noMatches']);
    await journal.append({ k: 'metric', n: 'loss', v: 0 });
    await journal.append({ k: 'status', v: 'Completed' });
    await journal.close({ isTerminal: true });
    await until([['iris', 1, 2, [2]]]);
    await deleteRun(folder, run.runId);
    await until(['noMatches']);
  });
});

describe('the choices below the input', () => {
  const kindsOf = (filter: string, recent: readonly string[] = []): string[] =>
    filterChoices(filter, known, recent).map((choice) =>
      choice.kind === 'completion' || choice.kind === 'recent' ? `${choice.kind} ${choice.filter}` : choice.kind,
    );

  it('begin with what the filter is good for', () => {
    expect(filterChoices('metrics.loss < 1', known, [])[0]).toEqual({
      kind: 'apply',
      filter: 'metrics.loss < 1',
      hint: undefined,
    });
    expect(filterChoices('metrics.los < 1', known, [])[0]).toMatchObject({ hint: expect.stringContaining('"loss"') });
    expect(filterChoices('a and statsu = Failed', known, [])[0]).toEqual({
      kind: 'problem',
      message: 'There is no field "statsu". Did you mean "status"?',
      marked: ['a and ', 'statsu', ' = Failed'],
    });
  });

  it('go on with what can follow, and a blank before what must', () => {
    expect(kindsOf('met')).toContain('completion metrics.');
    expect(kindsOf('metrics.v')).toContain('completion metrics."val loss" ');
    expect(kindsOf('metrics.loss ')).toEqual(
      expect.arrayContaining([
        'completion metrics.loss < ',
        'completion metrics.loss in (',
        'completion metrics.loss is null',
      ]),
    );
    expect(kindsOf('status = r')).toContain('completion status = Running');
  });

  it('offer what was used before: first where nothing was typed', () => {
    expect(kindsOf('', ['metrics.loss < 1', 'resnet']).slice(0, 3)).toEqual([
      'apply',
      'recent metrics.loss < 1',
      'recent resnet',
    ]);
    expect(kindsOf('res', ['metrics.loss < 1', 'resnet']).at(-1)).toBe('recent resnet');
    expect(kindsOf('resnet', ['resnet'])).not.toContain('recent resnet');
  });
});

describe('the filter of the tree', () => {
  it('outlives the window, with those of before', async () => {
    const values = new Map<string, unknown>();
    const storage = {
      get: <T>(key: string) => values.get(key) as T | undefined,
      update: async (key: string, value: unknown) => void values.set(key, value),
    };
    const filter = new RunFilter(storage);
    const told = collector<string | undefined>(filter.onDidChange);
    expect([filter.current, filter.recent]).toEqual([undefined, []]);
    await filter.set(' resnet ');
    await filter.set('status = Failed');
    await filter.set('resnet');
    const again = new RunFilter(storage);
    expect([again.current, again.recent]).toEqual(['resnet', ['resnet', 'status = Failed']]);
    await again.set('');
    expect([filter.current, filter.recent.length]).toEqual([undefined, 2]);
    for (let index = 0; index < 20; index++) {
      await filter.set(`number = ${index}`);
    }
    expect(filter.recent).toHaveLength(10);
    expect(told.values.slice(0, 3)).toEqual(['resnet', 'status = Failed', 'resnet']);
    values.set('runledger.runFilter', 7);
    values.set('runledger.recentRunFilters', 'x');
    expect([filter.current, filter.recent]).toEqual([undefined, []]);
  });
});
