import { resumeCollections } from '../compute/collection/startCollector.ts';
import { resumeOrchestrations } from '../orchestration/startOrchestrator.ts';
import { resumeWatchers } from './resumeWatchers.ts';

/**
 * Starts again what looked after runs of a workspace and died before they ended: orchestrators of sweeps and pipelines, and what brings
 * runs home from other hosts, or watches their jobs. To be called by every command and window that looks at the workspace.
 *
 * @param cliCommand the command line that starts `runledger`
 * @param pythonSdkFolder the folder that holds `runledger/` and `compat/`
 * @returns the ids of the runs that go on again
 */
export async function resumeRuns(
  workspaceFolder: string,
  cliCommand: readonly [string, ...string[]],
  pythonSdkFolder: string,
): Promise<readonly string[]> {
  // One that cannot be resumed does not keep the others from it.
  const outcomes = await Promise.allSettled([
    resumeOrchestrations(workspaceFolder, cliCommand),
    resumeCollections(workspaceFolder, cliCommand),
    resumeWatchers(workspaceFolder, pythonSdkFolder),
  ]);
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed !== undefined) {
    throw failed.reason;
  }
  return outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? outcome.value : []));
}
