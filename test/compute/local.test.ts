import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { livenessOf } from '../../src/core/store/processIdentity.ts';
import { RunningCommand } from '../support/commandLine.ts';
import { killProcessOf } from '../support/killedProcess.ts';
import { folderOf } from '../support/submittedRun.ts';
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
