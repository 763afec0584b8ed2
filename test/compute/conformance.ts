/** What every compute target does, told once: cases that each target's test runs on a real back end. */

import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { listModels } from '../../src/core/models/modelVersions.ts';
import { submitOrchestration } from '../../src/core/orchestration/submitOrchestration.ts';
import { builtInRunConfigurations } from '../../src/core/run-configurations/runConfiguration.ts';
import { livenessOf } from '../../src/core/store/processIdentity.ts';
import { datastoreFolder } from '../../src/core/store/storeLayout.ts';
import { cancelRun } from '../../src/core/submission/cancelRun.ts';
import { killProcessOf } from '../support/killedProcess.ts';
import { childrenOf, cliCommand } from '../support/orchestratedRun.ts';
import { pythonSdkFolder } from '../support/sourceFolder.ts';
import { ended, folderOf, until } from '../support/submittedRun.ts';
import { openTestCatalog } from '../support/temporaryStore.ts';
import { artifact, type Backend, outcome, targetCase } from './backend.ts';
import { isLocked, stubborn, stubbornIsReady } from './stubbornScript.ts';

export interface ConformanceOptions {
  /** Undefined: it could not be started, and the cases are not run. */
  readonly backend: Backend | undefined;
  /** Whether scripts can submit other scripts there. */
  readonly submitsScripts: boolean;
  /** Whether the process that looks after a run is one of this machine. */
  readonly isSupervisedHere: boolean;
}

const results = `
import os, sys
from azureml.core import Run
from greeting import text
run = Run.get_context()
run.log('accuracy', 0.5)
run.log_list('losses', [3.0, 2.0, 1.0])
print(text, sys.argv[1:], os.environ['COLOUR'])
os.makedirs('outputs/deep', exist_ok=True)
with open('outputs/deep/model.txt', 'w') as file:
    file.write('weights')
run.upload_file('outputs/deep/again.txt', 'outputs/deep/model.txt')
run.register_model('found', model_path='outputs/deep')
child = run.child_run('part')
child.log('accuracy', 0.75)
child.complete()
`;
const failing = 'def lose():\n    raise ValueError("no <b>data</b>")\nprint("before")\nlose()\n';
const binary = 'import sys\nsys.stdout.buffer.write(bytes(range(256)) * 4096)\n';
const ranks = `
import os, time
from azureml.core import Run
rank, size = os.environ['RANK'], os.environ['WORLD_SIZE']
Run.get_context().log('rank_' + rank, int(size))
print('rank', rank, flush=True)
`;
const submitting = `
from azureml.core import Experiment, Run, ScriptRunConfig
run = Run.get_context()
child = run.submit_child(ScriptRunConfig('.', 'part.py'))
child.wait_for_completion(raise_on_error=True)
print('child', child.get_status(), child.get_metrics())
`;

/** Declares the cases, in the test file of one target. */
export function describeConformance(name: string, options: ConformanceOptions): void {
  const { backend } = options;
  describe.skipIf(backend === undefined)(`runs on ${name}`, { timeout: 120_000 }, () => {
    const newCase = (files: Readonly<Record<string, string>>) => targetCase(backend, files);

    it('log, write outputs, register models and have children', async () => {
      const { workspaceFolder, carryOut } = await newCase({
        'train.py': results,
        'greeting.py': "text = 'hello'\n",
      });
      const environment = { environmentVariables: { COLOUR: 'deep "blue"\nline' } };
      const details = await carryOut({ arguments: ['--rate', '1e-3', 'a b', "it's"], environment });
      expect(details.summary.status, await outcome(details)).toBe('Completed');
      expect(details.summary).toMatchObject({ exitCode: 0, target: backend?.target });
      expect(details.metrics.map(({ name: metric, count }) => [metric, count])).toEqual(
        expect.arrayContaining([
          ['accuracy', 1],
          ['losses', 3],
        ]),
      );
      expect(await artifact(details, 'outputs/deep/model.txt')).toBe('weights');
      expect(await artifact(details, 'outputs/deep/again.txt')).toBe('weights');
      expect(await artifact(details, 'logs/std_log.txt')).toBe(
        `hello ['--rate', '1e-3', 'a b', "it's"] deep "blue"\nline\n`,
      );
      expect(await listModels(workspaceFolder)).toHaveLength(1);
      const catalog = await openTestCatalog(workspaceFolder);
      expect((await catalog.details(details.summary.id)).summary.hasChildren).toBe(true);
    });

    it('fail with the traceback', async () => {
      const { carryOut } = await newCase({ 'train.py': failing });
      const { summary } = await carryOut();
      expect(summary).toMatchObject({ status: 'Failed', exitCode: 1 });
      expect(summary.failure).toMatchObject({
        type: 'ValueError',
        message: 'no <b>data</b>',
        traceback: expect.stringContaining('in lose'),
      });
    });

    it('fail by a signal, which is told', async () => {
      const { carryOut } = await newCase({ 'train.py': 'import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n' });
      const { summary } = await carryOut();
      expect(summary.status).toBe('Failed');
      expect(summary.failure?.message).toContain('SIGKILL');
    });

    it('are canceled with all they started, though they do not want to end', async () => {
      const { workspaceFolder, submit } = await newCase({ 'train.py': stubborn });
      const { runId } = await submit();
      await stubbornIsReady(await openTestCatalog(workspaceFolder), runId);
      await Promise.all([cancelRun(workspaceFolder, runId), cancelRun(workspaceFolder, runId).catch(() => undefined)]);
      const details = await ended(workspaceFolder, runId);
      expect(details.summary.status).toBe('Canceled');
      expect(details.metrics.map(({ name: metric }) => metric)).toContain('loss');
      expect(await isLocked(join(details.folder, 'artifacts', 'outputs', 'lock'))).toBe(false);
    });

    it('are stopped at the limit of their duration', async () => {
      const { carryOut } = await newCase({ 'train.py': stubborn });
      const details = await carryOut({ maxRunDurationSeconds: 2 });
      expect(details.summary.status, await outcome(details)).toBe('Failed');
      expect(details.summary.failure?.message).toContain('longer than its limit of 2 seconds');
      expect(await isLocked(join(details.folder, 'artifacts', 'outputs', 'lock'))).toBe(false);
    });

    it('print bytes that are no text', async () => {
      const { carryOut } = await newCase({ 'train.py': binary });
      const details = await carryOut();
      expect(details.summary.status, await outcome(details)).toBe('Completed');
      expect(await artifact(details, 'logs/std_log.txt', 'latin1')).toBe(
        Buffer.from(Array.from({ length: 256 * 4096 }, (_, index) => index % 256)).toString('latin1'),
      );
    });

    it('are several processes where that is asked for', async () => {
      const { carryOut } = await newCase({ 'train.py': ranks });
      const details = await carryOut({ communicator: 'Gloo', pytorch: { processCount: 2 } });
      expect(details.summary.status, await outcome(details)).toBe('Completed');
      const metrics = details.metrics.filter(({ name: metric }) => metric.startsWith('rank_'));
      expect(metrics.map(({ name: metric, last }) => [metric, last]).sort()).toEqual([
        ['rank_0', 2],
        ['rank_1', 2],
      ]);
      expect(await artifact(details, 'logs/std_log_rank_1.txt')).toContain('rank 1');
    });

    it('run a command', async () => {
      const { workspaceFolder, submitCommand } = await newCase({ 'note.txt': 'from the snapshot' });
      const { runId } = await submitCommand(['sh', '-c', 'cat note.txt; exit 3']);
      const details = await ended(workspaceFolder, runId);
      expect(details.summary).toMatchObject({ status: 'Failed', exitCode: 3 });
      expect(await artifact(details, 'logs/std_log.txt')).toBe('from the snapshot');
    });

    it.runIf(options.submitsScripts)('submit others', async () => {
      const { carryOut } = await newCase({
        'train.py': submitting,
        'part.py': "from azureml.core import Run\nRun.get_context().log('part', 1)\n",
      });
      const details = await carryOut();
      expect(details.summary.status, await outcome(details)).toBe('Completed');
      expect(await artifact(details, 'logs/std_log.txt')).toContain("child Completed {'part': 1}");
    });

    it('are steps of a pipeline, which pass data by path, and trials of a sweep', async () => {
      const { workspaceFolder, source } = await newCase({
        'write.py': "import sys\nopen(sys.argv[1], 'w').write('from the first step')\n",
        'read.py': 'import sys\nprint(open(sys.argv[1]).read())\n',
        'trial.py': "import sys\nfrom azureml.core import Run\nRun.get_context().log('acc', float(sys.argv[2]))\n",
      });
      const [local] = builtInRunConfigurations;
      const job = (script: string, ...args: readonly unknown[]) => ({
        sourceDirectory: source,
        script,
        arguments: args,
        runConfiguration: { ...local?.configuration, target: backend?.target },
      });
      const submit = (definition: object) =>
        submitOrchestration(
          { workspaceFolder, experiment: 'iris', definition },
          { pythonSdkFolder, cliCommand: [...cliCommand], createdBy: 'test/1' },
        );
      const output = {
        name: 'out',
        folder: datastoreFolder(workspaceFolder, 'store'),
        datastore: 'store',
        path: '{run-id}/out',
      };
      const type = 'PythonScriptStep';
      const pipeline = await submit({
        kind: 'pipeline',
        steps: [
          { id: 'a', name: 'a', type, outputs: [output], job: job('write.py', { output: 'out' }) },
          { id: 'b', name: 'b', type, job: job('read.py', { input: { step: 'a', output: 'out' } }) },
        ],
      });
      const sweep = await submit({
        kind: 'sweep',
        sampling: { type: 'grid', space: { '--lr': ['choice', [[1, 2]]] } },
        primaryMetric: { name: 'acc', goal: 'maximize' },
        maxTotalRuns: 2,
        job: job('trial.py'),
      });
      const ofPipeline = await ended(workspaceFolder, pipeline.runId);
      expect(ofPipeline.summary).toMatchObject({ status: 'Completed', failure: undefined });
      const [, second] = await childrenOf(workspaceFolder, pipeline.runId);
      expect(second && (await artifact(second, 'logs/std_log.txt'))).toBe('from the first step\n');
      const ofSweep = await ended(workspaceFolder, sweep.runId);
      expect(ofSweep.summary).toMatchObject({ status: 'Completed', failure: undefined });
      expect(ofSweep.properties).toMatchObject({ best_child_run_id: `${sweep.runId}_1`, score: '2' });
    });

    it.runIf(options.isSupervisedHere)('end, though who looked after them was killed', async () => {
      const { workspaceFolder, submit } = await newCase({ 'train.py': stubborn });
      const { runId } = await submit();
      const catalog = await openTestCatalog(workspaceFolder);
      await stubbornIsReady(catalog, runId);
      const folder = await folderOf(workspaceFolder, runId);
      const supervisor = await killProcessOf(folder, 'supervisor');
      while ((await livenessOf(supervisor)) !== 'dead') {
        // Nobody tells who is not its parent.
      }
      await cancelRun(workspaceFolder, runId);
      const details = await until(catalog, runId, ({ summary: { status } }) => status === 'Canceled');
      expect(details.metrics.map(({ name: metric }) => metric)).toContain('loss');
      // A container ends by itself, when its first process sees the wish.
      const lock = join(details.folder, 'artifacts', 'outputs', 'lock');
      await vi.waitUntil(async () => !(await isLocked(lock)), { timeout: 60_000, interval: 200 });
    });

    it('that cannot start say why', async () => {
      const { workspaceFolder, submitCommand } = await newCase({ 'train.py': '' });
      const { runId } = await submitCommand(['no-such-program-of-anybody']);
      const { summary } = await ended(workspaceFolder, runId);
      expect(summary.status).toBe('Failed');
      expect(summary.failure?.message).toContain('no-such-program-of-anybody');
    });
  });
}
