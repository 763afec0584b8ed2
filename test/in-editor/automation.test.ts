import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { agentTools } from '../../src/core/agent-tools/agentTools.ts';
import { languageModelToolId } from '../../src/extension/ids.ts';
import type { SubmissionOutcome } from '../../src/extension/submit/runStarter.ts';
import { activateExtension, ensureWorkspace, submit, untilRun, writeScript } from './editorSupport.ts';

const script = 'from azureml.core import Run\nRun.get_context().log("accuracy", 0.5)\nprint("done")\n';

const sweepJob = `$schema: https://azuremlschemas.azureedge.net/latest/sweepJob.schema.json
trial:
  command: python rated.py \${{search_space.rate}}
search_space: {rate: {type: choice, values: [0.25]}}
sampling_algorithm: grid
objective: {primary_metric: rate, goal: maximize}
experiment_name: Rates
`;

const pipelineJob = `$schema: https://azuremlschemas.azureedge.net/latest/pipelineJob.schema.json
type: pipeline
jobs:
  echo:
    command: python echo.py
`;

async function answer(tool: string, input: object): Promise<unknown> {
  const result = await vscode.lm.invokeTool(languageModelToolId(tool), { input, toolInvocationToken: undefined });
  const [part] = result.content;
  assert.ok(part instanceof vscode.LanguageModelTextPart);
  return JSON.parse(part.value);
}

describe("the editor's agents and tasks", function () {
  this.timeout(180_000);

  before(async () => {
    await ensureWorkspace();
    await activateExtension();
  });

  it('offers every tool, and answers with the runs of the open folder', async () => {
    const offered = vscode.lm.tools.map(({ name }) => name);
    for (const { name } of agentTools) {
      assert.ok(offered.includes(languageModelToolId(name)), `${name} of ${offered.join(', ')}`);
    }
    const run = await submit({
      script: await writeScript('asked.py', script),
      experiment: 'Agents',
      runConfiguration: 'local (in place)',
      arguments: [],
    });
    const { workspaces } = await activateExtension();
    await untilRun(await workspaces.catalog(run.workspaceFolder), run.runId, ({ status }) => status === 'Completed');
    const { runs } = (await answer('list_runs', { experiment: 'agents', limit: 5 })) as { runs: { id: string }[] };
    assert.deepEqual(
      runs.map(({ id }) => id),
      [run.runId],
    );
    const { metrics } = (await answer('get_run', { run_id: run.runId })) as { metrics: Record<string, unknown> };
    assert.deepEqual(metrics.accuracy, { last: 0.5, count: 1 });
    await assert.rejects(answer('get_run', { run_id: 'gone' }), /There is no run gone/);
  });

  it('submits a sweep job of Azure ML, whose trials run here', async () => {
    await writeScript(
      'rated.py',
      'import sys\nfrom azureml.core import Run\nRun.get_context().log("rate", float(sys.argv[1]))\n',
    );
    const job = await writeScript('sweep.yml', sweepJob);
    const run = await vscode.commands.executeCommand<SubmissionOutcome>('runledger.submitFile', job.fsPath);
    const { workspaces } = await activateExtension();
    const catalog = await workspaces.catalog(run.workspaceFolder);
    await untilRun(catalog, run.runId, ({ status }) => status === 'Completed');
    const best = await catalog.details(`${run.runId}_0`);
    assert.equal(best.metrics.find(({ name }) => name === 'rate')?.last, 0.25);
  });

  it('submits the sweep job and the pipeline job that are open, with the commands for sweeps and pipelines', async () => {
    await writeScript('echo.py', 'from azureml.core import Run\nRun.get_context().log("done", 1)\n');
    const [workspace] = await (await activateExtension()).workspaces.openWorkspaces();
    assert.ok(workspace?.kind === 'workspace');
    const { workspaces } = await activateExtension();
    const catalog = await workspaces.catalog(workspace.info.folder);
    const files = {
      'runledger.submitSweep': ['open-sweep.yml', sweepJob],
      'runledger.submitPipeline': ['open-pipeline.yml', pipelineJob],
    };
    for (const [command, [name = '', text = '']] of Object.entries(files)) {
      await vscode.window.showTextDocument(await writeScript(name, text));
      const run = await vscode.commands.executeCommand<SubmissionOutcome>(command, { experiment: 'open-jobs' });
      const { experiment } = await untilRun(catalog, run.runId, ({ status }) => status === 'Completed');
      assert.equal(experiment, 'open-jobs');
    }
  });

  it('submits with a task of the open script, which ends as the run does', async () => {
    const { workspaces } = await activateExtension();
    await vscode.window.showTextDocument(await writeScript('task.py', script));
    const tasks = await vscode.tasks.fetchTasks({ type: 'runledger' });
    const task = tasks.find(({ definition }) => definition.script === 'task.py');
    assert.ok(task, tasks.map(({ name }) => name).join());
    const exitCode = new Promise<number | undefined>((resolve) => {
      const subscription = vscode.tasks.onDidEndTaskProcess((event) => {
        if (event.execution.task.definition.script === 'task.py') {
          subscription.dispose();
          resolve(event.exitCode);
        }
      });
    });
    await vscode.tasks.executeTask(task);
    assert.equal(await exitCode, 0);
    const [workspace] = await workspaces.openWorkspaces();
    assert.ok(workspace?.kind === 'workspace');
    const catalog = await workspaces.catalog(workspace.info.folder);
    const { items } = await catalog.find({ filter: 'script = "task.py" and status = Completed', limit: 5 });
    assert.equal(items.length, 1);
  });
});
