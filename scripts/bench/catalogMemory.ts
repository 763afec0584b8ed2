import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { createWorkspace } from '../../src/core/store/workspaces.ts';
import { captureCommand } from '../support/childProcess.ts';
import { rootFolder } from '../support/paths.ts';
import type { Benchmark } from './benchmark.ts';
import { comparedWithLimit } from './figure.ts';
import { generatedExperiment, generatedStore } from './generatedStore.ts';

const store = { runs: 75_000, pointsPerRun: 20 };
const limitMegabytes = 150;
const rounds = 3;

interface Memory {
  readonly most: number;
  readonly afterwards: number;
}

/** What a store with many runs costs. */
export const catalogMemory: Benchmark = {
  name: 'catalog-memory',
  about:
    `Memory of a process that opens a store of ${store.runs.toLocaleString('en')} runs in a worker, as the extension host does, lists them and filters ` +
    'them three times, over one that does the same with a workspace without runs (proportional set size). First while the index is made.',
  run: async ({ folder, say }) => {
    if (process.platform !== 'linux') {
      say('Left out: this is measured with Linux’s /proc.');
      return [];
    }
    process.env.RUNLEDGER_HOME = path.join(folder, 'home');
    const large = await generatedStore(store, say);
    const empty = path.join(folder, 'empty');
    await mkdir(empty);
    await createWorkspace({ folder: empty, name: 'empty' });
    const base = (await measure(empty, '')).afterwards;
    say('Making the index…');
    const cold = await measure(large, generatedExperiment);
    const warm: Memory[] = [];
    for (let round = 0; round < rounds; round += 1) {
      warm.push(await measure(large, generatedExperiment));
    }
    const over = (values: readonly number[]): number[] => values.map((value) => value - base);
    const limit = (what: string, values: readonly number[]) =>
      comparedWithLimit(what, over(values), limitMegabytes, 'MB');
    return [
      limit(
        '75,000 runs, listed and filtered',
        warm.map(({ afterwards }) => afterwards),
      ),
      limit(
        'the most meanwhile',
        warm.map(({ most }) => most),
      ),
      limit('the most while the index is made', [cold.most]),
    ];
  },
};

async function measure(folder: string, experimentKey: string): Promise<Memory> {
  const program = path.join(rootFolder, 'scripts', 'bench', 'catalogMemoryProgram.ts');
  const { exitCode, stdout, stderr } = await captureCommand(process.execPath, [program, folder, experimentKey]);
  if (exitCode !== 0) {
    throw new Error(`The catalog of ${folder} could not be measured:\n${stderr}`);
  }
  return JSON.parse(stdout) as Memory;
}
