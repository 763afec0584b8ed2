import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { activeMarker, runsFolder, storeFolder } from '../../src/core/store/storeLayout.ts';
import { cancelRun } from '../../src/core/submission/cancelRun.ts';
import { type DebuggedRun, type DebugOptions, startDebuggedRun } from '../../src/core/submission/debuggedRun.ts';
import { DebugMessages } from '../../src/extension/debug/debugMessages.ts';
import { pythonSdkFolder, sourceFolder, writeFiles } from '../support/sourceFolder.ts';
import { isThere } from '../support/submittedRun.ts';
import { openTestCatalog, temporaryWorkspace } from '../support/temporaryStore.ts';

function start(workspaceFolder: string, source: string, options: Partial<DebugOptions> = {}): Promise<DebuggedRun> {
  return startDebuggedRun(
    {
      workspaceFolder,
      experiment: 'debugging',
      scriptPath: join(source, 'train.py'),
      sourceDirectory: source,
      arguments: ['--lr', '0.1'],
      interpreterCandidates: [],
    },
    { pythonSdkFolder, cliCommand: ['runledger'], createdBy: 'test/1', ...options },
  );
}

async function debugged(text: string) {
  const workspaceFolder = await temporaryWorkspace();
  const source = await sourceFolder({ 'train.py': text });
  const run = await start(workspaceFolder, source);
  const catalog = await openTestCatalog(workspaceFolder);
  return { run, messages: new DebugMessages(run), details: () => catalog.details(run.runId), workspaceFolder, source };
}

/** Runs the script as a debugger would, telling what debugpy tells of it. */
async function runScript(run: DebuggedRun, messages: DebugMessages, source: string): Promise<void> {
  const child = spawn(run.interpreter, ['train.py'], {
    cwd: source,
    env: { ...process.env, ...run.environment(process.env) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const event = (name: string, body: object): void => messages.sent({ type: 'event', event: name, body });
  event('process', { systemProcessId: child.pid });
  child.stdout.on('data', (data) => event('output', { category: 'stdout', output: String(data) }));
  child.stderr.on('data', (data) => event('output', { category: 'stderr', output: String(data) }));
  const [exitCode] = await once(child, 'close');
  event('exited', { exitCode });
  event('terminated', {});
  messages.received({ type: 'request', command: 'disconnect' });
}

describe('a script under the debugger', () => {
  it('is a run: its values, its output, its code, and its end', async () => {
    const { run, messages, details, source } = await debugged(
      'from azureml.core import Run\nRun.get_context().log("loss", 0.5)\nprint("done")\n',
    );
    expect((await details()).summary.status).toBe('Preparing');
    await runScript(run, messages, source);
    // The script is gone, and how it ended is not recorded yet: it has not failed for that.
    expect((await details()).summary.status).toBe('Running');
    await run.end(messages.ending);
    const { summary, metrics, snapshot, submission, folder, tags } = await details();
    expect(summary).toMatchObject({ status: 'Completed', exitCode: 0, script: 'train.py', experiment: 'debugging' });
    expect(metrics.map(({ name, last }) => [name, last])).toEqual([['loss', 0.5]]);
    expect(submission).toMatchObject({ inPlace: true, arguments: ['--lr', '0.1'], sourceDirectory: source });
    expect({ files: snapshot?.files, tags }).toEqual({ files: 1, tags: { debugged: null } });
    expect(await readFile(join(folder, 'artifacts', 'logs', 'std_log.txt'), 'utf8')).toBe('done\n');
  });

  it('fails with what it raised', async () => {
    const { run, messages, details, source } = await debugged('raise ValueError("no data")\n');
    await runScript(run, messages, source);
    await run.end(messages.ending);
    expect((await details()).summary).toMatchObject({
      status: 'Failed',
      exitCode: 1,
      failure: {
        message: 'ValueError: no data',
        type: 'ValueError',
        traceback: expect.stringContaining('Traceback (most recent call last):'),
      },
    });
  });

  it('is canceled when the person stops it, in the debugger or by the run', async () => {
    const stopped = await debugged('');
    stopped.messages.received({ type: 'request', command: 'disconnect' });
    stopped.messages.sent({ type: 'event', event: 'exited', body: { exitCode: 247 } });
    await stopped.run.end(stopped.messages.ending);
    expect((await stopped.details()).summary.status).toBe('Canceled');

    const canceled = await debugged('import time\nprint("up", flush=True)\ntime.sleep(60)\n');
    const ended = runScript(canceled.run, canceled.messages, canceled.source);
    while ((await canceled.details()).summary.status !== 'Running') {
      await new Promise((resolve) => setImmediate(resolve));
    }
    await cancelRun(canceled.workspaceFolder, canceled.run.runId);
    await ended;
    await canceled.run.end(canceled.messages.ending);
    expect((await canceled.details()).summary).toMatchObject({ status: 'Canceled', failure: undefined });
  });

  it('fails where the debugger ends without a word', async () => {
    const { run, messages, details } = await debugged('');
    await run.end(messages.ending);
    expect((await details()).summary.failure?.message).toBe('The debugger ended without telling how the script did.');
  });

  it('fails where its snapshot cannot be stored, and nothing waits for it', async () => {
    const { workspaceFolder, source, run } = await debugged('');
    await run.end({ kind: 'stopped' });
    const snapshots = join(storeFolder(workspaceFolder), 'snapshots');
    await rm(snapshots, { recursive: true });
    await writeFile(snapshots, 'a file where the folder should be');
    await writeFiles(source, { 'other.py': '' });
    await expect(start(workspaceFolder, source)).rejects.toMatchObject({
      message: expect.stringContaining('snapshot'),
    });
    const runId = (await readdir(runsFolder(workspaceFolder, 'debugging'))).find((id) => id !== run.runId) ?? '';
    const { summary } = await (await openTestCatalog(workspaceFolder)).details(runId);
    expect(summary).toMatchObject({ status: 'Failed', failure: { message: expect.stringContaining('snapshot') } });
    expect(await isThere(activeMarker(workspaceFolder, runId))).toBe(false);
  });

  it('is canceled where the person gives up while its snapshot is taken', async () => {
    const workspaceFolder = await temporaryWorkspace();
    const source = await sourceFolder({ 'train.py': '', 'data.txt': 'rows' });
    const abort = new AbortController();
    const giveUp = { signal: abort.signal, onSnapshot: () => abort.abort() };
    await expect(start(workspaceFolder, source, giveUp)).rejects.toMatchObject({ reason: 'canceled' });
    const [runId = ''] = await readdir(runsFolder(workspaceFolder, 'debugging'));
    const { summary } = await (await openTestCatalog(workspaceFolder)).details(runId);
    expect(summary).toMatchObject({ status: 'Canceled', failure: undefined });
    expect(await isThere(activeMarker(workspaceFolder, runId))).toBe(false);
  });

  it('makes no run of what cannot be run', async () => {
    await expect(debugged('def :\n')).rejects.toMatchObject({ reason: 'script-syntax' });
  });
});
