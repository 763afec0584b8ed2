import { vi } from 'vitest';
import type { ProcessIdentity, ProcessRole } from '../../src/core/store/journalRecords.ts';
import { readRunState } from '../../src/core/submission/runState.ts';

/** Kills the process of a run that has a role and was recorded last, once there is one. */
export async function killProcessOf(runFolder: string, role: ProcessRole): Promise<ProcessIdentity> {
  const identity = await vi.waitUntil(
    async () => (await readRunState(runFolder)).processes.findLast((process) => process.role === role),
    { timeout: 90_000, interval: 50 },
  );
  kill(identity.pid);
  return identity;
}

/** Kills a process. The number 0 would be all of the group, and with it the tests. */
export function kill(pid: number | undefined): void {
  if (pid === undefined || !(pid > 1)) {
    throw new Error(`There is no process ${pid} to kill.`);
  }
  process.kill(pid, 'SIGKILL');
}
