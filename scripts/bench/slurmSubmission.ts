import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { computeFolder } from '../../src/core/store/storeLayout.ts';
import { NoSlurmError, SlurmCluster } from '../../test/support/backends/slurmCluster.ts';
import { findPython } from '../support/python.ts';
import type { Benchmark } from './benchmark.ts';
import { comparedWithLimit } from './figure.ts';
import { submitTimed, timedProject, untilFirstLine } from './timedScript.ts';

const rounds = 9;
const limitMs = 500;

/** What a submission to a Slurm cluster costs over a bare `sbatch`. */
export const slurmSubmission: Benchmark = {
  name: 'slurm-submission',
  about:
    'From the submission, in the process that submits, to the first line of the script in its job, over `sbatch` of a job that starts ' +
    '`python train.py`, on a cluster of two nodes on this machine.',
  run: async ({ folder, say }) => {
    process.env.RUNLEDGER_HOME = path.join(folder, 'home');
    let cluster: SlurmCluster;
    try {
      cluster = await SlurmCluster.start();
    } catch (error) {
      if (error instanceof NoSlurmError) {
        say(`Left out: ${error.message}`);
        return [];
      }
      throw error;
    }
    process.env.SLURM_CONF = cluster.configuration;
    try {
      const source = await timedProject(folder);
      await mkdir(computeFolder(source), { recursive: true });
      await writeFile(path.join(computeFolder(source), 'cluster.yml'), 'type: slurm\n');
      await writeFile(path.join(source, 'bench.runconfig'), 'target: cluster\n');
      say('Submitting jobs…');
      const times = await overheads(source, findPython());
      return [comparedWithLimit('a submission to Slurm, over `sbatch`', times, limitMs, 'ms')];
    } finally {
      delete process.env.SLURM_CONF;
      await cluster.stop();
    }
  },
};

/** Milliseconds of each submission that `sbatch` does not take. */
async function overheads(source: string, python: string): Promise<readonly number[]> {
  const times: number[] = [];
  // The first of each is not counted: it compiles modules.
  for (let round = 0; round <= rounds; round += 1) {
    const plain = await untilFirstLine(source, 'plain', async (mark) => {
      const options = ['--parsable', '--output=/dev/null', `--wrap=exec ${python} train.py ${mark}`];
      await once(spawn('sbatch', options, { cwd: source, stdio: 'ignore' }), 'exit');
    });
    const submitted = await untilFirstLine(source, 'submitted', async (mark) => {
      await submitTimed(source, python, [mark], 'bench');
    });
    if (round > 0) {
      times.push(submitted - plain);
    }
    // The scheduler looks at the queue once a second: the next pair begins when this one is out of it.
    await delay(1500);
  }
  return times;
}
