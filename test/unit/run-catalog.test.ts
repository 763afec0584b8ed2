import { appendFile, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { CatalogChange, RunDelta } from '../../src/core/catalog/runCatalog.ts';
import { currentProcessIdentity } from '../../src/core/store/processIdentity.ts';
import { deleteRun, restoreRun } from '../../src/core/store/trash.ts';
import {
  collector,
  newRun,
  openTestCatalog,
  openTestJournal,
  record,
  temporaryWorkspace,
} from '../support/temporaryStore.ts';

describe('lists', () => {
  it('are paged newest first, and skip deleted runs', async () => {
    const folder = await temporaryWorkspace();
    const runs = [];
    for (let index = 0; index < 7; index++) {
      runs.push(await newRun(folder));
    }
    await deleteRun(folder, runs[4]?.runId ?? '');
    const catalog = await openTestCatalog(folder);
    const first = await catalog.runs({ experimentKey: 'iris', limit: 3 });
    const second = await catalog.runs({ experimentKey: 'iris', limit: 3, cursor: first.nextCursor });
    const numbers = [...first.items, ...second.items].map((item) => (item.kind === 'run' ? item.number : 0));
    expect(numbers).toEqual([7, 6, 4, 3, 2, 1]);
    expect(await catalog.experiments()).toEqual([
      { key: 'iris', name: 'iris', lastRunNumber: 7, runCount: 6, tags: {}, archivedTime: undefined },
    ]);
  });

  it('tell of a run that starts, changes, ends, goes and comes back', async () => {
    const folder = await temporaryWorkspace();
    const catalog = await openTestCatalog(folder);
    const changes = collector<CatalogChange>(catalog.onDidChange);
    const run = await newRun(folder);
    const journal = await openTestJournal(folder, run);
    await journal.append({ k: 'status', v: 'Running' });
    const statusIs = (status: string) => (values: readonly CatalogChange[]) =>
      values.some(
        (change) => change.kind === 'run-changed' && change.entry.kind === 'run' && change.entry.status === status,
      );
    await changes.until((values) => values.some((change) => change.kind === 'runs-added'));
    await journal.append({ k: 'status', v: 'Finalizing' });
    await changes.until(statusIs('Finalizing'));
    await journal.append({ k: 'status', v: 'Completed' });
    await journal.close({ isTerminal: true });
    await changes.until(statusIs('Completed'));
    await deleteRun(folder, run.runId);
    await changes.until((values) => values.some((change) => change.kind === 'run-removed'));
    expect(await catalog.run(run.runId)).toBeUndefined();
    expect(await catalog.deletedRuns()).toMatchObject([{ id: run.runId, status: 'Completed' }]);
    await restoreRun(folder, run.runId);
    await changes.until((values) => values.filter((change) => change.kind === 'runs-added').length === 2);
    expect(await catalog.run(run.runId)).toMatchObject({ status: 'Completed' });
  });

  it('tell how many runs are read while a filter waits for them', async () => {
    const folder = await temporaryWorkspace();
    for (let index = 0; index < 3; index++) {
      await newRun(folder);
    }
    const catalog = await openTestCatalog(folder);
    const changes = collector<CatalogChange>(catalog.onDidChange);
    // Each look at the clock takes so long that every run is told of.
    let now = 0;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => {
      now += 300;
      return now;
    });
    expect((await catalog.find({ filter: 'number > 1', limit: 9 })).total).toBe(2);
    clock.mockRestore();
    const told = changes.values.flatMap((change) => (change.kind === 'reading' ? [change.progress] : []));
    expect(told).toEqual([{ done: 1, total: 3 }, { done: 2, total: 3 }, { done: 3, total: 3 }, undefined]);
  });
});

describe('a run that goes on', () => {
  it('is not deleted', async () => {
    const folder = await temporaryWorkspace();
    const run = await newRun(folder);
    await record(
      folder,
      run,
      { k: 'process', role: 'script', ...(await currentProcessIdentity()) },
      { k: 'status', v: 'Running' },
    );
    await expect(deleteRun(folder, run.runId)).rejects.toMatchObject({ reason: 'invalid-state' });
    expect(await (await openTestCatalog(folder)).run(run.runId)).toMatchObject({ status: 'Running' });
  });

  it('has failed when its process is gone', async () => {
    const folder = await temporaryWorkspace();
    const run = await newRun(folder);
    const identity = { ...(await currentProcessIdentity()), startTime: 'another' };
    await record(folder, run, { k: 'process', role: 'supervisor', ...identity }, { k: 'status', v: 'Running' });
    expect(await (await openTestCatalog(folder)).run(run.runId)).toMatchObject({
      status: 'Failed',
      failure: { message: expect.stringContaining('without recording') },
    });
  });

  it('does not depend on its submitter once it has a supervisor', async () => {
    const folder = await temporaryWorkspace();
    const run = await newRun(folder);
    const identity = await currentProcessIdentity();
    await record(folder, run, { k: 'process', role: 'submitter', ...identity }, { k: 'status', v: 'Preparing' });
    const catalog = await openTestCatalog(folder);
    expect(await catalog.run(run.runId)).toMatchObject({ status: 'Preparing' });
    await record(folder, run, { k: 'process', role: 'supervisor', ...identity, bootId: 'another' });
    expect(await catalog.run(run.runId)).toMatchObject({ status: 'Failed' });
  });

  it('on another host is not responding after a while, and no sooner', async () => {
    const folder = await temporaryWorkspace();
    const run = await newRun(folder);
    const elsewhere = { ...(await currentProcessIdentity()), host: 'another-host' };
    await record(folder, run, { k: 'process', role: 'supervisor', ...elsewhere }, { k: 'status', v: 'Running' });
    const catalog = await openTestCatalog(folder);
    expect(await catalog.run(run.runId)).toMatchObject({ status: 'Running' });
    const old = await newRun(folder);
    const line = (time: number, rest: object): string => `${JSON.stringify({ t: time, ...rest })}\n`;
    const journal = join(old.folder, 'journal/supervisor-1-aaaaaaaa.jsonl');
    await writeFile(
      journal,
      line(1000, { k: 'process', role: 'supervisor', ...elsewhere }) + line(1000, { k: 'status', v: 'Running' }),
    );
    expect(await catalog.run(old.runId)).toMatchObject({ status: 'NotResponding' });
    await appendFile(journal, line(Date.now() / 1000, { k: 'heartbeat' }));
    expect(await catalog.run(old.runId)).toMatchObject({ status: 'Running' });
  });
});

describe('following a run', () => {
  it('tells each new point once, and nothing else', async () => {
    const folder = await temporaryWorkspace();
    const run = await newRun(folder);
    const journal = await openTestJournal(folder, run);
    await journal.append({ k: 'metric', n: 'loss', v: 3, s: 0 });
    const catalog = await openTestCatalog(folder);
    const deltas = collector<RunDelta>((listener) => catalog.follow(run.runId, listener));
    await catalog.details(run.runId);
    await journal.append({ k: 'metric', n: 'loss', v: 2, s: 1 });
    await deltas.until((values) => values.flatMap((delta) => delta.points).length === 1);
    await journal.append({ k: 'metrics', v: { loss: Number.NaN, accuracy: 0.5 }, s: 2 });
    await deltas.until((values) => values.flatMap((delta) => delta.points).length === 3);
    const points = deltas.values.flatMap((delta) => delta.points);
    expect(points.map(({ metric, x, values }) => ({ metric, x, values }))).toEqual([
      { metric: 'loss', x: [1], values: [2] },
      { metric: 'loss', x: [2], values: [Number.NaN] },
      { metric: 'accuracy', x: [2], values: [0.5] },
    ]);
    expect(
      deltas.values.every((delta) => delta.summary === undefined && delta.details === undefined && !delta.filesChanged),
    ).toBe(true);
    await journal.close();
  });

  it('tells of tags, the end, files and the deletion', async () => {
    const folder = await temporaryWorkspace();
    const run = await newRun(folder);
    const catalog = await openTestCatalog(folder);
    const deltas = collector<RunDelta>((listener) => catalog.follow(run.runId, listener));
    await catalog.details(run.runId);
    await record(folder, run, { k: 'tag', n: 'team', v: 'vision' });
    await deltas.until((values) => values.some((delta) => delta.details?.tags.team === 'vision'));
    await mkdir(join(run.folder, 'artifacts/outputs'));
    await deltas.until((values) => values.some((delta) => delta.filesChanged));
    await writeFile(join(run.folder, 'artifacts/outputs/model.txt'), 'x');
    await deltas.until((values) => values.filter((delta) => delta.filesChanged).length > 1);
    await mkdir(join(run.folder, 'artifacts/outputs/checkpoints'));
    await deltas.until((values) => values.filter((delta) => delta.filesChanged).length > 2);
    await writeFile(join(run.folder, 'artifacts/outputs/checkpoints/last.pt'), 'xy');
    await deltas.until((values) => values.filter((delta) => delta.filesChanged).length > 3);
    expect(await catalog.files(run.runId)).toMatchObject([
      { path: 'outputs/checkpoints/last.pt', bytes: 2 },
      { path: 'outputs/model.txt', bytes: 1 },
    ]);
    await record(folder, run, { k: 'status', v: 'Completed', exitCode: 0 });
    await deltas.until((values) => values.some((delta) => delta.summary?.status === 'Completed'));
    await rm(run.folder, { recursive: true });
    await deltas.until((values) => values.some((delta) => delta.isDeleted));
  });

  it('does not tell places that no longer hold when an older record turns up', async () => {
    const folder = await temporaryWorkspace();
    const run = await newRun(folder);
    await record(folder, run, { k: 'metric', n: 'loss', v: 1 });
    const catalog = await openTestCatalog(folder);
    const deltas = collector<RunDelta>((listener) => catalog.follow(run.runId, listener));
    await catalog.details(run.runId);
    const late = join(run.folder, 'late.jsonl');
    await writeFile(late, '{"t":5,"k":"metric","n":"loss","v":9}\n');
    await rename(late, join(run.folder, 'journal/sync-1-aaaaaaaa.jsonl'));
    await deltas.until((values) => values.some((delta) => delta.metrics.length > 0));
    expect(deltas.values.flatMap((delta) => delta.points)).toEqual([]);
    expect(await catalog.series({ runId: run.runId, metric: 'loss', axis: 'step', width: 100 })).toMatchObject({
      x: [0, 1],
      values: [9, 1],
    });
  });
});

describe('a series', () => {
  it('is in order of x, cut to a range, and says how many points there are', async () => {
    const folder = await temporaryWorkspace();
    const run = await newRun(folder);
    await record(folder, run, ...[3, 1, 2, 5].map((s) => ({ k: 'metric' as const, n: 'loss', v: s * 10, s })));
    const catalog = await openTestCatalog(folder);
    expect(await catalog.series({ runId: run.runId, metric: 'loss', axis: 'step', width: 100 })).toMatchObject({
      x: [1, 2, 3, 5],
      values: [10, 20, 30, 50],
    });
    expect(
      await catalog.series({ runId: run.runId, metric: 'loss', from: 2, to: 3, axis: 'step', width: 100 }),
    ).toMatchObject({
      x: [1, 2, 3, 5],
      totalCount: 2,
    });
    expect(await catalog.series({ runId: run.runId, metric: 'loss', from: 6, axis: 'step', width: 100 })).toMatchObject(
      {
        x: [],
        totalCount: 0,
      },
    );
    await expect(catalog.series({ runId: run.runId, metric: 'other', axis: 'step', width: 100 })).rejects.toMatchObject(
      {
        reason: 'not-found',
      },
    );
  });
});
