/** What people note on runs: tags, a name, a description, notes. */
import { RunledgerError } from '../base/errors.ts';
import { isTerminal } from '../domain/runStatus.ts';
import { foldJournals } from './journalFold.ts';
import type { JournalRecord } from './journalRecords.ts';
import { openJournal } from './journalWriter.ts';
import { RunFold } from './runFold.ts';
import { findRunFolder } from './storeLayout.ts';

export interface RunAnnotations {
  /** A tag without a value is null. */
  readonly addTags?: Readonly<Record<string, string | null>>;
  /** Tags that are not there are passed over. */
  readonly removeTags?: readonly string[];
  /** Null takes it away again. */
  readonly displayName?: string | null | undefined;
  readonly description?: string | null | undefined;
  readonly notes?: string | null | undefined;
}

/**
 * Notes something on a run, whether it goes on or has ended.
 *
 * @param role what kind of process writes: `cli`, `editor`
 * @throws RunledgerError `not-found`, `invalid-name`, `not-writable`, `disk-full`
 */
export async function annotateRun(
  workspaceFolder: string,
  runId: string,
  annotations: RunAnnotations,
  role: string,
): Promise<void> {
  const runFolder = await findRunFolder(workspaceFolder, runId);
  if (runFolder === undefined) {
    throw new RunledgerError('not-found', `There is no run ${runId} in ${workspaceFolder}.`, {
      advice: 'Check the id; `runledger run list` shows the runs.',
    });
  }
  const journal = await openJournal({ workspaceFolder, runId, runFolder, role });
  let hasEnded = false;
  try {
    for (const record of recordsOf(annotations)) {
      await journal.append(record);
    }
    // Opening the journal marked the run as active: of one that has ended, nobody else will take the mark away.
    const fold = new RunFold({ displayName: undefined, description: undefined, tags: {}, properties: {} });
    await foldJournals(runFolder, fold);
    hasEnded = isTerminal(fold.status.status);
  } finally {
    await journal.close({ isTerminal: hasEnded });
  }
}

function recordsOf({
  addTags = {},
  removeTags = [],
  displayName,
  description,
  notes,
}: RunAnnotations): JournalRecord[] {
  const records: JournalRecord[] = removeTags.map((n) => ({ k: 'untag', n }));
  for (const [n, v] of Object.entries(addTags)) {
    records.push({ k: 'tag', n, v });
  }
  for (const [n, v] of [
    ['displayName', displayName],
    ['description', description],
    ['notes', notes],
  ] as const) {
    if (v !== undefined) {
      records.push({ k: 'attribute', n, v });
    }
  }
  return records;
}
