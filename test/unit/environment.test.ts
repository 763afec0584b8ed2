import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { baseInterpreterOf } from '../../src/core/environments/baseInterpreter.ts';
import { cleanCachedEnvironments, listCachedEnvironments } from '../../src/core/environments/cachedEnvironments.ts';
import { environmentsFolder } from '../../src/core/environments/environmentPlan.ts';
import { findInterpreter } from '../../src/core/interpreters/interpreters.ts';
import { cancelRun } from '../../src/core/submission/cancelRun.ts';
import type { SubmitProgress } from '../../src/core/submission/submission.ts';
import { cliProgram } from '../support/commandLine.ts';
import { appears, isGone } from '../support/endlessWork.ts';
import { temporaryFolder, writeFiles } from '../support/sourceFolder.ts';
import { type Case, ended, folderOf, isThere, newCase, runIds } from '../support/submittedRun.ts';
import { endlessPackage, writeWheel } from '../support/wheel.ts';

const minute = 60_000;
const logName = 'logs/azureml/environment_log.txt';
const reportScript = `
import os, sys
from azureml.core import Run
import greeting
print(greeting.text, os.path.dirname(os.path.dirname(greeting.__file__)), os.environ.get('VIRTUAL_ENV'))
`;

function configuration(pip: readonly string[], conda: readonly string[] = []): string {
  const dependencies = [...conda, { pip: ['--no-index', ...pip] }];
  return JSON.stringify({ environment: { python: { condaDependencies: { dependencies } } } });
}

/** A source folder with a script that needs a package, a folder of wheels that has it, and the configuration for it. */
async function caseWithWheel(): Promise<Case & { readonly wheels: string }> {
  const wheels = await temporaryFolder();
  await writeWheel(wheels, 'greeting', '1.2', "text = 'hello'\n");
  const made = await newCase({
    'train.py': reportScript,
    'wheel.runconfig': configuration(['azureml-defaults', 'greeting>=1', `--find-links ${wheels}`]),
  });
  return { ...made, wheels };
}

async function logsOf(workspaceFolder: string, runId: string): Promise<{ environment: string; script: string }> {
  const artifacts = join(await folderOf(workspaceFolder, runId), 'artifacts');
  const read = (name: string): Promise<string> => readFile(join(artifacts, name), 'utf8').catch(() => '');
  return { environment: await read(logName), script: await read('logs/std_log.txt') };
}

describe('an environment of packages', { timeout: 3 * minute }, () => {
  it('is made once for all that ask for it, also at once', async () => {
    const { workspaceFolder, submit } = await caseWithWheel();
    const progress: SubmitProgress[] = [];
    const both = await Promise.all([
      submit({ runConfiguration: 'wheel' }, { onProgress: (step) => progress.push(step) }),
      submit({ runConfiguration: 'wheel', experiment: 'other' }),
    ]);
    expect(both.map(({ status, warnings }) => [status, warnings])).toEqual([
      ['Starting', []],
      ['Starting', []],
    ]);
    const third = await submit({ runConfiguration: 'wheel' });
    const [key = '', ...others] = await readdir(environmentsFolder());
    expect(others).toEqual([]);
    const venv = join(environmentsFolder(), key, 'venv');
    const logs: string[] = [];
    for (const { runId } of [...both, third]) {
      const { summary, submission } = await ended(workspaceFolder, runId);
      expect(summary.status).toBe('Completed');
      expect(submission?.interpreter).toBe(join(venv, 'bin', 'python'));
      const { environment, script } = await logsOf(workspaceFolder, runId);
      expect(script.trim().split(' ').at(-1)).toBe(venv);
      expect(script).toContain(`hello ${join(venv, 'lib')}`);
      logs.push(environment);
    }
    expect(logs.filter((text) => text.includes('Making an environment'))).toHaveLength(1);
    expect(logs.filter((text) => text.includes('Successfully installed greeting-1.2'))).toHaveLength(1);
    expect(
      logs.filter((text) => text.includes(`Using the environment ${join(environmentsFolder(), key)}`)),
    ).toHaveLength(2);
    expect(progress.map(({ phase }) => phase)).toContain('environment');

    // To submit a run again takes what its environment was made with: the environment itself may be gone by then.
    const { path } = await findInterpreter([]);
    expect(await baseInterpreterOf(join(venv, 'bin', 'python'))).toBe(path);
    expect(await baseInterpreterOf(path)).toBe(path);
    await rm(environmentsFolder(), { recursive: true });
    expect(await baseInterpreterOf(join(venv, 'bin', 'python'))).toBeUndefined();
  });

  it('is another one where the packages are others', async () => {
    const { workspaceFolder, source, wheels, submit } = await caseWithWheel();
    await writeWheel(wheels, 'greeting', '2.0', "text = 'good day'\n");
    await writeFiles(source, {
      'old.runconfig': configuration(['greeting==1.2', `--find-links ${wheels}`]),
      'file.runconfig': 'environment: {python: {condaDependenciesFile: .azureml/conda.yml}}\n',
      '.azureml/conda.yml': `dependencies:\n- pip: ['--no-index', '-r requirements.txt']\n`,
      'requirements.txt': `./greeting-2.0-py3-none-any.whl\n`,
    });
    await writeWheel(source, 'greeting', '2.0', "text = 'good day'\n");
    const said: string[] = [];
    for (const runConfiguration of ['old', 'file']) {
      const { runId } = await submit({ runConfiguration });
      await ended(workspaceFolder, runId);
      said.push((await logsOf(workspaceFolder, runId)).script.split(' /')[0] ?? '');
    }
    expect(said).toEqual(['hello', 'good day']);
    expect(await readdir(environmentsFolder())).toHaveLength(2);
  });

  it('is not made where the interpreter has the packages, or the person looks after them', async () => {
    const { workspaceFolder, source, submit } = await newCase({
      'train.py': 'print("ran")\n',
      'there.runconfig': configuration(
        ['azureml-sdk[notebooks]==1.20', 'pip>=9'],
        ['python=3.6.2', 'cudatoolkit=10.1'],
      ),
      'own.runconfig': JSON.stringify({
        environment: {
          python: {
            userManagedDependencies: true,
            condaDependencies: { dependencies: [{ pip: ['no-such-package'] }] },
          },
        },
      }),
      'off.runconfig':
        'autoPrepareEnvironment: false\nenvironment: {python: {condaDependencies: {dependencies: [{pip: [nope]}]}}}\n',
    });
    const { path } = await findInterpreter([]);
    for (const [runConfiguration, warnings] of [
      [
        'there',
        [
          expect.stringMatching(
            /Packages of conda are not installed\. Whether .* has these is not known: cudatoolkit\./,
          ),
        ],
      ],
      ['own', []],
      ['off', []],
    ] as const) {
      const submitted = await submit({ runConfiguration });
      expect(submitted.warnings, runConfiguration).toEqual(warnings);
      const { summary, submission } = await ended(workspaceFolder, submitted.runId);
      expect([summary.status, submission?.interpreter]).toEqual(['Completed', path]);
    }
    expect(await isThere(environmentsFolder())).toBe(false);
    expect(await isThere(join(source, 'outputs'))).toBe(false);
  });

  it('that cannot be made fails the run, with what pip says and where its log is', async () => {
    const { workspaceFolder, submit } = await newCase({
      'train.py': 'print("ran")\n',
      'bad.runconfig': configuration(['no-such-package-of-anybody==9.9'], ['python=3.6.2']),
    });
    const { runId, status } = await submit({ runConfiguration: 'bad' });
    expect(status).toBe('Failed');
    const { summary } = await ended(workspaceFolder, runId);
    expect(summary.failure?.message).toContain('No matching distribution found for no-such-package-of-anybody==9.9');
    for (const part of [logName, 'asks for Python 3.6.2', 'userManagedDependencies: true']) {
      expect(summary.failure?.advice).toContain(part);
    }
    const { environment, script } = await logsOf(workspaceFolder, runId);
    expect(environment).toContain('-m pip install');
    expect(script).toBe('');
    const [key = '', ...others] = await readdir(environmentsFolder());
    expect(others).toEqual([]);
    expect(await readdir(join(environmentsFolder(), key))).toEqual(['requirements.txt']);
  });

  it('ends being made when the run is canceled by its id', async () => {
    const folder = await temporaryFolder();
    const { workspaceFolder, submit } = await newCase({
      'train.py': '',
      'endless.runconfig': configuration(['./endless']),
      ...endlessPackage(join(folder, 'pid')),
    });
    const submitted = submit({ runConfiguration: 'endless' });
    await appears(folder, 'pid');
    const [runId = ''] = await runIds(workspaceFolder);
    await cancelRun(workspaceFolder, runId);
    expect((await submitted).status).toBe('Canceled');
    expect((await ended(workspaceFolder, runId)).summary.status).toBe('Canceled');
    await isGone(Number(await readFile(join(folder, 'pid'), 'utf8')));
    expect((await readdir(environmentsFolder())).filter((name) => name.endsWith('.lock'))).toEqual([]);
  });

  it('ends being made when the submission is canceled', async () => {
    const folder = await temporaryFolder();
    const { workspaceFolder, submit } = await newCase({
      'train.py': 'import endless\n',
      'endless.runconfig': configuration(['./endless']),
      ...endlessPackage(join(folder, 'pid')),
    });
    const cancel = new AbortController();
    const submitted = submit({ runConfiguration: 'endless' }, { signal: cancel.signal });
    await appears(folder, 'pid');
    // Another one, which waits for the same environment, makes it after all.
    await writeFile(join(folder, 'pid.go'), '');
    const waiting = submit(
      { runConfiguration: 'endless' },
      { onProgress: ({ message }) => message.startsWith('Waiting') && cancel.abort() },
    );
    expect((await submitted).status).toBe('Canceled');
    const { runId } = await waiting;
    expect((await ended(workspaceFolder, runId)).summary.status).toBe('Completed');
  });

  it('is made by the next one where the process that made it was killed', async () => {
    const folder = await temporaryFolder();
    const { workspaceFolder, source, submit } = await newCase({
      'train.py': 'import endless; print(endless.text)\n',
      'endless.runconfig': configuration(['./endless']),
      ...endlessPackage(join(folder, 'pid')),
    });
    const args = ['run', 'submit-script', '--path', workspaceFolder, '--source-directory', source, '-e', 'iris'];
    const child = spawn(process.execPath, [cliProgram, ...args, '-c', 'endless', 'train.py'], {
      cwd: source,
      stdio: 'ignore',
    });
    await appears(folder, 'pid');
    child.kill('SIGKILL');
    await isGone(Number(await readFile(join(folder, 'pid'), 'utf8')));
    expect((await readdir(environmentsFolder())).some((name) => name.endsWith('.lock'))).toBe(true);
    const made = (await readdir(environmentsFolder())).filter((name) => !name.endsWith('.lock'));
    await writeFile(join(folder, 'pid.go'), '');
    const { runId } = await submit({ runConfiguration: 'endless' });
    expect((await ended(workspaceFolder, runId)).summary.status).toBe('Completed');
    expect((await logsOf(workspaceFolder, runId)).script).toBe('made\n');
    expect(await readdir(environmentsFolder())).toEqual(made);
  });
});

describe('the cache of environments', { timeout: 3 * minute }, () => {
  it('is listed, and cleaned of what nobody uses', async () => {
    const { workspaceFolder, submit } = await caseWithWheel();
    const { runId } = await submit({ runConfiguration: 'wheel' });
    await ended(workspaceFolder, runId);
    const [made, ...others] = await listCachedEnvironments();
    expect(others).toEqual([]);
    expect(made).toMatchObject({ isWhole: true, packages: ['greeting>=1'], base: { path: expect.any(String) } });
    expect(made?.bytes).toBeGreaterThan(100_000);
    const folder = made?.folder ?? '';
    const now = Date.now() / 1000;
    // A run may be about to start with what was asked for a moment ago.
    expect(await cleanCachedEnvironments({ unusedSince: now })).toMatchObject({ removed: [], busy: [{ folder }] });
    await utimes(join(folder, 'environment.json'), now - 3600, now - 3600);
    expect(await cleanCachedEnvironments({ unusedSince: now - 7200 })).toEqual({ removed: [], busy: [] });

    const user = spawn(join(folder, 'venv', 'bin', 'python'), ['-c', "input('ready')"], { stdio: 'pipe' });
    await once(user.stdout, 'data');
    expect(await cleanCachedEnvironments({ unusedSince: now })).toMatchObject({ removed: [], busy: [{ folder }] });
    user.stdin.end();
    await once(user, 'close');
    expect(await cleanCachedEnvironments({ unusedSince: now })).toMatchObject({ removed: [{ folder }], busy: [] });
    expect(await isThere(folder)).toBe(false);
    expect(await listCachedEnvironments()).toEqual([]);
  });
});

describe('a submission whose packages cannot be read', () => {
  it.each([
    ['environment: {python: {condaDependenciesFile: conda.yml}}', {}, /conda\.yml, which does not exist/],
    ['environment: {python: {condaDependenciesFile: conda.yml}}', { 'conda.yml': 'a: [' }, /conda\.yml is not YAML/],
    [
      'environment: {python: {condaDependenciesFile: conda.yml}}',
      { 'conda.yml': '- numpy' },
      /not a conda environment/,
    ],
    [
      'environment: {python: {condaDependencies: {dependencies: [3.8]}}}',
      {},
      /bad\.runconfig, line 1, column \d+: .*dependencies/,
    ],
    ['environment: {python: {condaDependencies: {dependencies: [{pip: [-r no.txt]}]}}}', {}, /no\.txt, which does not/],
  ])('is refused, and no run is made: %s %j', async (text, files, message) => {
    const { workspaceFolder, submit } = await newCase({ 'train.py': '', 'bad.runconfig': `${text}\n`, ...files });
    await expect(submit({ runConfiguration: 'bad' })).rejects.toMatchObject({
      reason: 'invalid-run-configuration',
      message: expect.stringMatching(message),
      advice: expect.any(String),
    });
    expect(await runIds(workspaceFolder)).toEqual([]);
  });
});
