/** Writes points that are in order into the index, as the chunks of a series of their own. */
import { ChunkWriter, deleteChunks } from './chunkStore.ts';
import type { IndexDatabase } from './indexDatabase.ts';
import { chunkLength, PointBuffer } from './pointColumns.ts';

/** What the points are of, and how they are ordered: by an axis, or a part of what is being put in order. */
export interface OrderedOf {
  readonly run: number;
  readonly name: number;
  readonly kind: string;
  readonly axis: 'time' | 'step' | 'part';
}

/** Points that are written at once: others may write in between. */
const pointsAtOnce = 64 * chunkLength;

export class OrderedWriter {
  /** The key of the series that the chunks are of: below zero, where no other series is. */
  readonly key: number;
  private readonly database: IndexDatabase;
  private readonly of: OrderedOf;
  private readonly ordered: number;
  private buffer = new PointBuffer();
  private chunks = 0;

  constructor(database: IndexDatabase, of: OrderedOf) {
    this.database = database;
    this.of = of;
    const { run, name, kind, axis } = of;
    const { lastInsertRowid } = database
      .statement(
        `INSERT INTO ordered_series (run, name, kind, axis, is_whole, begun, sources, last_time)
         VALUES (?, ?, ?, ?, 0, ?, '[]', 0)`,
      )
      .run(run, name, kind, axis, Date.now() / 1000);
    this.ordered = Number(lastInsertRowid);
    this.key = -this.ordered;
  }

  push(value: number, time: number, step: number, kind: number): void {
    this.buffer.push(value, time, step, kind);
    if (this.buffer.count === pointsAtOnce) {
      this.writeChunks();
    }
  }

  private writeChunks(): void {
    const { buffer, database } = this;
    const full = Math.floor(buffer.count / chunkLength) * chunkLength;
    if (full > 0) {
      database.transaction(() => {
        const writer = new ChunkWriter(database, this.key, this.chunks);
        for (let start = 0; start < full; start += chunkLength) {
          writer.add(buffer.columns(start, start + chunkLength));
        }
        writer.saveCorners();
      });
      this.chunks += full / chunkLength;
      this.buffer = new PointBuffer(buffer.columns(full, buffer.count));
    }
  }

  /** To be called once, after the last point of a part. */
  close(): { readonly key: number; readonly tail: Uint8Array | null } {
    this.writeChunks();
    return { key: this.key, tail: this.buffer.count === 0 ? null : this.buffer.pack(0).slice() };
  }

  /**
   * Puts what was written in the place of what was in order before. To be called once, after the last point.
   *
   * @param sources how many points of each series are in it
   * @returns false where the run is no longer in the index: it was read anew
   */
  finish(sources: readonly (readonly [series: number, count: number])[], lastTime: number): boolean {
    const { tail } = this.close();
    const { database, ordered } = this;
    const { run, name, kind, axis } = this.of;
    return database.transaction(() => {
      if (database.row('SELECT 1 FROM runs WHERE run = ?', run) === undefined) {
        return false;
      }
      const select =
        'SELECT ordered FROM ordered_series WHERE run = ? AND name = ? AND kind = ? AND axis = ? AND is_whole = 1';
      for (const { ordered: before } of database.rows(select, run, name, kind, axis)) {
        deleteChunks(database, -Number(before));
        database.run('DELETE FROM ordered_series WHERE ordered = ?', Number(before));
      }
      database.run(
        'UPDATE ordered_series SET is_whole = 1, sources = ?, last_time = ?, tail = ? WHERE ordered = ?',
        JSON.stringify(sources),
        lastTime,
        tail,
        ordered,
      );
      return true;
    });
  }

  /** Takes away what was written. */
  discard(): void {
    const { database, ordered } = this;
    database.transaction(() => {
      deleteChunks(database, this.key);
      database.run('DELETE FROM ordered_series WHERE ordered = ?', ordered);
    });
  }
}
