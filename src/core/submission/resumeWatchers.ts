/** Jobs of Slurm's wait or go on when the process that watches them is killed. Another takes its place. */
import { join } from 'node:path';
import { type AttendedRun, resumeAttendants } from '../compute/attendant.ts';
import { startDetached } from '../compute/detachedProcess.ts';
import { jobProperty } from '../compute/slurm/slurmJob.ts';
import { supervisorEnvironment } from '../compute/supervisorProcess.ts';
import { isTerminal } from '../domain/runStatus.ts';
import { JournalTail } from '../store/journalReader.ts';
import { parseJournalLine, type TimedRecord } from '../store/journalRecords.ts';
import { isJsonObject, readStoreFile, stringField } from '../store/jsonFile.ts';
import { livenessOf } from '../store/processIdentity.ts';
import { entriesOf, journalFolder } from '../store/storeLayout.ts';
import { readRunState } from './runState.ts';

/**
 * Starts watchers for the jobs of a workspace that have none: theirs was killed, or ended with the machine; see
 * {@link resumeAttendants}.
 *
 * @param pythonSdkFolder the folder that holds `runledger/` and `compat/`
 * @returns the ids of the runs that are watched again
 * @throws RunledgerError `supervisor-failed`; `not-writable`, `disk-full`
 */
export function resumeWatchers(workspaceFolder: string, pythonSdkFolder: string): Promise<readonly string[]> {
  return resumeAttendants(workspaceFolder, {
    isAbandoned,
    isThere: async (runFolder) => isWatched(await recordsOfWatchers(runFolder)),
    start: (run) => startWatcher(run, pythonSdkFolder),
  });
}

/** What watchers have written, and nobody else: the journal of a script may be long. */
async function recordsOfWatchers(runFolder: string): Promise<readonly TimedRecord[]> {
  const folder = journalFolder(runFolder);
  const records: TimedRecord[] = [];
  for (const name of await entriesOf(folder)) {
    if (name.startsWith('watcher-') && name.endsWith('.jsonl')) {
      await new JournalTail(join(folder, name)).read(({ text }) => {
        const record = text === undefined ? undefined : parseJournalLine(text);
        if (record !== undefined && record !== 'problem') {
          records.push(record);
        }
      });
    }
  }
  return records;
}

async function isWatched(records: readonly TimedRecord[]): Promise<boolean> {
  const liveness = await Promise.all(records.filter((record) => record.k === 'process').map(livenessOf));
  return liveness.some((state) => state !== 'dead');
}

/** Whether a run had a watcher, has none any more, and has not ended. */
async function isAbandoned(runFolder: string): Promise<boolean> {
  const records = await recordsOfWatchers(runFolder);
  if (!records.some((record) => record.k === 'process') || (await isWatched(records))) {
    return false;
  }
  return !isTerminal((await readRunState(runFolder)).status.status);
}

function jobIdOf(records: readonly TimedRecord[]): string | undefined {
  return records.map((record) => (record.k === 'properties' ? record.v[jobProperty] : undefined)).find(Boolean);
}

async function startWatcher(
  { workspaceFolder, runId, runFolder }: AttendedRun,
  pythonSdkFolder: string,
): Promise<void> {
  const { submission } = await readStoreFile(join(runFolder, 'run.json'), 'the run');
  const interpreter = isJsonObject(submission) ? stringField(submission, 'interpreter') : undefined;
  const jobId = jobIdOf(await recordsOfWatchers(runFolder));
  await startDetached({
    command: [interpreter ?? 'python3', '-m', 'runledger.supervisor.slurm.resume'],
    runFolder,
    environment: supervisorEnvironment(process.env, pythonSdkFolder),
    request: { workspaceFolder, runFolder, runId, jobId: jobId ?? null },
    advice: 'check the interpreter',
  });
}
