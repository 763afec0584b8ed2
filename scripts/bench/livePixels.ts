/// <reference lib="dom" />
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import process from 'node:process';
import { createInterface, type Interface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import type { Locator } from '@playwright/test';
import { createWorkspace } from '../../src/core/store/workspaces.ts';
import { untilChartsAreDrawn } from '../../test/e2e/support/charts.ts';
import { findPython } from '../support/python.ts';
import { TaskError } from '../support/taskError.ts';
import type { Benchmark } from './benchmark.ts';
import { withWorkbench } from './benchWorkbench.ts';
import { comparedWithLimit, type Figure } from './figure.ts';
import { randomNumbers } from './generatedStore.ts';
import { programFile, pythonVariables, workingFolder } from './pythonPrograms.ts';
import { percentile95 } from './times.ts';

const limitMs = 100;
const pointsAtFirst = 100;
const points = 60;
/** Between two points, so that they meet every moment of what is done at intervals. */
const restMs = { least: 120, most: 500 };
const longestMs = 5000;

/** How soon a person sees what a script logs. */
export const livePixels: Benchmark = {
  name: 'live-pixels',
  about:
    'From `run.log` returning in a script to the changed pixels of its chart, in the real workbench: headless Chromium without a graphics card, ' +
    `which is drawn by the processor, on the machine that the script and the extension host run on too. The 95th percentile of ${points} values, each ` +
    `after a rest of ${restMs.least} to ${restMs.most} ms. The time is that of the first frame after the one in which the canvas has changed.`,
  run: async ({ folder, say }) => {
    const workspace = await workingFolder(folder, 'workspace');
    await createWorkspace({ folder: workspace, name: 'live' });
    const script = await startScript(folder, workspace);
    try {
      say('Opening the workbench…');
      return await withWorkbench('live-pixels', path.join(folder, 'home'), async ({ openWindow }) => {
        const { workbench } = await openWindow(workspace);
        await workbench.showSideBar();
        await workbench.runCommand('Runledger: Open Run');
        await workbench.pick(script.runId);
        await workbench.webview.getByRole('tab', { name: /Metrics/ }).click();
        await untilChartsAreDrawn(workbench.webview, 2);
        const chart = workbench.webview.locator('runledger-chart-card', { hasText: 'loss' });
        const look = await lookAt(chart.locator('canvas').first());
        say(`Logging ${points} values…`);
        const alone = await measure(script, look);
        script.begin();
        say(`Logging ${points} values among others…`);
        const among = await measure(script, look);
        return [figure('a value of a run at rest', alone), figure('a value among 50 others a second', among)];
      });
    } finally {
      await script.end();
    }
  },
};

function figure(what: string, times: readonly number[]): Figure {
  return comparedWithLimit(`${what}, 95th percentile`, [percentile95(times)], limitMs, 'ms');
}

interface Script {
  readonly runId: string;
  /** @returns when the call had returned, in milliseconds since 1970 */
  log(value: number): Promise<number>;
  /** Begins to log something else meanwhile. */
  begin(): void;
  end(): Promise<void>;
}

async function startScript(folder: string, cwd: string): Promise<Script> {
  const child = spawn(findPython(), [programFile('live_points.py'), String(pointsAtFirst)], {
    cwd,
    env: { ...process.env, ...pythonVariables(folder) },
    stdio: ['pipe', 'pipe', 'inherit'],
  }) as unknown as ChildProcessWithoutNullStreams;
  const ended = once(child, 'exit');
  const answers = createInterface(child.stdout);
  const answer = async (order: string): Promise<string> => {
    const answered = nextLine(answers, ended);
    child.stdin.write(order);
    return answered;
  };
  const runId = await nextLine(answers, ended);
  return {
    runId,
    log: async (value) => Number(await answer(`${value}\n`)) * 1000,
    begin: () => child.stdin.write('busy\n'),
    end: async () => {
      child.stdin.end();
      await ended;
    },
  };
}

async function nextLine(lines: Interface, ended: Promise<unknown>): Promise<string> {
  const end = ended.then(() => {
    throw new TaskError('The script that logs has ended.');
  });
  const [line] = (await Promise.race([once(lines, 'line'), end])) as [string];
  return line;
}

/** Waits for the next change of a picture. @returns when it was seen, in milliseconds since 1970 */
type Look = () => Promise<number>;

/** Looks at the pixels of a canvas in each frame. */
async function lookAt(canvas: Locator): Promise<() => Promise<Look>> {
  const eye = await canvas.evaluateHandle((element) => {
    if (!(element instanceof HTMLCanvasElement)) {
      throw new Error('The chart has no canvas.');
    }
    const picture = (): Uint32Array => {
      const context = element.getContext('2d');
      const { data } = (context as CanvasRenderingContext2D).getImageData(0, 0, element.width, element.height);
      return new Uint32Array(data.buffer);
    };
    return {
      /** @returns what resolves when the picture differs from what it is now */
      watch: (): { readonly changed: Promise<number> } => {
        const before = picture();
        return {
          changed: new Promise((resolve) => {
            const compare = (): void => {
              const now = picture();
              if (now.length !== before.length || now.some((pixel, index) => pixel !== before[index])) {
                resolve(performance.timeOrigin + performance.now());
              } else {
                requestAnimationFrame(compare);
              }
            };
            requestAnimationFrame(compare);
          }),
        };
      },
    };
  });
  return async () => {
    const watched = await eye.evaluateHandle((looking) => looking.watch());
    return () => watched.evaluate(({ changed }) => changed);
  };
}

async function measure(script: Script, watch: () => Promise<Look>): Promise<readonly number[]> {
  const random = randomNumbers(3);
  const times: number[] = [];
  for (let point = 0; point < points; point += 1) {
    await delay(restMs.least + random() * (restMs.most - restMs.least));
    const look = await watch();
    // Up and down, so that each value draws a line.
    const returned = await script.log(point % 2 === 0 ? 0.1 + random() / 4 : 0.9 - random() / 4);
    const seen = await Promise.race([look(), delay(longestMs, undefined, { ref: false })]);
    if (seen === undefined) {
      throw new TaskError(`A value was not on the page after ${longestMs} ms.`);
    }
    times.push(seen - returned);
  }
  return times;
}
