/** Whether the page of a run that goes on grows: the memory that it holds after a day's worth of points. */
import { appendFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { openRunCatalog } from '../../src/core/catalog/indexedRunCatalog.ts';
import type { RunCatalog } from '../../src/core/catalog/runCatalog.ts';
import { createRun } from '../../src/core/store/runCreation.ts';
import { createWorkspace } from '../../src/core/store/workspaces.ts';
import { TaskError } from '../support/taskError.ts';

const metricCount = 20;
/** Points of each metric in one write, as a page gets them together. */
const pointsAtOnce = 20;
/** Then the charts hold as many points as they ever do. */
const settledAfter = 500;
/** With the points of a metric every second or so, this many writes are a day. */
const writes = 2000;

export interface Growth {
  /** Of the page's heap, in MB, once it is full of what it shows. */
  readonly before: number;
  readonly after: number;
  readonly points: number;
}

/** @param open shows the Metrics tab of a run */
export async function measureGrowth(
  folder: string,
  open: (catalog: RunCatalog, runId: string) => Promise<{ readonly page: Page; close(): Promise<void> }>,
): Promise<Growth> {
  await createWorkspace({ folder, name: 'growth' });
  const run = await createRun({
    workspaceFolder: folder,
    experiment: 'growth',
    runId: 'growing',
    type: undefined,
    createdBy: 'bench',
  });
  await mkdir(path.join(run.folder, 'journal'), { recursive: true });
  const journal = path.join(run.folder, 'journal', 'script-1-aaaaaaaa.jsonl');
  const start = Date.now() / 1000;
  let step = 0;
  const write = async (): Promise<void> => {
    let lines = '';
    for (const last = step + pointsAtOnce; step < last; step += 1) {
      for (let metric = 0; metric < metricCount; metric += 1) {
        lines += `{"t":${start + step},"k":"metric","n":"metric ${metric}","v":${Math.sin(step / 500 + metric)},"s":${step}}\n`;
      }
    }
    await appendFile(journal, lines);
  };
  await appendFile(journal, `{"t":${start},"k":"status","v":"Running"}\n`);
  await write();
  const catalog = await openRunCatalog(folder);
  const { page, close } = await open(catalog, run.runId);
  try {
    const until = async (count: number): Promise<void> => {
      for (let wrote = Math.floor(step / pointsAtOnce); wrote < count; wrote += 1) {
        await write();
        await catalog.details(run.runId);
        if (wrote % 20 === 0) {
          // The page draws what came: a page that never had time would hold what it was told.
          await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))');
        }
      }
      await untilTold(page, step);
    };
    await until(settledAfter);
    const before = await heapOf(page);
    await until(writes);
    return { before, after: await heapOf(page), points: step * metricCount };
  } finally {
    await close();
    catalog.dispose();
  }
}

/** Waits until the page has the last point. */
async function untilTold(page: Page, count: number): Promise<void> {
  const told = await page
    .waitForFunction((wanted) => Number(Reflect.get(window, 'benchPoints') ?? 0) >= wanted, count, { timeout: 60_000 })
    .catch(() => undefined);
  if (told === undefined) {
    throw new TaskError('The page was not told of the last points of its run.');
  }
}

/** MB that are held after the garbage was collected. */
async function heapOf(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  try {
    await session.send('HeapProfiler.enable');
    await session.send('HeapProfiler.collectGarbage');
    const { usedSize } = await session.send('Runtime.getHeapUsage');
    return usedSize / 1e6;
  } finally {
    await session.detach();
  }
}
