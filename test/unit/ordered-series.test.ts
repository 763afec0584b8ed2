import { appendFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { effectiveSeries, type SeriesRow } from '../../src/core/run-index/metricSummaries.ts';
import type { OrderingLimits } from '../../src/core/run-index/orderedSeries.ts';
import { RunIndex } from '../../src/core/run-index/runIndex.ts';
import { seriesOfRun } from '../../src/core/run-index/runSeries.ts';
import { type ChartRange, SeriesReader } from '../../src/core/run-index/seriesReader.ts';
import { newRun, temporaryWorkspace } from '../support/temporaryStore.ts';

/** Everything is put in order through the index: in few points at a time, merged from few parts. */
const limits: OrderingLimits = { inMemory: 0, overlaid: 900, mergedRuns: 3, sortedAtOnce: 1500 };

/** What one writer appends at a time: so many points, from a time and a step on, some without a step or no numbers. */
const appended = fc.record({
  writer: fc.integer({ min: 0, max: 2 }),
  count: fc.constantFrom(1, 30, 300, 1024, 1500),
  time: fc.integer({ min: 0, max: 4000 }),
  step: fc.integer({ min: 0, max: 3000 }),
  stride: fc.constantFrom(1, 1, 3, 0, -1),
  stepless: fc.constantFrom(0, 0, 0, 5),
  gap: fc.constantFrom(0, 0, 7),
});

const ranges: readonly ChartRange[] = [
  { axis: 'step', width: 40 },
  { axis: 'time', width: 100_000 },
  { axis: 'step', width: 100_000 },
  { axis: 'relative', width: 25, from: 300, to: 1900, origin: 10 },
  { axis: 'step', width: 30, from: 100, to: 2000, smoothing: 0.6 },
];

it('draws metrics that are put in order in the index as those that are put in order in memory', async () => {
  const folder = await temporaryWorkspace();
  const index = await RunIndex.open(folder);
  const seriesOf = (run: number): readonly SeriesRow[] => {
    const [all = []] = seriesOfRun(index.database, run).values();
    return effectiveSeries(all).series;
  };
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(appended, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 }),
      async (rounds) => {
        const run = await newRun(folder);
        await mkdir(join(run.folder, 'journal'), { recursive: true });
        const inIndex = new SeriesReader(index.database, limits);
        for (const [round, parts] of rounds.entries()) {
          for (const { writer, count, time, step, stride, stepless, gap } of parts) {
            const lines = Array.from({ length: count }, (_, at) => {
              const v =
                gap > 0 && at % gap === 0 ? (at % 2 === 0 ? { $float: 'NaN' } : 'text') : Math.sin(at * 7 + round) * 10;
              const s = stepless > 0 && at % stepless === 0 ? {} : { s: step + at * stride };
              return JSON.stringify({ t: time + at * 0.25 + writer / 16, k: 'metric', n: 'loss', v, ...s });
            });
            await appendFile(join(run.folder, 'journal', `writer-${writer}.jsonl`), `${lines.join('\n')}\n`);
          }
          await index.refresh('iris', run.runId);
          const state = index.find(run.runId);
          const series = seriesOf(state?.kind === 'run' ? state.run : -1);
          for (const range of ranges) {
            expect(await inIndex.read(series, range)).toEqual(
              await new SeriesReader(index.database).read(series, range),
            );
          }
        }
        expect(index.database.rows('SELECT ordered FROM ordered_series WHERE is_whole = 0')).toEqual([]);
      },
    ),
    { numRuns: 10, endOnFailure: true },
  );
  index.close();
}, 60_000);

it('leaves nothing behind where it was canceled, or of a run that is gone', async () => {
  const folder = await temporaryWorkspace();
  const index = await RunIndex.open(folder);
  const run = await newRun(folder);
  await mkdir(join(run.folder, 'journal'), { recursive: true });
  const lines = Array.from(
    { length: 60_000 },
    (_, at) => `{"t":${at},"k":"metric","n":"loss","v":${at % 13},"s":${-at}}\n`,
  );
  await appendFile(join(run.folder, 'journal', 'writer.jsonl'), lines.join(''));
  await index.refresh('iris', run.runId);
  const state = index.find(run.runId);
  const [series = []] = seriesOfRun(index.database, state?.kind === 'run' ? state.run : -1).values();
  const reader = new SeriesReader(index.database, limits);
  const abort = new AbortController();
  const canceled = reader.read(series, { axis: 'step', width: 10 }, abort.signal);
  const wanted = reader.read(series, { axis: 'step', width: 10 });
  abort.abort();
  await expect(canceled).rejects.toMatchObject({ reason: 'canceled' });
  expect((await wanted).totalCount).toBe(60_000);
  expect(index.database.rows('SELECT is_whole FROM ordered_series')).toEqual([{ is_whole: 1 }]);
  await appendFile(join(run.folder, 'run.json'), ' ');
  await index.refresh('iris', run.runId);
  expect(index.database.rows('SELECT is_whole FROM ordered_series')).toEqual([]);
  expect(index.database.rows('SELECT place FROM points WHERE place < 0')).toEqual([]);
  index.close();
});
