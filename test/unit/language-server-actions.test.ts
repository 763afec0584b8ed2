import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { CodeAction, Range } from 'vscode-languageserver-types';
import { parseRunConfiguration } from '../../src/core/run-configurations/runConfigurationFile.ts';
import { createWorkspace } from '../../src/core/store/workspaces.ts';
import { findings, openText } from '../support/openFile.ts';
import { sourceFolder, temporaryFolder } from '../support/sourceFolder.ts';

const start: Range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

async function actions(folder: string, name: string, text: string): Promise<readonly CodeAction[]> {
  const { file, features } = openText(folder, name, text);
  const diagnostics = (await features.diagnostics?.(file)) ?? [];
  return (await features.codeActions?.(file, start, diagnostics)) ?? [];
}

function applied(folder: string, name: string, text: string, action: CodeAction | undefined): string {
  const { file } = openText(folder, name, text);
  return TextDocument.applyEdits(file.document, action?.edit?.changes?.[file.document.uri] ?? []);
}

const job = `$schema: https://azuremlschemas.azureedge.net/latest/commandJob.schema.json
command: python train.py --lr \${{inputs.lr}} --data \${{inputs.table}}
code: src
inputs:
  lr: 0.1
  table:
    type: uri_file
    path: data/iris.csv
environment:
  image: python:3.11
  conda_file: src/conda.yml
environment_variables:
  MODE: fast
experiment_name: iris
compute: azureml:cpu-cluster
`;

describe('code actions', () => {
  it('change a key or a value to the nearest', async () => {
    const folder = await temporaryFolder();
    const text = 'framwork: "Pyton"\n';
    const [key] = await actions(folder, 'a.runconfig', text);
    expect(key?.title).toBe('Change to "framework"');
    expect(applied(folder, 'a.runconfig', text, key)).toBe('framework: "Pyton"\n');
    const value = 'framework: "Pyton"\n';
    const [action] = await actions(folder, 'a.runconfig', value);
    expect(applied(folder, 'a.runconfig', value, action)).toBe('framework: "Python"\n');
  });

  it('create what is missing, where it is looked for', async () => {
    const folder = await temporaryFolder();
    const [action] = await actions(folder, '.azureml/a.runconfig', 'script: train.py\n');
    expect(action?.title).toBe('Create train.py');
    expect(action?.edit?.documentChanges?.[0]).toMatchObject({
      kind: 'create',
      uri: pathToFileURL(join(folder, 'train.py')).href,
    });
    // Outside the open folder nothing is made.
    expect(await actions(folder, 'a.runconfig', 'script: ../elsewhere/train.py\n')).toEqual([]);
  });

  it('make a compute target, or take this machine', async () => {
    const folder = await temporaryFolder();
    await createWorkspace({ folder });
    const found = await actions(folder, 'a.runconfig', 'target: gpu\n');
    expect(found.map(({ title }) => title)).toEqual([
      'Change to "local"',
      'Make the compute target "gpu", with Docker',
    ]);
    expect(applied(folder, 'a.runconfig', 'target: gpu\n', found[0])).toBe('target: local\n');
  });

  it('move aml_config/ to .azureml/, with the paths that lead there', async () => {
    const folder = await sourceFolder({ 'aml_config/conda.yml': '', 'aml_config/a.runconfig': '' });
    const text = 'environment:\n  python:\n    condaDependenciesFile: aml_config/conda.yml\n';
    const action = (await actions(folder, 'aml_config/a.runconfig', text)).find(({ title }) =>
      title.startsWith('Move'),
    );
    const [edit, ...moves] = action?.edit?.documentChanges ?? [];
    expect(edit).toMatchObject({ edits: [{ newText: '.azureml/conda.yml' }] });
    expect(moves).toHaveLength(2);
    expect(moves[0]).toMatchObject({ kind: 'rename', newUri: expect.stringContaining('/.azureml/') });
  });

  it('make a run configuration of a job, which reads as it is meant', async () => {
    const folder = await sourceFolder({ 'src/train.py': '', 'src/conda.yml': 'dependencies: [python=3.11]\n' });
    const [action] = await actions(folder, 'job.yml', job);
    const [created, written] = action?.edit?.documentChanges ?? [];
    expect(created).toMatchObject({ uri: pathToFileURL(join(folder, 'src', '.azureml', 'job.runconfig')).href });
    const [edit] = written !== undefined && 'edits' in written ? written.edits : [];
    const text = edit !== undefined && 'newText' in edit ? edit.newText : '';
    expect(parseRunConfiguration(text, { name: 'job', path: undefined, label: 'job' })).toMatchObject({
      script: 'train.py',
      arguments: ['--lr', '0.1', '--data', join(folder, 'data', 'iris.csv')],
      dependencies: { kind: 'file', path: 'conda.yml' },
      environmentVariables: { MODE: 'fast' },
    });
  });

  it('say why a job cannot be run here', async () => {
    const remote = job.replace('data/iris.csv', 'azureml:iris:1');
    const found = await actions(await temporaryFolder(), 'job.yml', remote);
    expect(found.find(({ disabled }) => disabled !== undefined)?.disabled?.reason).toContain(
      'its input "table" is azureml:iris:1',
    );
  });
});

describe('jobs', () => {
  it('give no diagnostic that Azure would not give', async () => {
    const folder = await sourceFolder({ 'src/train.py': '', 'src/conda.yml': '' });
    await createWorkspace({ folder });
    expect(await findings(folder, 'job.yml', job)).toEqual([
      { about: 'image: python:3.11', message: 'environment.image has no effect on this machine.', severity: 4 },
    ]);
  });

  it('need a command', async () => {
    const folder = await sourceFolder({ 'src/train.py': '', 'src/conda.yml': '' });
    expect(await findings(folder, 'job.yml', job.replace(/^command: .*$/m, 'command: []'))).toMatchObject([
      { about: '[]', message: 'command: must be a text.' },
      { about: 'image: python:3.11' },
    ]);
  });
});

describe('code lenses', () => {
  it('submit what a file describes', async () => {
    const folder = await temporaryFolder();
    const titles = async (name: string, text: string): Promise<readonly (string | undefined)[]> => {
      const { file, features } = openText(folder, name, text);
      return ((await features.codeLenses?.(file)) ?? []).map(({ command }) => command?.title);
    };
    expect(await titles('a.runconfig', '# which\nscript: train.py\n')).toEqual([
      '$(play) Submit with this configuration',
    ]);
    expect(await titles('a.runconfig', '')).toEqual([]);
    expect(await titles('job.yml', job)).toEqual(['$(play) Submit this job on this machine']);
    expect(await titles('environment.yml', 'channels: []\ndependencies:\n  - numpy\n')).toEqual([]);
  });
});

describe('requirements of pip', () => {
  it('name files that are there', async () => {
    const folder = await sourceFolder({ 'base.txt': '' });
    const text = '-r base.txt\n--requirement missing.txt # why\n-r https://example.com/r.txt\nazureml-core\nnumpy\n';
    expect(await findings(folder, 'requirements.txt', text)).toMatchObject([{ about: 'missing.txt' }]);
    const { file, features } = openText(folder, 'requirements.txt', text);
    expect(await features.links?.(file)).toHaveLength(1);
    expect(JSON.stringify(await features.hover?.(file, { line: 3, character: 2 }))).toContain('azureml-core');
    expect(await features.hover?.(file, { line: 4, character: 2 })).toBeUndefined();
  });
});

describe('.amlignore', () => {
  it('tells what a snapshot would hold, by the rules as they are typed', async () => {
    const folder = await sourceFolder({
      'train.py': 'x'.repeat(100),
      'data/big.bin': 'x'.repeat(5000),
      '.amlignore': '',
    });
    const told = async (rules: string): Promise<string> => {
      const { file, features } = openText(folder, '.amlignore', rules);
      return JSON.stringify((await features.hover?.(file, { line: 0, character: 0 }))?.contents);
    };
    expect(await told('')).toContain('**3 files**, 5.1 kB');
    expect(await told('data/\n')).toContain('**2 files**, 100 bytes');
  });
});
