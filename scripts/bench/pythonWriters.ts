import { RunReader } from '../../src/core/store/runReader.ts';
import { createWorkspace } from '../../src/core/store/workspaces.ts';
import { findPython } from '../support/python.ts';
import type { Benchmark } from './benchmark.ts';
import { comparedWithPeer, counted, type Figure } from './figure.ts';
import { pythonVariables, runProgram, workingFolder } from './pythonPrograms.ts';

const callsInBurst = 10_000;
const rounds = 30;
const manyRuns = 100;
const manyCalls = 300;

interface Written {
  /** Of the run. */
  readonly folder: string;
  /** Of the writer's metric. */
  readonly name: string;
  readonly count: number;
}

interface WritersResult {
  /** Values a second, of all processes together, in each burst. */
  readonly rates: Readonly<Record<'one' | 'twoInOne' | 'twoInTwo' | 'onePlain' | 'twoPlain', readonly number[]>>;
  readonly written: readonly Written[];
  readonly crowded: readonly Written[];
}

/** Whether processes that log at the same time get in each other's way. */
export const pythonWriters: Benchmark = {
  name: 'python-writers',
  about:
    `Processes that log at once, in bursts of ${callsInBurst.toLocaleString('en')} values; all that they write is read back ` +
    'and compared. The same with the plain loop shows what the machine allows: two writers are twice as fast as one ' +
    'only where they have two cores to themselves.',
  run: async ({ folder, say }) => {
    const workspace = await workingFolder(folder, 'workspace');
    await inOwnHome(folder, () => createWorkspace({ folder: workspace, name: 'bench' }));
    const { rates, written, crowded } = await runProgram<WritersResult>(
      findPython(),
      folder,
      workspace,
      'parallel_writers.py',
      ...[callsInBurst, rounds, manyRuns, manyCalls],
    );
    say('Reading everything back…');
    const thousands = (values: readonly number[]): number[] => values.map((value) => value / 1000);
    const unit = 'k values/s';
    const figures: Figure[] = [
      comparedWithPeer({
        ...{ what: 'two writers in one run', ours: thousands(rates.twoInOne), unit, better: 'more', atLeast: 1.7 },
        ...{ against: 'one writer', theirs: thousands(rates.one) },
      }),
      comparedWithPeer({
        ...{ what: 'two writers in two runs', ours: thousands(rates.twoInTwo), unit, better: 'more', atLeast: 1.7 },
        ...{ against: 'one writer', theirs: thousands(rates.one) },
      }),
      comparedWithPeer({
        ...{ what: 'two plain loops into two files', ours: thousands(rates.twoPlain), unit, better: 'more' },
        ...{ against: 'one plain loop', theirs: thousands(rates.onePlain) },
      }),
      counted('values of one and two writers, read back', await intactValues(written), totalOf(written)),
      counted(`runs of ${manyRuns} processes at once`, new Set(crowded.map((entry) => entry.folder)).size, manyRuns),
      counted('their values, read back', await intactValues(crowded), manyRuns * manyCalls),
    ];
    return figures;
  },
};

function totalOf(written: readonly Written[]): number {
  return written.reduce((total, { count }) => total + count, 0);
}

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

/** How many values are there as they were written, each at its place; none of a run with any line that is none. */
async function intactValues(written: readonly Written[]): Promise<number> {
  const readers = new Map<string, RunReader | undefined>();
  let intact = 0;
  for (const { folder, name, count } of written) {
    if (!readers.has(folder)) {
      readers.set(folder, await intactRun(folder));
    }
    const points = readers.get(folder)?.metrics.points(name) ?? [];
    if (points.length === count) {
      intact += points.filter(({ x, value }, step) => x === step && value === step / 7).length;
    }
  }
  return intact;
}

/** A run that completed, with nothing torn. */
async function intactRun(folder: string): Promise<RunReader | undefined> {
  const reader = await RunReader.open({ folder, experimentKey: 'bench', withMetrics: true });
  await reader.refresh();
  const { problemCount, summary } = await reader.details();
  return problemCount === 0 && summary.status === 'Completed' ? reader : undefined;
}
