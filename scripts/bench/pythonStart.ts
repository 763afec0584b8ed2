import { findPeers, type Peer } from '../support/peerLibraries.ts';
import type { Benchmark } from './benchmark.ts';
import { comparedWithLimit, comparedWithPeer, type Figure } from './figure.ts';
import { runProgram, workingFolder } from './pythonPrograms.ts';

const rounds = 15;
const peerRounds: Readonly<Record<Peer, number>> = { tensorboardX: 7, wandb: 5, mlflow: 3 };
const peerNames: Readonly<Record<Peer, string>> = {
  tensorboardX: '`import tensorboardX`, `SummaryWriter()`',
  wandb: '`import wandb`, `wandb.init()`, offline',
  mlflow: '`import mlflow`, `start_run()` on SQLite that is there',
};
const limitMs = 60;

/** What a script waits for until it can log. */
export const pythonStart: Benchmark = {
  name: 'python-start',
  about:
    'From the first `import` to a run that can be logged to, in a fresh Python process each time; the start of Python ' +
    'itself, some 20 ms, is not counted. One run before is not counted either: it compiles the modules, and makes ' +
    'the database of MLflow.',
  run: async ({ folder, say }) => {
    const { python, installed } = await findPeers(say);
    const what = '`import`, `Workspace.from_config()`, `start_logging()`';
    const measure = async (who: string, count: number): Promise<readonly number[]> => {
      const working = await workingFolder(folder, who);
      const times: number[] = [];
      for (let round = 0; round <= count; round += 1) {
        const time = await runProgram<number>(python, folder, working, 'first_run.py', who);
        if (round > 0) {
          times.push(time);
        }
      }
      return times;
    };
    const ours = await measure('runledger', rounds);
    const figures: Figure[] = [comparedWithLimit(what, ours, limitMs, 'ms')];
    for (const peer of installed) {
      say(`Starting runs with ${peer}…`);
      const theirs = await measure(peer, peerRounds[peer]);
      figures.push(
        comparedWithPeer({ what, against: peerNames[peer], unit: 'ms', ours, theirs, better: 'less', atLeast: 10 }),
      );
    }
    return figures;
  },
};
