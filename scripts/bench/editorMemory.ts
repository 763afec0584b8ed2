import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { createWorkspace } from '../../src/core/store/workspaces.ts';
import type { Workbench } from '../../test/e2e/support/workbench.ts';
import type { Benchmark } from './benchmark.ts';
import { extensionHostOf, inWindow, megabytesOf } from './benchWindow.ts';
import { comparedWithLimit } from './figure.ts';
import { generatedExperiment, generatedStore } from './generatedStore.ts';

const store = { runs: 75_000, pointsPerRun: 20 };
const limitMegabytes = 150;
/** Looks at a process, one each second: what it holds goes up and down. */
const looks = 15;

/** What a store with many runs costs a window. */
export const editorMemory: Benchmark = {
  name: 'editor-memory',
  about:
    `Memory of the extension host, with the worker in it, in the real workbench: with a store of ${store.runs.toLocaleString('en')} runs open, listed and ` +
    'filtered, over that of a workspace without runs (proportional set size). First while its index is made, the most of it, then opened again.',
  run: async ({ folder, say }) => {
    if (process.platform !== 'linux') {
      say('Left out: this is measured with Linux’s /proc.');
      return [];
    }
    const large = await generatedStore(store, say);
    const empty = path.join(folder, 'empty');
    await mkdir(empty);
    process.env.RUNLEDGER_HOME = path.join(folder, 'home');
    await createWorkspace({ folder: empty, name: 'empty' });
    say('Opening a workspace without runs…');
    const without = await measure(empty, path.join(folder, 'home-empty'), async (workbench) => {
      await workbench.page.locator('.part.sidebar').getByText('No runs yet').waitFor();
    });
    const home = path.join(folder, 'home-large');
    say('Opening the large one, whose index is made…');
    const cold = await measure(large, home, showFiltered);
    say('Opening it again…');
    const warm = await measure(large, home, showFiltered);
    const base = Math.min(...without);
    const over = (values: readonly number[]): number[] => values.map((value) => value - base);
    return [
      comparedWithLimit('75,000 runs, over a workspace without runs', over(warm), limitMegabytes, 'MB'),
      comparedWithLimit('the most while their index is made', [Math.max(...over(cold))], limitMegabytes, 'MB'),
    ];
  },
};

async function measure(
  folder: string,
  home: string,
  show: (workbench: Workbench) => Promise<void>,
): Promise<readonly number[]> {
  await mkdir(home, { recursive: true });
  return inWindow(folder, home, async (workbench) => {
    const values: number[] = [];
    const pid = await extensionHostOf(home);
    let isShown = false;
    const showing = show(workbench).finally(() => {
      isShown = true;
    });
    // While it is being made ready, and for a while afterwards.
    for (let left = looks; left > 0; left -= isShown ? 1 : 0) {
      values.push(await megabytesOf(pid));
      await workbench.page.waitForTimeout(1000);
    }
    await showing;
    return values;
  });
}

/** Lists the runs, then filters them, which needs all of the index. */
async function showFiltered(workbench: Workbench): Promise<void> {
  await workbench.expandTreeRow(new RegExp(`^${generatedExperiment}`));
  await workbench
    .treeRow(/^run \d/)
    .first()
    .waitFor();
  await workbench.runCommand('Runledger: Filter Runs');
  await workbench.quickInputText.fill('status = Failed and params.layers = 3');
  const found = workbench.quickInputRows.filter({ hasText: /Show [\d,.]+ runs? that match/ });
  await found.first().waitFor({ timeout: 300_000 });
  await workbench.page.keyboard.press('Enter');
  await workbench.treeRow(new RegExp(`^${generatedExperiment}, [\\d,.]+ of`)).waitFor({ timeout: 60_000 });
}
