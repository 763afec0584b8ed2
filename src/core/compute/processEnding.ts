import type { ProcessIdentity } from '../store/journalRecords.ts';
import { livenessOf } from '../store/processIdentity.ts';

/** How long a process may take to end in order, as the supervisor grants it. */
const graceMs = 5000;
const checkIntervalMs = 100;

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  for (const target of process.platform === 'win32' ? [pid] : [-pid, pid]) {
    try {
      process.kill(target, signal);
      return;
    } catch {
      // It leads no group, or is gone.
    }
  }
}

/**
 * Ends a process that has lost its supervisor, with its process group: first by asking, then by force. One of another
 * machine, or that may be another process under the same number, is left alone. Somebody else's child tells nobody of its end,
 * hence the checks.
 */
export async function endProcess(identity: ProcessIdentity): Promise<void> {
  if (identity.startTime === '' || (await livenessOf(identity)) !== 'alive') {
    return;
  }
  const deadline = performance.now() + graceMs;
  signalGroup(identity.pid, 'SIGTERM');
  while ((await livenessOf(identity)) === 'alive') {
    if (performance.now() > deadline) {
      signalGroup(identity.pid, 'SIGKILL');
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, checkIntervalMs));
  }
}
