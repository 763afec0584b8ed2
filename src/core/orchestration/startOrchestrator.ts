/** Starting the process that carries out an orchestration, and starting it again where it died. */
import { pathExists } from '../base/pathExists.ts';
import { startDetached, withoutEditorVariables } from '../compute/detachedProcess.ts';
import { isTerminal } from '../domain/runStatus.ts';
import { activeFolder, entriesOf, findRunFolder } from '../store/storeLayout.ts';
import { readRunState } from '../submission/runState.ts';
import { orchestrationFile } from './definition.ts';
import { hasOrchestrator } from './orchestratorClaim.ts';

/**
 * Starts the orchestrator of a run, and waits until it has taken the run over.
 *
 * @param cliCommand the command line that starts `runledger`
 * @throws RunledgerError `supervisor-failed` with what it said; `not-writable`, `disk-full`
 */
export function startOrchestrator(
  workspaceFolder: string,
  runId: string,
  runFolder: string,
  cliCommand: readonly [string, ...string[]],
): Promise<void> {
  return startDetached({
    command: [...cliCommand, 'internal', 'orchestrate'],
    runFolder,
    // The editor's own Node is one only with this.
    environment: { ...withoutEditorVariables(process.env), ELECTRON_RUN_AS_NODE: '1' },
    request: { workspaceFolder, runId },
    advice: 'submit it again',
  });
}

/**
 * Starts the orchestrators of a workspace that died before their runs ended: killed, or with the machine.
 *
 * @returns the ids of the runs that go on again
 */
export async function resumeOrchestrations(
  workspaceFolder: string,
  cliCommand: readonly [string, ...string[]],
): Promise<readonly string[]> {
  const resumed: string[] = [];
  for (const runId of await entriesOf(activeFolder(workspaceFolder))) {
    const runFolder = await findRunFolder(workspaceFolder, runId);
    if (runFolder !== undefined && (await isAbandoned(runFolder))) {
      try {
        await startOrchestrator(workspaceFolder, runId, runFolder, cliCommand);
        resumed.push(runId);
      } catch (error) {
        // Somebody else was faster.
        if (!(await hasOrchestrator(runFolder))) {
          throw error;
        }
      }
    }
  }
  return resumed;
}

/** Whether a run has an orchestration that was begun, has not ended, and that nobody carries out. */
async function isAbandoned(runFolder: string): Promise<boolean> {
  if (!(await pathExists(orchestrationFile(runFolder))) || (await hasOrchestrator(runFolder))) {
    return false;
  }
  const { status, processes } = await readRunState(runFolder);
  return !isTerminal(status.status) && processes.some(({ role }) => role === 'orchestrator');
}
