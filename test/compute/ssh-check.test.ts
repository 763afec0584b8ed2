import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findComputeTarget } from '../../src/core/compute/computeTargets.ts';
import { storeFolder } from '../../src/core/store/storeLayout.ts';
import { isSshServerMissing } from '../support/backends/sshServer.ts';
import { pythonSdkFolder } from '../support/sourceFolder.ts';
import { sshCase } from '../support/sshCase.ts';
import { ended, runIds } from '../support/submittedRun.ts';
import { temporaryFolder } from '../support/temporaryStore.ts';

const files = { 'train.py': 'print(1)' };

async function check(workspaceFolder: string): Promise<readonly string[]> {
  const target = await findComputeTarget(workspaceFolder, 'lab');
  const findings = await target.check({ workspaceFolder, interpreterCandidates: [], pythonSdkFolder });
  return findings.map(({ subject, isGood, message, advice }) => {
    return isGood ? `${subject}: ${message}` : `${subject} is bad: ${message} ${advice ?? ''}`;
  });
}

describe.skipIf(isSshServerMissing)('the check of a compute target of type ssh', () => {
  it('tells of the connection, the Python there and the folder', async () => {
    const { workspaceFolder, server } = await sshCase(files);
    expect(await check(workspaceFolder)).toEqual([
      'Connection: lab-gpu answers',
      expect.stringMatching(/^Python: \/.*python3.*, version 3\.\d+/),
      expect.stringMatching(new RegExp(`^Folder: ${server.folder}, [\\d.]+ GB free`)),
    ]);
  });

  it.each([
    [{ host: 'no-such-host.invalid' }, /nothing is known by the name no-such-host.invalid.*Host in ~\/\.ssh\/config/],
    [{ port: 1 }, /nothing listens there/],
    [{ configFile: '/no/such/config' }, /there is no file \/no\/such\/config/],
    [{ python: 'python9.9' }, /There is no python9.9 on lab-gpu/],
    [{ python: '/bin/echo' }, /\/bin\/echo on lab-gpu/],
    [{ folder: '/proc/nowhere' }, /proc\/nowhere/],
  ])('says what is wrong with %j', async (settings, message) => {
    const { workspaceFolder, submit } = await sshCase(files, settings);
    const found = (await check(workspaceFolder)).at(-1) ?? '';
    expect(found).toMatch(message);
    expect(found).toContain(' is bad: ');
    // And so does a submission, before there is a run.
    await expect(submit()).rejects.toThrow(/on lab-gpu|cannot be reached|proc/i);
    expect(await runIds(workspaceFolder)).toEqual([]);
  });

  it('tells a key that has changed from one that is not known, and from one that is refused', async () => {
    const { workspaceFolder, server } = await sshCase(files);
    const known = `[127.0.0.1]:${server.port} ssh-ed25519`;
    await writeFile(
      server.knownHosts,
      `${known} AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f\n`,
    );
    expect((await check(workspaceFolder)).at(-1)).toMatch(/its host key has changed.*ssh-keygen -R/);
    await writeFile(server.knownHosts, '');
    expect((await check(workspaceFolder)).at(-1)).toMatch(/its host key is not known yet.*ssh lab-gpu/);
  });

  it('says that a Python is too old', async () => {
    const folder = await temporaryFolder();
    const python = join(folder, 'python2');
    // What Python 2 says to the option that keeps the user's own files out of the agent.
    await writeFile(python, '#!/bin/sh\necho "Unknown option: -I" >&2\nexit 2\n');
    await chmod(python, 0o755);
    const { workspaceFolder } = await sshCase(files, { python });
    expect((await check(workspaceFolder)).at(-1)).toMatch(/python2 on lab-gpu is Python 2; Runledger needs Python 3.8/);
  });
});

describe.skipIf(isSshServerMissing)('a submission to another host', () => {
  it.each([
    [
      'environment: {python: {userManagedDependencies: true, interpreterPath: venv/bin/python}}\n',
      /the interpreter venv\/bin\/python, in the source folder/,
    ],
    [
      'environment: {python: {userManagedDependencies: true, interpreterPath: /no/such/python}}\n',
      /There is no Python interpreter \/no\/such\/python on lab-gpu/,
    ],
  ])('is refused with %j, and no run is made', async (text, message) => {
    const { workspaceFolder, source, submit } = await sshCase(files);
    await mkdir(join(source, '.azureml'), { recursive: true });
    await writeFile(join(source, '.azureml', 'lab.runconfig'), `target: lab\n${text}`);
    await expect(submit()).rejects.toThrow(message);
    expect(await runIds(workspaceFolder)).toEqual([]);
  });

  it('fails where it is given a place in the workspace here, and says so', async () => {
    const { workspaceFolder, submit } = await sshCase(files);
    const data = join(storeFolder(workspaceFolder), 'data', 'workspaceblobstore', 'out');
    const { runId, status } = await submit({ arguments: ['--out', data] });
    expect(status).toBe('Failed');
    expect((await ended(workspaceFolder, runId)).summary.failure?.message).toContain(
      `${data}, which is in the workspace`,
    );
  });

  it('is refused where the script does not compile there', async () => {
    const { workspaceFolder, submit } = await sshCase({ 'train.py': 'print((1)\n' });
    await expect(submit()).rejects.toMatchObject({ reason: 'script-syntax' });
    expect(await runIds(workspaceFolder)).toEqual([]);
  });
});
