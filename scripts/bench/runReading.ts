import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { RunReader } from '../../src/core/store/runReader.ts';
import { findPython } from '../support/python.ts';
import type { Benchmark } from './benchmark.ts';
import { comparedWithPeer } from './figure.ts';
import { runProgram, workingFolder } from './pythonPrograms.ts';

const calls = 100_000;
const rounds = 7;

/** Reading one run from its files, as is done for a run that goes on. */
export const runReading: Benchmark = {
  name: 'run-reading',
  about:
    `Reading a run of ${calls.toLocaleString('en')} values from its journal: checked, put in order and summed up; beside ` +
    '`JSON.parse` of the same lines. In one thread.',
  run: async ({ folder }) => {
    const working = await workingFolder(folder, 'workspace');
    const { folder: run } = await runProgram<{ folder: string }>(findPython(), folder, working, 'varied_run.py', calls);
    const journals = path.join(run, 'journal');
    const files = (await readdir(journals)).map((name) => path.join(journals, name));
    const folding: number[] = [];
    const parsing: number[] = [];
    for (let round = 0; round <= rounds; round += 1) {
      const folded = await millisecondsOf(async () => {
        const reader = await RunReader.open({ folder: run, experimentKey: 'bench', withMetrics: true });
        await reader.refresh();
        await reader.details();
      });
      const parsed = await millisecondsOf(() => parseLines(files));
      // The first round only warms up.
      if (round > 0) {
        folding.push(folded);
        parsing.push(parsed);
      }
    }
    return [
      comparedWithPeer({
        ...{ what: 'reading a run', ours: folding, unit: 'ms', better: 'less', atLeast: 0.5 },
        ...{ against: '`JSON.parse` line by line', theirs: parsing },
      }),
    ];
  },
};

async function parseLines(files: readonly string[]): Promise<void> {
  for (const file of files) {
    for (const line of (await readFile(file, 'utf8')).split('\n')) {
      if (line !== '') {
        JSON.parse(line);
      }
    }
  }
}

async function millisecondsOf(action: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await action();
  return performance.now() - started;
}
