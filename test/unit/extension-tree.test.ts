import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openRunCatalog } from '../../src/core/catalog/indexedRunCatalog.ts';
import type { RunCatalog } from '../../src/core/catalog/runCatalog.ts';
import { starTag } from '../../src/core/domain/run.ts';
import { setExperimentArchived } from '../../src/core/store/experimentJournal.ts';
import { currentProcessIdentity } from '../../src/core/store/processIdentity.ts';
import { annotateRun } from '../../src/core/store/runAnnotations.ts';
import { deleteRun, restoreRun } from '../../src/core/store/trash.ts';
import { ExperimentTree, type TreeChange } from '../../src/extension/tree/experimentTree.ts';
import { type ExperimentNode, type RunNode, rowTokensOf, type TreeNode } from '../../src/extension/tree/nodes.ts';
import {
  collector,
  newRun,
  onCleanup,
  openTestJournal,
  record,
  temporaryWorkspace,
} from '../support/temporaryStore.ts';

afterEach(() => {
  vi.useRealTimers();
});

/** A tree over a real store, with the number of times that it asked the catalog for anything. */
async function openTree(workspaceFolder: string, pageSize = 50, showsArchived = () => false) {
  const catalog = await openRunCatalog(workspaceFolder);
  onCleanup(() => catalog.dispose());
  const reads: string[] = [];
  const counted: RunCatalog = {
    workspace: catalog.workspace,
    onDidChange: catalog.onDidChange,
    experiments: () => noting('experiments', () => catalog.experiments()),
    runs: (query) => noting('runs', () => catalog.runs(query)),
    find: (query) => noting('find', () => catalog.find(query)),
    knownNames: () => noting('knownNames', () => catalog.knownNames()),
    runTable: (query) => noting('runTable', () => catalog.runTable(query)),
    runColumns: (experimentKey) => noting('runColumns', () => catalog.runColumns(experimentKey)),
    runRows: (query) => noting('runRows', () => catalog.runRows(query)),
    runGroups: (query) => noting('runGroups', () => catalog.runGroups(query)),
    runValues: (query) => noting('runValues', () => catalog.runValues(query)),
    run: (runId) => noting('run', () => catalog.run(runId)),
    details: (runId) => noting('details', () => catalog.details(runId)),
    series: (query) => noting('series', () => catalog.series(query)),
    table: (runId, metric) => noting('table', () => catalog.table(runId, metric)),
    files: (runId) => noting('files', () => catalog.files(runId)),
    children: (runId) => noting('children', () => catalog.children(runId)),
    deletedRuns: () => noting('deletedRuns', () => catalog.deletedRuns()),
    follow: (runId, listener) => catalog.follow(runId, listener),
    dispose: () => catalog.dispose(),
  };
  const noting = <T>(name: string, read: () => T): T => {
    reads.push(name);
    return read();
  };
  const tree = new ExperimentTree({
    openWorkspaces: async () => [{ kind: 'workspace', info: catalog.workspace }],
    otherWorkspaces: async () => [],
    catalog: async () => counted,
    onError: (error) => {
      throw error;
    },
    pageSize,
    showsArchived,
  });
  onCleanup(() => tree.dispose());
  return { tree, reads, catalog };
}

async function firstExperiment(tree: ExperimentTree): Promise<ExperimentNode> {
  const [workspace] = await tree.roots();
  const [experiment] = workspace === undefined ? [] : await tree.children(workspace);
  if (experiment?.kind !== 'experiment') {
    throw new Error('The tree has no experiment.');
  }
  return experiment;
}

const numbersOf = (rows: readonly TreeNode[]): (number | string)[] =>
  rows.map((row) => (row.kind === 'run' && row.entry.kind === 'run' ? row.entry.number : row.kind));

describe('the tree', () => {
  it('is empty while the workspace has no run, and fills with the first one', async () => {
    const folder = await temporaryWorkspace();
    const { tree } = await openTree(folder);
    tree.setVisible(true);
    expect(await tree.roots()).toEqual([]);
    const changes = collector<TreeChange>(tree.onDidChange);
    await record(folder, await newRun(folder), { k: 'status', v: 'Running' });
    await changes.until((values) => values.some((nodes) => nodes.has(undefined)));
    expect(await tree.roots()).toMatchObject([{ kind: 'workspace' }]);
  });

  it('fills with the first run though its experiment was seen before it', async () => {
    const folder = await temporaryWorkspace();
    const run = await newRun(folder);
    const hidden = join(folder, 'not-published-yet');
    await rename(run.folder, hidden);
    const { tree } = await openTree(folder);
    tree.setVisible(true);
    expect(await tree.roots()).toEqual([]);
    const changes = collector<TreeChange>(tree.onDidChange);
    await rename(hidden, run.folder);
    await record(folder, run, { k: 'status', v: 'Running' });
    await changes.until((values) => values.some((nodes) => nodes.has(undefined)));
    expect(numbersOf(await tree.children(await firstExperiment(tree)))).toEqual([1]);
  });

  it('still knows what goes on after it was hidden and read anew, beside another listener', async () => {
    const folder = await temporaryWorkspace();
    const going = await newRun(folder, { experiment: 'long' });
    await record(
      folder,
      going,
      { k: 'process', role: 'script', ...(await currentProcessIdentity()) },
      { k: 'status', v: 'Running' },
    );
    const { tree, catalog } = await openTree(folder);
    // As the page of a run listens while its tab is hidden.
    collector(catalog.onDidChange);
    tree.setVisible(true);
    await tree.roots();
    const states = collector<void>(tree.onDidChangeState);
    await states.until(() => tree.activeEntries().length === 1);
    const other = await newRun(folder, { experiment: 'short' });
    await record(folder, other, { k: 'status', v: 'Completed' });
    tree.setVisible(false);
    tree.refresh();
    const row = await tree.findRun(catalog.workspace, other.runId);
    expect(row?.parent).toMatchObject({ kind: 'experiment', isDrawnExpanded: true });
    tree.setVisible(true);
    await tree.roots();
    await states.until(() => tree.activeEntries().length === 1);
    const [workspace] = await tree.roots();
    const experiments = workspace === undefined ? [] : await tree.children(workspace);
    expect(experiments.map((node) => node.kind === 'experiment' && [node.summary.name, node.isDrawnExpanded])).toEqual([
      ['long', false],
      ['short', true],
    ]);
  });

  it('tells of a star, a name and a tag on a run that has ended, and of their end', async () => {
    const folder = await temporaryWorkspace();
    const run = await newRun(folder);
    await record(folder, run, { k: 'status', v: 'Completed' });
    const { tree } = await openTree(folder);
    tree.setVisible(true);
    const [row] = await tree.children(await firstExperiment(tree));
    if (row?.kind !== 'run') {
      throw new Error('The run has no row.');
    }
    const changes = collector<TreeChange>(tree.onDidChange);
    expect(rowTokensOf(row)).toContain('unstarred');
    await annotateRun(folder, run.runId, { addTags: { [starTag]: null }, displayName: 'the best' }, 'editor');
    await changes.until(() => rowTokensOf(row).includes('starred'));
    expect(row.entry).toMatchObject({ displayName: 'the best', isStarred: true, status: 'Completed' });
    await annotateRun(folder, run.runId, { removeTags: [starTag], displayName: '' }, 'editor');
    await changes.until(() => rowTokensOf(row).includes('unstarred'));
  });

  it('hides archived experiments until they are to be shown, and says so where no other is left', async () => {
    const folder = await temporaryWorkspace();
    const run = await newRun(folder, { experiment: 'old' });
    await newRun(folder, { experiment: 'young' });
    let showsArchived = false;
    const { tree, catalog } = await openTree(folder, 50, () => showsArchived);
    tree.setVisible(true);
    const rows = async () => {
      const [workspace] = await tree.roots();
      return workspace === undefined ? [] : await tree.children(workspace);
    };
    const named = (nodes: readonly TreeNode[]): unknown[] =>
      nodes.map((node) => (node.kind === 'experiment' ? [node.summary.name, ...rowTokensOf(node)] : node.kind));
    expect(named(await rows())).toEqual([
      ['old', 'experiment', 'archivable'],
      ['young', 'experiment', 'archivable'],
    ]);
    const changes = collector<TreeChange>(tree.onDidChange);
    await setExperimentArchived(folder, 'old', true, 'test');
    await changes.until((values) => values.some((nodes) => [...nodes].some((node) => node?.kind === 'workspace')));
    expect(named(await rows())).toEqual([['young', 'experiment', 'archivable']]);
    expect(await tree.findRun(catalog.workspace, run.runId)).toBeUndefined();
    await setExperimentArchived(folder, 'young', true, 'test');
    await tree.noteExperiments(folder);
    expect(await rows()).toMatchObject([{ kind: 'hiddenExperiments', count: 2 }]);
    showsArchived = true;
    const { length } = changes.values;
    tree.redraw();
    await changes.until((values) => values.length > length);
    expect(named(await rows())).toEqual([
      ['old', 'experiment', 'archived'],
      ['young', 'experiment', 'archived'],
    ]);
    expect((await tree.findRun(catalog.workspace, run.runId))?.entry.id).toBe(run.runId);
  });

  it('draws nothing again where what is told has no other rows', async () => {
    const folder = await temporaryWorkspace();
    await newRun(folder, { experiment: 'old' });
    await newRun(folder, { experiment: 'young' });
    const { tree } = await openTree(folder);
    const [workspace] = await tree.roots();
    const [old] = workspace === undefined ? [] : await tree.children(workspace);
    await (old && tree.children(old));
    const changes = collector<TreeChange>(tree.onDidChange);
    await tree.noteExperiments(folder);
    await setExperimentArchived(folder, 'young', true, 'test');
    await tree.noteExperiments(folder);
    await changes.until((values) => values.length > 0);
    await tree.noteExperiments(folder);
    await newRun(folder, { experiment: 'old' });
    await tree.noteExperiments(folder);
    await changes.until((values) => values.length > 1);
    expect(changes.values.map((nodes) => [...nodes])).toEqual([[workspace], [workspace]]);
  });

  it('reads a page at a time, each once', async () => {
    const folder = await temporaryWorkspace();
    for (let index = 0; index < 5; index++) {
      await newRun(folder);
    }
    const { tree, reads } = await openTree(folder, 2);
    const experiment = await firstExperiment(tree);
    const first = await tree.children(experiment);
    expect(numbersOf(first)).toEqual([5, 4, 'loadMore']);
    const more = first.at(-1);
    expect(more?.kind).toBe('loadMore');
    if (more?.kind === 'loadMore') {
      await Promise.all([tree.loadMore(more), tree.loadMore(more)]);
      expect(numbersOf(await tree.children(experiment))).toEqual([5, 4, 3, 2, 'loadMore']);
      await tree.loadMore(more);
    }
    expect(numbersOf(await tree.children(experiment))).toEqual([5, 4, 3, 2, 1]);
    expect(reads.filter((name) => name === 'runs')).toHaveLength(3);
  });

  it('keeps its rows and their ids, so that VS Code keeps what is expanded and selected', async () => {
    const folder = await temporaryWorkspace();
    await newRun(folder);
    const one = await openTree(folder);
    const two = await openTree(folder);
    const rows = await one.tree.children(await firstExperiment(one.tree));
    expect(await one.tree.children(await firstExperiment(one.tree))).toEqual(rows);
    const again = await two.tree.children(await firstExperiment(two.tree));
    expect(again.map(({ id }) => id)).toEqual(rows.map(({ id }) => id));
  });

  it('draws only the row of a run that changes, and counts it while it goes on', async () => {
    const folder = await temporaryWorkspace();
    await newRun(folder);
    const run = await newRun(folder);
    const journal = await openTestJournal(folder, run);
    await journal.append({ k: 'process', role: 'script', ...(await currentProcessIdentity()) });
    await journal.append({ k: 'status', v: 'Running' });
    const { tree } = await openTree(folder);
    tree.setVisible(true);
    const experiment = await firstExperiment(tree);
    const [row] = (await tree.children(experiment)) as RunNode[];
    await tree.settled();
    expect(tree.activeEntries().map(({ id }) => id)).toContain(run.runId);
    expect(row === undefined ? [] : rowTokensOf(row)).toContain('cancelable');

    const changes = collector<TreeChange>(tree.onDidChange);
    await journal.append({ k: 'status', v: 'Finalizing' });
    await changes.until((values) => values.some((nodes) => row !== undefined && nodes.has(row)));
    const drawn = new Set(changes.values.flatMap((nodes) => [...nodes]));
    expect([...drawn].filter((node) => node !== row && node?.kind !== 'workspace')).toEqual([]);
    expect(row?.entry).toMatchObject({ status: 'Finalizing' });

    await journal.append({ k: 'status', v: 'Completed' });
    await journal.close({ isTerminal: true });
    await changes.until(() => row?.entry.kind === 'run' && row.entry.status === 'Completed');
    expect(tree.activeEntries().map(({ id }) => id)).not.toContain(run.runId);
    expect(row === undefined ? [] : rowTokensOf(row)).toContain('deletable');
  });

  it('is never re-read on a timer', async () => {
    const folder = await temporaryWorkspace();
    const run = await newRun(folder);
    const journal = await openTestJournal(folder, run);
    onCleanup(() => journal.close());
    await journal.append({ k: 'process', role: 'script', ...(await currentProcessIdentity()) });
    await journal.append({ k: 'status', v: 'Running' });
    vi.useFakeTimers();
    const { tree, reads } = await openTree(folder);
    tree.setVisible(true);
    await tree.children(await firstExperiment(tree));
    // What the catalog tells when somebody begins to listen is not yet a matter of time.
    await vi.advanceTimersByTimeAsync(60_000);
    await tree.settled();
    const before = [...reads];
    const drawn: unknown[] = [];
    tree.onDidChange((nodes) => drawn.push(...nodes));
    await vi.advanceTimersByTimeAsync(24 * 3600_000);
    await tree.settled();
    expect(reads).toEqual(before);
    expect(drawn).toEqual([]);
  });

  it('shows a bad run as one row beside the others', async () => {
    const folder = await temporaryWorkspace();
    await newRun(folder);
    const bad = await newRun(folder);
    await newRun(folder);
    await writeFile(join(bad.folder, 'run.json'), 'garbage');
    const { tree } = await openTree(folder);
    const rows = (await tree.children(await firstExperiment(tree))) as RunNode[];
    expect(rows.map(({ entry }) => entry.kind)).toEqual(['run', 'unreadable', 'run']);
    expect(rows[1]?.entry).toMatchObject({ id: bad.runId });
  });

  it('takes out a run that is deleted and puts it back in its place', async () => {
    const folder = await temporaryWorkspace();
    const runs = [await newRun(folder), await newRun(folder), await newRun(folder)];
    const { tree, catalog } = await openTree(folder);
    tree.setVisible(true);
    const experiment = await firstExperiment(tree);
    await tree.children(experiment);
    const runId = runs[1]?.runId ?? '';
    await deleteRun(folder, runId);
    await tree.noteRemoved(folder, 'iris', runId);
    expect(numbersOf(await tree.children(experiment))).toEqual([3, 1]);
    await restoreRun(folder, runId);
    expect((await tree.findRun(catalog.workspace, runId))?.entry.id).toBe(runId);
    expect(numbersOf(await tree.children(experiment))).toEqual([3, 2, 1]);
  });

  it('counts the runs that are left in an experiment that was not read yet', async () => {
    const folder = await temporaryWorkspace();
    const runs = [await newRun(folder), await newRun(folder)];
    const { tree } = await openTree(folder);
    tree.setVisible(true);
    const experiment = await firstExperiment(tree);
    expect(experiment.summary.runCount).toBe(2);
    const runId = runs[0]?.runId ?? '';
    await deleteRun(folder, runId);
    await tree.noteRemoved(folder, 'iris', runId);
    expect(experiment.summary.runCount).toBe(1);
  });

  it('shows child runs below their parent, and reads them when it is unfolded', async () => {
    const folder = await temporaryWorkspace();
    const parent = await newRun(folder);
    const children = [
      await newRun(folder, { parentId: parent.runId, displayName: 'a' }),
      await newRun(folder, { parentId: parent.runId, displayName: 'b' }),
    ];
    const grandchild = await newRun(folder, { parentId: children[0]?.runId ?? '' });
    const alone = await newRun(folder);
    const { tree, reads, catalog } = await openTree(folder);
    const experiment = await firstExperiment(tree);
    expect(experiment.summary.runCount).toBe(5);
    const rows = await tree.children(experiment);
    expect(numbersOf(rows)).toEqual([5, 1]);
    expect(rows).toMatchObject([{ entry: { hasChildren: false } }, { entry: { hasChildren: true } }]);
    expect(reads).not.toContain('children');
    const below = await tree.children(rows[1] as TreeNode);
    expect(numbersOf(below)).toEqual([2, 3]);
    // A row far down is found, for it to be revealed, and is the one that the tree shows.
    const found = await tree.findRun(catalog.workspace, grandchild.runId);
    expect(found?.parent).toBe(below[0]);
    expect(await tree.children(below[0] as TreeNode)).toEqual([found]);
    expect((await tree.findRun(catalog.workspace, alone.runId))?.parent).toBe(experiment);
  });

  it('counts a run that had claimed its number, and was not there yet, when the experiment was read', async () => {
    const folder = await temporaryWorkspace();
    await newRun(folder);
    const late = await newRun(folder);
    const aside = join(folder, 'aside');
    await rename(late.folder, aside);
    const { tree } = await openTree(folder);
    tree.setVisible(true);
    const experiment = await firstExperiment(tree);
    await tree.children(experiment);
    expect(experiment.summary).toMatchObject({ runCount: 1, lastRunNumber: 2 });
    const changes = collector<TreeChange>(tree.onDidChange);
    await rename(aside, late.folder);
    await record(folder, late, { k: 'status', v: 'Running' });
    await changes.until(() => experiment.summary.runCount === 2);
    expect(numbersOf(await tree.children(experiment))).toEqual([2, 1]);
  });

  it('counts runs right that come one upon the other', async () => {
    const folder = await temporaryWorkspace();
    await newRun(folder);
    const { tree } = await openTree(folder);
    tree.setVisible(true);
    const experiment = await firstExperiment(tree);
    await tree.children(experiment);
    const changes = collector<TreeChange>(tree.onDidChange);
    // As if the experiment had been read in the midst of them: with one more in its count than its last number says.
    const second = await newRun(folder);
    experiment.summary = { ...experiment.summary, runCount: 2, lastRunNumber: 1 };
    await record(folder, second, { k: 'status', v: 'Running' });
    await changes.until(() => experiment.summary.lastRunNumber === 2);
    await changes.until(() => experiment.summary.runCount === 2);
  });

  it('puts a child run that is made below its parent at once', async () => {
    const folder = await temporaryWorkspace();
    const parent = await newRun(folder);
    await record(folder, parent, { k: 'status', v: 'Running' });
    const { tree } = await openTree(folder);
    tree.setVisible(true);
    const experiment = await firstExperiment(tree);
    const [row] = await tree.children(experiment);
    const changes = collector<TreeChange>(tree.onDidChange);
    const first = await newRun(folder, { parentId: parent.runId });
    await record(folder, first, { k: 'status', v: 'Running' });
    await changes.until((values) => experiment.summary.runCount === 2 && values.some((nodes) => nodes.has(row)));
    expect(row).toMatchObject({ entry: { hasChildren: true } });
    expect(numbersOf(await tree.children(row as TreeNode))).toEqual([2]);
    const seen = changes.values.length;
    const second = await newRun(folder, { parentId: parent.runId });
    await record(folder, second, { k: 'status', v: 'Running' });
    await changes.until(
      (values) => experiment.summary.runCount === 3 && values.slice(seen).some((nodes) => nodes.has(row)),
    );
    expect(numbersOf(await tree.children(row as TreeNode))).toEqual([2, 3]);
    expect(numbersOf(await tree.children(experiment))).toEqual([1]);
  });

  it('shows a child run by itself where its parent is gone, and takes one out of its parent’s', async () => {
    const folder = await temporaryWorkspace();
    const parent = await newRun(folder);
    const child = await newRun(folder, { parentId: parent.runId });
    await newRun(folder, { parentId: parent.runId });
    const { tree, catalog } = await openTree(folder);
    const [row] = await tree.children(await firstExperiment(tree));
    await tree.children(row as TreeNode);
    await deleteRun(folder, child.runId);
    await tree.noteRemoved(folder, 'iris', child.runId);
    expect(numbersOf(await tree.children(row as TreeNode))).toEqual([3]);
    expect(await tree.findRun(catalog.workspace, child.runId)).toBeUndefined();
    await rm(parent.folder, { recursive: true });
    tree.refresh();
    expect(numbersOf(await tree.children(await firstExperiment(tree)))).toEqual([3]);
  });

  it('reads anew when it is shown after it was hidden', async () => {
    const folder = await temporaryWorkspace();
    await newRun(folder);
    const { tree } = await openTree(folder);
    tree.setVisible(true);
    await tree.children(await firstExperiment(tree));
    expect(tree.activeEntries()).toEqual([]);
    tree.setVisible(false);
    await newRun(folder);
    tree.setVisible(true);
    expect(numbersOf(await tree.children(await firstExperiment(tree)))).toEqual([2, 1]);
  });
});
