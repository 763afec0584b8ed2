import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunDelta } from '../../src/core/catalog/runCatalog.ts';
import { createWorkspace } from '../../src/core/store/workspaces.ts';
import { cli, json, RunningCommand } from '../support/commandLine.ts';
import { pythonJson } from '../support/pythonProgram.ts';
import { temporaryFolder, writeFiles } from '../support/sourceFolder.ts';
import { collector, newRun, openTestCatalog, record, temporaryWorkspace } from '../support/temporaryStore.ts';
import { cliOnTerminal } from '../support/terminal.ts';
import { writeWheel } from '../support/wheel.ts';

interface RunOutput {
  readonly id: string;
  readonly status: string;
  readonly tags: Readonly<Record<string, string | null>>;
  readonly [key: string]: unknown;
}

async function submitted(folder: string): Promise<RunOutput> {
  return JSON.parse((await cli(folder, 'run', 'submit-script', '--async', '-o', 'json', 'train.py')).stdout);
}

describe('run monitor-logs', () => {
  it('shows a log from its beginning, stops at Ctrl+C, goes on, and ends with the run', async () => {
    const folder = await temporaryWorkspace();
    const script = `
import os, time
print('first', flush=True)
while not os.path.exists(${JSON.stringify(join(folder, 'go'))}):
    time.sleep(0.02)
print('last', flush=True)
`;
    await writeFiles(folder, { 'train.py': script });
    const { id } = await submitted(folder);
    const watching = new RunningCommand(folder, ['run', 'monitor-logs', '-r', id]);
    await watching.printed('first');
    watching.child.kill('SIGINT');
    expect(await watching.result).toMatchObject({ code: 130, stderr: expect.stringContaining('The run goes on') });
    const again = new RunningCommand(folder, ['run', 'monitor-logs', '-r', id]);
    await again.printed('first');
    await writeFiles(folder, { go: '' });
    const { code, stdout } = await again.result;
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^first\nlast\nCompleted after .* s\.\n$/),
    });
    const whole = await cli(folder, 'run', 'monitor-logs', '-r', id, '-o', 'json');
    expect(whole).toMatchObject({ code: 0, stderr: expect.stringMatching(/^first\nlast\nCompleted/) });
    expect(JSON.parse(whole.stdout)).toMatchObject({ id, status: 'Completed' });
  });

  it('ends with 1 for a run that failed, and for one that is not there', async () => {
    const folder = await temporaryWorkspace();
    await writeFiles(folder, { 'train.py': "raise ValueError('no luck')\n" });
    const { id } = await submitted(folder);
    const { code, stderr } = await cli(folder, 'run', 'monitor-logs', '-r', id);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('ValueError: no luck') });
    expect(await cli(folder, 'run', 'monitor-logs', '-r', 'nobody')).toEqual({
      code: 1,
      stdout: '',
      stderr: `runledger: There is no run nobody in ${folder}.\nCheck the id; \`runledger run list\` shows the runs.\n`,
    });
  });

  it("shows a sweep's own log", async () => {
    const folder = await temporaryWorkspace();
    const run = await newRun(folder, { type: 'hyperdrive', runId: 'HD_1' });
    await writeFiles(run.folder, { 'artifacts/azureml-logs/hyperdrive.txt': 'trial 0\n' });
    await record(folder, run, { k: 'status', v: 'Completed' });
    expect((await cli(folder, 'run', 'monitor-logs', '-r', 'HD_1')).stdout).toBe('trial 0\nCompleted.\n');
  });
});

describe('run download-logs', () => {
  it('copies the logs under their names, and nothing else', async () => {
    const folder = await temporaryWorkspace();
    const run = await newRun(folder);
    await writeFiles(run.folder, {
      'artifacts/logs/std_log.txt': 'new',
      'artifacts/logs/deep/er.txt': 'x',
      'artifacts/azureml-logs/hyperdrive.txt': 'h',
      'artifacts/outputs/model.pkl': 'm',
    });
    await writeFiles(folder, { 'out/logs/std_log.txt': 'old', 'out/mine.txt': 'mine' });
    const download = ['run', 'download-logs', '-r', run.runId, '-d', 'out'];
    const { files } = await json<{ files: string[] }>(folder, ...download);
    const names = ['azureml-logs/hyperdrive.txt', 'logs/deep/er.txt', 'logs/std_log.txt'];
    expect(files).toEqual(names.map((name) => join(folder, 'out', name)));
    expect(await readFile(join(folder, 'out', 'logs', 'std_log.txt'), 'utf8')).toBe('new');
    expect((await readdir(join(folder, 'out'))).sort()).toEqual(['azureml-logs', 'logs', 'mine.txt']);
    expect((await cli(folder, ...download)).stdout).toBe(`${files.join('\n')}\n`);
    await writeFiles(folder, { file: '' });
    expect(await cli(folder, 'run', 'download-logs', '-r', run.runId, '-d', 'file')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(join(folder, 'file')),
    });
    const bare = await newRun(folder);
    expect((await cli(folder, 'run', 'download-logs', '-r', bare.runId, '-d', 'x')).stdout).toContain('has no logs');
  });
});

describe('run update', () => {
  it('notes tags, a name, a description and notes on a run that has ended, as Python reads them', async () => {
    const folder = await temporaryWorkspace();
    const run = await newRun(folder, { tags: { old: '1', kept: '2' } });
    await record(folder, run, { k: 'status', v: 'Completed' });
    const catalog = await openTestCatalog(folder);
    const deltas = collector<RunDelta>((listener) => catalog.follow(run.runId, listener));
    const changed = await json<RunOutput>(
      folder,
      ...['run', 'update', '-r', run.runId, '--add-tag', 'stage=final', '--add-tag', 'starred', '--remove-tag', 'old'],
      ...['--display-name', 'the best', '--description', 'so far', '--notes', '- next: *half* the rate\n- then sleep'],
    );
    const expected = { kept: '2', stage: 'final', starred: null };
    expect(changed).toMatchObject({ displayName: 'the best', description: 'so far', tags: expected });
    expect(changed.notes).toBe('- next: *half* the rate\n- then sleep');
    const shown = await cli(folder, 'run', 'update', '-r', run.runId, '--description', '', '-o', 'table');
    expect(shown.stdout).toContain('Notes:\n  - next: *half* the rate\n  - then sleep\n');
    expect(shown.stdout).not.toContain('Description:');
    expect(await json<RunOutput[]>(folder, 'run', 'list', '--filter', 'half')).toHaveLength(1);
    expect(await json<RunOutput[]>(folder, 'run', 'list', '--filter', 'description contains "so"')).toEqual([]);
    await deltas.until((values) => values.some(({ details }) => details?.tags.stage === 'final'));
    const inPython = `
import json, sys
from azureml.core import Run, Workspace
run = Workspace.from_config().get_run(sys.argv[1])
print(json.dumps([run.get_tags(), run.display_name, run.get_status()]))
`;
    expect(await pythonJson(folder, inPython, run.runId)).toEqual([expected, 'the best', 'Completed']);
    expect(await readdir(join(folder, '.runledger', 'active'))).toEqual([]);
    expect(await cli(folder, 'run', 'update', '-r', run.runId)).toMatchObject({ code: 2, stdout: '' });
    expect(await cli(folder, 'run', 'update', '-r', 'nobody', '--add-tag', 'a')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('There is no run nobody'),
    });
    expect(await cli(folder, 'run', 'update', '-r', run.runId, '--add-tag', '=x')).toMatchObject({ code: 2 });
  });
});

describe('run list', () => {
  it('finds runs by tags, parent and target, and shows less', async () => {
    const folder = await temporaryWorkspace();
    const parent = await newRun(folder, { tags: { stage: 'final', starred: null }, submission: { target: 'local' } });
    const child = await newRun(folder, { tags: { stage: 'trial' }, parentId: parent.runId });
    const list = async (...args: string[]) =>
      (await json<RunOutput[]>(folder, 'run', 'list', ...args)).map(({ id }) => id);
    expect(await list('--tags', 'stage')).toEqual([child.runId, parent.runId]);
    expect(await list('--tags', 'stage=final')).toEqual([parent.runId]);
    expect(await list('--tags', 'stage=final', '--tags', 'starred')).toEqual([parent.runId]);
    expect(await list('--tags', 'stage=trial', '--tags', 'starred')).toEqual([]);
    expect(await list('--pipeline-run-id', parent.runId)).toEqual([child.runId]);
    expect(await list('--compute-target-name', 'local')).toEqual([parent.runId]);
    expect(await json(folder, 'run', 'list', '--last', '1', '--minimal')).toEqual([
      { id: child.runId, experiment: 'iris', status: 'NotStarted' },
    ]);
    expect((await cli(folder, 'run', 'list', '--minimal', '-o', 'tsv')).stdout).toBe(
      `${child.runId}\tiris\tNotStarted\n${parent.runId}\tiris\tNotStarted\n`,
    );
    const [all] = (await cli(folder, 'run', 'list', '-o', 'tsv')).stdout.split('\n');
    expect(all?.split('\t').slice(0, 7)).toEqual([
      child.runId,
      '2',
      'iris',
      '',
      'azureml.scriptrun',
      parent.runId,
      'NotStarted',
    ]);
  });
});

describe('a workspace by its name', () => {
  it('is found wherever it is, and one of several is asked for', async () => {
    const folder = await temporaryWorkspace('vision');
    const run = await newRun(folder);
    const elsewhere = await temporaryFolder();
    const listed = await json<RunOutput[]>(
      elsewhere,
      'run',
      'list',
      '-w',
      'vision',
      '-g',
      'any',
      '--subscription-id',
      'x',
    );
    expect(listed.map(({ id }) => id)).toEqual([run.runId]);
    expect(await cli(elsewhere, 'run', 'list', '-w', 'none')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/no workspace "none" on this machine\.\nThere are: vision\. Create one/),
    });
    const other = await temporaryFolder();
    await createWorkspace({ folder: other, name: 'vision' });
    expect(await json(other, 'run', 'list', '-w', 'vision')).toEqual([]);
    const several = await cli(elsewhere, 'run', 'list', '-w', 'vision');
    expect(several).toMatchObject({ code: 1, stderr: expect.stringContaining(other) });
    expect(several.stderr).toContain(folder);
  });
});

describe('run submit-script', () => {
  it('takes a target and packages in place of those of the run configuration', async () => {
    const folder = await temporaryWorkspace();
    await writeFiles(folder, {
      'train.py': "print('ran')\n",
      'cloud.runconfig': 'target: cpu-cluster\narguments: [1.0, "x"]\n',
      'conda.yml': 'dependencies: [python=3.8]\n',
      'list.yml': '[1]\n',
      'broken.yml': 'a: [\n',
      '.runledger/compute/gpu.json': '{"format": 1, "name": "GPU", "type": "AmlCompute"}',
      '.runledger/compute/damaged.json': '{',
    });
    const submit = (...args: string[]) => cli(folder, 'run', 'submit-script', ...args);
    expect(await submit('-c', 'cloud', 'train.py')).toMatchObject({ code: 1, stdout: '' });
    const onGpu = ['run', 'submit-script', '-c', 'cloud', '--ct', 'gpu', 'train.py'];
    const made = await cli(folder, '-o', 'json', ...onGpu);
    expect(made).toMatchObject({ code: 0, stderr: expect.stringContaining('ran') });
    expect(JSON.parse(made.stdout)).toMatchObject({
      target: 'local',
      arguments: ['1.0', 'x'],
      runConfiguration: 'cloud',
    });
    expect(await submit('--target', 'local', '-c', 'local (in place)', 'train.py')).toMatchObject({ code: 0 });
    const [last] = await json<RunOutput[]>(folder, 'run', 'list', '--last', '1');
    expect((await json<RunOutput>(folder, 'run', 'show', '-r', last?.id ?? '')).inPlace).toBe(true);
    expect(await submit('--ct', 'tpu', 'train.py')).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/no compute target "tpu".*\nThere are: local, GPU\./),
    });
    expect(await submit('-d', 'none.yml', 'train.py')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('none.yml'),
    });
    expect(await submit('-d', 'list.yml', 'train.py')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('list of dependencies'),
    });
    expect(await submit('-d', 'broken.yml', 'train.py')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('not YAML'),
    });
    expect(await submit('-d', 'conda.yml', '-c', 'nothing', 'train.py')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no run configuration "nothing"'),
    });
  });

  it('runs with the packages of a conda file in place of those of the run configuration', {
    timeout: 180_000,
  }, async () => {
    const folder = await temporaryWorkspace();
    const wheels = await temporaryFolder();
    await writeWheel(wheels, 'greeting', '1.2', "text = 'hello'\n");
    const pip = ['--no-index', `--find-links ${wheels}`, 'greeting'];
    await writeFiles(folder, {
      'train.py': 'import greeting\nprint(greeting.text)\n',
      // Neither its packages nor its word that the interpreter is to be used as it is counts.
      'here.runconfig':
        'environment: {python: {userManagedDependencies: true, condaDependencies: {dependencies: [x]}}}\n',
      'conda.yml': JSON.stringify({ dependencies: [{ pip }] }),
    });
    for (const name of ['local', 'here']) {
      const { code, stdout } = await cli(folder, 'run', 'submit-script', '-c', name, '-d', 'conda.yml', 'train.py');
      expect({ name, code, stdout }).toEqual({ name, code: 0, stdout: expect.stringContaining('\nhello\nCompleted') });
    }
  });

  it('makes no run where its metadata cannot be written', async () => {
    const folder = await temporaryWorkspace();
    await writeFiles(folder, { 'train.py': '', file: '' });
    const { code, stderr } = await cli(folder, 'run', 'submit-script', '-t', 'file/run.json', 'train.py');
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(join(folder, 'file', 'run.json')) });
    expect(await json(folder, 'run', 'list')).toEqual([]);
  });

  it('shows on a terminal what it is about, and leaves the log as it is', async () => {
    const folder = await temporaryWorkspace();
    await writeFiles(folder, { 'train.py': "print('ran')\n" });
    const { code, shown } = await cliOnTerminal(folder, ['run', 'submit-script', 'train.py']);
    expect(code).toBe(0);
    expect(shown).toContain('\r\u001b[KTaking the snapshot [');
    expect(shown.slice(shown.lastIndexOf('\u001b[K') + 3)).toMatch(
      /^Run \S+ \(.*, number 1\)\r\nran\r\nCompleted after .* s\.\r\n$/,
    );
  });
});
