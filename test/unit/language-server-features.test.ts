import { describe, expect, it } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { DiagnosticSeverity } from 'vscode-languageserver-types';
import { createTargetFile } from '../../src/core/compute/targetFiles.ts';
import { createWorkspace } from '../../src/core/store/workspaces.ts';
import { completed, findings, openText, proposals } from '../support/openFile.ts';
import { sourceFolder, temporaryFolder } from '../support/sourceFolder.ts';

const { Error: error, Warning: warning, Hint: hint } = DiagnosticSeverity;

/** As Azure ML's tools wrote them: comments at the left, keys that no one uses, nothing behind a colon. */
const written = `# The script to run.
script: train.py
# The arguments to the script file.
arguments: []
target: local
framework: python
communicator: None
autoPrepareEnvironment: true
maxRunDurationSeconds:
nodeCount: 1
environment:
# Environment variables set for the run.
  environmentVariables:
    EXAMPLE_ENV_VAR: EXAMPLE_VALUE
  python:
    userManagedDependencies: false
    interpreterPath: python
    condaDependenciesFile: .azureml/conda_dependencies.yml
    baseCondaEnvironment:
  docker:
    enabled: false
    baseImage: mcr.microsoft.com/azureml/base:0.2.4
    gpuSupport: false
    shmSize: 1g
    baseImageRegistry:
      address:
      username:
      password:
  spark:
    repositories:
    - https://example.com/maven
    packages:
    - group: com.example.spark
      artifact: spark_2.11
      version: '0.12'
    precachePackages: true
  databricks:
    mavenLibraries: []
  inferencingStackVersion:
history:
  outputCollection: true
  snapshotProject: true
  directoriesToWatch:
  - logs
spark:
  configuration:
    spark.app.name: Azure ML Experiment
    spark.yarn.maxAppAttempts: 1
amlcompute:
  vmSize:
  vmPriority:
  retainCluster: false
  name:
  clusterMaxNodeCount: 1
tensorflow:
  workerCount: 1
  parameterServerCount: 1
mpi:
  processCountPerNode: 1
hdi:
  yarnDeployMode: cluster
containerInstance:
  region:
  cpuCores: 1
  memoryGb: 4
dataReferences: {}
data: {}
sourceDirectoryDataStore:
`;

async function project(): Promise<string> {
  return await sourceFolder({
    'train.py': '',
    'src/eval.py': '',
    '.azureml/conda_dependencies.yml': 'dependencies: [python=3.11]\n',
    '.venv/bin/python': '',
  });
}

describe('diagnostics of run configurations', () => {
  it('say nothing of what the tools of Azure ML wrote', async () => {
    expect(await findings(await project(), '.azureml/local.runconfig', written)).toEqual([]);
  });

  it('say nothing of the files of its predecessor', async () => {
    const text = `ArgumentVector:
  - $file
Target: local
EnvironmentVariables:
  EXAMPLE_ENV_VAR: "Example Value"
Framework: Python
PrepareEnvironment: true
CondaDependenciesFile: aml_config/conda_dependencies.yml
TrackedRun: true
UseSampling: true
`;
    expect(await findings(await project(), 'aml_config/local.runconfig', text)).toEqual([]);
  });

  it('find every value that a submission refuses, and what it refuses is what they find', async () => {
    const text =
      'script: train.py\nnodeCount: many\nmaxRunDurationSeconds: 1.5\narguments: --lr\nhistory:\n  snapshotProject: perhaps\n';
    expect(await findings(await project(), 'a.runconfig', text)).toMatchObject([
      { about: 'perhaps', severity: error },
      { about: 'many', severity: error },
      { about: '--lr', severity: error },
      { about: '1.5', severity: error },
    ]);
  });

  it('hint at keys and values that are not known, with the nearest', async () => {
    const text = 'script: train.py\nenviroment: {}\nframework: Pyton\nzebra: 1\n';
    expect(await findings(await project(), 'a.runconfig', text)).toEqual([
      {
        about: 'enviroment',
        severity: hint,
        message: '"enviroment" is no key that is known here. Did you mean "environment"?',
      },
      {
        about: 'Pyton',
        severity: hint,
        message: '"Pyton" is none of the values that are known. Did you mean "Python"?',
      },
      { about: 'zebra', severity: hint, message: '"zebra" is no key that is known here.' },
    ]);
  });

  it('name what is not there, and only where somebody looks for it', async () => {
    const folder = await project();
    const text = `script: trian.py
environment:
  python:
    interpreterPath: no/such/python
    condaDependenciesFile: conda.yml
`;
    expect(await findings(folder, 'a.runconfig', text)).toMatchObject([
      { about: 'trian.py', severity: warning, message: 'There is no script trian.py.' },
      { about: 'no/such/python', severity: warning },
      { about: 'conda.yml', severity: warning, message: 'There is no file conda.yml.' },
    ]);
    const managed = text.replace('  python:\n', '  python:\n    userManagedDependencies: true\n');
    expect((await findings(folder, 'a.runconfig', managed)).map(({ about }) => about)).not.toContain('conda.yml');
    // With another source folder it would be found.
    expect(await findings(folder, 'a.runconfig', 'script: eval.py\n')).toEqual([]);
  });

  it('know the targets of the workspace, and say nothing where there is no workspace', async () => {
    const folder = await project();
    const text = 'script: train.py\ntarget: cpu-cluster\n';
    expect(await findings(folder, 'a.runconfig', text)).toEqual([]);
    await createWorkspace({ folder });
    expect(await findings(folder, 'a.runconfig', text)).toMatchObject([{ about: 'cpu-cluster', severity: warning }]);
    await createTargetFile(folder, 'cpu-cluster', { type: 'docker' });
    expect(await findings(folder, 'a.runconfig', text)).toEqual([]);
  });
});

describe('completion', () => {
  it('proposes the keys that are not there yet, with what stands behind them', async () => {
    const folder = await temporaryFolder();
    const keys = await proposals(folder, 'a.runconfig', 'script: train.py\n|\n');
    expect(keys).toContain('target: $0');
    expect(keys).toContain('environment:\n  $0');
    expect(keys).toContain('arguments:\n  - $0');
    expect(keys).not.toContain('script: $0');
  });

  it.each([
    ['environment:\n  python:\n    |\n', 'interpreterPath: $0'],
    ['environment:\n  python:\n    userManagedDependencies: true\n    |', 'interpreterPath: $0'],
    ['environment:\n  python:\n    |\n  docker:\n    enabled: true\n', 'condaDependenciesFile: $0'],
    ['environment:\n  spark:\n    packages:\n    - group: a\n      |\n', 'artifact: $0'],
    ['environment:\n  spark:\n    packages:\n    - |\n', 'group: $0'],
    ['dataReferences:\n  images:\n    |\n', 'dataStoreName: $0'],
    ['# a comment\nmpi:\n\n  |\n', 'processCountPerNode: $0'],
    ['mpi: {|}\n', 'processCountPerNode: $0'],
    ['{\n\t"environment": {\n\t\t"python": {\n\t\t\t"|"\n\t\t}\n\t}\n}', '"interpreterPath": "$0"'],
    ['{"environment": {"docker": {|', '"baseImage": "$0"'],
    ['fram|', 'framework: $0'],
    ['framework|: Python', 'framework'],
  ])('knows where it is: %j', async (text, proposal) => {
    expect(await proposals(await temporaryFolder(), 'a.runconfig', text)).toContain(proposal);
  });

  it.each([
    ['framework: |', 'TensorFlow'],
    ['framework: Te|', 'TensorFlow'],
    ['history:\n  snapshotProject: |\n', 'false'],
    ['{"framework": "|"}', '"PyTorch"'],
    ['{"framework": |}', '"PyTorch"'],
    ['script: |', 'train.py'],
    ['script: src/|', 'src/eval.py'],
    ['script: "|"', '"train.py"'],
    ['environment:\n  python:\n    condaDependenciesFile: .azureml/|', '.azureml/conda_dependencies.yml'],
    ['environment: {python: {interpreterPath: |}}', '.venv/bin/python'],
    ['target: |', 'local'],
  ])('proposes values: %j', async (text, proposal) => {
    expect(await proposals(await project(), 'a.runconfig', text)).toContain(proposal);
  });

  it('proposes the arguments that the script takes, and the choices of one', async () => {
    const folder = await sourceFolder({
      'train.py': `import argparse
parser = argparse.ArgumentParser()
parser.add_argument("--lr", type=float, default=0.1)
parser.add_argument("--optimizer", choices=["adam", "sgd"])
`,
    });
    const list = 'script: train.py\narguments:\n  - --lr\n  - 0.1\n  - |\n';
    expect(await proposals(folder, 'a.runconfig', list)).toEqual(['--optimizer']);
    expect(await proposals(folder, 'a.runconfig', 'script: train.py\narguments: [--optimizer, |]\n')).toEqual([
      'adam',
      'sgd',
    ]);
    expect(await proposals(folder, 'a.runconfig', '{"script": "train.py", "arguments": ["|"]}')).toEqual([
      '"--lr"',
      '"--optimizer"',
    ]);
  });

  it.each(['# script: |', 'script: train.py # a |', 'command: |-\n  python |'])('leaves %j alone', async (text) => {
    expect(await proposals(await project(), 'a.runconfig', text)).toEqual([]);
  });

  it('replaces what is typed, and nothing beside it', async () => {
    const folder = await project();
    expect(await completed(folder, 'a.runconfig', 'framework: Py|thn # which\n', 'PyTorch')).toBe(
      'framework: PyTorch # which\n',
    );
    expect(await completed(folder, 'a.runconfig', 'arguments: [--a]\nenv|\n', 'environment')).toBe(
      'arguments: [--a]\nenvironment:\n  $0\n',
    );
    expect(await completed(folder, 'a.runconfig', '{"framework": "P|"}', 'PyTorch')).toBe('{"framework": "PyTorch"}');
  });

  it('offers a whole file where there is none yet', async () => {
    const bodies = await proposals(await temporaryFolder(), 'a.runconfig', '|');
    expect(bodies.some((body) => body.includes('1:train.py'))).toBe(true);
  });

  it('proposes the keys of the type that a compute target has', async () => {
    const folder = await temporaryFolder();
    const docker = await proposals(folder, '.runledger/compute/box.yml', 'type: docker\n|');
    expect(docker).toContain('image: $0');
    expect(docker).not.toContain('partition: $0');
    expect(await proposals(folder, '.runledger/compute/box.yml', 'type: |')).toEqual(['docker', 'ssh', 'slurm']);
  });
});

describe('of other files', () => {
  it('a compute target is refused as the submission refuses it', async () => {
    const folder = await temporaryFolder();
    expect(await findings(folder, '.runledger/compute/box.yml', 'type: dokcer\n')).toMatchObject([
      { about: 'dokcer', severity: error },
    ]);
    expect(await findings(folder, '.runledger/compute/box.yml', 'type: ssh\nhots: a\n')).toMatchObject([
      { about: expect.any(String), message: 'host: is missing.', severity: error },
      { about: 'hots', message: 'hots: is no key of a compute target of type ssh.', severity: error },
    ]);
    expect(await findings(folder, '.runledger/compute/local.yml', '# nothing\n')).toEqual([]);
  });

  it('a pipeline names scripts from its own folder, and run configurations', async () => {
    const folder = await sourceFolder({ 'steps/prepare.py': '' });
    await createWorkspace({ folder });
    // A target that is not here was in the cloud: this machine is taken for it.
    const text = `pipeline:
  default_compute: cpu-cluster
  steps:
    Prepare:
      type: PythonScriptStep
      source_directory: steps
      script_name: prepare.py
    Train:
      type: PythonScriptStep
      script_name: train.py
      runconfig: gpu
`;
    expect(await findings(folder, 'pipeline.yml', text)).toMatchObject([
      { about: 'train.py', message: 'There is no script train.py.' },
      { about: 'gpu', message: 'There is no run configuration gpu.' },
    ]);
  });

  it('a sweep says what is missing', async () => {
    const text = 'sampling:\n  type: random\n  parameter_space: []\nprimary_metric_goal: most\n';
    const found = await findings(await temporaryFolder(), 'sweep.yml', text);
    expect(found.map(({ message }) => message)).toContain('primary_metric_name: is missing.');
  });

  it('packages of conda are a list', async () => {
    const text = 'name: x\nchannels: [conda-forge]\ndependencies:\n  - python=3.11\n  - {conda: [a]}\n';
    expect(await findings(await temporaryFolder(), 'environment.yml', text)).toMatchObject([{ severity: error }]);
  });
});

describe('what is shown', () => {
  it('on hover: meaning, kind, default and values', async () => {
    const { file, features } = openText(await temporaryFolder(), 'a.runconfig', 'framework: PyTorch\nnodeCount: 2\n');
    const framework = await features.hover?.(file, { line: 0, character: 3 });
    expect(JSON.stringify(framework?.contents)).toContain('`Python` where it is absent');
    expect(await features.hover?.(file, { line: 1, character: 11 })).toMatchObject({
      range: { start: { line: 1, character: 11 }, end: { line: 1, character: 12 } },
    });
  });

  it('as outline, with what each key holds', async () => {
    const { file, features } = openText(
      await temporaryFolder(),
      'a.runconfig',
      'script: train.py\nhistory:\n  outputCollection: true\n',
    );
    expect(await features.symbols?.(file)).toMatchObject([
      { name: 'script', detail: 'train.py' },
      { name: 'history', children: [{ name: 'outputCollection', detail: 'true' }] },
    ]);
    expect(await features.foldingRanges?.(file)).toEqual([{ startLine: 1, endLine: 2 }]);
  });

  it('as links, to what is there', async () => {
    const { file, features } = openText(await project(), 'a.runconfig', 'script: train.py\n');
    expect(await features.links?.(file)).toMatchObject([{ target: expect.stringMatching(/\/train\.py$/) }]);
    const other = openText(await temporaryFolder(), 'a.runconfig', 'script: train.py\n');
    expect(await other.features.links?.(other.file)).toEqual([]);
  });
});

describe('a pipeline', () => {
  it('of steps that only Azure runs is no mistake', async () => {
    const pipeline = (step: string, more = '') => `pipeline:\n${more}  steps:\n    A:\n      ${step}\n`;
    const told = async (text: string) => await findings(await temporaryFolder(), 'pipeline.yml', text);
    const information = { severity: DiagnosticSeverity.Information };
    expect(await told(pipeline('adla_step: {name: a}'))).toMatchObject([{ about: 'A', ...information }]);
    expect(await told(pipeline('type: DatabricksStep'))).toMatchObject([{ about: 'DatabricksStep', ...information }]);
    const data = '  parameters:\n    P: {type: datapath, default: {datastore: lab, path_on_datastore: a}}\n';
    expect(await told(pipeline('type: PythonScriptStep', data))).toMatchObject([
      { about: '{datastore: lab, path_on_datastore: a}', ...information },
    ]);
  });

  it('may name a run configuration from another folder', async () => {
    const folder = await sourceFolder({ 'config/cpu.yml': 'script: a.py\n', 'deep/a.py': '' });
    const text = (name: string) =>
      `pipeline:\n  steps:\n    A: {type: PythonScriptStep, script_name: a.py, runconfig: ${name}}\n`;
    expect(await findings(folder, 'deep/pipeline.yml', text('config/cpu.yml'))).toEqual([]);
    expect(await findings(folder, 'deep/pipeline.yml', text('config/gpu.yml'))).toMatchObject([
      { message: 'There is no run configuration config/gpu.yml.' },
    ]);
  });
});

describe('a job of Azure ML', () => {
  const sweep = `$schema: https://azuremlschemas.azureedge.net/latest/sweepJob.schema.json
trial:
  command: python train.py --rate \${{search_space.rate}} --data \${{inputs.data}}
inputs:
  data: {type: uri_folder, path: data}
search_space: {rate: {type: uniform, min_value: 0.1, max_value: 1}}
objective: {primary_metric: accuracy, goal: maximize}
sampling_algorithm: random
identity: {type: managed}
`;
  const lenses = async (text: string) => {
    const { file, features } = openText(await temporaryFolder(), 'job.yml', text);
    return (await features.codeLenses?.(file))?.map(({ command }) => command?.title);
  };

  it('is offered where this machine can run it; what has no effect here is faded', async () => {
    expect(await lenses(sweep)).toEqual(['$(play) Submit this job on this machine']);
    expect(await findings(await temporaryFolder(), 'job.yml', sweep)).toEqual([
      { about: 'identity: {type: managed}', message: 'identity has no effect on this machine.', severity: hint },
    ]);
  });

  it('that only Azure can run is no mistake, and says what keeps it from being run here', async () => {
    const elsewhere = sweep.replace('path: data', 'path: azureml:cars:2');
    expect(await lenses(elsewhere)).toEqual([]);
    expect(await findings(await temporaryFolder(), 'job.yml', elsewhere)).toMatchObject([
      {
        about: 'azureml:cars:2',
        message: expect.stringMatching(/^Cannot be run on this machine: inputs\.data\.path: azureml:cars:2 is not/),
        severity: DiagnosticSeverity.Information,
      },
      { about: 'identity: {type: managed}' },
    ]);
  });

  it('of which a component is in another file is not judged by it', async () => {
    const pipeline = `$schema: https://azuremlschemas.azureedge.net/latest/pipelineJob.schema.json
jobs:
  train:
    type: command
    component: ./train.yml
  test:
    command: python test.py \${{inputs.model}}
    inputs: {model: "\${{parent.jobs.train.outputs.model}}"}
`;
    expect(await findings(await temporaryFolder(), 'job.yml', pipeline)).toEqual([]);
    const misspelt = pipeline.replace('jobs.train', 'jobs.trian');
    expect(await findings(await temporaryFolder(), 'job.yml', misspelt)).toMatchObject([
      { message: expect.stringContaining(`nothing stands for \${{parent.jobs.trian.outputs.model}}`) },
    ]);
  });
});

describe('formatting', () => {
  const format = async (text: string): Promise<string> => {
    const { file, features } = openText(await temporaryFolder(), 'a.runconfig', text);
    const edits = await features.formatting?.(file, { tabSize: 2, insertSpaces: true });
    return TextDocument.applyEdits(file.document, [...(edits ?? [])]);
  };

  it('changes blanks alone', async () => {
    expect(await format('script:   train.py\nhistory:\n      outputCollection:   true   # kept\n')).toBe(
      'script: train.py\nhistory:\n  outputCollection: true # kept\n',
    );
    expect(await format('arguments: [--lr, 1.0, "yes", 007]\n')).toBe('arguments: [--lr, 1.0, "yes", 007]\n');
  });

  it('leaves numbers of JSON as they are written', async () => {
    expect(await format('{"nodeCount":1.0}')).toBe('{\n  "nodeCount": 1.0\n}');
  });

  it('leaves alone what it cannot read', async () => {
    expect(await format('script: [\n   a')).toBe('script: [\n   a');
  });
});
