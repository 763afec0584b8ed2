import { spawn } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { RunDetails, RunSummary } from '../../src/core/domain/run.ts';
import type { Job } from '../../src/core/orchestration/job.ts';
import { readPipelineFile } from '../../src/core/orchestration/pipeline/readPipelineFile.ts';
import { resumeOrchestrations } from '../../src/core/orchestration/startOrchestrator.ts';
import { submitOrchestration } from '../../src/core/orchestration/submitOrchestration.ts';
import { openJournal } from '../../src/core/store/journalWriter.ts';
import { processIdentityOf } from '../../src/core/store/processIdentity.ts';
import { createRun } from '../../src/core/store/runCreation.ts';
import { cancelRun } from '../../src/core/submission/cancelRun.ts';
import { childrenOf, cliCommand, killOrchestrator, newOrchestrationCase } from '../support/orchestratedRun.ts';
import { defineCluster, jobOf, jobState, logOf, slurm, useSlurm } from '../support/slurmCase.ts';
import { pythonSdkFolder } from '../support/sourceFolder.ts';
import { ended, until } from '../support/submittedRun.ts';
import { openTestCatalog } from '../support/temporaryStore.ts';

useSlurm();

const onCluster = ({ runConfiguration }: Pick<Job, 'runConfiguration'>) => ({
  ...runConfiguration,
  target: 'cluster',
});

/** Waits for a file `go` in the workspace. */
const waitsForGo = `
import os, sys, time
from azureml.core import Run
folder = os.environ['RUNLEDGER_WORKSPACE']
open(os.path.join(folder, 'begun' + sys.argv[2]), 'w').close()
while not os.path.exists(os.path.join(folder, 'go')):
    time.sleep(0.05)
if sys.argv[1] == '--lr':
    Run.get_context().log('acc', float(sys.argv[2]))
`;

const statesOf = (children: readonly RunDetails[]): readonly RunSummary['status'][] =>
  children.map(({ summary }) => summary.status);
const jobsOf = (children: readonly RunDetails[]): readonly string[] =>
  children.map(({ properties }) => properties['slurm.jobId'] ?? '');

async function sweepCase(script: string, settings: object = {}) {
  const made = await newOrchestrationCase({ 'train.py': script });
  await defineCluster(made.workspaceFolder, settings);
  const job = made.job('train.py');
  return {
    ...made,
    submitSweep: (choices: readonly unknown[], changes: object = {}) =>
      made.submit({
        kind: 'sweep',
        sampling: { type: 'grid', space: { '--lr': ['choice', [choices]] } },
        primaryMetric: { name: 'acc', goal: 'maximize' },
        maxTotalRuns: 10,
        job: { ...job, runConfiguration: onCluster(job) },
        ...changes,
      }),
    children: async (runId: string, isReady: (children: readonly RunDetails[]) => boolean) => {
      let children: readonly RunDetails[] = [];
      await vi.waitUntil(
        async () => {
          children = await childrenOf(made.workspaceFolder, runId);
          return isReady(children);
        },
        { timeout: 60_000, interval: 100 },
      );
      return children;
    },
  };
}

describe('a sweep on Slurm', () => {
  it('is one job array, whose trials are all in the queue at once', async () => {
    const { workspaceFolder, submitSweep } = await sweepCase(`
import os, sys, time
from azureml.core import Run
folder = os.environ['RUNLEDGER_WORKSPACE']
open(os.path.join(folder, 'begun' + sys.argv[2]), 'w').close()
deadline = time.time() + 40
while len([name for name in os.listdir(folder) if name.startswith('begun')]) < 5:
    assert time.time() < deadline
    time.sleep(0.05)
Run.get_context().log('acc', float(sys.argv[2]))
`);
    const { runId } = await submitSweep([1, 2, 3, 4, 5]);
    const details = await ended(workspaceFolder, runId);
    const children = await childrenOf(workspaceFolder, runId);
    expect(children.map(({ summary }) => [summary.status, summary.target])).toEqual(
      Array(5).fill(['Completed', 'cluster']),
    );
    const [array] = (jobsOf(children)[0] ?? '').split('_');
    expect(jobsOf(children)).toEqual([0, 1, 2, 3, 4].map((place) => `${array}_${place}`));
    expect(details.summary.status).toBe('Completed');
    expect(details.properties).toMatchObject({ score: '5', best_child_run_id: `${runId}_4` });
    expect(await readFile(join(children[3]?.folder ?? '', 'artifacts', 'logs', 'system_log.txt'), 'utf8')).toContain(
      `Slurm job ${array}_3`,
    );
  });

  it('keeps to its limit also while nobody looks after it, and is taken up again', async () => {
    const { workspaceFolder, submitSweep, children } = await sweepCase(waitsForGo);
    const { runId } = await submitSweep([1, 2, 3, 4, 5], { maxConcurrentRuns: 2 });
    const waiting = await children(
      runId,
      (found) => found.length === 5 && statesOf(found).filter((state) => state === 'Running').length === 2,
    );
    await killOrchestrator(workspaceFolder, runId);
    const [array = ''] = (jobsOf(waiting)[0] ?? '').split('_');
    expect(await slurm().command('scontrol', '-o', 'show', 'job', array)).toMatch(/ArrayTaskThrottle=2/);
    const [last] = waiting.slice(-1);
    await until(await openTestCatalog(workspaceFolder), last?.summary.id ?? '', ({ summary }) =>
      (summary.waitReason ?? '').includes('JobArrayTaskLimit'),
    );
    await writeFile(join(workspaceFolder, 'go'), '');
    await children(runId, (found) => statesOf(found).every((state) => state === 'Completed'));
    expect(await resumeOrchestrations(workspaceFolder, [...cliCommand])).toEqual([runId]);
    expect((await ended(workspaceFolder, runId)).summary.status).toBe('Completed');
    expect(await childrenOf(workspaceFolder, runId)).toHaveLength(5);
  });

  it('submits the trials that were made and not submitted when its orchestrator died', async () => {
    const { workspaceFolder, submitSweep, children } = await sweepCase(
      "import sys; from azureml.core import Run; Run.get_context().log('acc', float(sys.argv[2]))\n",
      { sbatch: ['--hold'] },
    );
    const { runId } = await submitSweep([1, 2, 3]);
    const submitted = await children(runId, (found) => found.length === 3 && jobsOf(found).every((job) => job !== ''));
    await killOrchestrator(workspaceFolder, runId);
    // As it would be had it died between the making of the second trial and the submission.
    const [first = '', second = '', third = ''] = jobsOf(submitted);
    await slurm().command('scancel', second);
    await rm(submitted[1]?.folder ?? '', { recursive: true, maxRetries: 5, retryDelay: 100 });
    const made = await createRun({
      workspaceFolder,
      experiment: 'iris',
      type: 'azureml.scriptrun',
      runId: `${runId}_1`,
      parentId: runId,
      trial: { number: 1, hyperparameters: { '--lr': 2 } },
      createdBy: 'test/1',
    });
    const submitter = spawn('sleep', ['60']);
    const journal = await openJournal({ workspaceFolder, runId: made.runId, runFolder: made.folder, role: 'submit' });
    await journal.append({ k: 'process', role: 'submitter', ...(await processIdentityOf(submitter.pid ?? 0)) });
    await journal.append({ k: 'status', v: 'Preparing' });
    await journal.close();
    const gone = new Promise((resolve) => submitter.once('exit', resolve));
    submitter.kill('SIGKILL');
    await gone;
    expect(await resumeOrchestrations(workspaceFolder, [...cliCommand])).toEqual([runId]);
    const again = await jobOf(workspaceFolder, `${runId}_1`);
    expect(again.split('_')).toEqual([expect.not.stringMatching(second.split('_')[0] ?? ''), '1']);
    for (const job of [first, third, again]) {
      await slurm().command('scontrol', 'release', job);
    }
    expect((await ended(workspaceFolder, runId)).summary.status).toBe('Completed');
    const completed = await childrenOf(workspaceFolder, runId);
    expect(completed.map(({ summary }) => summary.id).sort()).toEqual([0, 1, 2].map((place) => `${runId}_${place}`));
    expect(statesOf(completed)).toEqual(['Completed', 'Completed', 'Completed']);
  });

  it('ends single trials, and with it all of them', async () => {
    const { workspaceFolder, submitSweep, children } = await sweepCase(waitsForGo);
    const { runId } = await submitSweep([1, 2, 3, 4], { maxConcurrentRuns: 1 });
    const begun = await children(
      runId,
      (found) => found.length === 4 && statesOf(found).includes('Running') && jobsOf(found).every((job) => job !== ''),
    );
    await cancelRun(workspaceFolder, `${runId}_2`);
    await children(runId, (found) => statesOf(found)[2] === 'Canceled');
    // Somebody else does.
    await slurm().command('scancel', jobsOf(begun)[3] ?? '');
    const [, , , fourth] = await children(runId, (found) => statesOf(found)[3] === 'Canceled');
    expect(fourth?.summary.failure?.message).toMatch(/^The Slurm job \d+_3 was canceled outside Runledger/);
    expect(statesOf(await childrenOf(workspaceFolder, runId)).filter((state) => state === 'Canceled')).toHaveLength(2);
    await cancelRun(workspaceFolder, runId);
    expect((await ended(workspaceFolder, runId)).summary.status).toBe('Canceled');
    expect(statesOf(await childrenOf(workspaceFolder, runId))).toEqual(Array(4).fill('Canceled'));
    const [array = ''] = (jobsOf(begun)[0] ?? '').split('_');
    await vi.waitUntil(async () => !/RUNNING|PENDING|COMPLETING/.test(await jobState(array)), { timeout: 20_000 });
  });
});

describe('a pipeline on Slurm', () => {
  /** Steps by name, each with a script of this name, and the steps that it runs after. */
  async function pipelineCase(steps: Readonly<Record<string, { readonly script: string; readonly after?: string[] }>>) {
    const files = Object.entries(steps).map(([name, { script }]) => [`${name}.py`, script] as const);
    const { workspaceFolder, job, submit } = await newOrchestrationCase(Object.fromEntries(files));
    await defineCluster(workspaceFolder);
    const definitions = Object.entries(steps).map(([name, { after = [] }]) => {
      const made = job(`${name}.py`, '--name', name);
      return {
        id: name,
        name,
        type: 'PythonScriptStep',
        runAfter: after,
        job: { ...made, runConfiguration: onCluster(made) },
      };
    });
    const stepsOf = async (runId: string): Promise<ReadonlyMap<string, RunDetails>> =>
      new Map((await childrenOf(workspaceFolder, runId)).map((child) => [child.summary.displayName ?? '', child]));
    return {
      workspaceFolder,
      submitPipeline: (changes: object = {}) => submit({ kind: 'pipeline', steps: definitions, ...changes }),
      stepsOf,
    };
  }

  it('has its steps in the queue together, each after those before it, whoever lives to see it', async () => {
    const { workspaceFolder, submitPipeline, stepsOf } = await pipelineCase({
      first: { script: waitsForGo },
      side: { script: 'print("beside")\n' },
      last: { script: 'print("after all")\n', after: ['first', 'side'] },
    });
    const { runId } = await submitPipeline();
    await vi.waitUntil(async () => (await stepsOf(runId)).get('last')?.properties['slurm.jobId'] !== undefined, {
      timeout: 60_000,
      interval: 100,
    });
    const waiting = await stepsOf(runId);
    const [first, last] = jobsOf([waiting.get('first') as RunDetails, waiting.get('last') as RunDetails]);
    expect(await slurm().command('scontrol', '-o', 'show', 'job', last ?? '')).toMatch(
      new RegExp(`JobState=PENDING Reason=Dependency Dependency=\\S*afterok:${first}\\b`),
    );
    await killOrchestrator(workspaceFolder, runId);
    await writeFile(join(workspaceFolder, 'go'), '');
    const lastId = waiting.get('last')?.summary.id ?? '';
    const end = await ended(workspaceFolder, lastId);
    expect(await logOf(end)).toBe('after all\n');
    const [before, after] = [(await stepsOf(runId)).get('first'), (await stepsOf(runId)).get('last')];
    expect(after?.summary.startTime).toBeGreaterThanOrEqual(before?.summary.endTime ?? Number.POSITIVE_INFINITY);
    expect(await resumeOrchestrations(workspaceFolder, [...cliCommand])).toEqual([runId]);
    expect((await ended(workspaceFolder, runId)).summary.status).toBe('Completed');
  });

  it('cancels what waits for a step that fails, and goes on with the others where it is to', async () => {
    const { workspaceFolder, submitPipeline, stepsOf } = await pipelineCase({
      fails: {
        script: `
import os, time
while not os.path.exists(os.path.join(os.environ['RUNLEDGER_WORKSPACE'], 'go')):
    time.sleep(0.05)
raise ValueError('no data')
`,
      },
      waits: { script: 'print("never")\n', after: ['fails'] },
      waitsForThat: { script: 'print("never")\n', after: ['waits'] },
      other: { script: 'print("other")\n' },
    });
    const { runId } = await submitPipeline({ continueOnStepFailure: true });
    await vi.waitUntil(async () => jobsOf([...(await stepsOf(runId)).values()]).filter(Boolean).length === 4, {
      timeout: 60_000,
      interval: 100,
    });
    await writeFile(join(workspaceFolder, 'go'), '');
    const { summary } = await ended(workspaceFolder, runId);
    expect(summary).toMatchObject({
      status: 'Failed',
      failure: { message: 'The step "fails" failed: no data. 2 more did not complete.' },
    });
    const steps = await stepsOf(runId);
    expect([...steps].map(([name, child]) => [name, child.summary.status])).toEqual(
      expect.arrayContaining([
        ['fails', 'Failed'],
        ['waits', 'Canceled'],
        ['waitsForThat', 'Canceled'],
        ['other', 'Completed'],
      ]),
    );
    const told = [...(steps.get('waits')?.warnings ?? []), steps.get('waits')?.summary.failure?.message];
    expect(told.join(' ')).toMatch(/waited for.*did not complete/);
    expect(await logOf(steps.get('waits') as RunDetails)).toBe('');
  });

  it('the steps of a pipeline in a file are jobs where it names the target, and pass data by path', async () => {
    const { workspaceFolder, source } = await newOrchestrationCase({
      'write.py': "import sys; open(sys.argv[1], 'w').write('from the first')\n",
      'read.py': 'import sys; print(open(sys.argv[1]).read())\n',
      'pipeline.yml': `
pipeline:
  default_compute: cluster
  steps:
    first:
      type: PythonScriptStep
      script_name: write.py
      arguments: ['output:out']
      outputs: {out: {destination: data}}
    second:
      type: PythonScriptStep
      script_name: read.py
      arguments: ['input:in']
      inputs: {in: {source: data}}
`,
    });
    await defineCluster(workspaceFolder);
    const { definition } = await readPipelineFile(join(source, 'pipeline.yml'), {
      workspaceFolder,
      parameters: {},
      interpreterCandidates: [],
    });
    const { runId } = await submitOrchestration(
      { workspaceFolder, experiment: 'iris', definition },
      { pythonSdkFolder, cliCommand: [...cliCommand], createdBy: 'test/1' },
    );
    expect((await ended(workspaceFolder, runId)).summary.status).toBe('Completed');
    const [, second] = await childrenOf(workspaceFolder, runId);
    expect(second?.properties['slurm.jobId']).toBeDefined();
    expect(await logOf(second as RunDetails)).toBe('from the first\n');
  });
});
