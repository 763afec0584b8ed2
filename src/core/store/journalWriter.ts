import { type FileHandle, open, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileError, isNotFound } from '../base/errors.ts';
import { randomHex } from './atomicFile.ts';
import { type ArchivedRecord, formatJournalLine, type JournalRecord } from './journalRecords.ts';
import { recordTime } from './recordClock.ts';
import { activeMarker, journalFolder } from './storeLayout.ts';

export interface OpenJournalOptions {
  readonly workspaceFolder: string;
  readonly runId: string;
  readonly runFolder: string;
  /** What kind of process writes: `cli`, `editor`. */
  readonly role: string;
}

/** Appends to this process's own journal, as of a run. Appends are written in the order of the calls. */
export class JournalWriter {
  private readonly file: FileHandle;
  /** Of a run: the file that says that it is written to. */
  private readonly marker: string | undefined;
  private readonly path: string;
  private pending: Promise<void> = Promise.resolve();
  private isTorn = false;

  private constructor(file: FileHandle, path: string, marker: string | undefined) {
    this.file = file;
    this.path = path;
    this.marker = marker;
  }

  static async open(options: OpenJournalOptions): Promise<JournalWriter> {
    const marker = activeMarker(options.workspaceFolder, options.runId);
    const path = join(journalFolder(options.runFolder), writerFile(options.role));
    try {
      await writeFile(marker, '');
      return new JournalWriter(await open(path, 'ax'), path, marker);
    } catch (error) {
      throw fileError(error, "open the run's journal", path);
    }
  }

  /** A journal of what nobody watches, as of a model's version. Throws `not-found` where its folder is gone. */
  static async openUnwatched(folder: string, role: string): Promise<JournalWriter> {
    const path = join(journalFolder(folder), writerFile(role));
    try {
      return new JournalWriter(await open(path, 'ax'), path, undefined);
    } catch (error) {
      throw fileError(error, 'open the journal', path);
    }
  }

  /**
   * Adds the time and writes. Rejects with `disk-full` or `not-writable`; what was written before stays readable.
   *
   * @param time when it happened, in Unix seconds, where that was not now
   */
  append(record: JournalRecord | ArchivedRecord, time = recordTime()): Promise<void> {
    const line = formatJournalLine(record, time);
    const written = this.pending.then(() => this.write(line));
    this.pending = written.catch(() => {});
    return written;
  }

  private async write(line: string): Promise<void> {
    const bytes = Buffer.from(this.isTorn ? `\n${line}` : line, 'utf8');
    this.isTorn = true;
    try {
      const { bytesWritten } = await this.file.write(bytes);
      this.isTorn = bytesWritten < bytes.length;
    } catch (error) {
      throw fileError(error, 'write to the journal', this.path);
    }
    if (this.isTorn) {
      await this.write(line);
    }
  }

  /** @param options.isTerminal the run has ended: nobody needs to watch it any more */
  async close(options: { isTerminal?: boolean } = {}): Promise<void> {
    await this.pending;
    await this.file.close();
    if (this.marker === undefined) {
      return;
    }
    if (options.isTerminal === true) {
      await rm(this.marker, { force: true });
      return;
    }
    try {
      const now = new Date();
      await utimes(this.marker, now, now);
    } catch (error) {
      // The writer that ended the run has removed the marker.
      if (!isNotFound(error)) {
        throw error;
      }
    }
  }
}

function writerFile(role: string): string {
  return `${role}-${process.pid}-${randomHex(4)}.jsonl`;
}

export function openJournal(options: OpenJournalOptions): Promise<JournalWriter> {
  return JournalWriter.open(options);
}
