import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli, json } from '../support/commandLine.ts';
import { pythonJson } from '../support/pythonProgram.ts';
import { writeFiles } from '../support/sourceFolder.ts';
import { newRun, temporaryWorkspace } from '../support/temporaryStore.ts';
import { cliOnTerminal } from '../support/terminal.ts';

interface ModelOutput {
  readonly id: string;
  readonly [key: string]: unknown;
}

async function workspaceWithFile(): Promise<string> {
  const folder = await temporaryWorkspace();
  await writeFiles(folder, { 'weights.bin': 'w1' });
  return folder;
}

const ids = (models: readonly ModelOutput[]): string[] => models.map(({ id }) => id);

describe('model register', () => {
  it('takes a path, with everything that is to be noted', async () => {
    const folder = await workspaceWithFile();
    const made = await json<ModelOutput>(
      folder,
      ...['model', 'register', '-n', 'Digits', '-p', 'weights.bin', '-d', 'the first'],
      ...['--tag', 'stage=trial', '--tag', 'note=a=b', '--property', 'auc=0.9'],
      ...['--model-framework', 'scikitlearn', '--model-framework-version', '1.4'],
    );
    expect(made).toEqual({
      id: 'Digits:1',
      name: 'Digits',
      version: 1,
      createdTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      user: expect.any(String),
      runId: null,
      experiment: null,
      path: join(folder, 'weights.bin'),
      description: 'the first',
      framework: 'ScikitLearn',
      frameworkVersion: '1.4',
      tags: { stage: 'trial', note: 'a=b' },
      properties: { auc: '0.9' },
      folder: join(folder, '.runledger', 'models', 'digits', 'versions', '1'),
    });
    expect((await cli(folder, 'model', 'register', '-n', 'digits', '-p', 'weights.bin')).stdout).toBe(
      `Registered digits:2, a copy of ${join(folder, 'weights.bin')}.\n`,
    );
  });

  it("takes a run's file, by the run's id or by the file that submit-script wrote", async () => {
    const folder = await temporaryWorkspace();
    await writeFiles(folder, {
      'train.py': "import os\nos.makedirs('outputs', exist_ok=True)\nopen('outputs/model.pkl', 'w').write('trained')\n",
    });
    const submitted = await cli(folder, 'run', 'submit-script', '-e', 'iris', '-t', 'meta/run.json', 'train.py');
    expect(submitted).toMatchObject({ code: 0, stderr: '' });
    const metadata = JSON.parse(await readFile(join(folder, 'meta', 'run.json'), 'utf8'));
    expect(metadata).toMatchObject({ status: 'Completed', experiment_name: 'iris', runId: metadata.id });

    const register = ['model', 'register', '-n', 'digits', '--asset-path', 'outputs/model.pkl'];
    const byFile = await json<ModelOutput>(folder, ...register, '-f', 'meta/run.json');
    const byId = await json<ModelOutput>(folder, ...register, '--run-id', metadata.id);
    const expected = { runId: metadata.id, experiment: 'iris', path: 'outputs/model.pkl' };
    expect([byFile, byId]).toMatchObject([
      { id: 'digits:1', ...expected },
      { id: 'digits:2', ...expected },
    ]);
    const inPython = `
import json
from azureml.core import Workspace
from azureml.core.model import Model
path = Model.get_model_path("digits", _workspace=Workspace.from_config())
print(json.dumps(open(path).read()))
`;
    expect(await pythonJson<string>(folder, inPython)).toBe('trained');
  });

  it.each([
    [['-n', 'x'], 'It is not clear what to register.'],
    [['-n', 'x', '-p', 'weights.bin', '--asset-path', 'a', '-r', 'b'], 'It is not clear what to register.'],
    [['-n', 'x', '--asset-path', 'a'], 'It is not clear what to register.'],
    [['-n', 'x', '-p', 'none'], 'There is no file or folder'],
    [['-n', 'a/b', '-p', 'weights.bin'], `"a/b" cannot be a model's name`],
    [['-n', 'x', '-p', '.'], 'holds the workspace itself'],
    [['-n', 'x', '--asset-path', 'a', '-f', 'weights.bin'], 'is not valid JSON'],
    [['-n', 'x', '--asset-path', 'a', '-f', 'other.json'], 'names no run'],
    [['-n', 'x', '--asset-path', 'a', '-r', 'nobody'], 'There is no run nobody'],
  ])('says what is wrong: %j', async (args, message) => {
    const folder = await workspaceWithFile();
    await writeFiles(folder, { 'other.json': '{}' });
    const { code, stdout, stderr } = await cli(folder, 'model', 'register', ...args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('should not happen');
    expect(await json(folder, 'model', 'list')).toEqual([]);
  });

  it('refuses a tag without a value and a framework that is none, as wrong usage', async () => {
    const folder = await workspaceWithFile();
    const none = await cli(folder, 'model', 'register', '-n', 'x', '-p', 'weights.bin', '--model-framework', 'none');
    expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining('one of Custom, Multi, Onnx') });
    const wrong = await cli(folder, 'model', 'register', '-n', 'x', '-p', 'weights.bin', '--tag', 'stage');
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('a name and a value') });
  });
});

describe('model list and show', () => {
  it('find by name, tag, property and run, all or the newest', async () => {
    const folder = await workspaceWithFile();
    const run = await newRun(folder);
    await writeFiles(run.folder, { 'artifacts/outputs/m': 'x' });
    const register = (...args: string[]) => cli(folder, 'model', 'register', ...args);
    await register('-n', 'Digits', '-p', 'weights.bin', '--tag', 'stage=old', '--property', 'auc=1');
    await register('-n', 'Digits', '-p', 'weights.bin', '--tag', 'stage=new');
    await register('-n', 'other', '--asset-path', 'outputs/m', '-r', run.runId);
    const list = async (...args: string[]) => ids(await json<ModelOutput[]>(folder, 'model', 'list', ...args));
    expect(await list()).toEqual(['Digits:2', 'Digits:1', 'other:1']);
    expect(await list('-l')).toEqual(['Digits:2', 'other:1']);
    expect(await list('-n', 'DIGITS')).toEqual(['Digits:2', 'Digits:1']);
    expect(await list('--tag', 'stage')).toEqual(['Digits:2', 'Digits:1']);
    expect(await list('--tag', 'stage=old', '--property', 'auc=1')).toEqual(['Digits:1']);
    expect(await list('--run-id', run.runId)).toEqual(['other:1']);
    expect((await cli(folder, 'model', 'list', '-n', 'nothing')).stdout).toContain('No models.');
    expect((await cli(folder, 'model', 'list', '-l')).stdout).toMatch(
      /^Model +Version +Registered +Framework +Run +Tags\nDigits +2 .* stage=new\nother +1 /,
    );
    const show = async (...args: string[]) => (await json<ModelOutput>(folder, 'model', 'show', ...args)).id;
    expect(await show('-n', 'digits')).toBe('Digits:2');
    expect(await show('-n', 'digits', '--version', '1')).toBe('Digits:1');
    expect(await show('-i', 'digits:1')).toBe('Digits:1');
    expect((await cli(folder, 'model', 'show', '-i', 'other:1')).stdout).toMatch(
      /^Model +other:1\n[\s\S]*Experiment +iris\n/,
    );
    for (const [args, message] of [
      [['-i', 'digits:9'], 'There are: 2, 1.'],
      [['-n', 'none'], 'There are: Digits, other.'],
      [['-i', 'digits'], 'is not the id of a model'],
      [[], 'either with -i or with -n'],
      [['-i', 'digits:1', '-n', 'digits'], 'either with -i or with -n'],
    ] as const) {
      const wrong = await cli(folder, 'model', 'show', ...args);
      expect(wrong).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(message) });
    }
  });

  it('show tab-separated values in the order of the keys of the JSON', async () => {
    const folder = await workspaceWithFile();
    const description = 'two\tcolumns\nand lines';
    const register = ['model', 'register', '-p', 'weights.bin', '--tag', 'a=b'];
    await cli(folder, ...register, '-n', 'm', '-d', description);
    const shown = await json<ModelOutput>(folder, 'model', 'show', '-n', 'm');
    const { stdout } = await cli(folder, 'model', 'list', '-o', 'tsv');
    expect(stdout.split('\t')).toHaveLength(Object.keys(shown).length);
    expect(stdout).toBe((await cli(folder, 'model', 'show', '-n', 'm', '-o', 'tsv')).stdout);
    const columns = stdout.replace(/\n$/, '').split('\t');
    const at = (key: string) => columns[Object.keys(shown).indexOf(key)];
    expect([at('id'), at('version'), at('runId'), at('description'), at('tags')]).toEqual([
      'm:1',
      '1',
      '',
      'two columns and lines',
      '{"a":"b"}',
    ]);
    const help = (await cli(folder, 'model', 'list', '--help')).stdout;
    const documented = /JSON \(-o json\): an array of \{([^}]*)\}/.exec(help)?.[1]?.match(/\w+(?=,|$| \(ISO)/g);
    expect(documented?.filter((word) => word !== 'UTC')).toEqual(expect.arrayContaining(Object.keys(shown)));
    expect(await cli(folder, 'model', 'list', '-n', 'x', '-o', 'tsv')).toEqual({ code: 0, stdout: '', stderr: '' });
  });
});

describe('model download, update and delete', () => {
  it('copies the model, and replaces with --overwrite alone', async () => {
    const folder = await workspaceWithFile();
    await cli(folder, 'model', 'register', '-n', 'm', '-p', 'weights.bin');
    const download = ['model', 'download', '-i', 'm:1', '-t', 'out/here'];
    const path = join(folder, 'out', 'here', 'weights.bin');
    expect(await json(folder, ...download)).toEqual({ id: 'm:1', path });
    await writeFiles(folder, { 'out/here/weights.bin': 'mine' });
    expect(await cli(folder, ...download)).toMatchObject({ code: 1, stderr: expect.stringContaining('--overwrite') });
    expect(await readFile(path, 'utf8')).toBe('mine');
    expect(await cli(folder, ...download, '--overwrite')).toMatchObject({ code: 0 });
    expect(await readFile(path, 'utf8')).toBe('w1');
  });

  it('changes tags and the description, and only adds properties', async () => {
    const folder = await workspaceWithFile();
    await cli(folder, 'model', 'register', '-n', 'm', '-p', 'weights.bin', '--tag', 'a=1', '--property', 'p=1');
    const update = ['model', 'update', '-i', 'm:1'];
    const changed = await json<ModelOutput>(
      folder,
      ...update,
      ...['--add-tag', 'b=2', '--remove-tag', 'a', '--add-property', 'q=2', '--description', 'better'],
    );
    expect(changed).toMatchObject({ tags: { b: '2' }, properties: { p: '1', q: '2' }, description: 'better' });
    expect(await cli(folder, ...update, '--add-property', 'p=2')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('immutable'),
    });
    expect(await cli(folder, ...update)).toMatchObject({ code: 2, stderr: expect.stringContaining('name a change') });
    expect(await json(folder, 'model', 'show', '-i', 'm:1')).toEqual(changed);
  });

  it('asks before it deletes, where there is a terminal', async () => {
    const folder = await workspaceWithFile();
    await cli(folder, 'model', 'register', '-n', 'm', '-p', 'weights.bin');
    const question = 'Move m:1 to the trash? [y/N] ';
    for (const typed of ['\r', 'no\r', '\u0003', '\u0004']) {
      const { code, shown } = await cliOnTerminal(folder, ['model', 'delete', '-i', 'm:1'], [[question, typed]]);
      expect({ typed, code, shown }).toMatchObject({ code: 1, shown: expect.stringContaining('Nothing was changed.') });
    }
    expect(ids(await json<ModelOutput[]>(folder, 'model', 'list'))).toEqual(['m:1']);
    const { code, shown } = await cliOnTerminal(folder, ['model', 'delete', '-i', 'm:1'], [[question, 'y\r']]);
    expect({ code, shown }).toMatchObject({ code: 0, shown: expect.stringContaining('Moved m:1 to the trash.') });
    expect(await json(folder, 'model', 'list')).toEqual([]);
    expect(await readdir(join(folder, '.runledger', 'trash', '.models', 'm'))).toEqual(['1']);
  });

  it('deletes without a terminal only with --yes', async () => {
    const folder = await workspaceWithFile();
    await cli(folder, 'model', 'register', '-n', 'm', '-p', 'weights.bin');
    expect(await cli(folder, 'model', 'delete', '-i', 'm:1')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('--yes'),
    });
    expect(ids(await json<ModelOutput[]>(folder, 'model', 'list'))).toEqual(['m:1']);
    expect(await json(folder, 'model', 'delete', '-i', 'm:1', '--yes')).toEqual({ id: 'm:1' });
    expect(await json(folder, 'model', 'list')).toEqual([]);
  });

  it('shows on a terminal how far a copy is, and takes that away', async () => {
    const folder = await temporaryWorkspace();
    await writeFiles(folder, { large: Buffer.alloc(12 * 1024 * 1024) });
    const register = ['model', 'register', '-n', 'm', '-p', 'large'];
    const { code, shown } = await cliOnTerminal(folder, register);
    expect(code).toBe(0);
    expect(shown).toContain('\r\u001b[KCopying m [####################] 100 %\r\u001b[KRegistered m:1');
    expect((await cli(folder, ...register)).stderr).toBe('');
  });
});
