/** Looking at one journal: lines that are no records, and a last line without its end. */
import { type FileHandle, open, stat } from 'node:fs/promises';
import { hostname, uptime } from 'node:os';
import { basename, join } from 'node:path';
import { errorCode, isNotFound } from '../base/errors.ts';
import { JournalTail, journalNames } from '../store/journalReader.ts';
import type { ProcessIdentity } from '../store/journalRecords.ts';
import { livenessOf } from '../store/processIdentity.ts';
import { journalFolder } from '../store/storeLayout.ts';
import type { CheckSession } from './checkSession.ts';

const dayMs = 24 * 3600 * 1000;

export interface JournalOwner {
  /** Holds `journal/`. */
  readonly folder: string;
  /** Takes a line in; false where it is no record. */
  readonly onLine: (text: string, writer: string, line: number) => boolean;
}

/** What is known, once all journals were read, of who may still write to them. */
export interface JournalWriters {
  /** The processes that the journals name. */
  readonly processes: readonly ProcessIdentity[];
  /** Those of them whose end is the end of the run. */
  readonly working: readonly ProcessIdentity[];
  /** The host on which the run was made; undefined where nothing tells. */
  readonly host: string | undefined;
  /** Whether whatever writes here has come to its end, as far as the journals say. */
  readonly hasEnded: boolean;
}

interface ScannedJournal {
  readonly path: string;
  readonly unusable: number;
  readonly unfinishedBytes: number;
}

/** Reads every journal of a run, an experiment or a version of a model. */
export async function scanJournals(session: CheckSession, owner: JournalOwner): Promise<readonly ScannedJournal[]> {
  const folder = journalFolder(owner.folder);
  const scanned: ScannedJournal[] = [];
  for (const name of (await session.orReported(folder, () => journalNames(folder))) ?? []) {
    const path = join(folder, name);
    const writer = name.slice(0, -'.jsonl'.length);
    const tail = new JournalTail(path);
    let line = 0;
    let unusable = 0;
    const isRead = await session.orReported(path, () =>
      tail.read(({ text }) => {
        session.throwIfStopped();
        unusable += text !== undefined && owner.onLine(text, writer, line) ? 0 : 1;
        line++;
      }),
    );
    if (isRead === true) {
      session.counts.journalBytes += tail.wholeBytes + tail.unfinishedBytes;
      scanned.push({ path, unusable, unfinishedBytes: tail.unfinishedBytes });
    }
  }
  return scanned;
}

/** Tells what is wrong with the journals, and ends torn lines of writers that are gone. */
export async function reportJournals(
  session: CheckSession,
  journals: readonly ScannedJournal[],
  writers: JournalWriters,
): Promise<void> {
  for (const { path, unusable, unfinishedBytes } of journals) {
    if (unusable > 0) {
      const message = unusable === 1 ? '1 line is no record.' : `${unusable} lines are no records.`;
      await session.report({ kind: 'lines-unusable', path, message });
    }
    if (unfinishedBytes > 0 && (await session.hasSettled(path)) && (await isWriterGone(path, writers))) {
      const message = `${unfinishedBytes} bytes follow the last line end.`;
      await session.report({ kind: 'torn-line', path, message, fix: () => endLine(path) });
    }
  }
}

/**
 * Appends the line end that is missing: readers' offsets stay right, since they are at line ends. A writer that were alive
 * after all begins its next record with a line end of its own, and an empty line is no line.
 */
async function endLine(path: string): Promise<boolean> {
  let file: FileHandle;
  try {
    file = await open(path, 'r+');
  } catch (error) {
    if (isNotFound(error)) {
      return false;
    }
    throw error;
  }
  try {
    const { size } = await file.stat();
    const last = Buffer.alloc(1);
    await file.read(last, 0, 1, size - 1);
    if (size === 0 || last.toString() === '\n') {
      return false;
    }
  } finally {
    await file.close();
  }
  // Appended, not written at a place: whatever else is appended meanwhile, nothing is written over.
  const appending = await open(path, 'a');
  try {
    await appending.write('\n');
    await appending.sync();
  } finally {
    await appending.close();
  }
  return true;
}

/** Whether the process that wrote a journal, whose name tells its id, can write no more. */
async function isWriterGone(path: string, { processes, working, host, hasEnded }: JournalWriters): Promise<boolean> {
  const pid = Number(/^[a-z]+-(\d+)-[0-9a-f]{8}\.jsonl$/.exec(basename(path))?.[1]);
  const named = processes.filter((identity) => identity.pid === pid);
  const liveness = await Promise.all((named.length > 0 ? named : working).map((identity) => livenessOf(identity)));
  if (liveness.includes('alive')) {
    return false;
  }
  const { mtimeMs } = await stat(path);
  if (hasEnded && Date.now() - mtimeMs > dayMs) {
    return true;
  }
  if (liveness.includes('elsewhere') || (host !== undefined && host !== hostname())) {
    return false;
  }
  return named.length > 0 || mtimeMs < Date.now() - uptime() * 1000 || !isProcess(pid);
}

function isProcess(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) {
    return false;
  }
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}
