import { join } from 'node:path';
import { JournalTail } from '../store/journalReader.ts';
import { parseJournalLine } from '../store/journalRecords.ts';
import { RunFold } from '../store/runFold.ts';
import { entriesOf, journalFolder } from '../store/storeLayout.ts';

/** What the journals of a run say now: what is stored, not what readers derive from it. */
export async function readRunState(runFolder: string): Promise<Pick<RunFold, 'status' | 'processes'>> {
  const fold = new RunFold({ displayName: undefined, description: undefined, tags: {}, properties: {} });
  const folder = journalFolder(runFolder);
  for (const name of await entriesOf(folder)) {
    if (name.endsWith('.jsonl')) {
      let line = 0;
      await new JournalTail(join(folder, name)).read(({ text }) => {
        const record = text === undefined ? 'problem' : parseJournalLine(text);
        if (record !== undefined && record !== 'problem') {
          fold.add(record, { time: record.t, writer: name, line });
        }
        line++;
      });
    }
  }
  return fold;
}
