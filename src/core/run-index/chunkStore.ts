/** The full chunks of series in the index: written once, read in stretches, deleted with the series. */
import { CornerWriter } from './chunkCorners.ts';
import type { IndexDatabase, Row } from './indexDatabase.ts';
import { chunkLength, type PointColumns, pointKind } from './pointColumns.ts';
import { packChunk, type StoredChunk, unpackChunk } from './storedChunk.ts';

/** Chunks that a series can have: as many as 4 thousand million points fill. */
const placesPerSeries = 2 ** 22;

/** Writes chunks of a series, one after the other. */
export class ChunkWriter {
  private readonly database: IndexDatabase;
  private readonly series: number;
  private readonly firstChunk: number;
  private readonly corners = new CornerWriter();
  private chunk: number;

  /** @param firstChunk where the first one is among the series' chunks */
  constructor(database: IndexDatabase, series: number, firstChunk: number) {
    this.database = database;
    this.series = series;
    this.firstChunk = firstChunk;
    this.chunk = firstChunk;
  }

  /** @param columns of a full chunk */
  add(columns: PointColumns): void {
    const { steps } = columns;
    const stepSize = steps === undefined ? Number.NaN : regularStep(steps);
    this.corners.add(recordOf(columns, stepSize));
    this.database.run(
      'INSERT INTO points (place, chunk) VALUES (?, ?)',
      placeOf(this.series, this.chunk),
      packChunk(columns, Number.isNaN(stepSize)),
    );
    this.chunk++;
  }

  /** To be called once, after the last chunk. */
  saveCorners(): void {
    this.corners.save(this.database, this.series, this.firstChunk);
  }
}

/**
 * Reads chunks of a series, in rising order.
 *
 * @param firstOf the first step and the first time of a chunk
 */
export function readChunks(
  database: IndexDatabase,
  series: number,
  chunks: readonly number[],
  firstOf: (chunk: number) => { readonly step: number; readonly time: number },
): StoredChunk[] {
  return rowsOf(database, series, chunks).map(({ chunk }, index) =>
    unpackChunk(chunk as Uint8Array, firstOf(chunks[index] as number)),
  );
}

function rowsOf(database: IndexDatabase, series: number, chunks: readonly number[]): Row[] {
  const first = chunks[0] ?? 0;
  const last = chunks.at(-1) ?? -1;
  const select = 'SELECT chunk FROM points WHERE place';
  return last - first === chunks.length - 1
    ? database.rows(`${select} BETWEEN ? AND ? ORDER BY place`, placeOf(series, first), placeOf(series, last))
    : database.rows(
        `${select} IN (SELECT value FROM json_each(?)) ORDER BY place`,
        JSON.stringify(chunks.map((chunk) => placeOf(series, chunk))),
      );
}

/** Deletes the chunks of a series, and what is known of them. */
export function deleteChunks(database: IndexDatabase, series: number): void {
  const [first, end] = [placeOf(series, 0), placeOf(series + 1, 0)];
  database.run('DELETE FROM points WHERE place >= ? AND place < ?', first, end);
  database.run('DELETE FROM corners WHERE series = ?', series);
}

function placeOf(series: number, chunk: number): number {
  return series * placesPerSeries + chunk;
}

/** The fields of `chunkCorners.ts`, in their order. */
function recordOf({ count, values, times, steps, kinds }: PointColumns, stepSize: number): number[] {
  let minAt = -1;
  let maxAt = -1;
  let numbers = 0;
  let gaps = 0;
  for (let index = 0; index < count; index++) {
    if (kinds !== undefined && kinds[index] !== pointKind.number) {
      continue;
    }
    numbers++;
    const value = values[index] as number;
    if (value - value !== 0) {
      gaps++;
      continue;
    }
    minAt = minAt < 0 || value < (values[minAt] as number) ? index : minAt;
    maxAt = maxAt < 0 || value > (values[maxAt] as number) ? index : maxAt;
  }
  const at = (column: Float64Array | undefined, index: number): number => column?.[index] ?? Number.NaN;
  const last = count - 1;
  return [
    ...[numbers, gaps, at(times, 0), at(times, last), at(steps, 0), stepSize, at(steps, last), at(values, 0)],
    ...[at(values, last), at(values, minAt), minAt, at(times, minAt), at(steps, minAt)],
    ...[at(values, maxAt), maxAt, at(times, maxAt), at(steps, maxAt)],
  ];
}

/** The distance of the steps where each is exactly that much after the one before: then they need no column. Else NaN. */
function regularStep(steps: Float64Array): number {
  const first = steps[0] as number;
  const size = (steps[1] as number) - first;
  for (let index = 0; index < chunkLength; index++) {
    if (steps[index] !== first + index * size) {
      return Number.NaN;
    }
  }
  return size;
}
