/** What the page of a run with many long series takes: from its script to its charts, and in each frame while it moves. */
import { existsSync } from 'node:fs';
import { appendFile, mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import type { Browser, Page } from '@playwright/test';
import { openRunCatalog } from '../../src/core/catalog/indexedRunCatalog.ts';
import type { RunCatalog } from '../../src/core/catalog/runCatalog.ts';
import { createRun } from '../../src/core/store/runCreation.ts';
import { createWorkspace } from '../../src/core/store/workspaces.ts';
import { MetricsLayouts } from '../../src/extension/run-page/metricsLayouts.ts';
import { RunPageSession } from '../../src/extension/run-page/runPageSession.ts';
import { captureCommand } from '../support/childProcess.ts';
import { benchCacheFolder, rootFolder } from '../support/paths.ts';
import { TaskError } from '../support/taskError.ts';
import { launchBrowser } from '../vscode-host/browser.ts';
import type { Benchmark } from './benchmark.ts';
import { comparedWithLimit, type Figure } from './figure.ts';
import { randomNumbers } from './generatedStore.ts';
import { measureGrowth } from './pageGrowth.ts';
import { servePage } from './servedPage.ts';
import { percentile95 } from './times.ts';
import { tracedFrames } from './tracedFrames.ts';

const generation = 1;
const metricCount = 50;
const pointCount = 100_000;
const longRunId = 'long-run';
const rounds = 11;
const moves = 120;
const frameMs = 16;
/** A new window of the browser loads pages of the browser's own meanwhile, which the editor's do not. */
const restMs = 1500;
/** Per cent: what it has drawn once, a page keeps. */
const mostGrowth = 125;
const viewport = { width: 1400, height: 900 };

export const runPage: Benchmark = {
  name: 'run-page',
  about:
    `The Metrics tab of a run with ${metricCount} metrics of ${pointCount.toLocaleString('en')} points, in headless Chromium of ${viewport.width} by ${viewport.height} pixels ` +
    'without a graphics card. The page talks to the real half of the extension host, in another process, over an index that is there. ' +
    'A frame is what the main thread works from one of its frames to the next, by the trace of the browser, in time of the processor.',
  run: async ({ folder: folderOfGrowth, say }) => {
    process.env.RUNLEDGER_HOME = path.join(benchCacheFolder, 'run-page-home');
    const folder = await longRun(say);
    await buildPages();
    const catalog = await openRunCatalog(folder);
    const browser = await launchBrowser();
    try {
      say('Bringing the index up to date…');
      await catalog.details(longRunId);
      const starts: number[] = [];
      for (let round = 0; round <= rounds; round += 1) {
        const time = await measureStart(browser, catalog);
        // The first one also reads the corners of the chunks.
        if (round > 0) {
          starts.push(time);
        }
      }
      return [
        comparedWithLimit('from the start of the script to the visible charts drawn', starts, 300, 'ms'),
        ...(await measureMoves(browser, catalog)),
        await measureGrown(browser, folderOfGrowth),
      ];
    } finally {
      await browser.close();
      catalog.dispose();
    }
  },
};

interface OpenPage {
  readonly page: Page;
  close(): Promise<void>;
}

async function openPage(browser: Browser, catalog: RunCatalog, runId = longRunId): Promise<OpenPage> {
  const kept = new Map<string, unknown>();
  const host = await servePage(
    (post) =>
      new RunPageSession({
        catalog,
        runId,
        post,
        artifactUri: () => (file) => file,
        onSummary: () => {},
        onError: (error) => {
          throw error;
        },
        annotate: () => Promise.reject(new Error('The benchmark changes no run.')),
        listSnapshot: () => Promise.reject(new Error('The benchmark shows no snapshot.')),
        layouts: new MetricsLayouts({
          get: (key) => kept.get(key),
          update: async (key, value) => {
            kept.set(key, value);
          },
        }),
      }),
  );
  const context = await browser.newContext({ viewport });
  const page = await context.newPage();
  await page.waitForTimeout(restMs);
  await page.goto(host.address);
  return {
    page,
    close: async () => {
      await context.close();
      host.close();
    },
  };
}

/** Looks into the components of the page for the plots that are in sight. */
const findPlots = `
  const plots = [];
  const look = (root) => {
    for (const element of root.querySelectorAll('*')) {
      if (element.localName === 'runledger-line-plot') {
        const { top, bottom } = element.getBoundingClientRect();
        if (bottom > 0 && top < innerHeight) plots.push(element);
      }
      if (element.shadowRoot) look(element.shadowRoot);
    }
  };
  look(document);
`;

/** When the last chart in sight was drawn, from the start of the script; undefined while one is not. */
const chartsDrawn = `(() => {
  ${findPlots}
  if (plots.length === 0 || plots.some((plot) => plot.chart === undefined)) return undefined;
  const names = new Set(plots.map((plot) => plot.name));
  const marks = performance.getEntriesByName('runledger:chart-created').filter((mark) => names.has(mark.detail));
  return Math.max(...marks.map((mark) => mark.startTime)) - performance.getEntriesByName('bench:start')[0].startTime;
})()`;

async function untilDrawn(page: Page): Promise<number> {
  // Looking costs the page time, too: seldom.
  const drawn = await page.waitForFunction(chartsDrawn, undefined, { polling: 200 });
  return Number(await drawn.jsonValue());
}

async function measureStart(browser: Browser, catalog: RunCatalog): Promise<number> {
  const { page, close } = await openPage(browser, catalog);
  try {
    return await untilDrawn(page);
  } finally {
    await close();
  }
}

async function measureMoves(browser: Browser, catalog: RunCatalog): Promise<Figure[]> {
  const { page, close } = await openPage(browser, catalog);
  try {
    await untilDrawn(page);
    const box = await page.locator('runledger-chart-card').first().boundingBox();
    if (box === null) {
      throw new TaskError('The page shows no chart.');
    }
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    // A range to pan: a fifth of the width.
    await page.mouse.move(x - 30, y);
    await page.mouse.down();
    await page.mouse.move(x + 30, y, { steps: 4 });
    await page.mouse.up();
    const panning = await tracedFrames(browser, page, async () => {
      await page.keyboard.down('Shift');
      await page.mouse.down();
      for (let move = 1; move <= moves; move += 1) {
        await page.mouse.move(x + 60 * Math.sin(move / 15), y);
        await page.waitForTimeout(frameMs);
      }
      await page.mouse.up();
      await page.keyboard.up('Shift');
    });
    const scrolling = await tracedFrames(browser, page, async () => {
      for (let move = 1; move <= moves; move += 1) {
        await page.mouse.wheel(0, move > moves / 2 ? -40 : 40);
        await page.waitForTimeout(frameMs);
      }
    });
    return [
      comparedWithLimit('work of a frame while panning, 95th percentile', [percentile95(panning)], 8, 'ms'),
      comparedWithLimit('work of a frame while scrolling, 95th percentile', [percentile95(scrolling)], 8, 'ms'),
    ];
  } finally {
    await close();
  }
}

async function measureGrown(browser: Browser, folder: string): Promise<Figure> {
  const { before, after, points } = await measureGrowth(folder, (catalog, runId) => openPage(browser, catalog, runId));
  const what = `memory of the page of a run that goes on, after ${points.toLocaleString('en')} points, over that of its first`;
  return comparedWithLimit(what, [(after / before) * 100], mostGrowth, '%');
}

async function buildPages(): Promise<void> {
  const built = await captureCommand(process.execPath, ['webview-ui/dev/build.ts'], { cwd: rootFolder });
  if (built.exitCode !== 0) {
    throw new TaskError(`The pages could not be built:\n${built.stderr}`);
  }
}

/** The workspace of the run, generated once. Each metric has a course of its own, with noise and a few spikes. */
async function longRun(say: (text: string) => void): Promise<string> {
  const folder = path.join(benchCacheFolder, `run-page-${generation}`);
  if (existsSync(folder)) {
    return folder;
  }
  say('Generating a run of long series…');
  const unfinished = `${folder}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true });
  await createWorkspace({ folder: unfinished, name: 'charts' });
  const run = await createRun({
    workspaceFolder: unfinished,
    experiment: 'charts',
    runId: longRunId,
    type: undefined,
    createdBy: 'bench',
  });
  await mkdir(path.join(run.folder, 'journal'), { recursive: true });
  const journal = path.join(run.folder, 'journal', 'script-1-aaaaaaaa.jsonl');
  const file = await open(journal, 'a');
  const random = randomNumbers(7);
  let time = 1_763_700_000;
  for (let step = 0; step < pointCount; step += 1) {
    let lines = '';
    for (let metric = 0; metric < metricCount; metric += 1) {
      time = Math.round((time + random() * 0.001) * 1e6) / 1e6;
      const value = Math.exp((-step / pointCount) * (1 + (metric % 7))) + 0.1 * random() + (random() < 1e-4 ? 1 : 0);
      lines += `{"t":${time},"k":"metric","n":"${['train', 'val', 'grad'][metric % 3]}/metric ${metric}","v":${value},"s":${step}}\n`;
    }
    await file.appendFile(lines);
  }
  await file.close();
  await appendFile(journal, `{"t":${time},"k":"status","v":"Completed"}\n`);
  await rename(unfinished, folder);
  return folder;
}
