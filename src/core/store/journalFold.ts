import { join } from 'node:path';
import { JournalTail, journalNames } from './journalReader.ts';
import { parseJournalLine } from './journalRecords.ts';
import type { RunFold } from './runFold.ts';
import { journalFolder } from './storeLayout.ts';

/** Adds what the journals in a folder say to a fold, once. A folder without journals adds nothing. */
export async function foldJournals(folder: string, fold: RunFold): Promise<void> {
  for (const name of await journalNames(journalFolder(folder))) {
    let line = 0;
    await new JournalTail(join(journalFolder(folder), name)).read(({ text }) => {
      const record = text === undefined ? 'problem' : parseJournalLine(text);
      if (record === 'problem') {
        fold.lineProblemCount++;
      } else if (record !== undefined) {
        fold.add(record, { time: record.t, writer: name, line });
      }
      line++;
    });
  }
}
