/** What happened to an experiment after it was made: its tags, and whether it is archived (docs/store-format.md, "Experiments"). */
import { mkdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode, fileError, isNotFound, RunledgerError } from '../base/errors.ts';
import { pathExists } from '../base/pathExists.ts';
import { JournalTail, journalNames } from './journalReader.ts';
import { type ArchivedRecord, parseJournalLine, type TimedRecord } from './journalRecords.ts';
import { JournalWriter } from './journalWriter.ts';
import { isJsonObject } from './jsonFile.ts';
import { PlacedMap } from './recordOrder.ts';
import { experimentFolder, journalFolder } from './storeLayout.ts';

export interface ExperimentState {
  /** A tag without a value is null. */
  readonly tags: Readonly<Record<string, string | null>>;
  /** When it was archived, in Unix seconds; undefined for one that is active. */
  readonly archivedTime: number | undefined;
}

type ExperimentRecord = Extract<TimedRecord, { k: 'tag' | 'untag' }> | (ArchivedRecord & { readonly t: number });

/** What the journals of an experiment's folder say. Lines that cannot be used change nothing. */
export async function experimentState(folder: string): Promise<ExperimentState> {
  const tags = new PlacedMap<string | null | undefined>('last');
  const archived = new PlacedMap<number | undefined>('last');
  for (const name of await journalNames(journalFolder(folder))) {
    const writer = name.slice(0, -'.jsonl'.length);
    let line = 0;
    await new JournalTail(join(journalFolder(folder), name)).read(({ text }) => {
      const record = text === undefined ? undefined : parseExperimentLine(text);
      const order = { time: record?.t ?? 0, writer, line: line++ };
      if (record?.k === 'attribute') {
        archived.set(record.n, record.v === 'true' ? record.t : undefined, order);
      } else if (record !== undefined) {
        tags.set(record.n, record.k === 'tag' ? record.v : undefined, order);
      }
    });
  }
  const entries = tags.toSorted().flatMap(([name, { value }]) => (value === undefined ? [] : [[name, value] as const]));
  return { tags: Object.fromEntries(entries), archivedTime: archived.get('archived') };
}

function parseExperimentLine(text: string): ExperimentRecord | undefined {
  const record = parseJournalLine(text);
  if (record === 'problem') {
    return parseArchived(text);
  }
  return record?.k === 'tag' || record?.k === 'untag' ? record : undefined;
}

/** A run knows no such attribute, so that for a run's journal the line is a problem. */
function parseArchived(text: string): (ArchivedRecord & { readonly t: number }) | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isJsonObject(value)) {
    return undefined;
  }
  const { t, k, n, v } = value;
  const isArchived = k === 'attribute' && n === 'archived' && (v === null || typeof v === 'string');
  return isArchived && typeof t === 'number' ? { t, k, n, v: v === 'true' ? 'true' : null } : undefined;
}

/** Whether a line is a record that the journal of an experiment may hold, of a kind that is known or not. */
export function isExperimentLine(text: string): boolean {
  return parseJournalLine(text) !== 'problem' || parseArchived(text) !== undefined;
}

/**
 * Archives an experiment, or makes it active again. Its runs stay, and it can be used as before: only lists leave it out.
 *
 * @param role what kind of process writes: `cli`, `editor`
 * @returns whether that changed anything
 * @throws RunledgerError `not-found`, `not-writable`, `disk-full`
 */
export async function setExperimentArchived(
  workspaceFolder: string,
  key: string,
  isArchived: boolean,
  role: string,
): Promise<boolean> {
  const folder = experimentFolder(workspaceFolder, key);
  if (!(await pathExists(folder))) {
    throw new RunledgerError('not-found', `There is no experiment "${key}" in ${workspaceFolder}.`, {
      advice: '`runledger experiment list --view-type All` shows those that there are.',
    });
  }
  if (((await experimentState(folder)).archivedTime !== undefined) === isArchived) {
    return false;
  }
  await makeJournalFolder(folder);
  const journal = await JournalWriter.openUnwatched(folder, role);
  try {
    await journal.append({ k: 'attribute', n: 'archived', v: isArchived ? 'true' : null });
  } finally {
    await journal.close();
  }
  await announce(folder);
  return true;
}

/** Not every writer of the format makes it beforehand. Not recursive: an experiment that is gone must not come back. */
async function makeJournalFolder(folder: string): Promise<void> {
  try {
    await mkdir(journalFolder(folder));
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') {
      throw fileError(error, 'write to the journal', journalFolder(folder));
    }
  }
}

/** Touches the experiment's folder: those who watch which experiments there are look again. */
async function announce(folder: string): Promise<void> {
  const now = new Date();
  try {
    await utimes(folder, now, now);
  } catch (error) {
    // A folder of somebody else's can be written to without being touched. What was recorded is seen at the next look.
    if (errorCode(error) !== 'EPERM' && !isNotFound(error)) {
      throw fileError(error, 'announce the change', folder);
    }
  }
}
