/**
 * The points of a run by metric, read once from its journals and spooled to a temporary file: a long run needs no more memory than a
 * short one.
 */
import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { TextDecoder } from 'node:util';
import { errorCode, fileError } from '../base/errors.ts';
import type { MetricKind, Scalar } from '../domain/metric.ts';
import { type JournalPosition, readJournalPart } from '../run-index/journalLines.ts';
import { journalNames } from '../store/journalReader.ts';
import { parseJournalLine, type TimedRecord } from '../store/journalRecords.ts';
import type { RecordedPoint } from '../store/metricFold.ts';
import { journalFolder } from '../store/storeLayout.ts';

/** Of a journal, what is read at a time. */
const partBytes = 256 * 1024;
/** Of text, what waits in memory before it is written to the file. */
const bufferedCharacters = 8 * 1024 * 1024;

interface Spooled {
  readonly kind: MetricKind;
  count: number;
  text: string;
  /** Where its text is in the file, in order. */
  readonly segments: { readonly offset: number; readonly bytes: number }[];
}

export class SpooledRun {
  private readonly metrics = new Map<string, Spooled>();
  private readonly folder: string;
  private readonly file: FileHandle;
  private readonly isWanted: (metric: string) => boolean;
  private readonly lineOf: (metric: string, point: RecordedPoint) => string;
  private buffered = 0;
  private offset = 0;

  private constructor(
    folder: string,
    file: FileHandle,
    isWanted: (metric: string) => boolean,
    lineOf: (metric: string, point: RecordedPoint) => string,
  ) {
    this.folder = folder;
    this.file = file;
    this.isWanted = isWanted;
    this.lineOf = lineOf;
  }

  /**
   * Reads the journals of a run.
   *
   * @param lineOf what is kept of a point
   * @param onTurn is called now and then, and may throw
   * @returns undefined where the journals do not tell of the points in order: then others have to put them in order
   */
  static async read(
    runFolder: string,
    isWanted: (metric: string) => boolean,
    lineOf: (metric: string, point: RecordedPoint) => string,
    onTurn: () => void,
  ): Promise<SpooledRun | undefined> {
    const folder = await mkdtemp(join(tmpdir(), 'runledger-export-'));
    let file: FileHandle | undefined;
    try {
      file = await open(join(folder, 'points'), 'w+');
      const run = new SpooledRun(folder, file, isWanted, lineOf);
      if (await run.readJournals(journalFolder(runFolder), onTurn)) {
        return run;
      }
      await run.dispose();
      return undefined;
    } catch (error) {
      await file?.close();
      await rm(folder, { recursive: true, force: true });
      throw fileError(error, 'read the metrics', runFolder);
    }
  }

  /** By first appearance. A name's kind is that of its first record. */
  kinds(): readonly (readonly [metric: string, kind: MetricKind])[] {
    return [...this.metrics].map(([metric, { kind }]) => [metric, kind]);
  }

  count(metric: string): number {
    return this.metrics.get(metric)?.count ?? 0;
  }

  /** The lines of a metric's points, in their order. */
  async *text(metric: string): AsyncGenerator<string> {
    const spooled = this.metrics.get(metric);
    for (const { offset, bytes } of spooled?.segments ?? []) {
      const buffer = Buffer.allocUnsafe(bytes);
      await this.file.read(buffer, 0, bytes, offset);
      yield buffer.toString('utf8');
    }
    yield spooled?.text ?? '';
  }

  async dispose(): Promise<void> {
    await this.file.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  private async readJournals(folder: string, onTurn: () => void): Promise<boolean> {
    const journals = (await journalNames(folder)).map((name) => new JournalRecords(join(folder, name)));
    for (;;) {
      let first: JournalRecords | undefined;
      for (const journal of journals) {
        if (journal.needsMore) {
          journal.readMore();
          onTurn();
          await nextTurn();
        }
        if (journal.isDisordered) {
          return false;
        }
        // Of equal times the journal comes first whose name does, as they are listed.
        first = journal.next !== undefined && !(first !== undefined && first.time <= journal.time) ? journal : first;
      }
      const record = first?.take();
      if (record === undefined) {
        return true;
      }
      this.add(record);
      if (this.buffered > bufferedCharacters) {
        await this.flush();
      }
    }
  }

  private add(record: TimedRecord): void {
    switch (record.k) {
      case 'metric':
        this.addPoint(record.n, 'metric', record.v, record.s, record.t);
        break;
      case 'metrics':
        for (const [name, value] of Object.entries(record.v)) {
          this.addPoint(name, 'metric', value, record.s, record.t);
        }
        break;
      case 'list':
        this.spooled(record.n, 'list');
        for (const value of record.v) {
          this.addPoint(record.n, 'list', value, undefined, record.t);
        }
        break;
      case 'row':
      case 'table':
        this.spooled(record.n, record.k);
        break;
      default:
        break;
    }
  }

  private spooled(metric: string, kind: MetricKind): Spooled | undefined {
    if (!this.isWanted(metric)) {
      return undefined;
    }
    const known = this.metrics.get(metric) ?? { kind, count: 0, text: '', segments: [] };
    this.metrics.set(metric, known);
    return known;
  }

  private addPoint(
    metric: string,
    kind: MetricKind,
    value: Scalar | null,
    step: number | undefined,
    time: number,
  ): void {
    const spooled = this.spooled(metric, kind);
    if (spooled?.kind === kind) {
      const line = this.lineOf(metric, { x: step ?? spooled.count, time, value });
      spooled.text += line;
      spooled.count++;
      this.buffered += line.length;
    }
  }

  private async flush(): Promise<void> {
    for (const spooled of this.metrics.values()) {
      if (spooled.text !== '') {
        const text = Buffer.from(spooled.text);
        spooled.text = '';
        for (let written = 0; written < text.length; ) {
          const { bytesWritten } = await this.file.write(text, written, text.length - written, this.offset + written);
          written += bytesWritten;
        }
        spooled.segments.push({ offset: this.offset, bytes: text.length });
        this.offset += text.length;
      }
    }
    this.buffered = 0;
  }
}

/** The records of one journal, a part of it at a time. */
class JournalRecords {
  next: TimedRecord | undefined;
  /** Whether a record is older than the one before, or the journal is not what it was. */
  isDisordered = false;
  private readonly path: string;
  private records: TimedRecord[] = [];
  private index = 0;
  private position: JournalPosition | undefined;
  private hasMore = true;

  constructor(path: string) {
    this.path = path;
  }

  get time(): number {
    return this.next?.t ?? Number.POSITIVE_INFINITY;
  }

  get needsMore(): boolean {
    return this.next === undefined && this.hasMore;
  }

  readMore(): void {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    const before = this.records.at(-1)?.t ?? Number.NEGATIVE_INFINITY;
    const records: TimedRecord[] = [];
    let lines = this.position?.lines ?? 0;
    let part: ReturnType<typeof readJournalPart>;
    try {
      part = readJournalPart(this.path, this.position, partBytes, {
        take: () => -1,
        line: (bytes, start, end) => {
          lines++;
          const record = bytes === undefined ? undefined : recordOf(decoder, bytes.subarray(start, end));
          if (record !== undefined) {
            this.isDisordered ||= record.t < (records.at(-1)?.t ?? before);
            records.push(record);
          }
        },
      });
    } catch (error) {
      if (errorCode(error) === undefined) {
        throw error;
      }
      // Who reads it otherwise tells what is wrong.
      part = undefined;
    }
    this.isDisordered ||= part === undefined;
    this.hasMore = part?.hasMore === true && part.end > (this.position?.bytes ?? 0);
    this.position = part && { bytes: part.end, lines, proof: part.proof };
    this.records = records.length > 0 ? records : this.records.slice(-1);
    this.index = records.length > 0 ? 0 : this.records.length;
    this.next = this.records[this.index];
  }

  take(): TimedRecord | undefined {
    const taken = this.next;
    this.index++;
    this.next = this.records[this.index];
    return taken;
  }
}

function recordOf(decoder: TextDecoder, bytes: Uint8Array): TimedRecord | undefined {
  try {
    const record = parseJournalLine(decoder.decode(bytes));
    return record === 'problem' ? undefined : record;
  } catch {
    return undefined;
  }
}
