import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { checkComputeTarget } from '../../src/core/compute/computeTargets.ts';
import { createTargetFile } from '../../src/core/compute/targetFiles.ts';
import type { RunDetails } from '../../src/core/domain/run.ts';
import { submitOrchestration } from '../../src/core/orchestration/submitOrchestration.ts';
import { builtInRunConfigurations } from '../../src/core/run-configurations/runConfiguration.ts';
import { datastoreFolder } from '../../src/core/store/storeLayout.ts';
import { cancelRun } from '../../src/core/submission/cancelRun.ts';
import { missingSshServer } from '../support/backends/sshServer.ts';
import { kill } from '../support/killedProcess.ts';
import { childrenOf, cliCommand } from '../support/orchestratedRun.ts';
import { defineCluster, jobState, logOf, processesOf, slurm, slurmCase, useSlurm } from '../support/slurmCase.ts';
import { pythonSdkFolder } from '../support/sourceFolder.ts';
import { startSshServer } from '../support/sshCase.ts';
import { ended, until } from '../support/submittedRun.ts';
import { onCleanup, openTestCatalog, temporaryFolder } from '../support/temporaryStore.ts';

useSlurm();

describe('a Slurm cluster behind a login node', () => {
  const begunWhen = `
import os, sys
from azureml.core import Run
Run.get_context().log('loss', 0.25)
os.makedirs('outputs', exist_ok=True)
open('outputs/weights.txt', 'w').write('weights')
print('ready on', os.environ['SLURMD_NODENAME'])
`;

  /** The login node is this machine over SSH; the client's own environment knows no cluster. */
  async function loginCase(settings: object = {}) {
    const server = await startSshServer(await temporaryFolder(), { SLURM_CONF: slurm().configuration });
    const project = await slurmCase(begunWhen, { host: 'login', ...settings });
    await createTargetFile(project.workspaceFolder, 'login', {
      type: 'ssh',
      host: server.host,
      configFile: server.configFile,
      folder: server.folder,
    });
    delete process.env.SLURM_CONF;
    onCleanup(() => {
      process.env.SLURM_CONF = slurm().configuration;
    });
    return {
      ...project,
      server,
      submit: async () =>
        (await project.submit({ runConfiguration: 'cluster' }, { cliCommand: [...cliCommand] })).runId,
    };
  }

  beforeEach((context) => {
    const missingServer = missingSshServer();
    context.skip(missingServer !== undefined, missingServer);
  });

  it('takes runs as one here, and they come home', async () => {
    const { workspaceFolder, submit } = await loginCase();
    const details = await ended(workspaceFolder, await submit());
    expect(details.summary.failure).toBeUndefined();
    expect(details.summary).toMatchObject({ status: 'Completed', target: 'cluster' });
    expect(details.metrics.map(({ name }) => name)).toContain('loss');
    expect(await readFile(join(details.folder, 'artifacts', 'outputs', 'weights.txt'), 'utf8')).toBe('weights');
    expect(await logOf(details)).toMatch(/^ready on [ab]\d+\n$/);
    expect(details.properties['slurm.jobId']).toMatch(/^\d+$/);
  });

  it('takes a sweep as one job array, whose trials come home', async () => {
    const { workspaceFolder, source } = await loginCase();
    const [local] = builtInRunConfigurations;
    const { runId } = await submitOrchestration(
      {
        workspaceFolder,
        experiment: 'iris',
        definition: {
          kind: 'sweep',
          sampling: { type: 'grid', space: { '--lr': ['choice', [[1, 2, 3]]] } },
          primaryMetric: { name: 'loss', goal: 'minimize' },
          maxTotalRuns: 3,
          maxConcurrentRuns: 2,
          job: {
            sourceDirectory: source,
            script: 'train.py',
            runConfiguration: { ...local?.configuration, target: 'cluster' },
            environmentVariables: { GREETING: 'hello' },
          },
        },
      },
      { pythonSdkFolder, cliCommand: [...cliCommand], createdBy: 'test/1' },
    );
    expect((await ended(workspaceFolder, runId)).summary).toMatchObject({ status: 'Completed', failure: undefined });
    const children = await childrenOf(workspaceFolder, runId);
    const jobs = children.map(({ properties }) => properties['slurm.jobId'] ?? '');
    expect(jobs).toEqual([0, 1, 2].map((place) => `${jobs[0]?.split('_')[0]}_${place}`));
    for (const child of children) {
      expect(await logOf(child)).toMatch(/^ready on [ab]\d+\n$/);
      expect(child.metrics.map(({ name }) => name)).toContain('loss');
    }
  });

  it('passes data from step to step of a pipeline, which wait for each other in the queue', async () => {
    const { workspaceFolder, source } = await loginCase();
    await writeFile(
      join(source, 'write.py'),
      `
import os, sys, time
while not os.path.exists(sys.argv[2]):
    time.sleep(0.05)
open(sys.argv[1], 'w').write('from the first')
`,
    );
    await writeFile(join(source, 'read.py'), 'import sys; print(open(sys.argv[1]).read())\n');
    const go = join(source, 'go');
    const [local] = builtInRunConfigurations;
    const job = (script: string, ...args: readonly unknown[]) => ({
      sourceDirectory: source,
      script,
      arguments: args,
      runConfiguration: { ...local?.configuration, target: 'cluster' },
    });
    const folder = datastoreFolder(workspaceFolder, 'store');
    const output = { name: 'out', folder, datastore: 'store', path: '{run-id}/{output-name}' };
    const steps = [
      {
        id: 'a',
        name: 'first',
        type: 'PythonScriptStep',
        outputs: [output],
        job: job('write.py', { output: 'out' }, go),
      },
      {
        id: 'b',
        name: 'second',
        type: 'PythonScriptStep',
        job: job('read.py', { input: { step: 'a', output: 'out' } }),
      },
    ];
    const { runId } = await submitOrchestration(
      { workspaceFolder, experiment: 'iris', definition: { kind: 'pipeline', steps } },
      { pythonSdkFolder, cliCommand: [...cliCommand], createdBy: 'test/1' },
    );
    await vi.waitUntil(
      async () => {
        const [, second] = await childrenOf(workspaceFolder, runId);
        return (second?.summary.waitReason ?? '').includes('Dependency');
      },
      { timeout: 60_000, interval: 200 },
    );
    await writeFile(go, '');
    expect((await ended(workspaceFolder, runId)).summary).toMatchObject({ status: 'Completed', failure: undefined });
    const [, second] = await childrenOf(workspaceFolder, runId);
    expect(await logOf(second as RunDetails)).toBe('from the first\n');
  });

  it('refuses what it cannot do, and is checked', async () => {
    const { workspaceFolder, submit } = await loginCase({ partition: 'nowhere' });
    await expect(submit()).rejects.toMatchObject({ message: expect.stringContaining('nowhere') });
    const request = { workspaceFolder, interpreterCandidates: [], pythonSdkFolder };
    expect((await checkComputeTarget('cluster', request)).map(({ isGood }) => isGood)).toEqual([
      true,
      true,
      false,
      false,
    ]);
    await defineCluster(workspaceFolder, { host: 'login' });
    expect((await checkComputeTarget('cluster', request)).map(({ isGood }) => isGood)).toEqual(Array(5).fill(true));
    await defineCluster(workspaceFolder, { host: 'nobody' });
    expect(await checkComputeTarget('cluster', request)).toMatchObject([
      { isGood: false, message: expect.stringContaining('nobody') },
    ]);
  });

  it('lets runs wait, watches them again where the watcher there was killed, and cancels them', async () => {
    const { workspaceFolder, submit } = await loginCase({ sbatch: ['--hold'] });
    const runId = await submit();
    const catalog = await openTestCatalog(workspaceFolder);
    const queued = await until(catalog, runId, ({ warnings }) => warnings.length > 0);
    expect(queued.summary.status).toBe('Queued');
    const [watcher] = await processesOf(queued, 'watcher');
    kill(watcher);
    await vi.waitUntil(async () => (await processesOf(queued, 'watcher')).length === 2, 40_000);
    await cancelRun(workspaceFolder, runId);
    expect((await ended(workspaceFolder, runId)).summary.status).toBe('Canceled');
    expect(await jobState(queued.properties['slurm.jobId'] ?? '')).toBe('CANCELLED');
  });
});
