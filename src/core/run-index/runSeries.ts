/** The series of a run: those that have rows of their own, and the short ones, which share one. */
import type { IndexDatabase } from './indexDatabase.ts';
import { type SeriesRow, seriesColumns, toSeriesRow } from './metricSummaries.ts';
import { SeriesAppender } from './seriesStore.ts';
import { columnsOf, ShortPoints } from './shortSeries.ts';

/** Keys of short series lie above those of all others, so many for each pack. */
const firstShortKey = 2 ** 51;
const keysOfPack = 2 ** 25;

/** The short series of one journal. */
interface ShortPack {
  readonly pack: number;
  readonly writer: string;
  readonly points: ShortPoints;
}

function packsOf(database: IndexDatabase, run: number): ShortPack[] {
  return database
    .rows('SELECT pack, writer, points FROM short_series WHERE run = ? ORDER BY writer', run)
    .map(({ pack, writer, points }) => ({
      pack: Number(pack),
      writer: String(writer),
      points: ShortPoints.unpack(points as Uint8Array),
    }));
}

/** The short series of one journal; undefined where there are none. */
export function shortSeriesOf(database: IndexDatabase, run: number, writer: string): ShortPoints | undefined {
  const row = database.row('SELECT points FROM short_series WHERE run = ? AND writer = ?', run, writer);
  return row && ShortPoints.unpack(row.points as Uint8Array);
}

/** The short series of all journals of a run, by their writer. */
export function allShortSeries(database: IndexDatabase, run: number): ReadonlyMap<string, ShortPoints> {
  return new Map(packsOf(database, run).map(({ writer, points }) => [writer, points]));
}

export function saveShortSeries(database: IndexDatabase, run: number, writer: string, points: ShortPoints): void {
  const packed = points.pack();
  if (packed === undefined) {
    database.run('DELETE FROM short_series WHERE run = ? AND writer = ?', run, writer);
  } else {
    database.run(
      `INSERT INTO short_series (run, writer, points) VALUES (?, ?, ?)
       ON CONFLICT (run, writer) DO UPDATE SET points = excluded.points`,
      run,
      writer,
      packed,
    );
  }
}

/**
 * The series of a run, by the key of their name, in the order in which they came into the index.
 *
 * @param names only of these, where they are given
 */
export function seriesOfRun(
  database: IndexDatabase,
  run: number,
  names?: ReadonlySet<number>,
): Map<number, SeriesRow[]> {
  const byName = new Map<number, SeriesRow[]>();
  const add = (row: SeriesRow): void => {
    const known = byName.get(row.name);
    if (known === undefined) {
      byName.set(row.name, [row]);
    } else {
      known.push(row);
    }
  };
  const sql = `SELECT ${seriesColumns} FROM series WHERE run = ?`;
  const rows =
    names === undefined
      ? database.rows(`${sql} ORDER BY series`, run)
      : database.rows(
          `${sql} AND name IN (SELECT value FROM json_each(?)) ORDER BY series`,
          run,
          JSON.stringify([...names]),
        );
  for (const row of rows) {
    add(toSeriesRow(row));
  }
  for (const pack of packsOf(database, run)) {
    for (const name of pack.points.metrics) {
      if (names === undefined || names.has(name)) {
        add(shortRow(database, run, name, pack));
      }
    }
  }
  return byName;
}

/** The points of each series, by what is the same of it however long it gets. */
export function countsOfRun(database: IndexDatabase, run: number): Map<string, number> {
  const rows = database.rows('SELECT name, kind, writer, count FROM series WHERE run = ?', run);
  const counts = new Map(rows.map(({ name, kind, writer, count }) => [`${name} ${kind} ${writer}`, Number(count)]));
  for (const { writer, points } of packsOf(database, run)) {
    points.forEach((name) => {
      const key = `${name} metric ${writer}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    });
  }
  return counts;
}

/** As {@link countsOfRun} has it. */
export function countKeyOf({ name, kind, writer }: SeriesRow): string {
  return `${name} ${kind} ${writer}`;
}

function shortRow(database: IndexDatabase, run: number, name: number, { pack, writer, points }: ShortPack): SeriesRow {
  const all = points.pointsOf(name);
  const appender = new SeriesAppender(database, { run, name, kind: 'metric', writer }, true);
  appender.addShort(all);
  return {
    ...appender.toSummary(),
    series: firstShortKey + pack * keysOfPack + name,
    run,
    name,
    kind: 'metric',
    writer,
    last: appender.lastValue,
    description: undefined,
    columns: undefined,
    points: columnsOf(all),
  };
}
