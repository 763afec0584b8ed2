import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandTemplate, type Meaning } from '../../src/core/jobs/commandTemplate.ts';
import { readJob } from '../../src/core/jobs/readJob.ts';
import { parseDefinition } from '../../src/core/orchestration/definition.ts';
import type { PipelineDefinition } from '../../src/core/orchestration/pipeline/pipelineDefinition.ts';
import type { SweepDefinition } from '../../src/core/orchestration/sweep/sweepDefinition.ts';
import { writeFiles } from '../support/sourceFolder.ts';
import { temporaryWorkspace } from '../support/temporaryStore.ts';

const sweep = `$schema: https://azuremlschemas.azureedge.net/latest/sweepJob.schema.json
trial:
  command: >-
    python train.py --rate \${{search_space.rate}} --data \${{inputs.table}} --epochs \${{inputs.epochs}}
  code: src
  environment: azureml:sklearn:3
  resources: {shm_size: 4g}
inputs:
  epochs: 2
  table: {type: uri_file, path: ./my data/table.csv}
compute: azureml:cluster
sampling_algorithm: {type: random, seed: 7}
search_space:
  rate: {type: uniform, min_value: 0.1, max_value: 0.9}
objective: {goal: Maximize, primary_metric: accuracy}
limits: {max_total_trials: 4, max_concurrent_trials: 2, timeout: 600, trial_timeout: 60}
early_termination: {type: bandit, slack_factor: 0.1, slack_amount: 0, evaluation_interval: 2}
experiment_name: rates
display_name: Rates
tags: {team: vision, year: 2024}
`;

const pipeline = `$schema: https://azuremlschemas.azureedge.net/latest/pipelineJob.schema.json
inputs:
  count: 3
  raw: {type: uri_folder, path: ./data}
settings: {default_compute: azureml:cluster, force_rerun: true}
jobs:
  prepare:
    type: command
    component: ./prepare.yml
    inputs:
      raw: \${{parent.inputs.raw}}
      count: \${{parent.inputs.count}}
  train:
    display_name: Train it
    command: cat \${{inputs.clean}}/a.txt > "\${{outputs.model}}"
    inputs:
      clean: {path: "\${{parent.jobs.prepare.outputs.clean}}"}
    outputs:
      model: {type: uri_file}
`;

const component = `$schema: https://azuremlschemas.azureedge.net/latest/commandComponent.schema.json
type: command
name: prepare
inputs:
  raw: {type: uri_folder}
  count: {type: integer}
  note: {type: string, optional: true}
  mode: {type: string, default: fast}
outputs:
  clean: {type: uri_folder}
code: ./src
environment: {conda_file: {dependencies: [python=3.11]}}
is_deterministic: false
command: >-
  python prepare.py --raw \${{inputs.raw}} --count \${{inputs.count}} $[[--note \${{inputs.note}}]]
  --mode \${{inputs.mode}} --clean \${{outputs.clean}}
`;

async function read(files: Readonly<Record<string, string>>, name: string, parameters = {}) {
  const folder = await temporaryWorkspace();
  await writeFiles(folder, files);
  const job = await readJob(join(folder, name), { workspaceFolder: folder, parameters, interpreterCandidates: [] });
  return { folder, job, definition: parseDefinition(job.definition) };
}

describe('a sweep job of Azure ML', () => {
  it('is a sweep whose trials find their hyperparameters where the command names them', async () => {
    const { folder, job, definition } = await read({ 'job.yml': sweep }, 'job.yml');
    expect(job).toMatchObject({ experiment: 'rates', displayName: 'Rates', tags: { team: 'vision', year: '2024' } });
    expect(definition).toMatchObject({
      kind: 'sweep',
      hyperparametersIn: 'command',
      sampling: { type: 'random', seed: 7, space: { rate: ['uniform', [0.1, 0.9]] } },
      primaryMetric: { name: 'accuracy', goal: 'maximize' },
      maxTotalRuns: 4,
      maxConcurrentRuns: 2,
      maxDurationMinutes: 10,
      policy: { type: 'bandit', slackFactor: 0.1, evaluationInterval: 2 },
    });
    expect((definition as SweepDefinition).job).toMatchObject({
      sourceDirectory: join(folder, 'src'),
      script: 'train.py',
      arguments: ['--rate', { parameter: 'rate' }, '--data', join(folder, 'my data', 'table.csv'), '--epochs', '2'],
      runConfiguration: { target: 'local', maxRunDurationSeconds: 60 },
    });
  });

  it('says what has no effect here', async () => {
    const { job } = await read({ 'job.yml': sweep }, 'job.yml');
    expect(job.warnings).toEqual([
      'trial.resources.shm_size has no effect on this machine.',
      'The environment azureml:sklearn:3 is not registered here: the packages of the interpreter are taken.',
      'The compute target cluster is not defined here: this machine is taken for it.',
    ]);
  });

  it.each([
    ['code: src', 'code: azureml:code:1', 5, 'trial.code: the code azureml:code:1 is not on this machine'],
    [
      'path: ./my data/table.csv',
      'path: azureml:table:1',
      10,
      'inputs.table.path: azureml:table:1 is not on this machine',
    ],
    ['max_value: 0.9', 'max_value: 0', 14, 'search_space.rate: uniform needs min_value below max_value'],
    ['type: random', 'type: grid', 14, 'search_space.rate.type: grid sampling takes only choice'],
    ['type: random', 'type: bayesian', 17, 'early_termination: cannot go with bayesian sampling'],
    ['max_total_trials: 4', 'max_total_trials: 0', 16, 'limits.max_total_trials: must be a whole number'],
    ['search_space.rate', 'search_space.none', 3, `nothing stands for \${{search_space.none}}`],
  ])('that has %s as %s is refused with its line', async (known, other, line, reason) => {
    const files = { 'job.yml': sweep.replace(known, other) };
    await expect(read(files, 'job.yml')).rejects.toThrow(`job.yml, line ${line}, column`);
    await expect(read(files, 'job.yml')).rejects.toThrow(reason);
  });
});

describe('a pipeline job of Azure ML', () => {
  it('is a pipeline of commands, its own or those of components, that hand files to each other', async () => {
    const files = { 'job.yml': pipeline, 'prepare.yml': component };
    const { folder, job, definition } = await read(files, 'job.yml', { count: '5' });
    expect(job.parameters).toEqual({ count: '5', raw: join(folder, 'data') });
    const { steps, regenerateOutputs } = definition as PipelineDefinition;
    expect(regenerateOutputs).toBe(true);
    const [prepare, train] = steps;
    expect(prepare).toMatchObject({
      id: 'prepare',
      allowReuse: false,
      outputs: [{ name: 'clean', create: true }],
      job: {
        sourceDirectory: join(folder, 'src'),
        script: 'prepare.py',
        arguments: [
          ...['--raw', { parameter: 'raw' }, '--count', { parameter: 'count' }],
          ...['--mode', 'fast', '--clean', { output: 'clean' }],
        ],
        runConfiguration: { dependencies: { kind: 'inline' } },
      },
    });
    expect(train).toMatchObject({
      name: 'Train it',
      type: 'CommandStep',
      outputs: [{ name: 'model', create: false }],
      job: {
        command: {
          parts: ['cat "', { input: { step: 'prepare', output: 'clean' } }, '"/a.txt > "', { output: 'model' }, '"'],
        },
      },
    });
  });

  it.each([
    ['    type: command\n', '    type: spark\n', 8, 'jobs.prepare.type: a job of the type spark'],
    [
      'component: ./prepare.yml',
      'component: azureml:prepare:1',
      9,
      'jobs.prepare.component: the component azureml:prepare:1',
    ],
    ['parent.inputs.raw', 'parent.inputs.none', 11, `nothing stands for \${{parent.inputs.none}}`],
    ['prepare.outputs.clean', 'prepare.outputs.none', 17, 'has no output "none"; its outputs: clean'],
    ['path: ./data', 'path: azureml:raw@latest', 4, 'inputs.raw.path: azureml:raw@latest is not on this machine'],
  ])('that has %j as %j is refused with its line', async (known, other, line, reason) => {
    const files = { 'job.yml': pipeline.replace(known, other), 'prepare.yml': component };
    await expect(read(files, 'job.yml')).rejects.toThrow(`job.yml, line ${line}, column`);
    await expect(read(files, 'job.yml')).rejects.toThrow(reason);
  });

  it('that needs a component that is not there says so', async () => {
    await expect(read({ 'job.yml': pipeline }, 'job.yml')).rejects.toThrow(/read the component.*prepare\.yml/);
  });
});

describe('the template of a command', () => {
  const meaningOf = (expression: string): Meaning => ({ word: { parameter: expression }, isPath: true });

  it('is a script only where no shell is needed', () => {
    expect(commandTemplate(`python a.py \\\n  --b=\${{c}}`, meaningOf)).toEqual({
      script: 'a.py',
      arguments: [{ parts: ['--b=', { parameter: 'c' }] }],
    });
    expect(commandTemplate('python a.py\npython b.py', meaningOf)).toEqual({ command: 'python a.py\npython b.py' });
  });

  it('has quotes around paths, but where there are some', () => {
    expect(commandTemplate(`ls \${{a}} '\${{b}}' && x`, meaningOf)).toEqual({
      command: { parts: ['ls "', { parameter: 'a' }, `" '`, { parameter: 'b' }, `' && x`] },
    });
  });
});
