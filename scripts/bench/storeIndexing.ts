import { appendFile, mkdir, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { WorkerCatalogs } from '../../src/core/catalog/workerCatalogs.ts';
import { RunIndex } from '../../src/core/run-index/runIndex.ts';
import { createRun } from '../../src/core/store/runCreation.ts';
import { createWorkspace } from '../../src/core/store/workspaces.ts';
import { rootFolder } from '../support/paths.ts';
import type { Benchmark } from './benchmark.ts';
import { comparedWithLimit, comparedWithPeer, type Figure } from './figure.ts';
import { generatedExperiment, generatedStore, journalsOf } from './generatedStore.ts';
import { millisecondsOf, percentile95 } from './times.ts';

const wide = { runs: 10_000, pointsPerRun: 1000 };
const narrow = { ...wide, metricsPerRun: 10 };
const many = { runs: 75_000, pointsPerRun: 20 };
const coldRounds = 2;
const growing = { runs: 100, points: 1000, rounds: 20 };
const pages = 60;

const workerFile = path.join(rootFolder, 'src', 'core', 'catalog', 'catalogWorker.ts');

/** From files to lists. */
export const storeIndexing: Benchmark = {
  name: 'store-indexing',
  about:
    `Making the index of ${wide.runs.toLocaleString('en')} irregular runs of ${wide.pointsPerRun.toLocaleString('en')} points, in one thread, ` +
    'of 10 metrics each, and of 1 to 5,000, which are 306 on an average with 3 points each; beside `JSON.parse` line by line of the same bytes, which are read for it too. Then what the window’s own thread does while a ' +
    `worker makes it; catching up with ${growing.runs} runs that grew; and pages of 50 of ${many.runs.toLocaleString('en')} runs, each ` +
    'looked up in its files too.',
  run: async ({ folder, say }) => {
    process.env.RUNLEDGER_HOME = path.join(folder, 'home');
    const store = await generatedStore(wide, say);
    return [
      await measureCold('10 metrics a run', await generatedStore(narrow, say), say),
      await measureCold('1 to 5,000 metrics a run', store, say),
      await measureEventLoop(store, say),
      await measureCatchingUp(path.join(folder, 'growing'), say),
      await measurePages(await generatedStore(many, say), say),
    ];
  },
};

async function measureCold(of: string, store: string, say: (text: string) => void): Promise<Figure> {
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < coldRounds; round += 1) {
    say(`Making the index, ${round + 1} of ${coldRounds}…`);
    theirs.push(await millisecondsOf(() => parseAll(store)));
    const index = await RunIndex.open(store, false);
    ours.push(await millisecondsOf(() => index.refreshAll()));
    index.close();
  }
  return comparedWithPeer({
    ...{ what: `cold index of 10 million points, ${of}`, unit: 'ms', ours, better: 'less', atLeast: 0.5 },
    ...{ against: '`JSON.parse` line by line', theirs },
  });
}

async function parseAll(store: string): Promise<void> {
  for (let number = 1; number <= wide.runs; number += 1) {
    const journals = journalsOf(store, number);
    for (const name of await readdir(journals)) {
      for (const line of (await readFile(path.join(journals, name), 'utf8')).split('\n')) {
        if (line !== '') {
          JSON.parse(line);
        }
      }
    }
  }
}

/**
 * The longest that this thread was at work at a stretch while a worker made the index, as the editor's is. Not what it waited for a
 * processor that others had: with two cores that says more of them.
 */
async function measureEventLoop(store: string, say: (text: string) => void): Promise<Figure> {
  say('Making the index in a worker…');
  const catalogs = new WorkerCatalogs(workerFile);
  try {
    const catalog = await catalogs.open(store, { writesNothing: true });
    let longest = 0;
    let before = process.threadCpuUsage();
    const timer = setInterval(() => {
      const { user, system } = process.threadCpuUsage(before);
      longest = Math.max(longest, (user + system) / 1000);
      before = process.threadCpuUsage();
    }, 1);
    await catalog.knownNames();
    clearInterval(timer);
    return comparedWithLimit('the window’s thread meanwhile, its longest work at a stretch', [longest], 20, 'ms');
  } finally {
    catalogs.dispose();
  }
}

async function measureCatchingUp(folder: string, say: (text: string) => void): Promise<Figure> {
  say('Catching up with runs that go on…');
  await mkdir(folder);
  await createWorkspace({ folder, name: 'growing' });
  const runs = await Promise.all(
    Array.from({ length: growing.runs }, () =>
      createRun({ workspaceFolder: folder, experiment: 'growing', type: undefined, createdBy: 'bench' }),
    ),
  );
  const journals = runs.map((run) => path.join(run.folder, 'journal', 'script-1-aaaaaaaa.jsonl'));
  await Promise.all(journals.map((journal) => mkdir(path.dirname(journal), { recursive: true })));
  const index = await RunIndex.open(folder);
  const times: number[] = [];
  for (let round = 0; round <= growing.rounds; round += 1) {
    const lines = Array.from({ length: growing.points }, (_, point) => {
      const step = round * growing.points + point;
      return `{"t":${1_763_700_000 + step},"k":"metric","n":"${point % 2 === 0 ? 'train/loss' : 'val/loss'}","v":${Math.sin(step)},"s":${step}}\n`;
    }).join('');
    await Promise.all(journals.map((journal) => appendFile(journal, lines)));
    const time = await millisecondsOf(() => index.refreshAll());
    // The first round also reads the runs' records.
    if (round > 0) {
      times.push(time);
    }
  }
  index.close();
  return comparedWithLimit('1,000 new points in each of 100 running runs', times, 100, 'ms');
}

async function measurePages(store: string, say: (text: string) => void): Promise<Figure> {
  say('Making the index of the long list…');
  const catalogs = new WorkerCatalogs(workerFile);
  try {
    const catalog = await catalogs.open(store);
    await catalog.knownNames();
    const times: number[] = [];
    for (let page = 0; page <= pages; page += 1) {
      const cursor = page === 0 ? undefined : String(Math.floor((many.runs * page) / pages));
      const time = await millisecondsOf(() => catalog.runs({ experimentKey: generatedExperiment, limit: 50, cursor }));
      if (page > 0) {
        times.push(time);
      }
    }
    return comparedWithLimit('a page of 75,000 runs, 95th percentile', [percentile95(times)], 50, 'ms');
  } finally {
    catalogs.dispose();
  }
}
