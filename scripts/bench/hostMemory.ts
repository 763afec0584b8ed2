import { mkdir, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { createWorkspace } from '../../src/core/store/workspaces.ts';
import type { Workbench } from '../../test/e2e/support/workbench.ts';
import { TaskError } from '../support/taskError.ts';
import type { Benchmark } from './benchmark.ts';
import { type BenchWorkbench, withWorkbench } from './benchWorkbench.ts';
import { comparedWithLimit } from './figure.ts';
import { generatedExperiment, generatedStore } from './generatedStore.ts';

const store = { runs: 75_000, pointsPerRun: 20 };
const limitMegabytes = 150;
const rounds = 2;
const lookMs = 100;
const restMs = 5000;
const firstFilterMs = 300_000;
const filters = ['status = Failed', 'params.layers = 3 and tags.team = vision', 'params.lr > 0.5 order by params.lr'];

interface Memory {
  readonly most: number;
  readonly afterwards: number;
}

/** What a store with many runs costs the process that all extensions share. */
export const hostMemory: Benchmark = {
  name: 'host-memory',
  about:
    `Memory of VS Code’s extension host, with the worker in it, in a window of the real workbench that opens a store of ${store.runs.toLocaleString('en')} runs, lists ` +
    `them and filters them ${filters.length} times, over that of a window with a workspace without runs (proportional set size, ${restMs / 1000} s later). First while the ` +
    'index is made.',
  run: async ({ folder, say }) => {
    if (process.platform !== 'linux') {
      say('Left out: this is measured with Linux’s /proc.');
      return [];
    }
    const large = await generatedStore(store, say);
    const empty = path.join(folder, 'empty');
    await mkdir(empty);
    await createWorkspace({ folder: empty, name: 'empty' });
    return withWorkbench('host-memory', path.join(folder, 'home'), async (bench) => {
      const base: number[] = [];
      for (let round = 0; round < rounds; round += 1) {
        say(`Opening an empty workspace, ${round + 1} of ${rounds}…`);
        base.push((await measure(bench, empty, seeNothing)).afterwards);
      }
      say('Opening the store, whose index is to be made…');
      const cold = await measure(bench, large, listAndFilter);
      const warm: Memory[] = [];
      for (let round = 0; round < rounds; round += 1) {
        say(`Opening the store, ${round + 1} of ${rounds}…`);
        warm.push(await measure(bench, large, listAndFilter));
      }
      const baseMegabytes = base.reduce((sum, value) => sum + value, 0) / base.length;
      const figure = (what: string, values: readonly number[]) =>
        comparedWithLimit(
          what,
          values.map((value) => value - baseMegabytes),
          limitMegabytes,
          'MB',
        );
      return [
        figure(
          '75,000 runs, listed and filtered',
          warm.map(({ afterwards }) => afterwards),
        ),
        figure(
          'the most meanwhile',
          warm.map(({ most }) => most),
        ),
        figure('the most while the index is made', [cold.most]),
      ];
    });
  },
};

async function seeNothing(workbench: Workbench): Promise<void> {
  await workbench.page.locator('.part.sidebar').getByText('No runs yet').waitFor();
}

async function listAndFilter(workbench: Workbench): Promise<void> {
  const { page, quickInputText, quickInputRows } = workbench;
  await workbench.expandTreeRow(new RegExp(`^${generatedExperiment}, 75,000 runs`));
  await workbench.treeRow(/^run 75000\b/).waitFor();
  for (const filter of filters) {
    await workbench.runCommand('Runledger: Filter Runs');
    await quickInputText.fill(filter);
    await quickInputRows
      .filter({ hasText: /Show .* runs that match/ })
      .first()
      .waitFor({ timeout: firstFilterMs });
    await page.keyboard.press('Enter');
    await workbench.treeRow(new RegExp(`^${generatedExperiment}, .* of 75,000`)).waitFor();
  }
}

/** In a window of its own, with an extension host of its own. */
async function measure(
  { serverProcess, openWindow }: BenchWorkbench,
  folder: string,
  act: (workbench: Workbench) => Promise<void>,
): Promise<Memory> {
  // Those of windows that were closed stay a while, for a connection that comes back.
  const before = await extensionHosts(serverProcess);
  const { workbench, close } = await openWindow(folder);
  try {
    const [host] = (await extensionHosts(serverProcess)).filter((pid) => !before.includes(pid));
    if (host === undefined) {
      throw new TaskError('The window has no extension host.');
    }
    let most = 0;
    const looking = new AbortController();
    const looked = (async () => {
      while (!looking.signal.aborted) {
        most = Math.max(most, await megabytes(host));
        await delay(lookMs);
      }
    })();
    await workbench.showSideBar();
    await act(workbench);
    await delay(restMs);
    looking.abort();
    await looked;
    return { most, afterwards: await megabytes(host) };
  } finally {
    await close();
  }
}

/** The extension hosts below a process. */
async function extensionHosts(ancestor: number): Promise<readonly number[]> {
  const parents = new Map<number, number>();
  const hosts: number[] = [];
  for (const name of await readdir('/proc')) {
    const pid = Number(name);
    const stat = Number.isInteger(pid) ? await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '') : '';
    if (stat !== '') {
      parents.set(pid, Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
      const command = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '');
      if (command.includes('--type=extensionHost')) {
        hosts.push(pid);
      }
    }
  }
  const isBelow = (pid: number | undefined): boolean =>
    pid !== undefined && pid !== 0 && (pid === ancestor || isBelow(parents.get(pid)));
  return hosts.filter(isBelow);
}

/** What is the process's own, and its part of what it shares with others. */
async function megabytes(pid: number): Promise<number> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8');
  return Number(/^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1] ?? Number.NaN) / 1024;
}
