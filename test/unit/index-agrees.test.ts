/**
 * The index is given the journals that the readers are held together by, damaged and wrong ones, and must tell of a run what
 * its reader tells. `RUNLEDGER_TEST_CASES` asks for more cases than a suite has time for.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RunIndex } from '../../src/core/run-index/runIndex.ts';
import { storedScalar } from '../../src/core/store/journalRecords.ts';
import { openRun } from '../support/comparedRun.ts';
import { JournalFiles, journals } from '../support/journalArbitraries.ts';
import { newRun, onCleanup, openTestCatalog, temporaryWorkspace } from '../support/temporaryStore.ts';

const caseCount = Number(process.env.RUNLEDGER_TEST_CASES ?? 150);

/** With one zero, as the format has it, and halves of surrogate pairs as SQLite keeps them. */
function plain(value: unknown): unknown {
  const text = JSON.stringify(value, (_key, item: unknown) => (typeof item === 'number' ? storedScalar(item) : item));
  return JSON.parse(text.replaceAll(/\\ud[89a-f][0-9a-f]{2}/g, '\ufffd'));
}

it('the index tells of any journal what a reader tells, whole or as it grows', async () => {
  const folder = await temporaryWorkspace();
  const catalog = await openTestCatalog(folder);
  await fc.assert(
    fc.asyncProperty(journals, fc.double({ min: 0, max: 1, noNaN: true }), async (files, share) => {
      const run = await newRun(folder);
      await mkdir(join(run.folder, 'journal'), { recursive: true });
      const part = new JournalFiles(
        [...files].map(([name, data]) => [name, data.subarray(0, Math.floor(share * data.length))]),
      );
      for (const state of [part, files]) {
        for (const [name, data] of state) {
          await writeFile(join(run.folder, 'journal', name), data);
        }
        const reader = await openRun(run.folder);
        await reader.refresh();
        const details = await reader.details();
        expect(plain(await catalog.details(run.runId))).toEqual(plain(details));
        for (const { name, kind } of details.metrics) {
          if (kind === 'row' || kind === 'table') {
            expect(plain(await catalog.table(run.runId, name))).toEqual(plain(reader.metrics.table(name)));
          } else {
            const series = await catalog.series({ runId: run.runId, metric: name, axis: 'step', width: 100_000 });
            expect(series.totalCount).toBe(reader.metrics.series(name)?.totalCount);
          }
        }
      }
    }),
    { numRuns: caseCount },
  );
}, 600_000);

it('the index tells a follower what came since a mark: with what was known then, it makes the whole', async () => {
  const folder = await temporaryWorkspace();
  const index = await RunIndex.open(folder);
  onCleanup(() => index.close());
  const keyOf = (runId: string): { run: number; revision: number } => {
    const state = index.find(runId);
    if (state?.kind !== 'run') {
      throw new Error('The run is not in the index.');
    }
    return state;
  };
  await fc.assert(
    fc.asyncProperty(journals, fc.double({ min: 0, max: 1, noNaN: true }), async (files, share) => {
      const { runId, folder: runFolder } = await newRun(folder);
      await mkdir(join(runFolder, 'journal'), { recursive: true });
      for (const [name, data] of files) {
        await writeFile(join(runFolder, 'journal', name), data.subarray(0, Math.floor(share * data.length)));
      }
      await index.refresh('iris', runId);
      const { run, revision } = keyOf(runId);
      const mark = index.mark(run, revision);
      const before = new Map(index.metrics(run).summaries.map(({ name, count }) => [name, count]));
      for (const [name, data] of files) {
        await writeFile(join(runFolder, 'journal', name), data);
      }
      await index.refresh('iris', runId);
      const reader = await openRun(runFolder);
      await reader.refresh();
      // SQLite keeps a half of a surrogate pair as another character.
      const summaries = new Map(reader.metrics.summaries().map((summary) => [summary.name.toWellFormed(), summary]));
      fc.pre(summaries.size === reader.metrics.summaries().length);
      const { metrics, points } = index.since(mark, keyOf(runId).run);
      const told = new Set(metrics.map(({ name }) => name));
      for (const summary of metrics) {
        expect(plain(summary)).toEqual(plain(summaries.get(summary.name)));
      }
      for (const [name, { count }] of summaries) {
        expect(told.has(name) || before.get(name) === count).toBe(true);
      }
      for (const { metric, x, values } of points) {
        const added = (reader.metrics.points(summaries.get(metric)?.name ?? metric) ?? []).slice(
          before.get(metric) ?? 0,
        );
        const numbers = added.filter(({ value }) => typeof value !== 'string' && value !== null);
        expect(plain({ x, values })).toEqual(
          plain({ x: numbers.map((point) => point.x), values: numbers.map(({ value }) => Number(value)) }),
        );
      }
    }),
    { numRuns: caseCount },
  );
}, 600_000);
