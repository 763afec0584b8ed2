/**
 * What a chart needs to know of full chunks without reading them: a record of numbers each, many of them in one row of the index. The
 * chunks of ten million points are known after reading a megabyte.
 */
import type { IndexDatabase } from './indexDatabase.ts';
import { float64Column } from './pointColumns.ts';

/** The fields of a record. A step, and what depends on numbers that are not there, is NaN. */
export const field = {
  numbers: 0,
  /** Numbers that are not finite. */
  gaps: 1,
  firstTime: 2,
  lastTime: 3,
  firstStep: 4,
  /** The distance of the steps where all are as far apart: then they are not kept. */
  stepSize: 5,
  lastStep: 6,
  first: 7,
  last: 8,
  min: 9,
  minAt: 10,
  minTime: 11,
  minStep: 12,
  max: 13,
  maxAt: 14,
  maxTime: 15,
  maxStep: 16,
} as const;

const fieldCount = 17;

/** Records in a row: these fit into a page of the database. */
const recordsPerRow = 64;

/** The records of a series' full chunks, in their order. */
export class ChunkCorners {
  readonly length: number;
  private readonly records: Float64Array;

  private constructor(records: Float64Array, length: number) {
    this.records = records;
    this.length = length;
  }

  static readonly none = new ChunkCorners(new Float64Array(), 0);

  /** @param known those that were read before: a full chunk never changes */
  static read(database: IndexDatabase, series: number, known: ChunkCorners): ChunkCorners {
    const firstPage = Math.floor(known.length / recordsPerRow);
    const rows = database.rows(
      'SELECT records FROM corners WHERE series = ? AND page >= ? ORDER BY page',
      series,
      firstPage,
    );
    const parts = rows.map(({ records }) => float64Column(records as Uint8Array));
    const before = firstPage * recordsPerRow;
    const length = before + parts.reduce((sum, part) => sum + part.length, 0) / fieldCount;
    if (length <= known.length) {
      return known;
    }
    const records = new Float64Array(length * fieldCount);
    records.set(known.records.subarray(0, before * fieldCount));
    let offset = before * fieldCount;
    for (const part of parts) {
      records.set(part, offset);
      offset += part.length;
    }
    return new ChunkCorners(records, length);
  }

  get(chunk: number, index: number): number {
    return this.records[chunk * fieldCount + index] as number;
  }
}

/** Gathers the records of chunks that follow each other, and writes them in their rows. */
export class CornerWriter {
  private readonly records: number[] = [];

  /** @param record by {@link field} */
  add(record: readonly number[]): void {
    this.records.push(...record);
  }

  /** @param firstChunk the place of the first of them in the series */
  save(database: IndexDatabase, series: number, firstChunk: number): void {
    const count = this.records.length / fieldCount;
    let chunk = firstChunk;
    while (chunk < firstChunk + count) {
      const page = Math.floor(chunk / recordsPerRow);
      const end = Math.min((page + 1) * recordsPerRow, firstChunk + count);
      const start = (chunk - firstChunk) * fieldCount;
      const added = Float64Array.from(this.records.slice(start, (end - firstChunk) * fieldCount));
      const known = chunk % recordsPerRow === 0 ? undefined : knownRecords(database, series, page);
      const records = new Uint8Array((known?.length ?? 0) + added.byteLength);
      records.set(known ?? []);
      records.set(new Uint8Array(added.buffer), known?.length ?? 0);
      database.run('INSERT OR REPLACE INTO corners (series, page, records) VALUES (?, ?, ?)', series, page, records);
      chunk = end;
    }
  }
}

function knownRecords(database: IndexDatabase, series: number, page: number): Uint8Array | undefined {
  const row = database.row('SELECT records FROM corners WHERE series = ? AND page = ?', series, page);
  return row?.records instanceof Uint8Array ? row.records : undefined;
}
