/** A step run that stands for an earlier one: complete at once, with its metrics and files. */
import { cp, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isNotFound } from '../../base/errors.ts';
import { JournalTail } from '../../store/journalReader.ts';
import { type JournalRecord, parseJournalLine, type TimedRecord } from '../../store/journalRecords.ts';
import { openJournal } from '../../store/journalWriter.ts';
import { currentProcessIdentity } from '../../store/processIdentity.ts';
import { compareOrder, type RecordOrder } from '../../store/recordOrder.ts';
import { createRun } from '../../store/runCreation.ts';
import { artifactsFolder, journalFolder } from '../../store/storeLayout.ts';

/** What of a run's journal is its result, and not its history. */
const resultKinds: ReadonlySet<TimedRecord['k']> = new Set([
  'metric',
  'metrics',
  'list',
  'row',
  'table',
  'image',
  'document',
  'params',
  'snapshot',
]);

/** @param originalFolder the folder of the run that did the work */
export async function createReusedRun(
  options: Parameters<typeof createRun>[0],
  originalFolder: string,
): Promise<{ readonly runId: string }> {
  const run = await createRun(options);
  const { workspaceFolder } = options;
  const journal = await openJournal({ workspaceFolder, runId: run.runId, runFolder: run.folder, role: 'orchestrator' });
  let isComplete = false;
  try {
    // So that a copy that is cut off does not seem to go on for ever.
    await journal.append({ k: 'process', role: 'submitter', ...(await currentProcessIdentity()) });
    await journal.append({ k: 'status', v: 'Running' });
    await copyFiles(originalFolder, run.folder);
    for (const { t: _time, ...record } of await resultsOf(originalFolder)) {
      // The kind tells the fields apart, which taking the time away hides from the compiler.
      await journal.append(record as JournalRecord);
    }
    await journal.append({ k: 'status', v: 'Completed' });
    isComplete = true;
  } finally {
    await journal.close({ isTerminal: isComplete });
  }
  return { runId: run.runId };
}

async function copyFiles(from: string, to: string): Promise<void> {
  try {
    await cp(artifactsFolder(from), artifactsFolder(to), { recursive: true, verbatimSymlinks: true });
  } catch (error) {
    if (!isNotFound(error)) {
      throw error;
    }
  }
}

/** The records of a run that are its results, in order. */
async function resultsOf(runFolder: string): Promise<readonly TimedRecord[]> {
  const folder = journalFolder(runFolder);
  const found: { readonly record: TimedRecord; readonly order: RecordOrder }[] = [];
  for (const name of (await readdir(folder)).filter((entry) => entry.endsWith('.jsonl'))) {
    let line = 0;
    await new JournalTail(join(folder, name)).read(({ text }) => {
      const record = text === undefined ? 'problem' : parseJournalLine(text);
      if (record !== undefined && record !== 'problem' && resultKinds.has(record.k)) {
        found.push({ record, order: { time: record.t, writer: name, line } });
      }
      line++;
    });
  }
  return found.sort((a, b) => compareOrder(a.order, b.order)).map(({ record }) => record);
}
