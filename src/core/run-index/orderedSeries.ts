/**
 * Long metrics whose points are not in the order of an axis as they were recorded: put in order once, and kept so in the index beside
 * what they were made of. Nothing of this grows in memory with the number of points.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { RunledgerError } from '../base/errors.ts';
import type { SeriesAxis } from '../catalog/runCatalog.ts';
import { type AscendingRun, ascendingRuns, mergeRuns, type PointBlocks, type SortKey } from './ascendingRuns.ts';
import { ChunkCorners } from './chunkCorners.ts';
import { deleteChunks } from './chunkStore.ts';
import type { IndexDatabase } from './indexDatabase.ts';
import type { SeriesRow } from './metricSummaries.ts';
import { isStoredInOrder, newNumbers, seriesBlocks, sortedBlock, storedBlocks } from './orderedPoints.ts';
import { OrderedWriter } from './orderedWriter.ts';
import { OverlaidChunks } from './overlaidChunks.ts';
import { pointKind, unpackColumns } from './pointColumns.ts';
import { JoinedChunks, MemoryChunks, type PointChunks, StoredChunks } from './seriesChunks.ts';

/** What is worth it for how many points: the results are the same for any. */
export interface OrderingLimits {
  /** Metrics of up to so many points are put in order in memory, each time. */
  readonly inMemory: number;
  /** So many new points are laid over what was put in order before. */
  readonly overlaid: number;
  /** Parts that rise and are merged at once. Of more parts, some are put in order in memory first. */
  readonly mergedRuns: number;
  /** Points of a part that is put in order in memory. */
  readonly sortedAtOnce: number;
}

export const defaultLimits: OrderingLimits = {
  inMemory: 500_000,
  overlaid: 100_000,
  mergedRuns: 200,
  sortedAtOnce: 500_000,
};

const pointsPerTurn = 20_000;
/** What was begun and not finished by then was given up. */
const givenUpSeconds = 3600;

type Order = 'time' | 'step';

interface Metric {
  readonly run: number;
  readonly name: number;
  readonly kind: string;
}

/** Points that are in order. */
interface Ordered {
  /** The chunks are those of the series with this key, below zero. */
  readonly key: number;
  /** How many points of each series are in it. */
  readonly sources: ReadonlyMap<number, number>;
  /** Of all points, numbers or not. */
  readonly lastTime: number;
  readonly tail: Uint8Array | null;
}

export class OrderedSeries {
  private readonly database: IndexDatabase;
  private readonly limits: OrderingLimits;
  private readonly making = new Map<string, Promise<Ordered>>();

  constructor(database: IndexDatabase, limits: OrderingLimits) {
    this.database = database;
    this.limits = limits;
  }

  /**
   * The numbers of a metric in the order of an axis.
   *
   * @param series those of the metric's kind, of all writers
   * @throws RunledgerError `canceled`; `not-found` where the run was read anew meanwhile
   */
  async chunks(series: readonly SeriesRow[], axis: SeriesAxis, signal?: AbortSignal): Promise<PointChunks> {
    const metric = this.metricOf(series);
    const order: Order = axis === 'step' ? 'step' : 'time';
    const known = this.find(metric, order);
    const overlaid = known && this.overlaid(known, series, axis);
    return overlaid ?? this.chunksOf(await this.made(metric, order, series, signal), axis);
  }

  private metricOf([first]: readonly SeriesRow[]): Metric {
    if (first === undefined || this.database.row('SELECT 1 FROM runs WHERE run = ?', first.run) === undefined) {
      throw readAnew();
    }
    return { run: first.run, name: first.name, kind: first.kind };
  }

  private find({ run, name, kind }: Metric, order: Order): Ordered | undefined {
    const row = this.database.row(
      `SELECT ordered, sources, last_time, tail FROM ordered_series
       WHERE run = ? AND name = ? AND kind = ? AND axis = ? AND is_whole = 1`,
      ...[run, name, kind, order],
    );
    return (
      row && {
        key: -Number(row.ordered),
        sources: new Map(JSON.parse(String(row.sources)) as [number, number][]),
        lastTime: Number(row.last_time),
        tail: row.tail instanceof Uint8Array ? row.tail : null,
      }
    );
  }

  private chunksOf({ key, tail }: Ordered, axis: SeriesAxis): PointChunks {
    const corners = ChunkCorners.read(this.database, key, ChunkCorners.none);
    const full = new StoredChunks(this.database, key, corners, axis);
    if (tail === null) {
      return full;
    }
    const { values, times, steps } = unpackColumns(tail);
    return new JoinedChunks(full, new MemoryChunks({ x: steps ?? new Float64Array(), times, values }, axis));
  }

  /** What is known with the points that came since; undefined where all has to be put in order anew. */
  private overlaid(known: Ordered, series: readonly SeriesRow[], axis: SeriesAxis): PointChunks | undefined {
    const isAhead = series.every((row) => row.count >= (known.sources.get(row.series) ?? 0));
    const isOfThese = [...known.sources.keys()].every((key) => series.some((row) => row.series === key));
    const places = [...known.sources.values()].reduce((sum, count) => sum + count, 0);
    const added = series.reduce((sum, row) => sum + row.count, 0) - places;
    if (!isAhead || !isOfThese || added > this.limits.overlaid) {
      return undefined;
    }
    const chunks = this.chunksOf(known, axis);
    if (added === 0) {
      return chunks;
    }
    const { numbers, firstTime } = newNumbers(this.database, series, known.sources, axis);
    // The place of a point without a step is among all points: what comes before them moves them.
    const arePlacesKept = firstTime >= known.lastTime || series.every((row) => row.steps === row.count);
    return arePlacesKept ? new OverlaidChunks(chunks, numbers, axis) : undefined;
  }

  private made(
    metric: Metric,
    order: Order,
    series: readonly SeriesRow[],
    signal: AbortSignal | undefined,
  ): Promise<Ordered> {
    const key = `${order} ${series.map((row) => `${row.series}:${row.count}`).join(' ')}`;
    const begun = this.making.get(key);
    if (begun !== undefined) {
      // Who began it may no longer want it.
      return begun.catch((error: unknown) => {
        if (RunledgerError.is(error, 'canceled') && signal?.aborted !== true) {
          return this.made(metric, order, series, signal);
        }
        throw error;
      });
    }
    const making = this.make(metric, order, series, signal).finally(() => this.making.delete(key));
    this.making.set(key, making);
    return making;
  }

  private async make(
    metric: Metric,
    order: Order,
    series: readonly SeriesRow[],
    signal: AbortSignal | undefined,
  ): Promise<Ordered> {
    const { database } = this;
    this.removeGivenUp();
    const temporary: OrderedWriter[] = [];
    const writer = new OrderedWriter(database, { ...metric, axis: order });
    try {
      const by: SortKey = order === 'time' ? 'times' : 'x';
      const sequences = order === 'time' ? this.asRecorded(series) : [await this.inTime(metric, series, signal)];
      const runs = await this.runsOf(sequences, by, metric, temporary, signal);
      let place = 0;
      const lastTime = series.reduce((latest, row) => Math.max(latest, row.lastTime), Number.NEGATIVE_INFINITY);
      const merging = mergeRuns(
        runs,
        by,
        ({ x, times, values, kinds }, index) => {
          const step = x[index] as number;
          if (kinds === undefined || kinds[index] === pointKind.number) {
            const time = times[index] as number;
            writer.push(values[index] as number, time, Number.isNaN(step) ? place : step, pointKind.number);
          }
          place++;
        },
        pointsPerTurn,
      );
      for (const _turn of merging) {
        await takeTurn(signal);
      }
      const sources = series.map((row): [number, number] => [row.series, row.count]);
      if (!writer.finish(sources, lastTime)) {
        throw readAnew();
      }
    } catch (error) {
      writer.discard();
      throw error;
    } finally {
      for (const part of temporary) {
        part.discard();
      }
    }
    const found = this.find(metric, order);
    if (found === undefined) {
      throw readAnew();
    }
    return found;
  }

  private asRecorded(series: readonly SeriesRow[]): ((block: number) => PointBlocks)[] {
    return [...series]
      .sort((a, b) => (a.writer < b.writer ? -1 : 1))
      .map(
        (row) => (block: number) =>
          seriesBlocks(this.database, row, { from: block, count: row.count, isPlaced: false }),
      );
  }

  /** All numbers in order of time, with their x. */
  private async inTime(
    metric: Metric,
    series: readonly SeriesRow[],
    signal: AbortSignal | undefined,
  ): Promise<(block: number) => PointBlocks> {
    const { database } = this;
    const [only] = series;
    if (only !== undefined && isStoredInOrder(series, 'time')) {
      return (block) => seriesBlocks(database, only, { from: block, count: only.count, isPlaced: true });
    }
    const known = this.find(metric, 'time');
    const isWhole = known !== undefined && series.every((row) => known.sources.get(row.series) === row.count);
    const { key, tail } = isWhole ? known : await this.made(metric, 'time', series, signal);
    return (block) => storedBlocks(database, key, { from: block, count: undefined, isPlaced: false, tail });
  }

  /** The parts of some sequences that rise; of too many, some are put in order and written down first. */
  private async runsOf(
    sequences: readonly ((block: number) => PointBlocks)[],
    by: SortKey,
    metric: Metric,
    temporary: OrderedWriter[],
    signal: AbortSignal | undefined,
  ): Promise<readonly AscendingRun[]> {
    const runs: AscendingRun[] = [];
    for (const openAt of sequences) {
      for (const run of ascendingRuns(openAt, by)) {
        if (run === undefined) {
          await takeTurn(signal);
        } else if (runs.length === this.limits.mergedRuns) {
          return await this.sortedParts(sequences, by, metric, temporary, signal);
        } else {
          runs.push(run);
        }
      }
    }
    return runs;
  }

  private async sortedParts(
    sequences: readonly ((block: number) => PointBlocks)[],
    by: SortKey,
    metric: Metric,
    temporary: OrderedWriter[],
    signal: AbortSignal | undefined,
  ): Promise<readonly AscendingRun[]> {
    const { database, limits } = this;
    const runs: AscendingRun[] = [];
    for (const openAt of sequences) {
      const blocks = openAt(0);
      for (;;) {
        const part = sortedBlock(blocks, limits.sortedAtOnce, by);
        if (part.count === 0) {
          break;
        }
        const writer = new OrderedWriter(database, { ...metric, axis: 'part' });
        temporary.push(writer);
        part.each((value, time, step, kind) => writer.push(value, time, step, kind));
        const { key, tail } = writer.close();
        runs.push({
          open: () => storedBlocks(database, key, { from: 0, count: undefined, isPlaced: false, tail }),
          start: 0,
          count: part.count,
        });
        await takeTurn(signal);
      }
    }
    return runs;
  }

  /** Takes away what processes left behind that died. */
  private removeGivenUp(): void {
    const before = Date.now() / 1000 - givenUpSeconds;
    const rows = this.database.rows('SELECT ordered FROM ordered_series WHERE is_whole = 0 AND begun < ?', before);
    for (const { ordered } of rows) {
      deleteOrdered(this.database, Number(ordered));
    }
  }
}

/** Deletes what was put in order of a run. */
export function deleteOrderedOfRun(database: IndexDatabase, run: number): void {
  for (const { ordered } of database.rows('SELECT ordered FROM ordered_series WHERE run = ?', run)) {
    deleteOrdered(database, Number(ordered));
  }
}

function deleteOrdered(database: IndexDatabase, ordered: number): void {
  deleteChunks(database, -ordered);
  database.run('DELETE FROM ordered_series WHERE ordered = ?', ordered);
}

async function takeTurn(signal: AbortSignal | undefined): Promise<void> {
  await nextTurn();
  if (signal?.aborted === true) {
    throw new RunledgerError('canceled', 'The reading of the series was canceled.');
  }
}

function readAnew(): RunledgerError {
  return new RunledgerError('not-found', 'The run was read anew while its points were put in order.', {
    advice: 'Try again.',
  });
}
