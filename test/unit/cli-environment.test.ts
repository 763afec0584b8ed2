import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultConcurrency } from '../../src/core/compute/local/localMachine.ts';
import { cli, json } from '../support/commandLine.ts';
import { pythonJson } from '../support/pythonProgram.ts';
import { temporaryFolder, writeFiles } from '../support/sourceFolder.ts';
import { temporaryWorkspace } from '../support/temporaryStore.ts';

interface EnvironmentOutput {
  readonly name: string;
  readonly version: number;
  readonly [key: string]: unknown;
}

/** Registers an environment in Python, and gives its version and where its files are. */
const registerInPython = `
import json
from azureml.core import Environment, Workspace
from azureml.core.conda_dependencies import CondaDependencies
env = Environment("Training")
env.python.conda_dependencies = CondaDependencies.create(pip_packages=["numpy==1.24"], conda_packages=["pandas"])
env.docker.base_image = "python:3.10"
env.environment_variables = {"OMP_NUM_THREADS": "1"}
made = env.register(Workspace.from_config())
made.save_to_directory("files")
print(json.dumps([made.name, made.version]))
`;

const readInPython = `
import json, sys
from azureml.core import Environment, Workspace
env = Environment.get(Workspace.from_config(), sys.argv[1])
again = env.register(Workspace.from_config())
print(json.dumps([env.name, env.version, again.version, env.python.conda_dependencies.conda_packages,
                  env.python.conda_dependencies.pip_packages, env.python.user_managed_dependencies, env.docker.base_image]))
`;

describe('environments of either language', () => {
  it('registered in Python and registered here are one version, unless something changed', async () => {
    const folder = await temporaryWorkspace();
    expect(await pythonJson(folder, registerInPython)).toEqual(['Training', '1']);
    const registered = await json<EnvironmentOutput>(folder, 'environment', 'register', '-d', 'files');
    expect(registered).toMatchObject({ name: 'Training', version: 1, environmentVariables: { OMP_NUM_THREADS: '1' } });
    const conda = join('files', 'conda_dependencies.yml');
    await writeFiles(folder, { [conda]: `${await readFile(join(folder, conda), 'utf8')}# a comment\n` });
    expect(await json(folder, 'environment', 'register', '-d', 'files')).toEqual(registered);
    await writeFiles(folder, { [conda]: 'dependencies: [python=3.9, {pip: [torch]}]\n' });
    expect((await cli(folder, 'environment', 'register', '-d', 'files')).stdout).toBe(
      'Registered Training, version 2.\n',
    );
    const [name, version, again, condaPackages, pip] = await pythonJson<unknown[]>(folder, readInPython, 'training');
    expect([name, version, again, condaPackages, pip]).toEqual(['Training', '2', '2', ['python=3.9'], ['torch']]);
    expect(await json(folder, 'environment', 'show', '-n', 'TRAINING', '-v', '1')).toEqual(registered);
  });

  it('that are new begin with files to edit', async () => {
    const folder = await temporaryWorkspace();
    const { files } = await json<{ files: string[] }>(folder, 'environment', 'scaffold', '-n', 'fresh', '-d', 'new');
    const names = ['azureml_environment.json', 'conda_dependencies.yml'];
    expect(files).toEqual(names.map((file) => join(folder, 'new', file)));
    expect(await cli(folder, 'environment', 'scaffold', '-n', 'fresh', '-d', 'new')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('is there already'),
    });
    expect(await json(folder, 'environment', 'register', '-d', 'new')).toMatchObject({ name: 'fresh', version: 1 });
    expect(await pythonJson(folder, readInPython, 'fresh')).toEqual([
      'fresh',
      '1',
      '1',
      ['python=3.10'],
      ['azureml-defaults'],
      false,
      null,
    ]);
    const shown = (await cli(folder, 'environment', 'show', '-n', 'fresh')).stdout;
    expect(shown).toMatch(/^Environment +fresh\nVersion +1\n[\s\S]*Conda +python=3\.10\nPip +azureml-defaults\n$/);
    const inPython = `
import json
from azureml.core import Environment
print(json.dumps(Environment.load_from_directory("copy").python.conda_dependencies.pip_packages))
`;
    await cli(folder, 'environment', 'download', '-n', 'fresh', '-d', 'copy');
    expect((await readdir(join(folder, 'copy'))).sort()).toEqual(names);
    expect(await pythonJson(folder, inPython)).toEqual(['azureml-defaults']);
    expect(await cli(folder, 'environment', 'download', '-n', 'fresh', '-d', 'copy')).toMatchObject({ code: 1 });
    await writeFiles(folder, { 'copy/azureml_environment.json': 'mine' });
    expect(await cli(folder, 'environment', 'download', '-n', 'fresh', '-d', 'copy', '--overwrite')).toMatchObject({
      code: 0,
    });
    expect(await json(folder, 'environment', 'register', '-d', 'copy')).toMatchObject({ version: 1 });
  });

  it('that are registered at once get versions of their own', async () => {
    const folder = await temporaryWorkspace();
    const texts = Array.from(
      { length: 8 },
      (_, index) => `{"name": "many", "environmentVariables": {"N": "${index}"}}`,
    );
    await writeFiles(
      folder,
      Object.fromEntries(texts.map((text, index) => [`e${index}/azureml_environment.json`, text])),
    );
    const made = await Promise.all(
      texts.map((_, index) => json<EnvironmentOutput>(folder, 'environment', 'register', '-d', `e${index}`)),
    );
    expect(made.map(({ version }) => version).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(await readdir(join(folder, '.runledger', 'environments', 'many'))).toHaveLength(8);
  });

  it('are read whatever the case of their keys, and keep what is not known but no password', async () => {
    const folder = await temporaryWorkspace();
    const definition = {
      name: 'odd',
      version: '7',
      PYTHON: {
        UserManagedDependencies: true,
        interpreterPath: '/usr/bin/python3',
        condaDependencies: { dependencies: [] },
      },
      docker: { baseImageRegistry: { address: 'a', username: 'u', password: 'secret' } },
      future: { x: 1 },
    };
    await writeFiles(folder, { 'e/azureml_environment.json': JSON.stringify(definition) });
    const made = await json<EnvironmentOutput>(folder, 'environment', 'register', '-d', 'e');
    expect(made).toMatchObject({
      version: 1,
      future: { x: 1 },
      python: { userManagedDependencies: true, interpreterPath: '/usr/bin/python3' },
      docker: { enabled: false, baseImageRegistry: { address: 'a', username: 'u' } },
    });
    expect(JSON.stringify(made)).not.toContain('secret');
    expect(Object.keys(made.python ?? {})).not.toContain('condaDependencies');
  });
});

describe('environment list and show', () => {
  it('list the newest of each, past what cannot be read', async () => {
    const folder = await temporaryWorkspace();
    expect((await cli(folder, 'environment', 'list')).stdout).toContain('runledger environment scaffold');
    await writeFiles(folder, {
      'b/azureml_environment.json': '{"name": "Beta"}',
      'a/azureml_environment.json': '{"name": "alpha"}',
      '.runledger/environments/damaged/1.json': '{',
    });
    await cli(folder, 'environment', 'register', '-d', 'b');
    await cli(folder, 'environment', 'register', '-d', 'a');
    expect(await json(folder, 'environment', 'list')).toMatchObject([{ name: 'alpha', version: 1 }, { name: 'Beta' }]);
    expect((await cli(folder, 'environment', 'list', '-o', 'tsv')).stdout).toMatch(/^alpha\t1\t\S+Z\nBeta\t1\t\S+Z\n$/);
    for (const [args, message] of [
      [['show', '-n', 'none'], 'There are: alpha, Beta.'],
      [['show', '-n', 'alpha', '-v', '3'], 'There are: 1.'],
      [['show', '-n', 'damaged'], '1.json is not valid JSON'],
      [['show', '-n', '../x'], `cannot be an environment's name`],
    ] as const) {
      const wrong = await cli(folder, 'environment', ...args);
      expect(wrong).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(message) });
    }
  });

  it.each([
    [{}, 'azureml_environment.json does not exist'],
    [{ 'azureml_environment.json': '{' }, 'is not valid JSON'],
    [{ 'azureml_environment.json': '[]' }, 'is not a JSON object'],
    [{ 'azureml_environment.json': '{}' }, 'has no "name"'],
    [{ 'azureml_environment.json': '{"name": "a/b"}' }, `cannot be an environment's name`],
    [{ 'azureml_environment.json': '{"name": "a"}', 'conda_dependencies.yml': 'a: [' }, 'is not YAML'],
    [
      { 'azureml_environment.json': '{"name": "a"}', 'conda_dependencies.yml': 'dependencies: 3' },
      'no conda environment',
    ],
  ])('registers nothing from %j', async (files, message) => {
    const folder = await temporaryWorkspace();
    const source = await temporaryFolder();
    await writeFiles(source, files);
    const { code, stdout, stderr } = await cli(folder, 'environment', 'register', '-d', source);
    expect({ code, stdout, stderr }).toEqual({ code: 1, stdout: '', stderr: expect.stringContaining(message) });
    expect(await json(folder, 'environment', 'list')).toEqual([]);
  });
});

describe('computetarget list and show', () => {
  it('show this machine, and the names that scripts gave it', async () => {
    const folder = await temporaryWorkspace();
    const inPython = `
import json
from azureml.core import Workspace
from azureml.core.compute import AmlCompute, ComputeTarget
wanted = AmlCompute.provisioning_configuration(vm_size="STANDARD_D2", max_nodes=4, description="for training")
print(json.dumps(ComputeTarget.create(Workspace.from_config(), "CPU cluster", wanted).name))
`;
    expect(await pythonJson(folder, inPython)).toBe('CPU cluster');
    const [local, cluster] = await json<EnvironmentOutput[]>(folder, 'computetarget', 'list');
    expect(local).toEqual({
      name: 'local',
      type: 'local',
      description: 'This machine',
      path: null,
      problem: null,
      isAttached: false,
      createdTime: null,
      tags: {},
      provisioning: {},
    });
    expect(cluster).toMatchObject({
      name: 'CPU cluster',
      type: 'AmlCompute',
      description: 'for training',
      provisioning: { vm_size: 'STANDARD_D2', max_nodes: 4 },
    });
    expect(await json(folder, 'computetarget', 'show', '-n', 'cpu CLUSTER')).toEqual(cluster);
    expect(await json(folder, 'computetarget', 'show', '-n', 'local')).toEqual({
      ...local,
      maxConcurrentRuns: defaultConcurrency(),
      gpus: [],
      gpusPerRun: 0,
    });
    const shown = (await cli(folder, 'computetarget', 'show', '-n', 'CPU cluster')).stdout;
    expect(shown).toMatch(
      /^Compute target +CPU cluster\nType +AmlCompute\nDescription +for training\n[\s\S]*max_nodes +4\n/,
    );
    expect((await cli(folder, 'computetarget', 'list')).stdout).toMatch(
      /\nlocal +local +This machine\nCPU cluster +AmlCompute/,
    );
    expect(await cli(folder, 'computetarget', 'show', '-n', 'none')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('There are: local, CPU cluster.'),
    });
  });
});
