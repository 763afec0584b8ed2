/** The index of one store: brings runs up to date and answers from what it holds. */
import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { SeriesQuery } from '../catalog/runCatalog.ts';
import type { MetricSummary, SeriesAppend, SeriesSlice, TableData } from '../domain/metric.ts';
import { parseJournalLine } from '../store/journalRecords.ts';
import { journalFolder, runFolder } from '../store/storeLayout.ts';
import { tableOfRecords } from '../store/tableRows.ts';
import { IndexDatabase, indexFile, inMemory } from './indexDatabase.ts';
import {
  compareFirst,
  effectiveSeries,
  extreme,
  firstOf,
  isStoredAsRecorded,
  type SeriesRow,
  summaryOfMetric,
} from './metricSummaries.ts';
import { placeInOrder, storedColumns } from './orderedPoints.ts';
import { chunkLength, pointKind } from './pointColumns.ts';
import { type IndexedRunState, RunIngestion } from './runIngestion.ts';
import { countKeyOf, countsOfRun, seriesOfRun } from './runSeries.ts';
import { SeriesReader } from './seriesReader.ts';
import { type ScanOptions, StoreScan } from './storeScan.ts';

/** Where a follower stands in a run's metrics, to be told only of what came after. */
export interface MetricMark {
  /** The run's key in the index: another one where it was read anew. */
  readonly run: number;
  readonly revision: number;
  /** Points of each series: {@link countsOfRun}. */
  readonly counts: Map<string, number>;
}

export class RunIndex {
  readonly database: IndexDatabase;
  private readonly workspaceFolder: string;
  private readonly ingestion: RunIngestion;
  private readonly scan: StoreScan;
  private readonly seriesReader: SeriesReader;
  private scanning: Promise<void> = Promise.resolve();
  private hasScanned = false;

  private constructor(database: IndexDatabase, workspaceFolder: string) {
    this.database = database;
    this.workspaceFolder = workspaceFolder;
    this.ingestion = new RunIngestion(database, workspaceFolder);
    this.scan = new StoreScan(database, workspaceFolder, this.ingestion);
    this.seriesReader = new SeriesReader(database);
  }

  /**
   * @param isKept without, the index is in memory alone, and nothing is written anywhere
   * @throws RunledgerError `not-writable`, `disk-full`, `unreadable`
   */
  static async open(workspaceFolder: string, isKept = true): Promise<RunIndex> {
    const database = await IndexDatabase.open(isKept ? indexFile(workspaceFolder) : inMemory);
    if (database.row('SELECT 1 FROM scans') !== undefined) {
      await database.makeFilterIndexes();
    }
    return new RunIndex(database, workspaceFolder);
  }

  /** Reads what a run's files have gained. Others get their turn between some megabytes. */
  async refresh(experimentKey: string, runId: string): Promise<void> {
    if (this.ingestion.isCurrent(experimentKey, runId)) {
      return;
    }
    while (this.ingestSome(experimentKey, runId)) {
      await nextTurn();
    }
  }

  /**
   * Brings all runs up to date, or those of an experiment. Calls wait for each other. The first of all looks at every run, and
   * later ones at those that go on, came or went: who changes a run that has ended says so in `active/`.
   *
   * @throws RunledgerError `canceled`, `unreadable`, `disk-full`
   */
  refreshAll(options: Omit<ScanOptions, 'isThorough'> & { readonly isThorough?: boolean } = {}): Promise<void> {
    const scanned = this.scanning.then(async () => {
      await this.scan.run({ ...options, isThorough: options.isThorough ?? !this.hasScanned });
      this.hasScanned = this.hasScanned || options.experimentKey === undefined;
      await this.database.makeFilterIndexes();
    });
    this.scanning = scanned.catch(() => {});
    return scanned;
  }

  /** @returns whether there is more to read */
  private ingestSome(experimentKey: string, runId: string): boolean {
    try {
      return this.database.transaction(() => this.ingestion.ingest(experimentKey, runId));
    } catch (error) {
      this.ingestion.forget();
      throw error;
    }
  }

  /** A run as the index has it. */
  find(runId: string): IndexedRunState | undefined {
    return this.ingestion.find(runId);
  }

  /** What is known of a run's metrics, by first appearance, and how many of their records are of no use. */
  metrics(run: number): { readonly summaries: MetricSummary[]; readonly problemCount: number } {
    const metrics = [...this.seriesByName(run)].map(([name, all]) => ({ name, ...effectiveSeries(all) }));
    metrics.sort((a, b) => compareFirst(firstOf(a.series) as SeriesRow, firstOf(b.series) as SeriesRow));
    return {
      summaries: metrics.map(({ name, series }) => this.summary(name, series)),
      problemCount: metrics.reduce((count, { unusedRecords }) => count + unusedRecords, 0),
    };
  }

  /** Records that are of no use, since their name was first used for another kind of metric. */
  unusedRecords(run: number): number {
    const rows = this.database.rows("SELECT DISTINCT name FROM series WHERE run = ? AND kind <> 'metric'", run);
    if (rows.length === 0) {
      return 0;
    }
    const clashing = seriesOfRun(this.database, run, new Set(rows.map(({ name }) => Number(name))));
    return [...clashing.values()].reduce((count, all) => count + effectiveSeries(all).unusedRecords, 0);
  }

  private summary(name: string, series: readonly SeriesRow[]): MetricSummary {
    return summaryOfMetric(name, series, {
      places: () => placesOfExtremes(this.database, series),
      columns: () => this.tableOf(series).columns,
    });
  }

  private seriesByName(run: number, names?: ReadonlySet<number>): Map<string, SeriesRow[]> {
    const text = this.database.statement('SELECT text FROM names WHERE name = ?');
    return new Map(
      [...seriesOfRun(this.database, run, names)].map(([name, all]) => [String(text.get(name)?.text), all]),
    );
  }

  private seriesOf(run: number, metric: string): readonly SeriesRow[] {
    const name = this.database.row('SELECT name FROM names WHERE text = ?', metric)?.name;
    const all = typeof name === 'number' ? seriesOfRun(this.database, run, new Set([name])).get(name) : undefined;
    return effectiveSeries(all ?? []).series;
  }

  /** Undefined for a name that is no series or list. */
  async series(run: number, query: SeriesQuery, signal?: AbortSignal): Promise<SeriesSlice | undefined> {
    const series = this.seriesOf(run, query.metric);
    const kind = series[0]?.kind;
    return kind === 'metric' || kind === 'list' ? this.seriesReader.read(series, query, signal) : undefined;
  }

  /** Undefined for a name that is no table. */
  table(run: number, metric: string): TableData | undefined {
    const series = this.seriesOf(run, metric);
    const kind = series[0]?.kind;
    return kind === 'row' || kind === 'table' ? this.tableOf(series) : undefined;
  }

  /** Reads the rows of a table from the journals. */
  private tableOf(series: readonly SeriesRow[]): TableData {
    const [first] = series;
    const run = this.database.row(
      'SELECT runs.run, id, experiment FROM runs JOIN series USING (run) WHERE series = ?',
      first?.series ?? -1,
    );
    if (first === undefined || run === undefined) {
      return { columns: [], rows: [] };
    }
    const journals = journalFolder(runFolder(this.workspaceFolder, String(run.experiment), String(run.id)));
    const places = this.database.rows(
      'SELECT writer, start, bytes FROM table_rows WHERE run = ? AND name = ? AND kind = ? ORDER BY time, writer, line',
      Number(run.run),
      first.name,
      first.kind,
    );
    const files = new Map<string, number>();
    try {
      return tableOfRecords(
        places.map(({ writer, start, bytes }) => {
          const path = join(journals, String(writer));
          const file = files.get(path) ?? openSync(path, 'r');
          files.set(path, file);
          const line = Buffer.allocUnsafe(Number(bytes));
          readSync(file, line, 0, line.length, Number(start));
          return parseJournalLine(line.toString('utf8'));
        }),
      );
    } finally {
      for (const file of files.values()) {
        closeSync(file);
      }
    }
  }

  mark(run: number, revision: number): MetricMark {
    return { run, revision, counts: countsOfRun(this.database, run) };
  }

  /**
   * What came after a mark: the metrics that changed, and their new points. A metric whose new points may belong before known
   * ones is among the metrics only: its points must be asked for again.
   */
  since(
    mark: MetricMark,
    run: number,
  ): { readonly metrics: readonly MetricSummary[]; readonly points: readonly SeriesAppend[] } {
    const known = mark.run === run ? mark : { revision: -1, counts: new Map<string, number>() };
    const metrics: MetricSummary[] = [];
    const points: SeriesAppend[] = [];
    for (const [name, all] of this.seriesByName(run, this.changedNames(run, known))) {
      const { series } = effectiveSeries(all);
      const [only] = series;
      const summary = this.summary(name, series);
      metrics.push(summary);
      if (mark.run === run && only !== undefined && isStoredAsRecorded(series) && summary.columns === undefined) {
        const added = this.pointsFrom(only, known.counts.get(countKeyOf(only)) ?? 0);
        if (added.x.length > 0) {
          points.push({ metric: name, ...added });
        }
      }
    }
    return { metrics, points };
  }

  /** The names of which a series grew, or got records without points. */
  private changedNames(run: number, { revision, counts }: Omit<MetricMark, 'run'>): ReadonlySet<number> {
    const rows = this.database.rows('SELECT name FROM series WHERE run = ? AND revision > ?', run, revision);
    const changed = new Set(rows.map(({ name }) => Number(name)));
    for (const [key, count] of countsOfRun(this.database, run)) {
      if (counts.get(key) !== count) {
        changed.add(Number.parseInt(key, 10));
      }
    }
    return changed;
  }

  /** The numbers of a series from a place on. */
  private pointsFrom(series: SeriesRow, from: number): Omit<SeriesAppend, 'metric'> {
    const added = { x: [] as number[], times: [] as number[], values: [] as number[] };
    let place = Math.floor(from / chunkLength) * chunkLength;
    for (const { count, values, times, steps, kinds } of storedColumns(this.database, series, from)) {
      for (let index = Math.max(0, from - place); index < count; index++) {
        if (kinds === undefined || kinds[index] === pointKind.number) {
          const step = steps?.[index] ?? Number.NaN;
          added.x.push(Number.isNaN(step) ? place + index : step);
          added.times.push(times[index] as number);
          added.values.push(values[index] as number);
        }
      }
      place += count;
    }
    return added;
  }

  close(): void {
    this.database.close();
  }
}

/** The places of the lowest and the highest number among the points of several writers. */
function placesOfExtremes(database: IndexDatabase, series: readonly SeriesRow[]): { min: number; max: number } {
  const placeOf = (which: 'min' | 'max'): number => {
    const found = extreme(series, which);
    return found === undefined ? -1 : placeInOrder(database, series, { ...found.point, writer: found.writer });
  };
  return { min: placeOf('min'), max: placeOf('max') };
}
