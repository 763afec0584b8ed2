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
    const measure = async (who: string, count: number): Promise<readonly number[]> => {
      const working = await workingFolder(folder, who === 'runledger' ? 'azureml' : who);
      const times: number[] = [];
      for (let round = 0; round <= count; round += 1) {
        const time = await runProgram<number>(python, folder, working, 'first_run.py', who);
        if (round > 0) {
          times.push(time);
        }
      }
      return times;
    };
    // The first one makes the workspace.
    const ours = {
      'azureml.core: `import`, `Workspace.from_config()`, `start_logging()`': await measure('azureml', rounds),
      'runledger: `import`, `start_run()`': await measure('runledger', rounds),
    };
    const figures: Figure[] = Object.entries(ours).map(([what, times]) =>
      comparedWithLimit(what, times, limitMs, 'ms'),
    );
    for (const { peer } of installed) {
      say(`Starting runs with ${peer}…`);
      const theirs = await measure(peer, peerRounds[peer]);
      for (const [what, times] of Object.entries(ours)) {
        figures.push(
          comparedWithPeer({
            ...{ what, ours: times, unit: 'ms', better: 'less', atLeast: 10 },
            ...{ against: peerNames[peer], theirs },
          }),
        );
      }
    }
    return figures;
  },
};
