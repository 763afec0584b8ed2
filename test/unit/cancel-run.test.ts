import { spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ProcessIdentity } from '../../src/core/store/journalRecords.ts';
import { bootId, currentProcessIdentity, livenessOf } from '../../src/core/store/processIdentity.ts';
import { activeMarker } from '../../src/core/store/storeLayout.ts';
import { cancelRun } from '../../src/core/submission/cancelRun.ts';
import { runProgram } from '../support/sourceFolder.ts';
import { ended, folderOf, isThere, newCase, until } from '../support/submittedRun.ts';
import { newRun, openTestCatalog, openTestJournal, record, temporaryWorkspace } from '../support/temporaryStore.ts';

afterEach(() => vi.unstubAllEnvs());

describe('canceling', () => {
  const sleeper = `
import subprocess, sys, time
child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])
with open('outputs/child', 'w') as f:
    f.write(str(child.pid))
print('ready', flush=True)
time.sleep(60)
`;

  async function sleepingRun() {
    const { workspaceFolder, submit } = await newCase({ 'train.py': sleeper });
    const { runId } = await submit();
    const catalog = await openTestCatalog(workspaceFolder);
    await until(catalog, runId, ({ summary }) => summary.status === 'Running');
    return { workspaceFolder, runId, folder: await folderOf(workspaceFolder, runId) };
  }

  it('ends the process, also when two ask at once', async () => {
    const { workspaceFolder, runId } = await sleepingRun();
    await Promise.all([cancelRun(workspaceFolder, runId), cancelRun(workspaceFolder, runId)]);
    const { summary } = await ended(workspaceFolder, runId);
    expect(summary.status).toBe('Canceled');
    await expect(cancelRun(workspaceFolder, runId)).rejects.toMatchObject({
      reason: 'invalid-state',
      message: expect.stringContaining('Canceled'),
    });
    expect(await isThere(activeMarker(workspaceFolder, runId))).toBe(false);
  });

  it('ends the script of a supervisor that was killed', async () => {
    const { workspaceFolder, runId, folder } = await sleepingRun();
    const processes = new Map<string, ProcessIdentity>();
    for (const name of await readdir(join(folder, 'journal'))) {
      for (const line of (await readFile(join(folder, 'journal', name), 'utf8')).split('\n').filter(Boolean)) {
        const value = JSON.parse(line) as { k: string; role: string } & ProcessIdentity;
        if (value.k === 'process') {
          processes.set(value.role, value);
        }
      }
    }
    const { pid: supervisor } = processes.get('supervisor') as ProcessIdentity;
    const gone = runProgram('tail', [`--pid=${supervisor}`, '-f', '/dev/null'], folder);
    process.kill(supervisor, 'SIGKILL');
    await gone;
    await cancelRun(workspaceFolder, runId);
    const { summary } = await ended(workspaceFolder, runId);
    expect(summary.status).toBe('Canceled');
    expect(await livenessOf(processes.get('script') as ProcessIdentity)).toBe('dead');
    expect(await isThere(activeMarker(workspaceFolder, runId))).toBe(false);
  });

  it('of a run without processes, or whose processes are gone, is recorded at once', async () => {
    const workspaceFolder = await temporaryWorkspace();
    const untouched = await newRun(workspaceFolder);
    await cancelRun(workspaceFolder, untouched.runId);
    expect((await ended(workspaceFolder, untouched.runId)).summary.status).toBe('Canceled');

    const dead = spawn('true');
    await new Promise((resolve) => dead.once('exit', resolve));
    const { host } = await currentProcessIdentity();
    const orphaned = await newRun(workspaceFolder);
    const identity = { pid: dead.pid ?? 0, startTime: '1', bootId: await bootId(), host };
    await record(
      workspaceFolder,
      orphaned,
      { k: 'process', role: 'supervisor', ...identity },
      { k: 'status', v: 'CancelRequested' },
    );
    await cancelRun(workspaceFolder, orphaned.runId);
    expect((await ended(workspaceFolder, orphaned.runId)).summary.status).toBe('Canceled');
  });

  it('of an interactive run leaves its process alone', async () => {
    const workspaceFolder = await temporaryWorkspace();
    const run = await newRun(workspaceFolder, { type: undefined });
    const session = spawn('sleep', ['600']);
    try {
      const journal = await openTestJournal(workspaceFolder, run);
      const { host } = await currentProcessIdentity();
      await journal.append({
        k: 'process',
        role: 'interactive',
        pid: session.pid ?? 0,
        startTime: '',
        bootId: await bootId(),
        host,
      });
      await journal.append({ k: 'status', v: 'Running' });
      await journal.close();
      await cancelRun(workspaceFolder, run.runId);
      expect((await ended(workspaceFolder, run.runId)).summary.status).toBe('Canceled');
      expect(session.exitCode).toBeNull();
      expect(session.kill(0)).toBe(true);
    } finally {
      session.kill('SIGKILL');
    }
  });

  it('of a run on another host asks and waits', async () => {
    const workspaceFolder = await temporaryWorkspace();
    const run = await newRun(workspaceFolder);
    const identity = { pid: 1, startTime: '1', bootId: 'another', host: 'another-host' };
    await record(
      workspaceFolder,
      run,
      { k: 'process', role: 'supervisor', ...identity },
      { k: 'status', v: 'Running' },
    );
    await cancelRun(workspaceFolder, run.runId);
    const catalog = await openTestCatalog(workspaceFolder);
    expect((await catalog.details(run.runId)).summary.status).toBe('CancelRequested');
    expect(await isThere(join(run.folder, 'cancel'))).toBe(true);
    expect(await isThere(activeMarker(workspaceFolder, run.runId))).toBe(true);
  });

  it('of no run is an error', async () => {
    const workspaceFolder = await temporaryWorkspace();
    await expect(cancelRun(workspaceFolder, 'nobody')).rejects.toMatchObject({ reason: 'not-found' });
    await expect(cancelRun(workspaceFolder, '../../etc')).rejects.toMatchObject({ reason: 'invalid-name' });
  });
});
