/** The series to which one reading of a run's journals adds: short ones together, the others each by itself. */
import type { MetricKind, Scalar } from '../domain/metric.ts';
import type { IndexDatabase } from './indexDatabase.ts';
import { metricEntryOf } from './metricSummaries.ts';
import { type MetricEntry, RunMetrics, saveRunMetrics } from './metricSummary.ts';
import { entriesOfShort } from './metricTotals.ts';
import { allShortSeries, saveShortSeries, seriesOfRun, shortSeriesOf } from './runSeries.ts';
import { SeriesAppender } from './seriesStore.ts';
import { ShortPoints } from './shortSeries.ts';

/** Where a value of a metric comes from. */
export interface ValuePlace {
  /** The key of the metric's name. */
  readonly name: number;
  readonly line: number;
  /** Of the name among those of the record. */
  readonly place: number;
  /** Unix seconds. */
  readonly time: number;
  /** NaN where it has none. */
  readonly step: number;
  readonly description: string | undefined;
}

/** Of a run. Nobody looks at more, and lists of them are held in memory as a whole: those that come later are left out. */
export const mostMetrics = 100_000;

export class SeriesBatch {
  /** Records that were left out. */
  leftOut = 0;
  private readonly database: IndexDatabase;
  private readonly run: number;
  private readonly isNew: boolean;
  /** By the name's key, of each kind and writer. */
  private readonly appenders = new Map<MetricKind, Map<string, Map<number, SeriesAppender>>>();
  /** By writer. */
  private readonly short = new Map<string, ShortPoints>();
  /** Names of metrics that got something. */
  private readonly touched = new Set<number>();
  /** Names that the run had before, once they are asked for. */
  private stored: RunMetrics | undefined;
  private newNames = 0;

  /** @param isNew whether the run is new to the index, so that it has no series there */
  constructor(database: IndexDatabase, run: number, isNew: boolean) {
    this.database = database;
    this.run = run;
    this.isNew = isNew;
  }

  /** The metrics of a journal that have a series of their own, as far as they were touched. */
  longOf(writer: string): ReadonlyMap<number, SeriesAppender> {
    return this.appendersOf('metric', writer);
  }

  /** The series of a metric, which is one of its own from now on; undefined where the run has too many already. */
  appender(name: number, kind: MetricKind, writer: string): SeriesAppender | undefined {
    const appenders = this.appendersOf(kind, writer);
    return appenders.get(name) ?? (this.hasPlace(name) ? this.newAppender(appenders, name, kind, writer) : undefined);
  }

  /** Whether the run has a metric, or may get it; if not, its record is counted. */
  private hasPlace(name: number): boolean {
    if (this.touched.has(name)) {
      return true;
    }
    this.stored ??= storedMetrics(this.database, this.isNew ? undefined : this.run);
    if (this.stored.indexOf(name) >= 0) {
      return true;
    }
    if (this.stored.names.length + this.newNames >= mostMetrics) {
      this.leftOut++;
      return false;
    }
    this.newNames++;
    this.touched.add(name);
    return true;
  }

  /** Adds a number that came without more: to a short series, as long as it is one. */
  addNumber(
    writer: string,
    name: number,
    line: number,
    place: number,
    time: number,
    value: number,
    step: number,
  ): void {
    const short = this.shortOf(writer);
    const known = this.appendersOf('metric', writer).get(name);
    if (known === undefined && !short.has(name) && !this.hasPlace(name)) {
      return;
    }
    const isShort =
      known === undefined && !short.isFull(name) && (short.has(name) || this.isNew || !this.isStored(writer, name));
    if (isShort) {
      short.add(name, line, place, time, value, step);
      this.touched.add(name);
      return;
    }
    const appender = known ?? this.appender(name, 'metric', writer);
    appender?.addRecord(time, line, undefined, place);
    appender?.addNumber(value, time, step);
  }

  /** @param value null for one that is absent */
  addValue(writer: string, { name, line, place, time, step, description }: ValuePlace, value: Scalar | null): void {
    if (typeof value === 'number' && !description) {
      this.addNumber(writer, name, line, place, time, value, step);
      return;
    }
    const appender = this.appender(name, 'metric', writer);
    appender?.addRecord(time, line, description, place);
    appender?.addValue(value, time, step);
  }

  private appendersOf(kind: MetricKind, writer: string): Map<number, SeriesAppender> {
    const ofKind = this.appenders.get(kind) ?? new Map<string, Map<number, SeriesAppender>>();
    this.appenders.set(kind, ofKind);
    const known = ofKind.get(writer) ?? new Map<number, SeriesAppender>();
    ofKind.set(writer, known);
    return known;
  }

  private newAppender(
    appenders: Map<number, SeriesAppender>,
    name: number,
    kind: MetricKind,
    writer: string,
  ): SeriesAppender {
    const short = kind === 'metric' ? this.shortOf(writer) : undefined;
    const isShort = short?.has(name) === true;
    const appender = new SeriesAppender(this.database, { run: this.run, name, kind, writer }, this.isNew || isShort);
    if (isShort) {
      appender.addShort(short.take(name));
    }
    appenders.set(name, appender);
    this.touched.add(name);
    return appender;
  }

  private shortOf(writer: string): ShortPoints {
    const { database, run, isNew } = this;
    const known = this.short.get(writer);
    if (known !== undefined) {
      return known;
    }
    const short = (isNew ? undefined : shortSeriesOf(database, run, writer)) ?? new ShortPoints();
    this.short.set(writer, short);
    return short;
  }

  /** Whether a metric has a series of its own. */
  private isStored(writer: string, name: number): boolean {
    const sql = "SELECT 1 FROM series WHERE run = ? AND name = ? AND kind = 'metric' AND writer = ?";
    return this.database.row(sql, this.run, name, writer) !== undefined;
  }

  private *everyAppender(): Generator<SeriesAppender> {
    for (const ofKind of this.appenders.values()) {
      for (const appenders of ofKind.values()) {
        yield* appenders.values();
      }
    }
  }

  /**
   * Writes what was added.
   *
   * @param revision of the run
   */
  save(revision: number): void {
    const { database, run } = this;
    for (const appender of this.everyAppender()) {
      appender.save(revision);
    }
    for (const [writer, points] of this.short) {
      if (points.isChanged) {
        saveShortSeries(database, run, writer, points);
      }
    }
    this.saveMetrics();
  }

  private saveMetrics(): void {
    const { database, run, isNew, touched } = this;
    if (touched.size === 0) {
      return;
    }
    const journals = isNew ? this.short : new Map([...allShortSeries(database, run), ...this.short]);
    const long = this.longNames();
    const entries: MetricEntry[] = [];
    // Most metrics are short: what filters need of them is found in one pass over their points.
    for (const entry of entriesOfShort(journals, (name) => touched.has(name) && !long.has(name))) {
      entries.push(entry);
    }
    const others = new Set<number>();
    for (const [name, only] of long) {
      if (isNew && only?.isInOrder === true && ![...journals.values()].some((short) => short.has(name))) {
        entries.push(only.entry());
      } else if (touched.has(name)) {
        others.add(name);
      }
    }
    if (others.size > 0) {
      for (const [name, series] of seriesOfRun(database, run, others)) {
        entries.push(metricEntryOf(name, series));
      }
    }
    saveRunMetrics({ prepare: (sql) => database.statement(sql) }, run, entries, isNew);
  }

  /** Names among those that got something that have a series of their own; with it where it is new, and the only one. */
  private longNames(): Map<number, SeriesAppender | undefined> {
    const { database, run, isNew } = this;
    const long = new Map<number, SeriesAppender | undefined>();
    if (!isNew) {
      const sql = 'SELECT DISTINCT name FROM series WHERE run = ? AND name IN (SELECT value FROM json_each(?))';
      for (const { name } of database.rows(sql, run, JSON.stringify([...this.touched]))) {
        long.set(Number(name), undefined);
      }
      return long;
    }
    for (const appender of this.everyAppender()) {
      const { name } = appender.key;
      long.set(name, long.has(name) ? undefined : appender);
    }
    return long;
  }
}

/** The metrics that the index has of a run, without their numbers. */
function storedMetrics(database: IndexDatabase, run: number | undefined): RunMetrics {
  const row = run === undefined ? undefined : database.row('SELECT names, counts FROM run_metrics WHERE run = ?', run);
  return row === undefined ? RunMetrics.of([]) : RunMetrics.unpack(row);
}
