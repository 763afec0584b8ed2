/** Starting the process that carries out an orchestration, and starting it again where it died. */
import { pathExists } from '../base/pathExists.ts';
import { type AttendedRun, type CliCommand, resumeAttendants, startAttendant } from '../compute/attendant.ts';
import { isTerminal } from '../domain/runStatus.ts';
import { readRunState } from '../submission/runState.ts';
import { orchestrationFile } from './definition.ts';
import { hasOrchestrator } from './orchestratorClaim.ts';

/** Starts the orchestrator of a run; see {@link startAttendant}. */
export function startOrchestrator(run: AttendedRun, cliCommand: CliCommand): Promise<void> {
  return startAttendant(run, cliCommand, { verb: 'orchestrate', advice: 'submit it again' });
}

/** Starts the orchestrators of a workspace that died before their runs ended; see {@link resumeAttendants}. */
export function resumeOrchestrations(workspaceFolder: string, cliCommand: CliCommand): Promise<readonly string[]> {
  return resumeAttendants(workspaceFolder, {
    isAbandoned,
    isThere: hasOrchestrator,
    start: (run) => startOrchestrator(run, cliCommand),
  });
}

/** Whether a run has an orchestration that was begun, has not ended, and that nobody carries out. */
async function isAbandoned(runFolder: string): Promise<boolean> {
  if (!(await pathExists(orchestrationFile(runFolder))) || (await hasOrchestrator(runFolder))) {
    return false;
  }
  const { status, processes } = await readRunState(runFolder);
  return !isTerminal(status.status) && processes.some(({ role }) => role === 'orchestrator');
}
