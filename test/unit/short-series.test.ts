import { appendFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { metricsOfRuns } from '../../src/core/run-index/metricSummary.ts';
import { RunIndex } from '../../src/core/run-index/runIndex.ts';
import { ShortPoints, shortLength } from '../../src/core/run-index/shortSeries.ts';
import { newRun, temporaryWorkspace } from '../support/temporaryStore.ts';

/** What a writer appends at a time: metrics with few points, some of which get more than a short series has. */
const appended = fc.record({
  writer: fc.integer({ min: 0, max: 1 }),
  metrics: fc.uniqueArray(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 4 }),
  count: fc.constantFrom(1, 2, shortLength - 1, shortLength, shortLength + 1, 40),
  form: fc.constantFrom('points', 'points', 'record', 'described', 'texts'),
  time: fc.integer({ min: 0, max: 50 }),
});

function linesOf(
  { metrics, count, form, time }: { metrics: number[]; count: number; form: string; time: number },
  round: number,
): string {
  const lines: string[] = [];
  for (let at = 0; at < count; at += 1) {
    const t = round * 100 + time + at;
    const value = Math.round(Math.sin(round * 31 + at) * 100) / 8;
    if (form === 'record') {
      const v = Object.fromEntries(metrics.map((metric) => [`m${metric}`, value + metric]));
      lines.push(JSON.stringify({ t, k: 'metrics', v, s: at }));
      continue;
    }
    for (const metric of metrics) {
      const v = form === 'texts' && at === 0 ? 'text' : at % 7 === 3 ? { $float: 'NaN' } : value + metric;
      lines.push(
        JSON.stringify({ t, k: 'metric', n: `m${metric}`, v, ...(form === 'described' ? { d: `of ${round}` } : {}) }),
      );
    }
  }
  return `${lines.join('\n')}\n`;
}

async function everythingOf(index: RunIndex, runId: string): Promise<unknown> {
  const state = index.find(runId);
  const run = state?.kind === 'run' ? state.run : -1;
  const { summaries, problemCount } = index.metrics(run);
  const series = await Promise.all(
    summaries.map(({ name: metric }) => index.series(run, { runId, metric, axis: 'step', width: 10_000 })),
  );
  const texts = index.database.rows('SELECT text FROM metric_texts WHERE run = ? ORDER BY text', run);
  const [found] = metricsOfRuns(index.database.database, [run]);
  const filtered = found && {
    texts,
    metrics: summaries.map(({ name }) => {
      const key = Number(index.database.row('SELECT name FROM names WHERE text = ?', name)?.name);
      const at = found[1].indexOf(key);
      return [
        name,
        found[1].kind(at),
        ...(['last', 'min', 'max', 'count'] as const).map((part) => found[1].value(at, part)),
      ];
    }),
  };
  return { summaries, problemCount, series, filtered };
}

describe('metrics with few points', () => {
  it('are the same however they came, also while they get more', async () => {
    const folder = await temporaryWorkspace();
    const grown = await RunIndex.open(folder);
    await fc.assert(
      fc.asyncProperty(fc.array(appended, { minLength: 1, maxLength: 4 }), async (rounds) => {
        const run = await newRun(folder);
        await mkdir(join(run.folder, 'journal'), { recursive: true });
        for (const [round, part] of rounds.entries()) {
          await appendFile(join(run.folder, 'journal', `writer-${part.writer}.jsonl`), linesOf(part, round));
          await grown.refresh('iris', run.runId);
        }
        const anew = await RunIndex.open(folder, false);
        await anew.refresh('iris', run.runId);
        expect(await everythingOf(grown, run.runId)).toEqual(await everythingOf(anew, run.runId));
        anew.close();
      }),
      { numRuns: 40, endOnFailure: true },
    );
    grown.close();
  }, 60_000);

  it('tell of each new point once, when they become long too', async () => {
    const folder = await temporaryWorkspace();
    const index = await RunIndex.open(folder);
    const run = await newRun(folder);
    await mkdir(join(run.folder, 'journal'), { recursive: true });
    const journal = join(run.folder, 'journal', 'script.jsonl');
    await appendFile(journal, '{"t":0,"k":"metric","n":"other","v":1}\n');
    await index.refresh('iris', run.runId);
    const key = (): number => {
      const state = index.find(run.runId);
      return state?.kind === 'run' ? state.run : -1;
    };
    const revision = (): number => {
      const state = index.find(run.runId);
      return state?.kind === 'run' ? state.revision : -1;
    };
    let mark = index.mark(key(), revision());
    for (let at = 0; at < shortLength + 5; at += 1) {
      await appendFile(journal, `{"t":${at},"k":"metric","n":"loss","v":${at / 2},"s":${at}}\n`);
      await index.refresh('iris', run.runId);
      const { metrics, points } = index.since(mark, key());
      mark = index.mark(key(), revision());
      expect(metrics.map(({ name, count }) => [name, count])).toEqual([['loss', at + 1]]);
      expect(points).toEqual([{ metric: 'loss', x: [at], times: [at], values: [at / 2] }]);
    }
    expect(index.since(mark, key())).toEqual({ metrics: [], points: [] });
    expect(index.database.rows('SELECT count FROM series')).toEqual([{ count: shortLength + 5 }]);
    index.close();
  });

  it('come back from their bytes as they were', () => {
    const point = fc.record({
      name: fc.integer({ min: 1, max: 4 }),
      place: fc.integer({ min: 0, max: 2 }),
      time: fc.double({ noNaN: true }),
      value: fc.double(),
      step: fc.option(fc.integer(), { nil: Number.NaN }),
    });
    fc.assert(
      fc.property(fc.array(point, { minLength: 1 }), fc.integer({ min: 1, max: 4 }), (points, taken) => {
        const short = new ShortPoints();
        for (const [line, { name, place, time, value, step }] of points.entries()) {
          short.add(name, line, place, time, value, step);
        }
        short.take(taken);
        const packed = short.pack();
        const back = packed === undefined ? new ShortPoints() : ShortPoints.unpack(packed);
        for (let name = 1; name <= 4; name += 1) {
          const expected = points
            .map(({ name: of, ...rest }, line) => ({ of, line, ...rest }))
            .filter(({ of }) => of === name && of !== taken)
            .map(({ of: _, ...rest }) => rest);
          expect(back.pointsOf(name)).toEqual(expected);
        }
      }),
    );
  });
});
