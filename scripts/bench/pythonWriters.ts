import { RunReader } from '../../src/core/store/runReader.ts';
import { createWorkspace } from '../../src/core/store/workspaces.ts';
import { findPython } from '../support/python.ts';
import type { Benchmark } from './benchmark.ts';
import { comparedWithPeer, counted, type Figure } from './figure.ts';
import { pythonVariables, runProgram, workingFolder } from './pythonPrograms.ts';

const calls = 100_000;
const rounds = 5;
const manyRuns = 100;
const manyCalls = 300;

type Mode = 'one-run' | 'own-runs' | 'plain-loop';

interface Written {
  /** Values a second, of all processes together. */
  readonly rate: number;
  /** Of the runs. */
  readonly folders: readonly string[];
}

/** Whether processes that log at the same time get in each other's way. */
export const pythonWriters: Benchmark = {
  name: 'python-writers',
  about:
    `Processes that log at once, ${calls.toLocaleString('en')} values each, all of them read back and compared. The same ` +
    'with the plain loop shows what the machine allows. Two writers can be twice as fast as one only where they have two ' +
    'cores to themselves.',
  run: async ({ folder, say }) => {
    const workspace = await workingFolder(folder, 'workspace');
    await inOwnHome(folder, () => createWorkspace({ folder: workspace, name: 'bench' }));
    const write = (mode: Mode, processes: number, count: number): Promise<Written> =>
      runProgram<Written>(findPython(), folder, workspace, 'parallel_writers.py', mode, processes, count);
    const rates: Record<string, number[]> = { one: [], twoInOne: [], twoInTwo: [], onePlain: [], twoPlain: [] };
    let found = 0;
    let expected = 0;
    for (let round = 0; round < rounds; round += 1) {
      say(`Round ${round + 1} of ${rounds}…`);
      for (const [name, mode, processes] of [
        ['one', 'own-runs', 1],
        ['twoInOne', 'one-run', 2],
        ['twoInTwo', 'own-runs', 2],
        ['onePlain', 'plain-loop', 1],
        ['twoPlain', 'plain-loop', 2],
      ] as const) {
        const written = await write(mode, processes, calls);
        rates[name]?.push(written.rate / 1000);
        if (mode !== 'plain-loop') {
          found += await intactValues(written.folders, calls);
          expected += processes * calls;
        }
      }
    }
    say(`${manyRuns} runs side by side…`);
    const many = await write('own-runs', manyRuns, manyCalls);
    const { one = [], twoInOne = [], twoInTwo = [], onePlain = [], twoPlain = [] } = rates;
    const unit = 'k values/s';
    const figures: Figure[] = [
      comparedWithPeer({
        ...{ what: 'two writers in one run', ours: twoInOne, unit, better: 'more', atLeast: 1.7 },
        ...{ against: 'one writer', theirs: one },
      }),
      comparedWithPeer({
        ...{ what: 'two writers in two runs', ours: twoInTwo, unit, better: 'more', atLeast: 1.7 },
        ...{ against: 'one writer', theirs: one },
      }),
      comparedWithPeer({
        ...{ what: 'two plain loops into two files', ours: twoPlain, unit, better: 'more' },
        ...{ against: 'one plain loop', theirs: onePlain },
      }),
      counted('values of one and two writers, read back in order', found, expected),
      counted(`runs that ${manyRuns} processes made at once`, new Set(many.folders).size, manyRuns),
      counted('their values, read back in order', await intactValues(many.folders, manyCalls), manyRuns * manyCalls),
    ];
    return figures;
  },
};

/** The registry of workspaces of this machine is not for benchmarks. */
async function inOwnHome(folder: string, action: () => Promise<unknown>): Promise<void> {
  const before = process.env.RUNLEDGER_HOME;
  process.env.RUNLEDGER_HOME = pythonVariables(folder).RUNLEDGER_HOME;
  try {
    await action();
  } finally {
    if (before === undefined) {
      delete process.env.RUNLEDGER_HOME;
    } else {
      process.env.RUNLEDGER_HOME = before;
    }
  }
}

/** How many values of completed runs are there as they were written, at their place; none of a run with any line that is not. */
async function intactValues(folders: readonly string[], countOfEach: number): Promise<number> {
  let intact = 0;
  for (const folder of folders) {
    const reader = await RunReader.open({ folder, experimentKey: 'bench', withMetrics: true });
    await reader.refresh();
    const details = await reader.details();
    if (details.problemCount > 0 || details.summary.status !== 'Completed') {
      continue;
    }
    for (const { name } of details.metrics) {
      const points = reader.metrics.points(name) ?? [];
      const isWhole = points.length === countOfEach;
      intact += isWhole ? points.filter(({ x, value }, step) => x === step && value === step / 7).length : 0;
    }
  }
  return intact;
}
