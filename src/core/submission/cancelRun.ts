import { RunledgerError } from '../base/errors.ts';
import { askToCancel } from '../compute/cancellation.ts';
import { endScript } from '../compute/scriptEnding.ts';
import { isTerminal } from '../domain/runStatus.ts';
import type { ProcessRole } from '../store/journalRecords.ts';
import { openJournal } from '../store/journalWriter.ts';
import { assertRunId } from '../store/names.ts';
import { livenessOf } from '../store/processIdentity.ts';
import { childrenFolder, entriesOf, findRunFolder } from '../store/storeLayout.ts';
import { readRunState } from './runState.ts';

/** Roles of processes that see that a run is to be canceled. */
const inCharge: ReadonlySet<ProcessRole> = new Set<ProcessRole>(['supervisor', 'orchestrator', 'watcher']);

/**
 * Cancels a run, and the child runs that go on. Where a supervisor looks after it, that one is asked, and the run is `CancelRequested` until its processes
 * have ended; where none does (it was not started yet, or is gone, or the run is interactive), what is left of the script is ended here, and the run is `Canceled`.
 * Canceling again does no harm.
 *
 * @throws RunledgerError `not-found`, `invalid-name`; `invalid-state` where the run has ended; `not-writable`, `disk-full`
 */
export async function cancelRun(workspaceFolder: string, runId: string): Promise<void> {
  assertRunId(runId);
  const runFolder = await findRunFolder(workspaceFolder, runId);
  if (runFolder === undefined) {
    throw new RunledgerError('not-found', `There is no run ${runId} in ${workspaceFolder}.`, {
      advice: 'Check the id; `runledger run list` shows the runs.',
    });
  }
  const { status, processes } = await readRunState(runFolder);
  if (isTerminal(status.status)) {
    throw new RunledgerError('invalid-state', `The run ${runId} has ended (${status.status}); it cannot be canceled.`);
  }

  const journal = await openJournal({ workspaceFolder, runId, runFolder, role: 'cancel' });
  let hasEnded = false;
  try {
    const supervisors = processes.filter(({ role }) => inCharge.has(role));
    const liveness = await Promise.all(supervisors.map(livenessOf));
    const orchestrators = liveness.filter((_, index) => supervisors[index]?.role === 'orchestrator');
    // One on another host cannot be asked whether it lives, and may see the file. A job of a scheduler may go on without a
    // living process here: whoever watches it next ends it.
    if (liveness.some((state) => state !== 'dead') || supervisors.some(({ role }) => role === 'watcher')) {
      await journal.append({ k: 'status', v: 'CancelRequested' });
      await askToCancel(runFolder);
    } else {
      // Whoever is about to start a supervisor sees the file, and so does a supervisor that is just starting.
      await askToCancel(runFolder);
      // An interactive run's process is the user's session: the run ends, the session is theirs.
      const scripts = processes.filter(({ role }) => role === 'script');
      await Promise.all(scripts.map((script) => endScript(script, runId)));
      await journal.append({ k: 'status', v: 'Canceled' });
    }
    if (!orchestrators.includes('alive')) {
      // One that lives ends the children itself.
      await cancelChildren(workspaceFolder, runFolder);
    }
    // Opening the journal marked the run as active: if it ended meanwhile, nobody else will take the mark away.
    hasEnded = isTerminal((await readRunState(runFolder)).status.status);
  } finally {
    await journal.close({ isTerminal: hasEnded });
  }
}

/** Those that go on by themselves: submitted by the run, or left behind by an orchestrator that is gone. */
async function cancelChildren(workspaceFolder: string, runFolder: string): Promise<void> {
  for (const childId of await entriesOf(childrenFolder(runFolder))) {
    try {
      await cancelRun(workspaceFolder, childId);
    } catch (error) {
      // It has ended, or was deleted.
      if (!(RunledgerError.is(error, 'invalid-state') || RunledgerError.is(error, 'not-found'))) {
        throw error;
      }
    }
  }
}
