import { existsSync } from 'node:fs';
import { appendFile, mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { SeriesQuery } from '../../src/core/catalog/runCatalog.ts';
import { RunIndex } from '../../src/core/run-index/runIndex.ts';
import { createRun } from '../../src/core/store/runCreation.ts';
import { createWorkspace } from '../../src/core/store/workspaces.ts';
import { benchCacheFolder } from '../support/paths.ts';
import type { Benchmark } from './benchmark.ts';
import { comparedWithLimit, type Figure } from './figure.ts';
import { randomNumbers } from './generatedStore.ts';
import { millisecondsOf, percentile95 } from './times.ts';

const generation = 1;
const pointCount = 10_000_000;
const comparedSeries = 100;
const comparedPoints = 100_000;
const width = 1000;
const charts = 60;
const rounds = 5;
const experiment = 'charts';

/** What a chart waits for. */
export const seriesCharts: Benchmark = {
  name: 'series-charts',
  about:
    `Charts of ${width.toLocaleString('en')} pixels, exact: of any range of one series of ${pointCount.toLocaleString('en')} points, of the same smoothed over all ` +
    `points, and of ${comparedSeries} series of ${comparedPoints.toLocaleString('en')} points for a comparison. From an index that is there.`,
  run: async ({ say }) => {
    process.env.RUNLEDGER_HOME = path.join(benchCacheFolder, 'charts-home');
    const { store, ids } = await chartStore(say);
    const index = await RunIndex.open(store);
    try {
      say('Bringing the index up to date…');
      await index.refreshAll();
      const run = keyOf(index, ids[0] ?? '');
      return [
        await measureRanges(index, run),
        await measureSmoothing(index, run),
        await measureComparison(index, ids.slice(1)),
      ];
    } finally {
      index.close();
    }
  },
};

function keyOf(index: RunIndex, id: string): number {
  const state = index.find(id);
  if (state?.kind !== 'run') {
    throw new Error(`The run ${id} is not in the index.`);
  }
  return state.run;
}

function query(more: Partial<SeriesQuery>): SeriesQuery {
  return { runId: '', metric: 'loss', axis: 'step', width, ...more };
}

async function measureRanges(index: RunIndex, run: number): Promise<Figure> {
  const random = randomNumbers(1);
  const times: number[] = [];
  for (let chart = 0; chart <= charts; chart += 1) {
    const from = random() * 0.9;
    const to = from + (1 - from) * random() ** 3;
    const range = chart % 3 === 0 ? {} : { from: from * pointCount, to: to * pointCount };
    const time = await millisecondsOf(() => index.series(run, query(range)));
    // The first chart of a series also reads the corners of its chunks.
    if (chart > 0) {
      times.push(time);
    }
  }
  return comparedWithLimit('a chart of 10 million points, any range, 95th percentile', [percentile95(times)], 50, 'ms');
}

async function measureSmoothing(index: RunIndex, run: number): Promise<Figure> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    times.push(await millisecondsOf(() => index.series(run, query({ smoothing: 0.9 }))));
  }
  return comparedWithLimit('the same, smoothed', times, 500, 'ms');
}

async function measureComparison(index: RunIndex, ids: readonly string[]): Promise<Figure> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    times.push(
      await millisecondsOf(async () => {
        for (const id of ids) {
          await index.series(keyOf(index, id), query({}));
        }
      }),
    );
  }
  return comparedWithLimit('100 series of 100,000 points', times, 300, 'ms');
}

interface ChartStore {
  readonly store: string;
  /** The long run, then the compared ones. */
  readonly ids: readonly string[];
}

async function chartStore(say: (text: string) => void): Promise<ChartStore> {
  const store = path.join(benchCacheFolder, `charts-${generation}`);
  const ids = Array.from({ length: comparedSeries + 1 }, (_, index) => `${experiment}-${index}`);
  if (!existsSync(store)) {
    say('Generating long series…');
    const unfinished = `${store}.unfinished`;
    await rm(unfinished, { recursive: true, force: true });
    await mkdir(unfinished, { recursive: true });
    await createWorkspace({ folder: unfinished, name: 'charts' });
    for (const [index, runId] of ids.entries()) {
      await writeSeries(unfinished, runId, index === 0 ? pointCount : comparedPoints, index);
    }
    await rename(unfinished, store);
  }
  return { store, ids };
}

async function writeSeries(workspaceFolder: string, runId: string, count: number, seed: number): Promise<void> {
  const run = await createRun({ workspaceFolder, experiment, runId, type: undefined, createdBy: 'bench' });
  await mkdir(path.join(run.folder, 'journal'), { recursive: true });
  const journal = path.join(run.folder, 'journal', 'script-1-aaaaaaaa.jsonl');
  const random = randomNumbers(seed + 1);
  const file = await open(journal, 'a');
  let time = 1_763_700_000;
  let step = 0;
  for (let first = 0; first < count; first += 50_000) {
    let lines = '';
    for (let index = first; index < Math.min(count, first + 50_000); index += 1) {
      time = Math.round((time + random() * 0.01) * 1e6) / 1e6;
      // Some steps repeat and some are left out.
      step += index % 97 === 0 ? 0 : index % 101 === 0 ? 2 : 1;
      const value = random() < 1e-5 ? '{"$float":"NaN"}' : String(Math.sin(index / 1e5) + random());
      lines += `{"t":${time},"k":"metric","n":"loss","v":${value},"s":${step}}\n`;
    }
    await file.appendFile(lines);
  }
  await file.close();
  await appendFile(journal, `{"t":${time},"k":"status","v":"Completed"}\n`);
}
