import { createWriteStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ZipArchive } from 'archiver';
import { RunledgerError } from './errors.ts';

export interface ZipEntryData {
  /** With `/` between folders. */
  readonly name: string;
  readonly mode?: number;
  readonly date?: Date;
  /** Packs nothing: for what is packed already. */
  readonly store?: boolean;
}

/** A zip that is written entry by entry, so that one file at a time is open and in memory. End it with `finish` or `abandon`. */
export class ZipWriter {
  private readonly archive: ZipArchive;
  private readonly stopped = new AbortController();
  private readonly stored: Promise<void>;
  private readonly endsEarly: Promise<never>;

  /**
   * @param path of a file that is not there; made at once
   * @param level of zlib, from 1 (fast) to 9 (small)
   */
  constructor(path: string, level = 6) {
    this.archive = new ZipArchive({ zlib: { level } });
    this.stored = pipeline(this.archive, createWriteStream(path, { flags: 'wx', flush: true }), {
      signal: this.stopped.signal,
    });
    // Its failure is seen by whoever waits for it below; until then it must not count as unhandled.
    this.endsEarly = this.stored.then(endedEarly);
    this.endsEarly.catch(() => {});
  }

  /** Resolves when the entry is in the zip. */
  async add(content: Buffer | Readable, data: ZipEntryData): Promise<void> {
    const failed = Buffer.isBuffer(content)
      ? []
      : [new Promise<never>((_resolve, reject) => content.once('error', reject))];
    await Promise.race([this.added(content, data), this.endsEarly, ...failed]);
  }

  private added(content: Buffer | Readable, data: ZipEntryData): Promise<void> {
    const { archive } = this;
    return new Promise((resolve, reject) => {
      const onEntry = (): void => {
        archive.off('error', onError);
        resolve();
      };
      const onError = (error: Error): void => {
        archive.off('entry', onEntry);
        reject(error);
      };
      archive.once('entry', onEntry);
      archive.once('error', onError);
      archive.append(content, data);
    });
  }

  /** Writes the table of contents, and resolves when all of the file is on the disk. */
  async finish(): Promise<void> {
    await Promise.all([this.archive.finalize(), this.stored]);
  }

  /** Closes the file, which is left unfinished. */
  async abandon(): Promise<void> {
    this.stopped.abort();
    await this.stored.catch(() => {});
  }
}

function endedEarly(): never {
  throw new RunledgerError('unreadable', 'The zip ended before all of its files were written.');
}
