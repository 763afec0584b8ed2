import { findPeers, type Peer } from '../support/peerLibraries.ts';
import type { Benchmark } from './benchmark.ts';
import { comparedWithPeer, type Figure } from './figure.ts';
import { runProgram, workingFolder } from './pythonPrograms.ts';

const callsInRound = 5000;
const rounds = 40;
const peerRounds = 5;
/** Rounds of a peer take about as long each. */
const peerCalls: Readonly<Record<Peer, number>> = { tensorboardX: 4000, wandb: 1000, mlflow: 60 };
const peerNames: Readonly<Record<Peer, (version: string) => string>> = {
  tensorboardX: (version) => `tensorboardX ${version}`,
  wandb: (version) => `W&B ${version}, offline`,
  mlflow: (version) => `MLflow ${version} on SQLite`,
};
const peerAims: Readonly<Record<Peer, number>> = { tensorboardX: 10, wandb: 10, mlflow: 100 };

/** Microseconds a call, a value for each round. */
interface LoggingTimes {
  readonly azureml: readonly number[];
  readonly native: readonly number[];
  readonly plainLoop: readonly number[];
  readonly bareWrite: readonly number[];
}

/** What a call of `run.log` costs the loop that makes it. */
export const pythonLogging: Benchmark = {
  name: 'python-logging',
  about:
    'Logging one number from Python, in one process: 20 names, other values and steps each time. Ours is written when ' +
    'the call returns (one `write`), and survives `kill -9`; peers keep values in memory for a while, except MLflow. ' +
    'The plain loop is `os.write(fd, json.dumps(record))` of the same record. Rounds take turns.',
  run: async ({ folder, say }) => {
    const { python, installed } = await findPeers(say);
    const ours = await runProgram<LoggingTimes>(
      python,
      folder,
      await workingFolder(folder, 'ours'),
      'logging_rate.py',
      callsInRound,
      rounds,
    );
    const unit = 'µs a call';
    const figures: Figure[] = [
      comparedWithPeer({
        ...{ what: 'Run.log of azureml.core', ours: ours.azureml, unit, better: 'less', atLeast: 1.5 },
        ...{ against: 'the plain loop', theirs: ours.plainLoop },
      }),
      comparedWithPeer({
        ...{ what: 'run.log of runledger', ours: ours.native, unit, better: 'less', atLeast: 1.5 },
        ...{ against: 'the plain loop', theirs: ours.plainLoop },
      }),
      comparedWithPeer({
        ...{ what: 'Run.log of azureml.core', ours: ours.azureml, unit, better: 'less' },
        ...{ against: 'a bare `os.write` of as many bytes', theirs: ours.bareWrite },
      }),
    ];
    for (const { peer, version } of installed) {
      say(`Logging with ${peer}…`);
      const theirs = await runProgram<readonly number[]>(
        python,
        folder,
        await workingFolder(folder, peer),
        'peer_logging_rate.py',
        peer,
        peerCalls[peer],
        peerRounds,
      );
      figures.push(
        comparedWithPeer({
          ...{ what: 'Run.log of azureml.core', ours: ours.azureml, unit, better: 'less', atLeast: peerAims[peer] },
          ...{ against: peerNames[peer](version), theirs },
        }),
      );
    }
    return figures;
  },
};
