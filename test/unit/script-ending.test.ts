import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ControlGroup } from '../../src/core/compute/controlGroup.ts';
import { endScript } from '../../src/core/compute/scriptEnding.ts';
import type { RecordedProcess } from '../../src/core/store/journalRecords.ts';
import { livenessOf, processIdentityOf } from '../../src/core/store/processIdentity.ts';
import { cancelRun } from '../../src/core/submission/cancelRun.ts';
import { readRunState } from '../../src/core/submission/runState.ts';
import { killProcessOf } from '../support/killedProcess.ts';
import { runProgram } from '../support/sourceFolder.ts';
import { ended, newCase, until } from '../support/submittedRun.ts';
import { onCleanup, openTestCatalog, temporaryFolder } from '../support/temporaryStore.ts';

const isLinux = process.platform === 'linux';

/** Leaves a daemon behind that is in no group or session of it, has no variable, and does not want to end; its id is `outputs/daemon`. */
const leaving = `
import os, signal, sys
from azureml.core import Run
os.makedirs('outputs', exist_ok=True)
reader, writer = os.pipe()
os.set_inheritable(writer, True)
daemon = "import os, signal, sys; signal.signal(signal.SIGTERM, signal.SIG_IGN); os.write(int(sys.argv[1]), str(os.getpid()).encode()); signal.pause()"
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execve(sys.executable, [sys.executable, '-c', daemon, str(writer)], {})
    os._exit(0)
with open('outputs/daemon', 'w') as file:
    file.write(os.read(reader, 100).decode())
Run.get_context().log('loss', 0.25)
signal.pause()
`;

async function abandonedRun() {
  const { workspaceFolder, submit } = await newCase({ 'train.py': leaving });
  const { runId } = await submit();
  const catalog = await openTestCatalog(workspaceFolder);
  const { folder } = await until(catalog, runId, ({ metrics }) => metrics.length > 0);
  const daemon = Number(await readFile(join(folder, 'artifacts', 'outputs', 'daemon'), 'utf8'));
  onCleanup(() => {
    if (existsSync(`/proc/${daemon}`)) {
      process.kill(daemon, 'SIGKILL');
    }
  });
  const { pid } = await killProcessOf(folder, 'supervisor');
  await runProgram('tail', [`--pid=${pid}`, '-f', '/dev/null'], folder);
  const script = (await readRunState(folder)).processes.find(({ role }) => role === 'script') as RecordedProcess;
  return { workspaceFolder, runId, daemon: await processIdentityOf(daemon), script };
}

describe.skipIf(!isLinux)('a script whose supervisor was killed', () => {
  it('is ended with all that is in its control group', async (context) => {
    const { workspaceFolder, runId, daemon, script } = await abandonedRun();
    if (script.cgroup === undefined) {
      await endScript(script, runId);
      context.skip('no control group can be had here');
      return;
    }
    await cancelRun(workspaceFolder, runId);
    const { summary, metrics } = await ended(workspaceFolder, runId);
    expect(summary.status).toBe('Canceled');
    expect(metrics.map(({ name }) => name)).toContain('loss');
    expect([await livenessOf(script), await livenessOf(daemon)]).toEqual(['dead', 'dead']);
    expect(existsSync(script.cgroup)).toBe(false);
  });

  it('is told by its variable where it has no group, and not by a number that another process may have', async () => {
    const env = { PATH: process.env.PATH };
    const own = spawn('sleep', ['600'], { env: { ...env, RUNLEDGER_RUN_ID: 'iris_1_0000abcd' }, detached: true });
    const other = spawn('sleep', ['600'], { env, detached: true });
    onCleanup(() => {
      own.kill('SIGKILL');
      other.kill('SIGKILL');
    });
    const record = { ...(await processIdentityOf(other.pid ?? 0)), role: 'script' as const };
    for (const change of [{ bootId: 'another' }, { host: 'another' }]) {
      await endScript({ ...record, ...change }, 'iris_1_0000abcd');
    }
    expect([own.signalCode, other.signalCode]).toEqual([null, null]);
    const ending = once(own, 'exit');
    await endScript({ ...record, startTime: '1' }, 'iris_1_0000abcd');
    expect(await ending).toEqual([null, 'SIGTERM']);
    expect(other.signalCode).toBeNull();
  });

  it('has a control group only where that is one by the name of the run', async () => {
    const record = { pid: 1, startTime: '1', bootId: '', host: '', role: 'script' as const };
    const folder = await temporaryFolder();
    const plain = join(folder, 'runledger-iris_1');
    await mkdir(plain);
    const links = ['/sys/fs/cgroup', '/sys/fs/cgroup/unified'].map(async (target, index) => {
      const link = join(folder, String(index), 'runledger-iris_1');
      await mkdir(join(folder, String(index)));
      await symlink(target, link);
      return link;
    });
    for (const cgroup of [
      undefined,
      plain,
      folder,
      join(folder, 'gone', 'runledger-iris_1'),
      ...(await Promise.all(links)),
    ]) {
      expect(await ControlGroup.of({ ...record, ...(cgroup !== undefined && { cgroup }) }, 'iris_1')).toBeUndefined();
    }
  });
});
