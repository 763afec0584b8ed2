/** Reading zips that others may have made: what is wrong with one is told before anything of it is unpacked. */
import { createWriteStream } from 'node:fs';
import { stat, utimes } from 'node:fs/promises';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32 } from 'node:zlib';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { countBytes } from './countBytes.ts';
import { isNotFound, RunledgerError } from './errors.ts';

export interface ZipEntry {
  /** Relative, with `/`, without `..`. */
  readonly path: string;
  /** Unpacked, as the zip says; reading fails where that is wrong. */
  readonly bytes: number;
  readonly isExecutable: boolean;
  readonly modifiedTime: Date;
  /** Of the content, as the zip says; reading fails where that is wrong. */
  readonly crc32: number;
}

export interface ZipReaderOptions {
  /** Reads a zip that unpacks to far more than files of people do. */
  readonly isAnySizeAllowed?: boolean;
}

export interface ExtractOptions {
  readonly onBytes?: (bytes: number) => void;
  readonly signal?: AbortSignal;
}

const folderMode = 0o040000;
const fileMode = 0o100000;
const modeTypeMask = 0o170000;
const unix = 3;
/** Text packs to about a tenth. A zip that is made to fill a disk packs a thousandfold: https://www.bamsoftware.com/hacks/zipbomb/ */
const mostExpansion = 200;
/** Below this size a zip may expand as it likes. */
const harmlessBytes = 1024 * 1024 * 1024;

/** Close it. */
export class ZipReader {
  /** Files, without the folders that a zip may name too. */
  readonly entries: readonly ZipEntry[];
  /** Of all files, unpacked. */
  readonly totalBytes: number;
  private readonly zip: ZipFile;
  private readonly path: string;
  private readonly records: ReadonlyMap<string, Entry>;

  private constructor(zip: ZipFile, path: string, records: ReadonlyMap<string, Entry>) {
    this.zip = zip;
    this.path = path;
    this.records = records;
    this.entries = [...records.values()].map((entry) => ({
      path: entry.fileName,
      bytes: entry.uncompressedSize,
      isExecutable: (unixMode(entry) & 0o111) !== 0,
      modifiedTime: entry.getLastModDate(),
      crc32: entry.crc32,
    }));
    this.totalBytes = this.entries.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /**
   * Reads the table of contents.
   *
   * @throws RunledgerError `not-found`; `unreadable` for what is no zip, is cut off, or holds what no zip of files does: paths that
   * lead elsewhere, links, files that share their bytes, far too much
   */
  static async open(path: string, options: ZipReaderOptions = {}): Promise<ZipReader> {
    let zip: ZipFile | undefined;
    try {
      const { size } = await stat(path);
      zip = await openPromise(path, { autoClose: false, strictFileNames: true });
      const records = await recordsOf(zip, path);
      assertSizes(records, path, size, options);
      return new ZipReader(zip, path, records);
    } catch (error) {
      zip?.close();
      if (isNotFound(error)) {
        throw new RunledgerError('not-found', `There is no file ${path}.`, { cause: error });
      }
      throw zipError(error, path);
    }
  }

  /** The text of a small file, as of a JSON file. Throws `unreadable`. */
  async text(path: string, mostBytes: number): Promise<string> {
    const parts: Buffer[] = [];
    for await (const part of await this.content(path, mostBytes)) {
      parts.push(part as Buffer);
    }
    return Buffer.concat(parts).toString('utf8');
  }

  /** A file's bytes, which are checked as they are read. Throws `unreadable`, also while it is read. */
  async content(path: string, mostBytes = Number.POSITIVE_INFINITY): Promise<Readable> {
    const entry = this.records.get(path);
    if (entry === undefined) {
      throw new RunledgerError('unreadable', `${this.path} holds no ${path}.`);
    }
    if (entry.uncompressedSize > mostBytes) {
      throw new RunledgerError('unreadable', `${path} in ${this.path} is larger than any such file.`);
    }
    try {
      const stream = await this.zip.openReadStreamPromise(entry);
      const checked = stream.pipe(checkedBy(entry, this.path));
      stream.once('error', (error) => checked.destroy(zipError(error, this.path)));
      // Whoever stops reading stops the unpacking.
      checked.once('close', () => stream.destroy());
      return checked;
    } catch (error) {
      throw zipError(error, this.path);
    }
  }

  /** Unpacks a file to a path where nothing is. Throws `unreadable`, `canceled`, or the system's error. */
  async extract(entry: ZipEntry, target: string, options: ExtractOptions = {}): Promise<void> {
    const { signal, onBytes } = options;
    try {
      await pipeline(
        await this.content(entry.path),
        countBytes((bytes) => onBytes?.(bytes)),
        createWriteStream(target, { flags: 'wx', mode: entry.isExecutable ? 0o777 : 0o666 }),
        { ...(signal && { signal }) },
      );
      await utimes(target, entry.modifiedTime, entry.modifiedTime);
    } catch (error) {
      if (signal?.aborted === true) {
        throw new RunledgerError('canceled', 'Unpacking was stopped.', { cause: error });
      }
      throw error;
    }
  }

  close(): void {
    this.zip.close();
  }
}

async function recordsOf(zip: ZipFile, path: string): Promise<ReadonlyMap<string, Entry>> {
  const records = new Map<string, Entry>();
  for await (const entry of zip.eachEntry()) {
    const type = unixMode(entry) & modeTypeMask;
    const name = entry.fileName;
    if (name.endsWith('/')) {
      continue;
    }
    if (type !== 0 && type !== fileMode && type !== folderMode) {
      throw refused(path, `"${name}" is a link or a device`);
    }
    if (entry.isEncrypted()) {
      throw refused(path, `"${name}" is encrypted`);
    }
    if (!entry.canDecodeFileData()) {
      throw refused(path, `"${name}" is packed by a method that Runledger does not know`);
    }
    if (name.includes('\0') || /(^|\/)\.{0,2}(\/|$)/.test(name)) {
      throw refused(path, `"${name}" leads elsewhere`);
    }
    if (records.has(name)) {
      throw refused(path, `"${name}" is in it twice`);
    }
    records.set(name, entry);
  }
  return records;
}

function assertSizes(
  records: ReadonlyMap<string, Entry>,
  path: string,
  zipBytes: number,
  { isAnySizeAllowed }: ZipReaderOptions,
): void {
  let packed = 0;
  let unpacked = 0;
  for (const entry of records.values()) {
    packed += entry.compressedSize;
    unpacked += entry.uncompressedSize;
  }
  if (packed > zipBytes) {
    throw refused(path, 'its files share their bytes, as those of a zip do that is made to fill a disk');
  }
  if (isAnySizeAllowed !== true && unpacked > harmlessBytes && unpacked > zipBytes * mostExpansion) {
    const times = Math.round(unpacked / zipBytes).toLocaleString('en');
    throw new RunledgerError(
      'zip-too-large',
      `${path} would unpack to ${Math.round(unpacked / 1e9).toLocaleString('en')} GB, ${times} times its size.`,
      { advice: 'A zip may be made to fill a disk. Nothing was changed.' },
    );
  }
}

function refused(path: string, problem: string): RunledgerError {
  return new RunledgerError('unreadable', `${path} is refused: ${problem}.`, { advice: 'Nothing was changed.' });
}

/** Of zips that were made on Unix; 0 for others. */
function unixMode(entry: Entry): number {
  return entry.versionMadeBy >>> 8 === unix ? entry.externalFileAttributes >>> 16 : 0;
}

function checkedBy(entry: Entry, path: string): Transform {
  let sum = 0;
  return new Transform({
    transform(part: Buffer, _encoding, done) {
      sum = crc32(part, sum);
      done(null, part);
    },
    flush(done) {
      const isIntact = sum === entry.crc32;
      done(isIntact ? null : refused(path, `"${entry.fileName}" is damaged`));
    },
  });
}

function zipError(error: unknown, path: string): RunledgerError {
  if (error instanceof RunledgerError) {
    return error;
  }
  const detail = error instanceof Error ? error.message : String(error);
  return new RunledgerError('unreadable', `${path} is no zip that can be read: ${detail.replace(/\.$/, '')}.`, {
    advice: 'It may be cut off: copy it again. Nothing was changed.',
    cause: error,
  });
}
