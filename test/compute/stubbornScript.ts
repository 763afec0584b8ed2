/** A script that does not want to end, and leaves a process behind that is in no group of it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { findPython } from '../../scripts/support/python.ts';
import type { RunCatalog } from '../../src/core/catalog/runCatalog.ts';
import { isTerminal } from '../../src/core/domain/runStatus.ts';
import { until } from '../support/submittedRun.ts';

/** Logs `loss` once everything is as it is to be. `outputs/lock` is locked as long as the process lives that it leaves behind. */
export const stubborn = `
import fcntl, os, signal, sys, time
from azureml.core import Run
signal.signal(signal.SIGTERM, signal.SIG_IGN)
os.makedirs('outputs', exist_ok=True)
reader, writer = os.pipe()
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        lock = open('outputs/lock', 'w')
        fcntl.flock(lock, fcntl.LOCK_EX)
        os.write(writer, b'.')
        while True:
            time.sleep(1)
    os._exit(0)
os.read(reader, 1)
Run.get_context().log('loss', 0.25)
while True:
    time.sleep(1)
`;

export async function stubbornIsReady(catalog: RunCatalog, runId: string): Promise<void> {
  const { summary, metrics } = await until(
    catalog,
    runId,
    (details) => isTerminal(details.summary.status) || details.metrics.some(({ name }) => name === 'loss'),
  );
  if (metrics.length === 0) {
    throw new Error(`The run ended as ${summary.status}: ${JSON.stringify(summary.failure)}`);
  }
}

/** Whether a process of this machine, in a container or not, has locked a file. */
export async function isLocked(path: string): Promise<boolean> {
  const program =
    'import fcntl, sys\ntry:\n fcntl.flock(open(sys.argv[1]), fcntl.LOCK_EX | fcntl.LOCK_NB)\nexcept OSError:\n sys.exit(9)';
  const [code] = (await once(spawn(findPython(), ['-c', program, path], { stdio: 'ignore' }), 'exit')) as [number];
  return code === 9;
}
