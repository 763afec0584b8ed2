import { mkdir, readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { attachedExperiment } from '../../src/core/projects/attachedExperiment.ts';
import { listRunConfigurations, loadRunConfiguration } from '../../src/core/run-configurations/runConfigurations.ts';
import { cli, json } from '../support/commandLine.ts';
import { pythonJson } from '../support/pythonProgram.ts';
import { temporaryFolder, writeFiles } from '../support/sourceFolder.ts';
import { temporaryWorkspace } from '../support/temporaryStore.ts';

const names = ['config.json', 'project.json', 'local.runconfig', 'conda_dependencies.yml'];

const filesIn = (folder: string): string[] => names.map((name) => join(folder, '.azureml', name));

const textsIn = (folder: string): Promise<string[]> =>
  Promise.all(filesIn(folder).map((path) => readFile(path, 'utf8').catch(() => '')));

describe('folder attach', () => {
  it('names the workspace as from_config reads it, and the experiment of what is submitted', async () => {
    const workspace = await temporaryWorkspace('vision');
    const folder = join(workspace, 'code');
    await writeFiles(folder, { 'train.py': "print('ran')\n" });
    expect(await json(workspace, 'folder', 'attach', '-w', 'vision', '-e', 'Digits 2', '--path', 'code')).toEqual({
      folder,
      workspace: 'vision',
      workspaceFolder: workspace,
      experiment: 'Digits 2',
      written: filesIn(folder),
      kept: [],
    });
    const inPython = `
import json
from azureml.core import Workspace
ws = Workspace.from_config()
print(json.dumps([ws.name, ws.subscription_id, ws.resource_group]))
`;
    expect(await pythonJson(folder, inPython)).toEqual(['vision', '00000000-0000-0000-0000-000000000000', 'local']);
    // The example names train.py, and is used: nothing of it is ignored.
    const submitted = await cli(folder, 'run', 'submit-script', '-c', 'local');
    expect(submitted).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringContaining('(Digits 2, number 1)\nran\n'),
    });
    expect((await loadRunConfiguration(folder, 'local')).path).toBe(join(folder, '.azureml', 'local.runconfig'));
    expect((await listRunConfigurations(folder)).map(({ name, problem }) => [name, problem])).toEqual([
      ['local', undefined],
      ['local (in place)', undefined],
    ]);
    const given = await cli(folder, 'run', 'submit-script', '-e', 'other', 'train.py');
    expect(given.stdout).toContain('(other, number 1)');
  });

  it('takes the names of the folder and of its workspace, and keeps what is there', async () => {
    const workspace = await temporaryWorkspace('vision');
    const before = '{"subscription_id": "s", "resource_group": "g", "workspace_name": "prod"}';
    await writeFiles(workspace, { '.azureml/config.json': before, '.azureml/local.runconfig': 'script: mine.py\n' });
    const first = await cli(workspace, 'folder', 'attach');
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toContain(`experiment "${basename(workspace)}"`);
    expect(first.stdout).toContain('Kept .azureml/config.json');
    expect(first.stdout).toContain('Wrote .azureml/project.json');
    const [config, , configuration] = await textsIn(workspace);
    expect([config, configuration]).toEqual([before, 'script: mine.py\n']);
    const again = await json<{ written: string[]; kept: string[] }>(workspace, 'folder', 'attach');
    expect(again).toMatchObject({ written: [], kept: filesIn(workspace), experiment: basename(workspace) });
  });

  it('does not replace what says otherwise unless it is told to, and then not the examples', async () => {
    const folder = await temporaryWorkspace('vision');
    await cli(folder, 'folder', 'attach', '-e', 'first');
    await writeFiles(folder, { '.azureml/local.runconfig': 'script: mine.py\n' });
    const before = await textsIn(folder);
    for (const args of [
      ['-e', 'second'],
      ['-g', 'group'],
      ['--subscription-id', '1'],
    ]) {
      const { code, stderr } = await cli(folder, 'folder', 'attach', ...args);
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: expect.stringMatching(/is there already[\s\S]*--overwrite/),
      });
    }
    expect(await textsIn(folder)).toEqual(before);
    expect(await cli(folder, 'folder', 'attach', '-e', 'first')).toMatchObject({ code: 0 });
    const replaced = await json(folder, 'folder', 'attach', '-e', 'second', '-g', 'group', '--overwrite');
    expect(replaced).toMatchObject({ experiment: 'second', written: filesIn(folder).slice(0, 2) });
    expect(JSON.parse((await textsIn(folder))[0] ?? '')).toMatchObject({ resource_group: 'group' });
    expect((await textsIn(folder))[2]).toBe('script: mine.py\n');
    expect(await attachedExperiment(folder, folder)).toBe('second');
  });

  it('makes the workspace that it names where the folder is in none', async () => {
    const folder = await temporaryFolder();
    await writeFiles(folder, { 'train.py': "print('ran')\n" });
    const attached = await cli(folder, 'folder', 'attach', '-w', 'my workspace', '-g', 'group');
    expect(attached).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringContaining(`Created the workspace "my workspace" in ${folder}.\nAttached ${folder} to`),
    });
    const submitted = await cli(folder, 'run', 'submit-script', '-c', 'local', '-e', 'digits', 'train.py');
    expect(submitted).toMatchObject({ code: 0, stdout: expect.stringContaining('(digits, number 1)\nran\n') });
    const again = await cli(folder, 'folder', 'attach', '-w', 'my workspace');
    expect(again.stdout).not.toContain('Created');
  });

  it('says what is wrong, and writes nothing', async () => {
    const workspace = await temporaryWorkspace('vision');
    const alone = await temporaryFolder();
    const wrong = async (cwd: string, message: string | RegExp, ...args: string[]): Promise<void> => {
      const { code, stdout, stderr } = await cli(cwd, 'folder', 'attach', ...args);
      expect({ code, stdout, stderr }).toEqual({ code: 1, stdout: '', stderr: expect.stringMatching(message) });
    };
    await wrong(alone, 'runledger workspace create\n$');
    await wrong(alone, 'runledger workspace create -w none', '-w', 'none', '--path', 'absent');
    await wrong(alone, 'cannot be an experiment', '-w', 'none', '-e', 'a/b');
    expect(await readdir(alone)).toEqual([]);
    await wrong(alone, `"vision" is in ${workspace}`, '-w', 'vision');
    await wrong(workspace, 'is "vision", and not "prod"', '-w', 'prod');
    await wrong(workspace, 'cannot be an experiment', '-e', 'a/b');
    await wrong(workspace, 'There is no folder', '--path', 'none');
    expect(await textsIn(workspace)).toEqual(['', '', '', '']);
    await writeFiles(workspace, { '.azureml/config.json': '{' });
    await wrong(workspace, 'is not valid JSON');
    expect((await textsIn(workspace)).slice(1)).toEqual(['', '', '']);
  });
});

describe('the experiment of a folder', () => {
  it('is the nearest one, also that of the older tools, and only a name that can be one', async () => {
    const top = await temporaryFolder();
    const scope = (name: string) =>
      JSON.stringify({ Id: 'testing', Scope: `/subscriptions/s/workspaces/w/projects/${name}` });
    await writeFiles(top, { 'aml_config/project.json': scope('legacy'), 'a/.azureml/project.json': scope('near') });
    await mkdir(join(top, 'a', 'b'));
    await writeFiles(top, { 'c/.azureml/project.json': scope('..'), 'd/.azureml/project.json': '{"Scope": 1}' });
    const found = (path: string) => attachedExperiment(join(top, path), top);
    expect(await found('')).toBe('legacy');
    expect(await found('a/b')).toBe('near');
    expect(await found('c')).toBe('legacy');
    expect(await found('d')).toBe('legacy');
    expect(await attachedExperiment(join(top, 'c'), join(top, 'c'))).toBeUndefined();
  });
});
