import { readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { startDocker } from '../support/backends/containerEngine.ts';
import { killProcessOf } from '../support/killedProcess.ts';
import { ended, until } from '../support/submittedRun.ts';
import { openTestCatalog } from '../support/temporaryStore.ts';
import { startBackend, targetCase } from './backend.ts';
import { describeConformance } from './conformance.ts';
import { containerBackend } from './containers.ts';

const docker = await startBackend('Docker', startDocker);
const backend = containerBackend(docker);

describeConformance('Docker', { backend, submitsScripts: false, isSupervisedHere: true });

/** Long enough there to be taken for running, whatever the engine says. */
const waiting = `
import os, time
from azureml.core import Run
time.sleep(6)
os.makedirs('outputs', exist_ok=True)
Run.get_context().log('loss', 0.25)
while not os.path.exists('outputs/go'):
    time.sleep(0.1)
`;

describe.skipIf(backend === undefined)('a run in a container of Docker', { timeout: 90_000 }, () => {
  it('goes on while the engine does not answer', async () => {
    const { workspaceFolder, submit } = await targetCase(backend, { 'train.py': waiting });
    const { runId } = await submit();
    const catalog = await openTestCatalog(workspaceFolder);
    const { folder } = await until(catalog, runId, ({ metrics }) => metrics.some(({ name }) => name === 'loss'));
    const socket = join(dirname(docker?.cli ?? ''), 'docker.sock');
    const log = (): Promise<string> => readFile(join(folder, 'artifacts', 'logs', 'system_log.txt'), 'utf8');
    await rename(socket, `${socket}.away`);
    try {
      // The client that waits for the container: without it, only the engine can tell.
      await killProcessOf(folder, 'script');
      await vi.waitUntil(async () => (await log()).includes('does not tell of the container'), 20_000);
    } finally {
      await rename(`${socket}.away`, socket);
    }
    await vi.waitUntil(async () => (await log()).includes('Waiting for the container again'), 20_000);
    await writeFile(join(folder, 'artifacts', 'outputs', 'go'), '');
    expect((await ended(workspaceFolder, runId)).summary).toMatchObject({ status: 'Completed', exitCode: 0 });
  });
});
