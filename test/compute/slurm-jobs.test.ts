import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { checkComputeTarget } from '../../src/core/compute/computeTargets.ts';
import { cancelRun } from '../../src/core/submission/cancelRun.ts';
import { resumeWatchers } from '../../src/core/submission/resumeWatchers.ts';
import { kill } from '../support/killedProcess.ts';
import { isAlive, jobOf, jobState, logOf, processOf, ready, slurm, slurmCase, useSlurm } from '../support/slurmCase.ts';
import { pythonSdkFolder } from '../support/sourceFolder.ts';
import { ended, runIds, until } from '../support/submittedRun.ts';
import { openTestCatalog } from '../support/temporaryStore.ts';

useSlurm();

const waiting = `
import time
print('ready', flush=True)
while True:
    time.sleep(0.1)
`;

describe('a run on Slurm', () => {
  it('is a job, whose script finds its run, its files and its variables', async () => {
    const { workspaceFolder, submitToCluster } = await slurmCase(
      `
import os, sys
from azureml.core import Run
run = Run.get_context()
run.log('loss', 0.5)
os.makedirs('outputs', exist_ok=True)
open('outputs/model.txt', 'w').write(os.environ['GREETING'] + ' ' + sys.argv[1] + ' ' + os.environ['FROM_SETUP'])
print(os.environ['SLURM_JOB_ID'], os.environ['SLURM_CPUS_PER_TASK'])
`,
      { cpusPerTask: 2, time: 10, setup: ['export FROM_SETUP="of the node"'], sbatch: ['--comment="two words"'] },
      { arguments: ['one two'], environment: { environmentVariables: { GREETING: "it's $HOME" } } },
    );
    const runId = await submitToCluster();
    const details = await ended(workspaceFolder, runId);
    expect(details.summary).toMatchObject({ status: 'Completed', target: 'cluster', exitCode: 0 });
    expect(details.metrics.map(({ name }) => name)).toContain('loss');
    expect(await readFile(join(details.folder, 'artifacts', 'outputs', 'model.txt'), 'utf8')).toBe(
      "it's $HOME one two of the node",
    );
    const job = details.properties['slurm.jobId'] ?? '';
    expect(await logOf(details)).toBe(`${job} 2\n`);
    const told = await slurm().command('scontrol', '-o', 'show', 'job', job);
    expect(told).toContain('Comment=two words');
    expect(told).toContain('TimeLimit=00:10:00');
  });

  it('fails with the traceback of its script, and its job with it', async () => {
    const { workspaceFolder, submitToCluster } = await slurmCase('raise ValueError("no data")\n');
    const { summary, properties } = await ended(workspaceFolder, await submitToCluster());
    expect(summary).toMatchObject({
      status: 'Failed',
      exitCode: 1,
      failure: { type: 'ValueError', message: 'no data' },
    });
    await vi.waitUntil(async () => (await jobState(properties['slurm.jobId'] ?? '')) === 'FAILED', 10_000);
  });

  it('has a log for each rank, over the nodes of its job', async () => {
    const { workspaceFolder, submitToCluster } = await slurmCase(
      `
import os
from azureml.core import Run
rank = int(os.environ['RANK'])
Run.get_context().log('rank {}'.format(rank), rank)
names = ['RANK', 'LOCAL_RANK', 'WORLD_SIZE', 'LOCAL_WORLD_SIZE', 'NODE_RANK', 'OMPI_COMM_WORLD_RANK', 'SLURMD_NODENAME']
print(*[os.environ[name] for name in names])
assert os.environ['MASTER_ADDR'] and int(os.environ['MASTER_PORT']) > 0
`,
      {},
      { communicator: 'Nccl', nodeCount: 2, pytorch: { processCount: 3 } },
    );
    const details = await ended(workspaceFolder, await submitToCluster());
    expect(details.summary.failure).toBeUndefined();
    expect(details.summary.status).toBe('Completed');
    const [first, second] = slurm().nodes;
    expect(await logOf(details)).toBe(`0 0 3 2 0 0 ${first}\n`);
    expect(await logOf(details, 'std_log_rank_1.txt')).toBe(`1 1 3 2 0 1 ${first}\n`);
    expect(await logOf(details, 'std_log_rank_2.txt')).toBe(`2 0 3 1 1 2 ${second}\n`);
    expect(details.metrics.map(({ name }) => name)).toEqual(expect.arrayContaining(['rank 0', 'rank 1', 'rank 2']));
  });

  it('fails for the reason of the rank that failed, whose end ends the others', async () => {
    const { workspaceFolder, submitToCluster } = await slurmCase(
      `
import os, time
if os.environ['RANK'] == '1':
    raise KeyError('weights')
time.sleep(60)
`,
      {},
      { communicator: 'Gloo', nodeCount: 2 },
    );
    const details = await ended(workspaceFolder, await submitToCluster());
    expect(details.summary).toMatchObject({ status: 'Failed', exitCode: 1, failure: { type: 'KeyError' } });
    expect(await logOf(details)).toContain('Rank 1 of 2 failed with exit code 1.');
  });

  it('that cannot be found before is refused, and no run is made', async () => {
    for (const [settings, words] of [
      [{ partition: 'nowhere' }, /Slurm would not take the job: invalid partition specified: nowhere/],
      [{ memory: '900G' }, /Requested node configuration is not available/],
      [{ gpus: 1 }, /Invalid generic resource/],
      [{ time: 'soon' }, /Invalid --time/],
    ] as const) {
      const { workspaceFolder, submitToCluster } = await slurmCase('print(1)\n', settings);
      await expect(submitToCluster()).rejects.toMatchObject({
        reason: 'unsupported-target',
        message: expect.stringMatching(words),
        advice: expect.stringContaining('cluster.yml'),
      });
      expect(await runIds(workspaceFolder)).toEqual([]);
    }
  });

  it('fails where nothing starts on the node, with the last words of the job', async () => {
    const { workspaceFolder, submitToCluster } = await slurmCase('print(1)\n', {
      setup: ['no_such_module load cuda', 'exit 4'],
    });
    const { summary } = await ended(workspaceFolder, await submitToCluster());
    expect(summary).toMatchObject({
      status: 'Failed',
      failure: { message: expect.stringMatching(/ended before the run began, with exit code 4.*no_such_module/) },
    });
  });
});

describe('a run that waits in the queue of Slurm', () => {
  it('is Queued, tells why in its log, warns where that does not pass, and is canceled there', async () => {
    const { workspaceFolder, submitToCluster } = await slurmCase('print(1)\n', { sbatch: ['--hold'] });
    const runId = await submitToCluster();
    const catalog = await openTestCatalog(workspaceFolder);
    const queued = await until(catalog, runId, ({ warnings }) => warnings.length > 0);
    expect(queued.summary).toMatchObject({ status: 'Queued', waitReason: 'In the queue of main, next (JobHeldUser)' });
    expect(queued.warnings).toEqual([expect.stringMatching(/may wait for ever: it is held .*JobHeldUser/)]);
    expect(await logOf(queued, 'system_log.txt')).toContain('In the queue of main');
    await cancelRun(workspaceFolder, runId);
    await cancelRun(workspaceFolder, runId).catch(() => {});
    expect((await ended(workspaceFolder, runId)).summary.status).toBe('Canceled');
    expect(await jobState(queued.properties['slurm.jobId'] ?? '')).toBe('CANCELLED');
  });

  it('goes on when its watcher is killed: the next command watches it again', async () => {
    const { workspaceFolder, submitToCluster } = await slurmCase('print(1)\n', { sbatch: ['--hold'] });
    const runId = await submitToCluster();
    const job = await jobOf(workspaceFolder, runId);
    const details = await (await openTestCatalog(workspaceFolder)).details(runId);
    kill(await processOf(details, 'watcher'));
    const catalog = await openTestCatalog(workspaceFolder);
    await until(catalog, runId, ({ summary }) => summary.status === 'NotResponding');
    expect(await resumeWatchers(workspaceFolder, pythonSdkFolder)).toEqual([runId]);
    expect(await resumeWatchers(workspaceFolder, pythonSdkFolder)).toEqual([]);
    await slurm().command('scontrol', 'release', job);
    expect((await ended(workspaceFolder, runId)).summary.status).toBe('Completed');
  });

  it('is watched no more once it is deleted', async () => {
    const { workspaceFolder, submitToCluster } = await slurmCase('print(1)\n', { sbatch: ['--hold'] });
    const runId = await submitToCluster();
    const job = await jobOf(workspaceFolder, runId);
    const details = await (await openTestCatalog(workspaceFolder)).details(runId);
    const watcher = await processOf(details, 'watcher');
    await rm(details.folder, { recursive: true, maxRetries: 5, retryDelay: 100 });
    await vi.waitUntil(() => !isAlive(watcher), 20_000);
    await slurm().command('scancel', job);
  });
});

describe('a run on Slurm is canceled', () => {
  it('whatever its script ignores and starts', async () => {
    const { workspaceFolder, submitToCluster } = await slurmCase(`
import os, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, '-c', 'import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(600)'], start_new_session=True)
os.makedirs('outputs', exist_ok=True)
open('outputs/pids', 'w').write('{} {}'.format(os.getpid(), child.pid))
print('ready', flush=True)
while True:
    time.sleep(0.1)
`);
    const runId = await submitToCluster();
    const details = await ready(workspaceFolder, runId);
    const pids = (await readFile(join(details.folder, 'artifacts', 'outputs', 'pids'), 'utf8')).split(' ').map(Number);
    await Promise.all([cancelRun(workspaceFolder, runId), cancelRun(workspaceFolder, runId)]);
    const end = await ended(workspaceFolder, runId);
    expect(end.summary).toMatchObject({ status: 'Canceled', failure: undefined });
    expect(await logOf(end)).toContain('ready');
    await vi.waitUntil(() => !pids.some(isAlive), 10_000);
  });

  it('by whoever uses scancel, which the run tells', async () => {
    const { workspaceFolder, submitToCluster } = await slurmCase(waiting);
    const runId = await submitToCluster();
    await ready(workspaceFolder, runId);
    await slurm().command('scancel', await jobOf(workspaceFolder, runId));
    expect((await ended(workspaceFolder, runId)).summary).toMatchObject({
      status: 'Canceled',
      failure: { message: expect.stringContaining('was canceled outside Runledger') },
    });
  });
});

describe('what Slurm decides is told by the run', () => {
  it('when its node fails', async () => {
    const [, node] = slurm().nodes;
    const { workspaceFolder, submitToCluster } = await slurmCase(waiting, { sbatch: [`--nodelist=${node}`] });
    const runId = await submitToCluster();
    await ready(workspaceFolder, runId);
    await slurm().command('scontrol', 'update', `NodeName=${node}`, 'State=DOWN', 'Reason=test');
    try {
      expect((await ended(workspaceFolder, runId)).summary).toMatchObject({
        status: 'Failed',
        failure: { message: expect.stringContaining(`lost a node (${node})`) },
      });
    } finally {
      await slurm()
        .command('scontrol', 'update', `NodeName=${node}`, 'State=RESUME')
        .catch(() => '');
      await slurm().nodesUp();
    }
  });

  it('when its memory runs out', async (context) => {
    context.skip(!slurm().limitsMemory, 'Slurm limits no memory here: there are no control groups');
    const { workspaceFolder, submitToCluster } = await slurmCase('b = bytearray(400_000_000)\n', { memory: '100M' });
    expect((await ended(workspaceFolder, await submitToCluster())).summary).toMatchObject({
      status: 'Failed',
      failure: { message: expect.stringMatching(/used more memory than it had asked for \(100M\)/) },
    });
  });

  it('when its supervisor on the node is killed', async () => {
    const { workspaceFolder, submitToCluster } = await slurmCase(waiting);
    const runId = await submitToCluster();
    const details = await ready(workspaceFolder, runId);
    kill(await processOf(details, 'supervisor'));
    const end = await ended(workspaceFolder, runId);
    expect(end.summary).toMatchObject({ status: 'Failed', failure: { message: expect.stringContaining('SIGKILL') } });
    expect(await logOf(end)).toContain('ready');
  });
});

describe('a run on Slurm goes on', () => {
  it('while the controller is away, and ends then', async () => {
    const { workspaceFolder, submitToCluster } = await slurmCase(`
import os, time
print('ready', flush=True)
while not os.path.exists(os.path.join(os.environ['RUNLEDGER_WORKSPACE'], 'go')):
    time.sleep(0.05)
`);
    const runId = await submitToCluster();
    await ready(workspaceFolder, runId);
    // In order: one that is killed forgets the latest jobs, and gives their numbers to others.
    await slurm().stopDaemon('controller');
    try {
      await writeFile(join(workspaceFolder, 'go'), '');
      expect((await ended(workspaceFolder, runId)).summary.status).toBe('Completed');
    } finally {
      await slurm().startDaemon('controller');
    }
  });

  it('while the daemon of its node restarts', async () => {
    const [node] = slurm().nodes;
    const { workspaceFolder, submitToCluster } = await slurmCase(
      `
import os, time
print('ready', flush=True)
while not os.path.exists(os.path.join(os.environ['RUNLEDGER_WORKSPACE'], 'go')):
    time.sleep(0.05)
`,
      { sbatch: [`--nodelist=${node}`] },
    );
    const runId = await submitToCluster();
    await ready(workspaceFolder, runId);
    await slurm().stopDaemon(node, 'SIGKILL');
    await slurm().startDaemon(node);
    await writeFile(join(workspaceFolder, 'go'), '');
    expect((await ended(workspaceFolder, runId)).summary.status).toBe('Completed');
  });
});

describe('the check of a Slurm target', () => {
  const request = (workspaceFolder: string) => ({
    workspaceFolder,
    interpreterCandidates: ['/usr/bin/python3'],
    pythonSdkFolder,
  });

  it('looks from the commands to the Python of a node', async () => {
    const { workspaceFolder } = await slurmCase('print(1)\n');
    const findings = await checkComputeTarget('cluster', request(workspaceFolder));
    expect(findings.map(({ subject, isGood }) => [subject, isGood])).toEqual([
      ['Commands', true],
      ['Controller', true],
      ['Partition', true],
      ['Job', true],
      ['Node', true],
    ]);
    expect(findings.at(-1)?.message).toMatch(/has Python 3\.\d+\.\d+, and sees the workspace/);
  });

  it('says what is wrong', async () => {
    const { workspaceFolder } = await slurmCase('print(1)\n', { partition: 'nowhere' });
    const findings = await checkComputeTarget('cluster', request(workspaceFolder));
    expect(findings.find(({ subject }) => subject === 'Partition')).toMatchObject({ isGood: false });
    expect(findings.find(({ subject }) => subject === 'Job')).toMatchObject({
      isGood: false,
      message: expect.stringContaining('nowhere'),
    });
  });
});
