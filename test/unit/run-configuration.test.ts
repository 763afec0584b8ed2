import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { splitArguments } from '../../src/core/run-configurations/containerSettings.ts';
import type { RunConfiguration } from '../../src/core/run-configurations/runConfiguration.ts';
import { parseRunConfiguration } from '../../src/core/run-configurations/runConfigurationFile.ts';
import {
  listRunConfigurations,
  loadRunConfiguration,
  loadRunConfigurationFrom,
} from '../../src/core/run-configurations/runConfigurations.ts';
import { sourceFolder, temporaryFolder } from '../support/sourceFolder.ts';

function parse(text: string): RunConfiguration {
  return parseRunConfiguration(text, { name: 'cpu', path: '/p/cpu.runconfig', label: 'cpu.runconfig' });
}

/** What the tools of Azure ML wrote for a new folder, in the main. */
const template = `# The script to run.
script: train.py
arguments: []
# The name of the compute target to use for this run.
target: local
framework: Python
communicator: None
maxRunDurationSeconds: null
nodeCount: 1
environment:
  name: null
  environmentVariables:
    EXAMPLE_ENV_VAR: EXAMPLE_VALUE
  python:
    userManagedDependencies: true
    interpreterPath: python
    condaDependenciesFile: .azureml/conda_dependencies.yml
    baseCondaEnvironment: null
  docker:
    enabled: false
    baseImage: mcr.microsoft.com/azureml/base:intelmpi2018.3-ubuntu16.04
    sharedVolumes: true
    arguments: []
  spark:
    repositories: []
history:
  outputCollection: true
  snapshotProject: true
  directoriesToWatch:
  - logs
spark:
  configuration:
    spark.app.name: Azure ML Experiment
tensorflow:
  workerCount: 1
  parameterServerCount: 1
mpi:
  processCountPerNode: 1
dataReferences: {}
`;

describe('a run configuration', () => {
  it('of the templates asks for nothing that is ignored', () => {
    expect(parse(template)).toEqual({
      name: 'cpu',
      path: '/p/cpu.runconfig',
      target: 'local',
      isInPlace: false,
      takesSnapshot: true,
      script: 'train.py',
      arguments: [],
      interpreter: undefined,
      environment: {
        name: null,
        python: {
          userManagedDependencies: true,
          interpreterPath: 'python',
          condaDependenciesFile: '.azureml/conda_dependencies.yml',
          baseCondaEnvironment: null,
        },
        docker: {
          enabled: false,
          baseImage: 'mcr.microsoft.com/azureml/base:intelmpi2018.3-ubuntu16.04',
          sharedVolumes: true,
          arguments: [],
        },
        spark: { repositories: [] },
      },
      container: {
        isEnabled: false,
        image: 'mcr.microsoft.com/azureml/base:intelmpi2018.3-ubuntu16.04',
        dockerfile: undefined,
        shmSize: undefined,
        arguments: [],
        needsGpu: false,
      },
      dataReferences: [],
      environmentVariables: { EXAMPLE_ENV_VAR: 'EXAMPLE_VALUE' },
      maxRunDurationSeconds: undefined,
      warnings: [],
    });
  });

  it('has its data references', () => {
    const references = (yaml: string): unknown => parse(`dataReferences:\n  ${yaml}`).dataReferences;
    const place = { dataStoreName: 'MyStore', mode: 'Upload', pathOnDataStore: '/a\\b//c.csv', pathOnCompute: null };
    expect(references(`raw: ${JSON.stringify(place)}`)).toEqual([
      { name: 'raw', datastore: 'MyStore', path: ['a', 'b', 'c.csv'], isOutput: true },
    ]);
    expect(references('all: {mode: Mount, pathOnDataStore: null}')).toEqual([
      { name: 'all', datastore: 'workspaceblobstore', path: [], isOutput: false },
    ]);
    expect(() => references('out: {pathOnDataStore: a/../b}')).toThrow(
      /line 2, column \d+: "a\/\.\.\/b" leads out of the datastore/,
    );
    expect(() => references("'a b': {}")).toThrow(/letters, digits and underscores, not "a b"/);
  });

  it('has its container, wherever it says so', () => {
    const text = `
environment:
  docker: {baseImage: 'team/train:2', baseImageRegistry: {address: ghcr.io/}, arguments: ['--ipc host'], gpuSupport: true}
docker: {useDocker: true, shmSize: 4g, arguments: [--cpus=2]}
`;
    const { container, warnings } = parse(text);
    expect(container).toEqual({
      isEnabled: true,
      image: 'ghcr.io/team/train:2',
      dockerfile: undefined,
      shmSize: '4g',
      arguments: ['--ipc host', '--cpus=2'],
      needsGpu: true,
    });
    expect(splitArguments(container?.arguments ?? [])).toEqual(['--ipc', 'host', '--cpus=2']);
    expect(warnings).toEqual([]);
    expect(parse('target: local').container).toBeUndefined();
  });

  it('keeps nothing secret of its environment', () => {
    const registry = { address: 'a', password: 'hunter2' };
    const { environment } = parse(JSON.stringify({ environment: { docker: { baseImageRegistry: registry } } }));
    expect(environment).toEqual({ docker: { baseImageRegistry: { address: 'a', password: '(hidden)' } } });
  });

  it('keeps arguments and variables as they are written', () => {
    const { arguments: args, environmentVariables } = parse(`
arguments: ["--penalty", 1.0, 1e-3, 0010, true, 'no', ~x]
environment:
  environmentVariables:
    THREADS: 04
    EMPTY:
    FLAG: yes
environmentVariables: {OTHER: "a: b"}
`);
    expect(args).toEqual(['--penalty', '1.0', '1e-3', '0010', 'true', 'no', '~x']);
    expect(environmentVariables).toEqual({ THREADS: '04', EMPTY: '', FLAG: 'yes', OTHER: 'a: b' });
  });

  it('may repeat itself by reference', () => {
    const { arguments: args, environmentVariables } = parse(
      'arguments: [&a x, *a]\nenvironment:\n  environmentVariables: &v {A: 1}\nenvironmentVariables: *v\n',
    );
    expect({ args, environmentVariables }).toEqual({ args: ['x', 'x'], environmentVariables: { A: '1' } });
  });

  it('may be JSON, indented with tabs too', () => {
    const {
      script,
      arguments: args,
      interpreter,
      maxRunDurationSeconds,
    } = parse(
      '\uFEFF{\n\t"script": "a\\u00e9.py",\n\t"arguments": ["--alpha", 0.30],\n\t"maxRunDurationSeconds": 84000,\n\t"environment": {"python": {"interpreterPath": "venv/bin/python"}}\n}\n',
    );
    expect({ script, args, interpreter, maxRunDurationSeconds }).toEqual({
      script: 'aé.py',
      args: ['--alpha', '0.30'],
      interpreter: 'venv/bin/python',
      maxRunDurationSeconds: 84000,
    });
  });

  it.each(['', '# nothing\n', '{}', 'null'])('may be as good as empty: %j', (text) => {
    expect(parse(text)).toMatchObject({ target: 'local', arguments: [], warnings: [], script: undefined });
  });

  it('does not mind keys that nobody knows', () => {
    expect(parse('target: LOCAL\nfrobnicate: [1, {a: 2}]\namlcompute: {vmSize: STANDARD_D2_V2}\n').warnings).toEqual(
      [],
    );
  });

  it('reads a command: a list as it is, a text for the shell', () => {
    expect(parse('command: [python, train.py, 1.0]').command).toEqual(['python', 'train.py', '1.0']);
    expect(parse('command: []').command).toBeUndefined();
    expect(parse("command: ''").command).toBeUndefined();
    expect(parse('command: python train.py && echo done').command?.at(-1)).toBe('python train.py && echo done');
  });

  it('names what it asks for and does not get', () => {
    const { warnings } = parse(`
nodeCount: 4
framework: PySpark
communicator: Horovod
environment:
  docker: {sharedVolumes: no, enabled: Yes}
  python:
    userManagedDependencies: false
outputData:
  model: {mechanism: mount}
mpi: {processCountPerNode: 2}
history: {outputCollection: false}
`);
    expect(warnings).toHaveLength(1);
    for (const key of [
      'nodeCount',
      'framework',
      'communicator',
      'environment.docker.sharedVolumes',
      'outputData',
      'mpi.processCountPerNode',
      'history.outputCollection',
    ]) {
      expect(warnings[0]).toContain(key);
    }
  });

  it.each([
    [
      'communicator: Nccl\npytorch: {processCount: 4}',
      { kind: 'pytorch', processes: 4, parameterServers: 0, nodes: 1 },
    ],
    ['communicator: gloo\nnodeCount: 2', { kind: 'pytorch', processes: 2, parameterServers: 0, nodes: 2 }],
    [
      'communicator: IntelMpi\nnodeCount: 2\nmpi: {processCountPerNode: 3}',
      { kind: 'mpi', processes: 6, parameterServers: 0, nodes: 2 },
    ],
    [
      'communicator: ParameterServer\ntensorflow: {workerCount: 2, parameterServerCount: 1}',
      { kind: 'tensorflow', processes: 2, parameterServers: 1, nodes: 1 },
    ],
    ['communicator: OpenMpi\nmpi: {processCountPerNode: 1}', undefined],
    ['communicator: None\nnodeCount: 1', undefined],
  ])('is several processes: %j', (text, distribution) => {
    const configuration = parse(text);
    expect(configuration.distribution).toEqual(distribution);
    expect(configuration.warnings).toEqual([]);
  });

  it('names the counts of another kind of job, and refuses those that are none', () => {
    const { warnings } = parse('communicator: Nccl\npytorch: {processCount: 2}\nmpi: {processCountPerNode: 4}');
    expect(warnings).toEqual([expect.stringMatching(/: mpi\.processCountPerNode\.$/)]);
    expect(() => parse('communicator: Nccl\npytorch: {processCount: 0}')).toThrow('processCount');
  });

  it('tells where its packages are, unless the person looks after them', () => {
    const inline = 'condaDependencies: {dependencies: [python=3.8, {pip: [numpy]}]}';
    const file = 'condaDependenciesFile: .azureml/conda.yml';
    const dependenciesOf = (python: string) => parse(`environment: {python: {${python}}}`).dependencies;
    expect(dependenciesOf(file)).toEqual({ kind: 'file', path: '.azureml/conda.yml' });
    expect(dependenciesOf(`${file}, ${inline}`)).toEqual({
      kind: 'inline',
      dependencies: { conda: ['python=3.8'], pip: ['numpy'] },
    });
    expect(dependenciesOf(`${inline}, userManagedDependencies: true`)).toBeUndefined();
    expect(dependenciesOf("condaDependenciesFile: ''")).toBeUndefined();
    expect(parse(`autoPrepareEnvironment: false\nenvironment: {python: {${file}}}`).dependencies).toBeUndefined();
  });

  it('without a snapshot runs in place', () => {
    expect(parse('history: {snapshotProject: false}')).toMatchObject({
      isInPlace: true,
      takesSnapshot: false,
      warnings: [expect.stringContaining('history.snapshotProject')],
    });
  });

  it.each([
    ['script: train.py\ntarget: [unclosed\nfoo: bar\n', /cpu\.runconfig, line [234], column \d+: /],
    ['script: train.py\n  target: local\n', /cpu\.runconfig, line [12], column \d+: /],
    ['target: local\ntarget: other\n', /line 2, column 1: .*unique/i],
    ['target: local\narguments: --lr 0.1\n', /line 2, column 12: "arguments" must be a list\./],
    ['target: local\narguments:\n  - a\n  - {b: 1}\n', /line 4, column 5: "arguments" must hold texts/],
    [
      'environment:\n  python:\n    userManagedDependencies: maybe\n',
      /line 3, column 30: .*must be true or false, and is "maybe"/,
    ],
    ['maxRunDurationSeconds: soon\n', /line 1, column 24: .*whole number/],
    ['maxRunDurationSeconds: 0\n', /line 1, column 24: .*at least 1/],
    ['- a\n- b\n', /line 1, column 1: /],
    ['just words\n', /line 1, column 1: /],
    ['{"script": "a.py",\n "arguments": [1, 2}\n', /line 2, column \d+: /],
    ['environmentVariables: [A, B]\n', /line 1, column 23: "environmentVariables" must be a set/],
  ])('that is wrong says where: %j', (text, message) => {
    expect(() => parse(text)).toThrow(
      expect.objectContaining({ reason: 'invalid-run-configuration', message: expect.stringMatching(message) }),
    );
  });
});

describe('the run configurations of a folder', () => {
  it('are the two that need no file where there is none', async () => {
    const folder = await temporaryFolder();
    const entries = await listRunConfigurations(folder);
    expect(entries.map(({ name, path, target, problem }) => ({ name, path, target, problem }))).toEqual([
      { name: 'local', path: undefined, target: 'local', problem: undefined },
      { name: 'local (in place)', path: undefined, target: 'local', problem: undefined },
    ]);
    expect(await listRunConfigurations(join(folder, 'nowhere'))).toHaveLength(2);
    expect((await loadRunConfiguration(folder, 'local')).isInPlace).toBe(false);
    expect((await loadRunConfiguration(folder, 'local (in place)')).isInPlace).toBe(true);
  });

  it('are found where Azure ML and people put them, one name each', async () => {
    const folder = await sourceFolder({
      '.azureml/cpu.runconfig': template,
      '.azureml/local': template.replace('arguments: []', 'arguments: [from-file]'),
      '.azureml/conda_dependencies.yml': 'name: x\n',
      '.azureml/LICENSE': 'Some words.\n',
      '.azureml/config.json': '{"workspace_name": "x"}',
      'aml_config/gpu.RUNCONFIG': template,
      'cpu.runconfig': template,
      'steps/deep/er/score.runconfig': template,
      'a/b/c/d/e/too-deep.runconfig': template,
      'node_modules/x/no.runconfig': template,
      '.git/no.runconfig': template,
      '.runledger/no.runconfig': template,
      'sub/.azureml/inner': template,
    });
    await mkdir(join(folder, 'folder.runconfig'));
    const entries = await listRunConfigurations(folder);
    expect(entries.map(({ name, description }) => [name, description])).toEqual([
      ['cpu', '.azureml/cpu.runconfig'],
      ['local', '.azureml/local'],
      ['gpu', 'aml_config/gpu.RUNCONFIG'],
      ['cpu.runconfig', 'cpu.runconfig'],
      ['inner', 'sub/.azureml/inner'],
      ['score', 'steps/deep/er/score.runconfig'],
      ['local (in place)', expect.any(String)],
    ]);
    for (const { name } of entries) {
      expect((await loadRunConfiguration(folder, name)).name).toBe(name);
    }
    expect((await loadRunConfiguration(folder, 'local')).arguments).toEqual(['from-file']);
  });

  it('list a bad one with its problem, beside the good ones', async () => {
    const folder = await sourceFolder({
      '.azureml/bad.runconfig': 'script: [\n',
      '.azureml/cloud.runconfig': template.replace('target: local', 'target: cpu-cluster'),
      'good.runconfig': template,
    });
    await symlink('nowhere', join(folder, '.azureml', 'broken-link.runconfig'));
    const entries = await listRunConfigurations(folder);
    expect(entries.map(({ name, target, problem }) => [name, target, problem === undefined])).toEqual([
      ['bad', '', false],
      ['broken-link', '', false],
      ['cloud', 'cpu-cluster', true],
      ['good', 'local', true],
      ['local', 'local', true],
      ['local (in place)', 'local', true],
    ]);
    expect(entries[0]?.problem).toMatch(/^\.azureml\/bad\.runconfig, line \d+, column \d+: /);
    await expect(loadRunConfiguration(folder, 'bad')).rejects.toMatchObject({ reason: 'invalid-run-configuration' });
    await expect(loadRunConfiguration(folder, 'nobody')).rejects.toMatchObject({
      reason: 'not-found',
      advice: expect.stringContaining('good'),
    });
  });

  it('may lie in another folder, which comes last', async () => {
    const source = await sourceFolder({ 'mine.runconfig': template });
    const workspace = await sourceFolder({
      '.azureml/mine.runconfig': 'target: cloud',
      '.azureml/theirs.runconfig': template,
      '.azureml/local.runconfig': 'target: cloud',
    });
    const load = (name: string) => loadRunConfigurationFrom(source, [workspace], name);
    expect((await load('mine')).path).toBe(join(source, 'mine.runconfig'));
    expect((await load('theirs')).path).toBe(join(workspace, '.azureml', 'theirs.runconfig'));
    expect((await load('local')).path).toBeUndefined();
  });
});
