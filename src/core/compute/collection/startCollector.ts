/** Starting the process that brings a run home, and starting it again where it died. */
import { pathExists } from '../../base/pathExists.ts';
import { isTerminal } from '../../domain/runStatus.ts';
import { readRunState } from '../../submission/runState.ts';
import { type AttendedRun, type CliCommand, resumeAttendants, startAttendant } from '../attendant.ts';
import { collectionFile, hasCollector } from './collection.ts';

/** What a collector has to say beside the run's own records; removed where that is nothing. */
export const collectorLogArtifact = 'logs/azureml/collector_log.txt';

/** Starts the collector of a run; see {@link startAttendant}. */
export function startCollector(run: AttendedRun, cliCommand: CliCommand): Promise<void> {
  return startAttendant(run, cliCommand, {
    verb: 'collect',
    advice: 'look at the run again later: it goes on where it is',
    logArtifact: collectorLogArtifact,
  });
}

/** Starts the collectors of a workspace that died before their runs ended; see {@link resumeAttendants}. */
export function resumeCollections(workspaceFolder: string, cliCommand: CliCommand): Promise<readonly string[]> {
  return resumeAttendants(workspaceFolder, {
    isAbandoned,
    isThere: hasCollector,
    start: (run) => startCollector(run, cliCommand),
  });
}

async function isAbandoned(runFolder: string): Promise<boolean> {
  if (!(await pathExists(collectionFile(runFolder))) || (await hasCollector(runFolder))) {
    return false;
  }
  const { status, processes } = await readRunState(runFolder);
  // Before, its submission goes on.
  return !isTerminal(status.status) && processes.some(({ role }) => role === 'supervisor' || role === 'watcher');
}
