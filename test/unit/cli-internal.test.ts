import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { childrenFolder } from '../../src/core/store/storeLayout.ts';
import { cliProgram } from '../support/commandLine.ts';
import { sourceFolder } from '../support/sourceFolder.ts';
import { ended } from '../support/submittedRun.ts';
import { newRun, temporaryWorkspace } from '../support/temporaryStore.ts';

interface Answer {
  readonly code: number;
  readonly value: Readonly<Record<string, unknown>>;
}

/** Calls a command as the Python SDK does. */
function call(command: string, input: unknown): Promise<Answer> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [cliProgram, 'internal', command], (error, stdout) => {
      resolve({ code: error === null ? 0 : Number(error.code), value: JSON.parse(stdout) });
    });
    child.stdin?.end(typeof input === 'string' ? input : JSON.stringify(input));
  });
}

describe('the commands for the Python SDK', () => {
  it('submit a command as a child run, with a configuration that is in no file', async () => {
    const workspaceFolder = await temporaryWorkspace();
    const sourceDirectory = await sourceFolder({
      'say.py': 'import os, sys\nprint(os.environ["WHO"], sys.argv[1:])\n',
    });
    const parent = await newRun(workspaceFolder);
    const { code, value } = await call('submit', {
      workspaceFolder,
      experiment: parent.experiment,
      sourceDirectory,
      command: ['python3', 'say.py', '--lr', '0.1'],
      configuration: { target: 'local', environment: { environmentVariables: { WHO: 'me' } } },
      parentId: parent.runId,
      runId: 'HD_1_0',
      tags: { kind: 'trial' },
      properties: { hyperparameters: '{}' },
    });
    expect(code).toBe(0);
    expect(value).toMatchObject({ id: 'HD_1_0', number: 2, status: 'Starting', warnings: [] });
    expect(await readdir(childrenFolder(parent.folder))).toEqual(['HD_1_0']);
    const details = await ended(workspaceFolder, 'HD_1_0');
    expect(details).toMatchObject({ summary: { status: 'Completed' }, tags: { kind: 'trial' } });
    expect(details.properties.hyperparameters).toBe('{}');
    const record = JSON.parse(await readFile(join(details.folder, 'run.json'), 'utf8'));
    expect(record).toMatchObject({
      parentId: parent.runId,
      submission: { script: null, command: ['python3', 'say.py', '--lr', '0.1'] },
    });
    expect(await readFile(join(details.folder, 'artifacts', 'logs', 'std_log.txt'), 'utf8')).toBe(
      "me ['--lr', '0.1']\n",
    );
  });

  it('refuse with a reason, and make no run', async () => {
    const workspaceFolder = await temporaryWorkspace();
    const sourceDirectory = await sourceFolder({ 'train.py': '' });
    const request = { workspaceFolder, experiment: 'a', sourceDirectory, script: 'train.py' };
    const reasons = await Promise.all(
      [
        { ...request, script: null },
        { ...request, command: ['true'] },
        { ...request, script: 'other.py' },
        { ...request, parentId: 'nobody' },
        { ...request, arguments: [1] },
        'not JSON',
      ].map(async (input) => {
        const { code, value } = await call('submit', input);
        expect(code).toBe(1);
        return (value.error as { reason: string }).reason;
      }),
    );
    expect(reasons).toEqual([
      'invalid-argument',
      'invalid-argument',
      'script-not-found',
      'not-found',
      'invalid-argument',
      'invalid-argument',
    ]);
    expect(await readdir(join(workspaceFolder, '.runledger', 'experiments'))).toEqual([]);
  });

  it('read and write YAML', async () => {
    const text = 'name: env\ndependencies:\n  - python=3.8\n  - pip:\n      - numpy\n';
    const { value } = await call('yaml-parse', { text });
    expect(value).toEqual({ value: { name: 'env', dependencies: ['python=3.8', { pip: ['numpy'] }] } });
    expect((await call('yaml-write', value)).value).toEqual({ text });
    expect(await call('yaml-parse', { text: 'a: [' })).toMatchObject({
      code: 1,
      value: { error: { reason: 'invalid-argument' } },
    });
  });
});
