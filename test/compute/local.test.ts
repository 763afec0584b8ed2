import { rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readLogTail } from '../../src/core/logs/logFollower.ts';
import { livenessOf } from '../../src/core/store/processIdentity.ts';
import { RunningCommand } from '../support/commandLine.ts';
import { killProcessOf } from '../support/killedProcess.ts';
import { ended, folderOf, runIds } from '../support/submittedRun.ts';
import { openTestCatalog } from '../support/temporaryStore.ts';
import { artifact, targetCase } from './backend.ts';
import { describeConformance } from './conformance.ts';
import { isLocked, stubborn, stubbornIsReady } from './stubbornScript.ts';

const backend = { targets: {}, target: 'local' };

describeConformance('this machine', { backend, submitsScripts: true, isSupervisedHere: true });

describe('a run of this machine whose supervisor was killed', { timeout: 120_000 }, () => {
  it('is canceled within seconds by the command, with the daemon that its script left behind', async () => {
    const { workspaceFolder, submit } = await targetCase(backend, {
      'train.py': `print('kept', flush=True)\n${stubborn}`,
    });
    const { runId } = await submit();
    const catalog = await openTestCatalog(workspaceFolder);
    await stubbornIsReady(catalog, runId);
    const supervisor = await killProcessOf(await folderOf(workspaceFolder, runId), 'supervisor');
    while ((await livenessOf(supervisor)) !== 'dead') {
      // Nobody tells who is not its parent.
    }
    const started = performance.now();
    const { result } = new RunningCommand(workspaceFolder, ['run', 'cancel', '-r', runId, '-o', 'json']);
    const { code, stdout, stderr } = await result;
    expect(code, stderr).toBe(0);
    // Five of them are granted to who wants to end in order.
    expect(performance.now() - started).toBeLessThan(20_000);
    expect(JSON.parse(stdout)).toEqual({ id: runId, status: 'Canceled' });
    const details = await catalog.details(runId);
    expect(await isLocked(join(details.folder, 'artifacts', 'outputs', 'lock'))).toBe(false);
    expect(details.metrics.map(({ name }) => name)).toContain('loss');
    expect(await artifact(details, 'logs/std_log.txt')).toBe('kept\n');
  });
});

describe('a run of this machine', { timeout: 120_000 }, () => {
  it('prints a gigabyte, all of which is in its log, and what it logs is not held up', async () => {
    const bytes = 1 << 30;
    const { workspaceFolder, submit } = await targetCase(backend, {
      'train.py': `
import os
from azureml.core import Run
line = b'x' * 1023 + b'\\n'
for part in range(1024):
    os.write(1, line * 1024)
    if part == 512:
        Run.get_context().log('half', part)
os.write(1, b'the last words')
`,
    });
    const { runId } = await submit();
    const { summary, metrics, folder } = await ended(workspaceFolder, runId);
    expect(summary).toMatchObject({ status: 'Completed', failure: undefined });
    expect(metrics.map(({ name }) => name)).toContain('half');
    const log = join(folder, 'artifacts', 'logs', 'std_log.txt');
    expect((await stat(log)).size).toBe(bytes + 'the last words'.length);
    expect((await readLogTail(log, 2000)).text).toMatch(/x\nthe last words$/);
    await rm(log);
  });

  it('goes on when the command that waits for it is killed', async () => {
    const { workspaceFolder, source } = await targetCase(backend, {
      'train.py': `
import os, sys, time
from azureml.core import Run
print('begun', flush=True)
while not os.path.exists(sys.argv[1]):
    time.sleep(0.02)
Run.get_context().log('after', 1)
`,
    });
    const go = join(source, 'go');
    const place = ['--path', workspaceFolder, '--source-directory', source, '-e', 'iris'];
    const command = new RunningCommand(source, ['run', 'submit-script', ...place, join(source, 'train.py'), go]);
    await command.printed('begun');
    command.child.kill('SIGKILL');
    await command.result;
    await writeFile(go, '');
    const [runId = ''] = await runIds(workspaceFolder);
    const { summary, metrics } = await ended(workspaceFolder, runId);
    expect(summary.status).toBe('Completed');
    expect(metrics.map(({ name }) => name)).toContain('after');
  });
});
