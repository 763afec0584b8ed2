import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import type { FrameLocator } from '@playwright/test';
import { createWorkspace } from '../../src/core/store/workspaces.ts';
import { rootFolder } from '../support/paths.ts';
import { findPython } from '../support/python.ts';
import type { Benchmark } from './benchmark.ts';
import { inWindow } from './benchWindow.ts';
import { comparedWithLimit } from './figure.ts';
import { percentile95 } from './times.ts';

const points = 60;
const limitMs = 100;
const giveUpMs = 10_000;

/** Logs a point when it is told to by a line, and tells the time at which `run.log` had returned. */
const script = `
import random, sys, time
import runledger

with runledger.start_run("live") as run:
    for step in range(200):
        run.log({"loss": random.random()}, step=step)
    print(run.id, flush=True)
    for step, line in enumerate(sys.stdin):
        run.log({"loss": 2.0 + step + random.random()}, step=200 + step)
        print(repr(time.time()), flush=True)
`;

/** From a value that is logged to the chart that shows it. */
export const livePoints: Benchmark = {
  name: 'live-points',
  about:
    `From the return of \`run.log\` in a Python process to the frame after the one in which its point was drawn on the run’s page, in the real workbench: ` +
    `the 95th percentile of ${points} points at irregular times. A chart counts as drawn when its pixels have changed.`,
  run: async ({ folder, say }) => {
    const home = path.join(folder, 'home');
    const project = path.join(folder, 'project');
    await mkdir(home);
    await mkdir(project);
    process.env.RUNLEDGER_HOME = home;
    await createWorkspace({ folder: project, name: 'live' });
    await writeFile(path.join(project, 'live.py'), script);
    const run = new LiveRun(project);
    try {
      const id = await run.line();
      if (id === '') {
        throw new Error('The script ended before its time. What it printed says why.');
      }
      say('Opening the run in the workbench…');
      const times = await inWindow(project, home, async (workbench) => {
        await workbench.runCommand('Runledger: Open Run');
        await workbench.pick(id);
        const page = workbench.webview;
        await page.getByRole('tab', { name: 'Metrics' }).click();
        await page.locator('canvas').first().waitFor();
        const chart = await watchCharts(page);
        const found: number[] = [];
        for (let point = 0; point < points; point += 1) {
          await chart.begin();
          run.order();
          const logged = Number(await run.line()) * 1000;
          found.push((await chart.changed()) - logged);
          // Neither in step with the frames nor with what is done at intervals.
          await workbench.page.waitForTimeout(150 + 37 * (point % 11));
        }
        return found;
      });
      return [
        comparedWithLimit('from `run.log` to the pixel, 95th percentile', [percentile95(times)], limitMs, 'ms'),
        comparedWithLimit('from `run.log` to the pixel, each', times, limitMs, 'ms'),
      ];
    } finally {
      await run.end();
    }
  },
};

/** The script, while it runs. */
class LiveRun {
  private readonly child;
  private readonly ended: Promise<void>;
  private readonly lines: string[] = [];
  private readonly waiting: ((line: string) => void)[] = [];

  constructor(folder: string) {
    this.child = spawn(findPython(), ['live.py'], {
      cwd: folder,
      env: { ...process.env, PYTHONPATH: path.join(rootFolder, 'python') },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.ended = new Promise((resolve) => this.child.once('close', () => resolve()));
    // The first thing that waits for it fails.
    void this.ended.then(() => {
      for (const wait of this.waiting.splice(0)) {
        wait('');
      }
    });
    let rest = '';
    this.child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const parts = `${rest}${text}`.split('\n');
      rest = parts.pop() ?? '';
      for (const line of parts) {
        const next = this.waiting.shift();
        next === undefined ? this.lines.push(line) : next(line);
      }
    });
  }

  order(): void {
    this.child.stdin.write('\n');
  }

  line(): Promise<string> {
    const known = this.lines.shift();
    return known === undefined ? new Promise((resolve) => this.waiting.push(resolve)) : Promise.resolve(known);
  }

  async end(): Promise<void> {
    this.child.stdin.end();
    await this.ended;
  }
}

/** Tells when a chart shows something else. */
interface ChartWatch {
  /** Remembers what it shows now. */
  begin(): void;
  /** Resolves with the time of the first change since, in milliseconds of the clock. */
  changed(): Promise<number>;
}

/** Watches the pixels of a page's charts. */
async function watchCharts(page: FrameLocator): Promise<ChartWatchOfPage> {
  const body = page.locator('body');
  await body.evaluate((_body, giveUpMs) => {
    const canvasesIn = (root: Document | ShadowRoot): HTMLCanvasElement[] =>
      [...root.querySelectorAll('*')].flatMap((element) => [
        ...(element instanceof HTMLCanvasElement ? [element] : []),
        ...(element.shadowRoot === null ? [] : canvasesIn(element.shadowRoot)),
      ]);
    const picture = (): string =>
      canvasesIn(document)
        .map((canvas) => canvas.toDataURL())
        .join();
    let change: Promise<number> = Promise.resolve(0);
    const watch: ChartWatch = {
      begin: () => {
        const before = picture();
        const begun = performance.now();
        change = new Promise((resolve, reject) => {
          const look = (): void => {
            const now = performance.now();
            if (picture() !== before) {
              resolve(performance.timeOrigin + now);
            } else if (now - begun > giveUpMs) {
              reject(new Error('The chart did not change.'));
            } else {
              requestAnimationFrame(look);
            }
          };
          requestAnimationFrame(look);
        });
      },
      changed: () => change,
    };
    Object.assign(globalThis, { runledgerChartWatch: watch });
  }, giveUpMs);
  return {
    begin: () => body.evaluate(() => (globalThis as unknown as WatchedPage).runledgerChartWatch.begin()),
    changed: () => body.evaluate(() => (globalThis as unknown as WatchedPage).runledgerChartWatch.changed()),
  };
}

interface WatchedPage {
  readonly runledgerChartWatch: ChartWatch;
}

interface ChartWatchOfPage {
  begin(): Promise<void>;
  changed(): Promise<number>;
}
