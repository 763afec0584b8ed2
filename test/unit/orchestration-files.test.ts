import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseDefinition } from '../../src/core/orchestration/definition.ts';
import { type PipelineFileOptions, parsePipelineFile } from '../../src/core/orchestration/pipeline/pipelineFile.ts';
import { parseSweepFile } from '../../src/core/orchestration/sweep/sweepFile.ts';
import { builtInRunConfigurations } from '../../src/core/run-configurations/runConfiguration.ts';

const [local] = builtInRunConfigurations;
const job = { sourceDirectory: '/source', script: 'train.py', runConfiguration: local?.configuration };

const sweepFile = `
# How the values are drawn.
sampling:
    type: RandomParameterSampling
    parameter_space:
    - name: --penalty
      expression: choice
      values: [0.5, 1, 1.5]
    - {name: --lr, expression: LogUniform, values: [-6, -1]}
    - {name: --units, expression: randint, values: [64]}
policy:
    type: BanditPolicy
    evaluation_interval: 2
    slack_factor: 0.2
    delay_evaluation:
primary_metric_name: Accuracy
primary_metric_goal: Maximize
max_total_runs: 8
max_concurrent_runs: 2
max_duration_minutes: 100
`;

describe('the configuration of a sweep in a file', () => {
  it('is what Azure ML’s command line took', () => {
    const definition = parseSweepFile(sweepFile, 'hd.yml');
    expect(definition).toEqual({
      kind: 'sweep',
      sampling: {
        type: 'random',
        space: {
          '--penalty': ['choice', [[0.5, 1, 1.5]]],
          '--lr': ['loguniform', [-6, -1]],
          '--units': ['randint', [64]],
        },
      },
      primaryMetric: { name: 'Accuracy', goal: 'maximize' },
      maxTotalRuns: 8,
      maxConcurrentRuns: 2,
      maxDurationMinutes: 100,
      policy: { type: 'bandit', evaluationInterval: 2, slackFactor: 0.2 },
    });
    expect(parseDefinition({ ...definition, job })).toMatchObject({ kind: 'sweep', maxTotalRuns: 8 });
  });

  it('may leave out what has a default', () => {
    const least = `{"sampling": {"type": "grid", "parameter_space": [{"name": "a", "expression": "choice", "values": [1]}]},
      "primary_metric_name": "loss", "primary_metric_goal": "minimize", "max_total_runs": 1}`;
    const definition = parseDefinition({ ...parseSweepFile(least, 'hd.json'), job });
    expect(definition).toMatchObject({ maxDurationMinutes: 10080, policy: { type: 'none' } });
  });

  it.each<[string, string, string, string]>([
    ['BanditPolicy', 'Luck', 'hd.yml, line 12, column 11', 'policy.type: must be a BanditPolicy'],
    [
      'RandomParameterSampling',
      'Guess',
      'hd.yml, line 4, column 11',
      'sampling.type: must be random, grid or bayesian',
    ],
    ['values: [0.5, 1, 1.5]', 'values: 0.5', 'hd.yml, line 8, column 15', 'must be a list'],
    ['max_total_runs: 8', 'max_total_runs: eight', 'hd.yml, line 18, column 17', 'max_total_runs: must be a number'],
    ['policy:', 'policy: {', 'hd.yml, line 12, column 11', 'Implicit keys'],
  ])('with %s replaced by %s says where', (before, after, place, message) => {
    expect(() => parseSweepFile(sweepFile.replace(before, after), 'hd.yml')).toThrow(
      expect.objectContaining({
        reason: 'invalid-argument',
        message: expect.stringMatching(new RegExp(`^${place}.*${message}`)),
      }),
    );
  });
});

const pipelineFile = `
pipeline:
    name: SamplePipeline
    parameters:
        Rounds:
            type: int
            default: 3
    data_references:
        Raw:
            datastore: workspaceblobstore
            path_on_datastore: raw/data.csv
    default_compute: cpu-cluster
    steps:
        Prepare:
            type: PythonScriptStep
            name: prepare the data
            script_name: prepare.py
            source_directory: scripts
            arguments: [--in, "input:Table", --out, "output:Clean", --seed, 7]
            inputs:
                Table:
                    source: Raw
            outputs:
                Clean:
                    destination: CleanTable
                    datastore: workspaceblobstore
                    bind_mode: mount
        Train:
            type: PythonScriptStep
            script_name: train.py
            runconfig: gpu.runconfig
            allow_reuse: false
            parameters:
                ROUNDS:
                    source: Rounds
                RATE: 0.5
            inputs:
                Table:
                    source: CleanTable
`;

describe('a pipeline in a file', () => {
  const asked: (string | undefined)[] = [];
  const options: PipelineFileOptions = {
    dataSets: [
      { name: 'Cars', versions: [{ version: 1, path: '/data/cars' }] },
      { name: 'Rows', versions: [{ version: 1, path: undefined }] },
    ],
    label: 'pipeline.yml',
    folder: '/project',
    workspaceFolder: '/workspace',
    parameters: {},
    loadRunConfiguration: async (name) => {
      asked.push(name);
      return local?.configuration as Awaited<ReturnType<PipelineFileOptions['loadRunConfiguration']>>;
    },
    interpreterCandidates: ['/usr/bin/python3'],
  };

  it('has its steps with their inputs, outputs and parameters', async () => {
    const { name, definition, file } = await parsePipelineFile(pipelineFile, {
      ...options,
      parameters: { Rounds: '5' },
    });
    expect(name).toBe('SamplePipeline');
    expect(file).toMatchObject({ default_compute: 'cpu-cluster', steps: { Train: { runconfig: 'gpu.runconfig' } } });
    const raw = join('/workspace', '.runledger', 'data', 'workspaceblobstore', 'raw', 'data.csv');
    expect(parseDefinition(definition)).toMatchObject({
      parameters: { Rounds: '5' },
      steps: [
        {
          id: 'Prepare',
          name: 'prepare the data',
          allowReuse: true,
          job: {
            sourceDirectory: '/project/scripts',
            script: 'prepare.py',
            arguments: ['--in', raw, '--out', { output: 'Clean' }, '--seed', '7'],
            environmentVariables: {
              AZUREML_DATAREFERENCE_Table: raw,
              AZUREML_DATAREFERENCE_Clean: { output: 'Clean' },
            },
          },
          outputs: [{ name: 'Clean', datastore: 'workspaceblobstore', path: 'azureml/{run-id}/{output-name}' }],
        },
        {
          id: 'Train',
          name: 'Train',
          allowReuse: false,
          job: {
            sourceDirectory: '/project',
            environmentVariables: {
              AML_PARAMETER_ROUNDS: { parameter: 'Rounds' },
              AML_PARAMETER_RATE: '0.5',
              AZUREML_DATAREFERENCE_Table: { input: { step: 'Prepare', output: 'Clean' } },
            },
          },
        },
      ],
    });
    expect(asked).toEqual([undefined, 'gpu.runconfig']);
  });

  it('may read a data set that is a file or folder', async () => {
    const reads = (dataSet: string) => `pipeline:
  data_references: {In: {dataset_name: ${dataSet}}}
  steps:
    A: {type: PythonScriptStep, script_name: a.py, inputs: {x: {source: In}}, arguments: ["input:x"]}
`;
    const { definition } = await parsePipelineFile(reads('cars'), options);
    expect(parseDefinition(definition)).toMatchObject({ steps: [{ job: { arguments: ['/data/cars'] } }] });
    await expect(parsePipelineFile(reads('Rows'), options)).rejects.toThrow('which is no single file or folder');
    await expect(parsePipelineFile(reads('None'), options)).rejects.toThrow('which the workspace does not have');
  });

  it('may say what a script step is as earlier versions of the command line did', async () => {
    const text = `pipeline:
  steps:
    A:
      runconfig: cpu.runconfig
      python_script_step: {name: First, script_name: a.py, source_directory: src, allow_reuse: false}
`;
    const { definition } = await parsePipelineFile(text, options);
    expect(parseDefinition(definition)).toMatchObject({
      steps: [{ id: 'A', name: 'First', type: 'PythonScriptStep', allowReuse: false, job: { script: 'a.py' } }],
    });
  });

  it.each<[string, string, RegExp]>([
    [
      'type: PythonScriptStep\n            name',
      'type: AdlaStep\n            name',
      /line \d+, column \d+: pipeline\.steps\.Prepare\.type: AdlaStep is not run here/,
    ],
    ['source: CleanTable', 'source: Elsewhere', /step "Train" reads "Elsewhere"/],
    ['input:Table', 'input:Other', /step "Prepare" has no input "Other"/],
    ['script_name: train.py', 'version: 2', /line \d+, column \d+: pipeline\.steps\.Train: has no script_name/],
    [
      'allow_reuse: false',
      'allow_reuse: perhaps',
      /^pipeline\.yml, line 32, column 26: pipeline\.steps\.Train\.allow_reuse/,
    ],
  ])('with %s replaced by %s is refused', async (before, after, message) => {
    await expect(parsePipelineFile(pipelineFile.replace(before, after), options)).rejects.toMatchObject({
      reason: 'invalid-argument',
      message: expect.stringMatching(message),
    });
  });

  it('refuses a parameter that it does not have', async () => {
    await expect(parsePipelineFile(pipelineFile, { ...options, parameters: { Rate: '1' } })).rejects.toMatchObject({
      message: 'pipeline.yml: it has no parameter "Rate".',
    });
  });
});
