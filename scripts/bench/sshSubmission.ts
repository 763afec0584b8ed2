import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { createTargetFile } from '../../src/core/compute/targetFiles.ts';
import { missingSshServer, openSshServer, type SshServer } from '../../test/support/backends/sshServer.ts';
import { findPython } from '../support/python.ts';
import type { Benchmark } from './benchmark.ts';
import { comparedWithLimit } from './figure.ts';
import { submitTimed, timedProject, untilFirstLine } from './timedScript.ts';

const rounds = 9;
const limitMs = 1000;

/** What a submission to another machine costs over `ssh host python`. */
export const sshSubmission: Benchmark = {
  name: 'ssh-submission',
  about:
    'From the submission, in the process that submits, to the first line of the script on a host that is reached over SSH, over ' +
    '`ssh host python train.py` of a script that is there; both by a connection that is open already. The host is a server on this machine.',
  run: async ({ folder, say }) => {
    process.env.RUNLEDGER_HOME = path.join(folder, 'home');
    const missing = missingSshServer();
    if (missing !== undefined) {
      say(`Left out: ${missing}.`);
      return [];
    }
    await mkdir(path.join(folder, 'server'));
    const server = await openSshServer(path.join(folder, 'server'));
    try {
      const source = await timedProject(folder);
      const { host, configFile, folder: kept } = server;
      await createTargetFile(source, 'lab', { type: 'ssh', host, configFile, folder: kept });
      await writeFile(path.join(source, 'bench.runconfig'), 'target: lab\n');
      say('Submitting runs…');
      const times = await overheads(source, findPython(), server);
      return [comparedWithLimit('a submission over SSH, over `ssh host python`', times, limitMs, 'ms')];
    } finally {
      await server.stop();
    }
  },
};

/** Milliseconds of each submission that `ssh` does not take. */
async function overheads(source: string, python: string, server: SshServer): Promise<readonly number[]> {
  const times: number[] = [];
  const shared = ['-o', 'ControlMaster=auto', '-o', `ControlPath=${server.configFile}.%C`, '-o', 'ControlPersist=60'];
  // The first of each is not counted: it connects, sends what the host does not have yet, and compiles modules.
  for (let round = 0; round <= rounds; round += 1) {
    const plain = await untilFirstLine(source, 'plain', async (mark) => {
      const command = [python, path.join(source, 'train.py'), mark];
      await once(
        spawn('ssh', ['-F', server.configFile, ...shared, server.host, ...command], { stdio: 'ignore' }),
        'exit',
      );
    });
    const submitted = await untilFirstLine(source, 'submitted', async (mark) => {
      await submitTimed(source, python, [mark], 'bench');
    });
    if (round > 0) {
      times.push(submitted - plain);
    }
  }
  return times;
}
