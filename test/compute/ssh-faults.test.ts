import { spawn } from 'node:child_process';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { askToCancel } from '../../src/core/compute/cancellation.ts';
import { collectRun } from '../../src/core/compute/collection/collector.ts';
import { resumeCollections } from '../../src/core/compute/collection/startCollector.ts';
import type { ProcessIdentity } from '../../src/core/store/journalRecords.ts';
import { livenessOf } from '../../src/core/store/processIdentity.ts';
import { cancelRun } from '../../src/core/submission/cancelRun.ts';
import { isSshServerMissing } from '../support/backends/sshServer.ts';
import { kill, killProcessOf } from '../support/killedProcess.ts';
import { pythonSdkFolder } from '../support/sourceFolder.ts';
import { cliCommand, sshCase } from '../support/sshCase.ts';
import { ended, folderOf, until } from '../support/submittedRun.ts';
import { onCleanup, openTestCatalog } from '../support/temporaryStore.ts';
import { isLocked, stubborn, stubbornIsReady } from './stubbornScript.ts';

const [node, program] = cliCommand;

/** Logs two values, the second one when the test says so; then writes so much that bringing it home takes a while. */
const script = `
import os, sys, time
from azureml.core import Run
run = Run.get_context()
run.log('loss', 1.0)
print('first line', flush=True)
while not os.path.exists(sys.argv[1]):
    time.sleep(0.02)
run.log('loss', 0.5)
os.makedirs('outputs', exist_ok=True)
with open('outputs/weights.bin', 'wb') as f:
    for part in range(192):
        f.write(bytes([part]) * (1 << 20))
print('last line')
`;

/** Kills what brings a run home, once something has happened. */
async function killCollector(runFolder: string, when: () => Promise<void> = async () => {}): Promise<void> {
  const folder = join(runFolder, 'collectors');
  const names = (await readdir(folder)).map(Number).sort((a, b) => a - b);
  const claim = JSON.parse(await readFile(join(folder, String(names.at(-1))), 'utf8')) as ProcessIdentity;
  // Nothing comes between that and the end of it: a moment later it might be done.
  await when();
  kill(claim.pid);
  while ((await livenessOf(claim)) === 'alive') {
    await delay(20);
  }
}

/** Resolves once some of the output has come, and not all of it. */
async function partsOf(runFolder: string): Promise<void> {
  const folder = join(runFolder, 'artifacts/outputs');
  while (!(await readdir(folder).catch(() => [])).some((name) => name.endsWith('.tmp'))) {
    await delay(20);
  }
}

async function expectWhole(runFolder: string): Promise<void> {
  const weights = await readFile(join(runFolder, 'artifacts/outputs/weights.bin'));
  expect(weights).toHaveLength(192 << 20);
  expect([weights[0], weights[(191 << 20) + 5]]).toEqual([0, 191]);
  expect(await readFile(join(runFolder, 'artifacts/logs/std_log.txt'), 'utf8')).toBe('first line\nlast line\n');
}

async function runningCase(): ReturnType<typeof sshCase> extends Promise<infer TCase>
  ? Promise<TCase & { readonly runId: string; readonly runFolder: string; readonly release: string }>
  : never {
  const made = await sshCase({ 'train.py': script });
  const release = join(made.source, 'release');
  const { runId } = await made.submit({ arguments: [release] });
  const catalog = await openTestCatalog(made.workspaceFolder);
  await until(catalog, runId, ({ metrics }) => metrics.some(({ name }) => name === 'loss'));
  return { ...made, runId, release, runFolder: await folderOf(made.workspaceFolder, runId) };
}

describe.skipIf(isSshServerMissing)('a run on another host', () => {
  it('survives that its connection is cut, and that its host is away for a while', async () => {
    const { server, workspaceFolder, runId, runFolder, release } = await runningCase();
    await server.cut();
    await server.stop();
    // Meanwhile it goes on, and ends.
    await writeFile(release, '');
    await server.start();
    const details = await ended(workspaceFolder, runId);
    expect(details.summary.status).toBe('Completed');
    expect(details.metrics.find(({ name }) => name === 'loss')).toMatchObject({ count: 2, last: 0.5 });
    await expectWhole(runFolder);
  });

  it('is brought home by another collector where the first one was killed, and from where that one was', async () => {
    const { workspaceFolder, runId, runFolder, release } = await runningCase();
    await killCollector(runFolder);
    await writeFile(release, '');
    for (let killed = 0; killed < 2; killed++) {
      expect(await resumeCollections(workspaceFolder, [node, program])).toEqual([runId]);
      await killCollector(runFolder, () => partsOf(runFolder));
    }
    expect(await resumeCollections(workspaceFolder, [node, program])).toEqual([runId]);
    expect((await ended(workspaceFolder, runId)).summary.status).toBe('Completed');
    await expectWhole(runFolder);
    expect(await resumeCollections(workspaceFolder, [node, program])).toEqual([]);
  });

  it('has failed where its supervisor there was killed', async () => {
    const { workspaceFolder, runId, runFolder } = await runningCase();
    await killProcessOf(runFolder, 'supervisor');
    await killProcessOf(runFolder, 'script');
    const { summary, metrics } = await ended(workspaceFolder, runId);
    expect(summary).toMatchObject({
      status: 'Failed',
      failure: { message: expect.stringContaining('ended without saying how') },
    });
    expect(metrics.map(({ name }) => name)).toContain('loss');
  });

  it('is canceled with all that its script started, though its supervisor there was killed', async () => {
    const { workspaceFolder, source, submit } = await sshCase({
      'train.py': stubborn.replace("'outputs/lock'", 'sys.argv[1]'),
    });
    const lock = join(source, 'lock');
    const { runId } = await submit({ arguments: [lock] });
    const catalog = await openTestCatalog(workspaceFolder);
    await stubbornIsReady(catalog, runId);
    expect(await isLocked(lock)).toBe(true);
    await killProcessOf(await folderOf(workspaceFolder, runId), 'supervisor');
    await cancelRun(workspaceFolder, runId);
    const { summary, metrics } = await ended(workspaceFolder, runId);
    expect(summary.status).toBe('Canceled');
    expect(metrics.map(({ name }) => name)).toContain('loss');
    expect(await isLocked(lock)).toBe(false);
  });

  it('has failed where nothing of it is left there', async () => {
    const { server, workspaceFolder, runId } = await runningCase();
    await rm(join(server.folder, 'runs', runId), { recursive: true, maxRetries: 10, retryDelay: 50 });
    await server.cut();
    const { summary } = await ended(workspaceFolder, runId);
    expect(summary).toMatchObject({ status: 'Failed', failure: { message: expect.stringContaining('was removed') } });
  });

  it('is canceled where its host does not come back, and says that it may go on there', async () => {
    const { server, workspaceFolder, runId, runFolder, release } = await runningCase();
    onCleanup(() => writeFile(release, ''));
    await killCollector(runFolder);
    await server.stop();
    await askToCancel(runFolder);
    await collectRun({ workspaceFolder, runId, pythonSdkFolder, onStart: () => {}, canceledAfterMs: 100 });
    const { summary, warnings } = await ended(workspaceFolder, runId);
    expect(summary.status).toBe('Canceled');
    expect(warnings.join(' ')).toMatch(/nothing listens there.*may still go on there/);
  });

  it('ends there where it was deleted here', async () => {
    const { server, runId, runFolder } = await runningCase();
    await rm(runFolder, { recursive: true, maxRetries: 10, retryDelay: 50 });
    const gone = async (): Promise<boolean> => !(await readdir(join(server.folder, 'runs'))).includes(runId);
    while (!(await gone())) {
      await delay(20);
    }
  });
});

describe.skipIf(isSshServerMissing || process.getuid?.() !== 0)('a host without space', () => {
  it('is refused before there is a run; a run that fills it fails for that reason, with what was logged', async () => {
    const { server, workspaceFolder, submit } = await sshCase({
      'train.py': `
from azureml.core import Run
import os
Run.get_context().log('loss', 1.0)
os.makedirs('outputs', exist_ok=True)
with open('outputs/weights.bin', 'wb') as f:
    while True:
        f.write(bytes(1 << 20))
`,
    });
    const mounted = await exitCode('mount', '-t', 'tmpfs', '-o', 'size=30m', 'none', server.folder);
    if (mounted !== 0) {
      return;
    }
    onCleanup(async () => {
      await exitCode('umount', '-l', server.folder);
    });
    const { runId } = await submit();
    const details = await ended(workspaceFolder, runId);
    expect(details.summary.status).toBe('Failed');
    expect(details.summary.failure?.message).toMatch(/No space/);
    expect(details.metrics.map(({ name }) => name)).toContain('loss');
    // What it left there is removed after its end is told.
    while ((await readdir(join(server.folder, 'runs'))).length > 0) {
      await delay(20);
    }
    await writeFile(join(server.folder, 'more'), Buffer.alloc(15 << 20));
    await expect(submit()).rejects.toMatchObject({ reason: 'disk-full' });
  });
});

function exitCode(command: string, ...args: string[]): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: 'ignore' });
    child.once('error', () => resolve(-1));
    child.once('exit', (code) => resolve(code ?? -1));
  });
}
