/**
 * The index is given the journals that the readers are held together by, damaged and wrong ones, and must tell of a run what
 * its reader tells. `RUNLEDGER_TEST_CASES` asks for more cases than a suite has time for.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { storedScalar } from '../../src/core/store/journalRecords.ts';
import { openRun } from '../support/comparedRun.ts';
import { JournalFiles, journals } from '../support/journalArbitraries.ts';
import { newRun, openTestCatalog, temporaryWorkspace } from '../support/temporaryStore.ts';

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
