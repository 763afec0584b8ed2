import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunDetails } from '../../src/core/domain/run.ts';
import type { Job } from '../../src/core/orchestration/job.ts';
import { readPipelineFile } from '../../src/core/orchestration/pipeline/readPipelineFile.ts';
import { submitOrchestration } from '../../src/core/orchestration/submitOrchestration.ts';
import { childrenOf, cliCommand, newOrchestrationCase } from '../support/orchestratedRun.ts';
import { defineCluster, logOf, useSlurm } from '../support/slurmCase.ts';
import { pythonSdkFolder } from '../support/sourceFolder.ts';
import { ended } from '../support/submittedRun.ts';

useSlurm();

describe('on Slurm', () => {
  const onCluster = ({ runConfiguration }: Pick<Job, 'runConfiguration'>) => ({
    ...runConfiguration,
    target: 'cluster',
  });

  it('the trials of a sweep are jobs, which are all in the queue at once', async () => {
    const { workspaceFolder, job, submit } = await newOrchestrationCase({
      'train.py': `
import os, sys, time
from azureml.core import Run
folder = os.environ['RUNLEDGER_WORKSPACE']
open(os.path.join(folder, 'begun' + sys.argv[2]), 'w').close()
deadline = time.time() + 40
while len([name for name in os.listdir(folder) if name.startswith('begun')]) < 5:
    assert time.time() < deadline
    time.sleep(0.05)
Run.get_context().log('acc', float(sys.argv[2]))
`,
    });
    await defineCluster(workspaceFolder);
    const made = job('train.py');
    const { runId } = await submit({
      kind: 'sweep',
      sampling: { type: 'grid', space: { '--lr': ['choice', [[1, 2, 3, 4, 5]]] } },
      primaryMetric: { name: 'acc', goal: 'maximize' },
      maxTotalRuns: 10,
      job: { ...made, runConfiguration: onCluster(made) },
    });
    const details = await ended(workspaceFolder, runId);
    const children = await childrenOf(workspaceFolder, runId);
    expect(children.map(({ summary }) => [summary.status, summary.target])).toEqual(
      Array(5).fill(['Completed', 'cluster']),
    );
    expect(new Set(children.map(({ properties }) => properties['slurm.jobId'])).size).toBe(5);
    expect(details.summary.status).toBe('Completed');
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
