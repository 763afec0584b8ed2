import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RunledgerError } from '../../src/core/base/errors.ts';
import type { CatalogChange, RunCatalog, RunDelta } from '../../src/core/catalog/runCatalog.ts';
import { WorkerCatalogs } from '../../src/core/catalog/workerCatalogs.ts';
import { collector, newRun, onCleanup, temporaryWorkspace } from '../support/temporaryStore.ts';

const workerFile = join(import.meta.dirname, '../../src/core/catalog/catalogWorker.ts');

function startWorker(): WorkerCatalogs {
  const catalogs = new WorkerCatalogs(workerFile);
  onCleanup(() => catalogs.dispose());
  return catalogs;
}

async function storeWithPoints(count: number): Promise<{ folder: string; runId: string; journal: string }> {
  const folder = await temporaryWorkspace();
  const { runId, folder: runFolder } = await newRun(folder);
  const journal = join(runFolder, 'journal', 'script-1.jsonl');
  await mkdir(join(runFolder, 'journal'), { recursive: true });
  const lines = Array.from(
    { length: count },
    (_, index) => `{"t":${index},"k":"metric","n":"loss","v":${index % 7}}\n`,
  );
  await writeFile(journal, lines.join(''));
  return { folder, runId, journal };
}

describe('catalogs in a worker', () => {
  it('answer, tell what changes, and refuse, as those in this thread do', async () => {
    const { folder, runId, journal } = await storeWithPoints(3);
    const catalog = await startWorker().open(folder);
    expect(catalog.workspace).toMatchObject({ name: 'vision', folder });
    const changes = collector<CatalogChange>(catalog.onDidChange);
    const deltas = collector<RunDelta>((listener) => catalog.follow(runId, listener));
    expect((await catalog.details(runId)).metrics).toMatchObject([{ name: 'loss', count: 3, last: 2 }]);
    await appendFile(journal, '{"t":9,"k":"metric","n":"loss","v":{"$float":"NaN"}}\n');
    await deltas.until((values) => values.some(({ points }) => points.length > 0));
    expect(deltas.values.flatMap(({ points }) => points)).toEqual([
      { metric: 'loss', x: [3], times: [9], values: [Number.NaN] },
    ]);
    expect(await catalog.run('nobody_1_00000000')).toBeUndefined();
    const refused = await catalog.details('nobody_1_00000000').catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(RunledgerError);
    expect(refused).toMatchObject({ reason: 'not-found', advice: expect.stringContaining('Restore') });
    await newRun(folder, { experiment: 'another' });
    await changes.until((values) => values.some(({ kind }) => kind === 'experiments'));
    expect((await catalog.experiments()).map(({ name }) => name)).toEqual(['another', 'iris']);
  });

  it('are canceled', async () => {
    const { folder, runId } = await storeWithPoints(400_000);
    const catalog = await startWorker().open(folder);
    await catalog.details(runId);
    const query = { runId, metric: 'loss', axis: 'step', width: 10, smoothing: 0.5 } as const;
    // The others keep the worker busy for longer than the cancellation takes to arrive.
    const others = Array.from({ length: 30 }, () => catalog.series(query));
    const abort = new AbortController();
    const reading = catalog.series(query, abort.signal);
    abort.abort();
    await expect(reading).rejects.toMatchObject({ reason: 'canceled' });
    expect((await Promise.all(others)).map(({ totalCount }) => totalCount)).toEqual(others.map(() => 400_000));
  });

  it('say so when the worker has ended, and are opened again', async () => {
    const { folder, runId } = await storeWithPoints(1);
    const catalogs = startWorker();
    const first = await catalogs.open(folder);
    const stopped = new Promise((resolve) => catalogs.onDidStop(resolve));
    const broken = new WorkerCatalogs(join(import.meta.dirname, 'no-such-worker.ts'));
    onCleanup(() => broken.dispose());
    await expect(broken.open(folder)).rejects.toMatchObject({ reason: 'canceled' });
    await endWorker(first);
    await stopped;
    await expect(first.run(runId)).rejects.toMatchObject({ reason: 'canceled' });
    expect(await (await catalogs.open(folder)).run(runId)).toMatchObject({ id: runId });
  });

  it('write nothing where they are told so', async () => {
    const { folder, runId } = await storeWithPoints(1);
    const catalog = await startWorker().open(folder, { writesNothing: true });
    expect(await catalog.run(runId)).toMatchObject({ id: runId });
    await expect(
      import('node:fs/promises').then(({ stat }) => stat(join(folder, 'user-data', 'cache'))),
    ).rejects.toThrow('ENOENT');
  });
});

/** Ends the worker behind a catalog, as a crash would. */
async function endWorker(catalog: RunCatalog): Promise<void> {
  const { connection } = catalog as unknown as { connection: { worker: { terminate(): Promise<number> } } };
  await connection.worker.terminate();
}
