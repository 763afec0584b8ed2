import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { RunledgerError } from '../../src/core/base/errors.ts';
import { activeMarker, storeFolder, workspaceFile } from '../../src/core/store/storeLayout.ts';
import { cancelRun } from '../../src/core/submission/cancelRun.ts';
import type { SubmitProgress, SubmitRequest } from '../../src/core/submission/submission.ts';
import { shellProgram, temporaryFolder, writeFiles } from '../support/sourceFolder.ts';
import { ended, isThere, newCase, runIds } from '../support/submittedRun.ts';
import { onCleanup, openTestCatalog } from '../support/temporaryStore.ts';

afterEach(() => vi.unstubAllEnvs());

describe('a submission that cannot be', () => {
  it.each<[string, Partial<SubmitRequest>, Partial<RunledgerError>]>([
    [
      'a script that is missing',
      { scriptPath: '/nowhere/train.py' },
      { reason: 'script-not-found', message: expect.stringContaining('/nowhere/train.py') },
    ],
    ['a script that is a folder', { scriptPath: '/tmp' }, { reason: 'script-not-found' }],
    [
      'a script outside the source folder',
      { sourceDirectory: '/usr/bin' },
      { reason: 'invalid-argument', message: expect.stringContaining('/usr/bin') },
    ],
    [
      'a source folder that is missing',
      { sourceDirectory: '/nowhere' },
      { reason: 'invalid-argument', message: expect.stringContaining('/nowhere') },
    ],
    ['a bad name', { experiment: '../escape' }, { reason: 'invalid-name' }],
    ['no such run configuration', { runConfiguration: 'nobody' }, { reason: 'not-found' }],
    [
      'an interpreter that is missing',
      { interpreterCandidates: ['/no/python'] },
      { reason: 'interpreter-not-found', message: expect.stringContaining('/no/python') },
    ],
    ['no workspace', { workspaceFolder: '/usr' }, { reason: 'not-a-store' }],
  ])('says so and makes no run: %s', async (_what, request, error) => {
    const { workspaceFolder, submit } = await newCase({ 'train.py': '' });
    await expect(submit(request)).rejects.toMatchObject({ name: 'RunledgerError', ...error });
    expect(await runIds(workspaceFolder)).toEqual([]);
  });

  it('says so and makes no run: a syntax error, an old Python, a bad run configuration, an ignored script', async () => {
    const { workspaceFolder, source, submit } = await newCase({
      'train.py': 'def f(:\n',
      'fine.py': '',
      'hidden/train.py': '',
      '.gitignore': 'hidden/\n',
      'bad.runconfig': 'target: local\narguments: 3\n',
      'cloud.runconfig': 'target: cpu-cluster\n',
    });
    const fine = join(source, 'fine.py');
    await expect(submit()).rejects.toMatchObject({ reason: 'script-syntax', line: 1, file: join(source, 'train.py') });
    const old = await shellProgram(source, 'old-python', 'echo Python 3.7.9');
    await expect(submit({ scriptPath: fine, interpreterCandidates: [old] })).rejects.toMatchObject({
      reason: 'interpreter-too-old',
    });
    await expect(submit({ scriptPath: fine, runConfiguration: 'bad' })).rejects.toMatchObject({
      reason: 'invalid-run-configuration',
      message: expect.stringContaining('bad.runconfig, line 2, column 12'),
    });
    await expect(submit({ scriptPath: fine, runConfiguration: 'cloud' })).rejects.toMatchObject({
      reason: 'unsupported-target',
    });
    const hidden = join(source, 'hidden', 'train.py');
    await expect(submit({ scriptPath: hidden })).rejects.toMatchObject({
      reason: 'invalid-argument',
      message: expect.stringContaining('.gitignore'),
    });
    expect(await runIds(workspaceFolder)).toEqual([]);
    await expect(submit({ scriptPath: hidden, runConfiguration: 'local (in place)' })).resolves.toMatchObject({
      number: 1,
    });
  });

  it('leaves a store of a newer version alone', async () => {
    const { workspaceFolder, submit } = await newCase({ 'train.py': '' });
    const text = (await readFile(workspaceFile(workspaceFolder), 'utf8')).replace('"format": 1', '"format": 2');
    await writeFile(workspaceFile(workspaceFolder), text);
    await expect(submit()).rejects.toMatchObject({
      reason: 'newer-format',
      advice: expect.stringContaining('Update Runledger'),
    });
    expect(await readFile(workspaceFile(workspaceFolder), 'utf8')).toBe(text);
    expect(await runIds(workspaceFolder)).toEqual([]);
  });

  it('names the folder that cannot be written', async () => {
    const { workspaceFolder, submit } = await newCase({ 'train.py': '' });
    await rm(join(storeFolder(workspaceFolder), 'experiments'), { recursive: true });
    await writeFile(join(storeFolder(workspaceFolder), 'experiments'), 'a file where the folder should be');
    await expect(submit()).rejects.toSatisfy(
      (error: unknown) => error instanceof RunledgerError && error.message.includes(storeFolder(workspaceFolder)),
    );
  });
});

/** A small file system of its own can be full, or read only, for root too. */
const canMount = process.getuid?.() === 0 && process.platform === 'linux' && isMountAllowed();

function isMountAllowed(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'runledger-mount-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', folder], { stdio: 'ignore' });
    execFileSync('umount', [folder]);
    return true;
  } catch {
    return false;
  } finally {
    rmdirSync(folder);
  }
}

describe.runIf(canMount)('a store on a file system of its own', () => {
  async function mountedCase() {
    const { workspaceFolder, submit } = await newCase({
      'train.py': "print('hello')\n",
      'noise.bin': randomBytes(600_000).toString('base64'),
    });
    const folder = storeFolder(workspaceFolder);
    const aside = join(workspaceFolder, 'aside');
    await rename(folder, aside);
    await mkdir(folder);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=512k', 'tmpfs', folder]);
    onCleanup(() => {
      execFileSync('umount', ['-l', folder]);
    });
    await cp(aside, folder, { recursive: true });
    return { workspaceFolder, folder, submit };
  }

  it('that has no room for the snapshot fails the run with that reason, and keeps what is there', async () => {
    const { workspaceFolder, folder, submit } = await mountedCase();
    const { runId, status } = await submit();
    expect(status).toBe('Failed');
    const { summary } = await ended(workspaceFolder, runId);
    expect(summary.failure).toMatchObject({
      message: expect.stringContaining('no space is left'),
      advice: expect.stringContaining('Free some space'),
    });
    expect(await readdir(join(folder, 'snapshots'))).toEqual([]);
  });

  it('that is full refuses, and what is there can be read', async () => {
    const { workspaceFolder, folder, submit } = await mountedCase();
    const { runId } = await submit();
    await writeFile(join(folder, 'filler'), Buffer.alloc(512 * 1024)).catch(() => {});
    await expect(submit()).rejects.toMatchObject({ reason: 'disk-full' });
    const catalog = await openTestCatalog(workspaceFolder);
    const { items } = await catalog.runs({ experimentKey: 'iris', limit: 10 });
    expect(items.map((entry) => entry.id)).toEqual([runId]);
  });

  it('that cannot be written refuses', async () => {
    const { workspaceFolder, folder, submit } = await mountedCase();
    execFileSync('mount', ['-o', 'remount,ro', folder]);
    await expect(submit()).rejects.toMatchObject({
      reason: 'not-writable',
      message: expect.stringContaining(workspaceFolder),
    });
  });
});

describe('a run that could not be started', () => {
  it('is Failed with the reason where the snapshot cannot be stored', async () => {
    const { workspaceFolder, submit } = await newCase({ 'train.py': '' });
    await rm(join(storeFolder(workspaceFolder), 'snapshots'), { recursive: true });
    await writeFile(join(storeFolder(workspaceFolder), 'snapshots'), 'a file where the folder should be');
    const { runId, status } = await submit();
    expect(status).toBe('Failed');
    const { summary } = await ended(workspaceFolder, runId);
    expect(summary).toMatchObject({ status: 'Failed', failure: { message: expect.stringContaining('snapshot') } });
    expect(await isThere(activeMarker(workspaceFolder, runId))).toBe(false);
  });

  it.each([
    ['is not there', undefined, /exit code 1\).*No module named/],
    ['refuses', 'print(\'{"error": "The disk is on fire."}\')', /The run could not be started: The disk is on fire\./],
    ['says something else', "print('hello')", /it answered "hello"/],
    ['ends by a signal', 'import os; os.kill(os.getpid(), 9)', /signal SIGKILL/],
  ])('is Failed with the reason where the supervisor %s', async (_what, program, message) => {
    const { workspaceFolder, submit } = await newCase({ 'train.py': '' });
    const sdk = await temporaryFolder();
    if (program !== undefined) {
      await writeFiles(sdk, { 'runledger/__init__.py': '', 'runledger/supervisor.py': program });
    }
    const { runId, status } = await submit({}, { pythonSdkFolder: sdk });
    expect(status).toBe('Failed');
    const { summary, folder } = await ended(workspaceFolder, runId);
    expect(summary.failure?.message).toMatch(message);
    expect(summary.failure?.advice).toContain('logs/system_log.txt');
    expect(await isThere(join(folder, 'artifacts', 'logs', 'system_log.txt'))).toBe(true);
  });

  it('is Canceled where the signal came before', async () => {
    const { workspaceFolder, submit } = await newCase({ 'train.py': '' });
    const stop = new AbortController();
    const onProgress = ({ phase }: SubmitProgress): void => {
      if (phase === 'snapshot') {
        stop.abort();
      }
    };
    const { runId, status } = await submit({}, { signal: stop.signal, onProgress });
    expect(status).toBe('Canceled');
    expect((await ended(workspaceFolder, runId)).summary.status).toBe('Canceled');
    await expect(submit({}, { signal: stop.signal })).rejects.toMatchObject({ reason: 'canceled' });
    expect(await runIds(workspaceFolder)).toHaveLength(1);
  });

  it('is Canceled where somebody canceled it by its id meanwhile', async () => {
    const { workspaceFolder, submit } = await newCase({ 'train.py': '' });
    let canceled: Promise<void> | undefined;
    const submitted = await submit(
      {},
      {
        onProgress: ({ phase }) => {
          if (phase === 'snapshot') {
            canceled ??= runIds(workspaceFolder).then(([runId = '']) => cancelRun(workspaceFolder, runId));
          }
        },
      },
    );
    await canceled;
    const { summary } = await ended(workspaceFolder, submitted.runId);
    expect(summary.status).toBe('Canceled');
  });
});
