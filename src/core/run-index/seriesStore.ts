/** Appends points to a series of the index: its summary, its full chunks, and its tail. */
import type { MetricKind, Scalar } from '../domain/metric.ts';
import { ChunkWriter } from './chunkStore.ts';
import type { IndexDatabase, Row } from './indexDatabase.ts';
import type { MetricEntry } from './metricSummary.ts';
import { chunkLength, PointBuffer, pointKind, unpackColumns } from './pointColumns.ts';
import {
  type Extreme,
  packSummary,
  type SeriesNumbers,
  type SeriesTexts,
  unpackSummary,
  unpackTexts,
} from './seriesSummary.ts';
import type { ShortPoint } from './shortSeries.ts';

export interface SeriesKey {
  readonly run: number;
  readonly name: number;
  readonly kind: MetricKind;
  readonly writer: string;
}

const insertSeries =
  'INSERT INTO series (run, name, kind, writer, revision, count, summary, texts, tail) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)';
const updateSeries = 'UPDATE series SET revision = ?, count = ?, summary = ?, texts = ?, tail = ? WHERE series = ?';

/** One series while journal lines are added to it. Nothing is written before {@link save}. */
export class SeriesAppender {
  readonly key: SeriesKey;
  private readonly database: IndexDatabase;
  private id: number | undefined;
  private records = 0;
  private count = 0;
  private numbers = 0;
  private texts = 0;
  private steps = 0;
  private isTimeOrdered = true;
  private isStepOrdered = true;
  private firstTime = Number.POSITIVE_INFINITY;
  private firstLine = 0;
  private firstPlace = 0;
  private lastTime = Number.NEGATIVE_INFINITY;
  private newestTime = Number.NEGATIVE_INFINITY;
  private last = Number.NaN;
  /** The last value where it is no finite number. */
  private lastOther: Scalar | null | undefined;
  private lastStep = Number.NaN;
  private highestStep = Number.NEGATIVE_INFINITY;
  private min: Extreme | undefined;
  private max: Extreme | undefined;
  private description: { readonly text: string; readonly time: number; readonly line: number } | undefined;
  private columns: Set<string> | undefined;
  private buffer: PointBuffer | undefined;

  /** @param isNew whether the run is new to the index, so that the series cannot be known */
  constructor(database: IndexDatabase, key: SeriesKey, isNew: boolean) {
    this.database = database;
    this.key = key;
    const { run, name, kind, writer } = key;
    const sql = 'SELECT * FROM series WHERE run = ? AND name = ? AND kind = ? AND writer = ?';
    const row = isNew ? undefined : database.row(sql, run, name, kind, writer);
    if (row !== undefined) {
      this.load(row);
    }
  }

  private load(row: Row): void {
    const summary = unpackSummary(row.summary as Uint8Array);
    const { last, description, columns } = unpackTexts(row.texts);
    this.id = Number(row.series);
    this.records = summary.records;
    this.count = summary.count;
    this.numbers = summary.numbers;
    this.texts = summary.texts;
    this.steps = summary.steps;
    this.isTimeOrdered = summary.isTimeOrdered;
    this.isStepOrdered = summary.isStepOrdered;
    this.firstTime = summary.firstTime;
    this.firstLine = summary.firstLine;
    this.firstPlace = summary.firstPlace;
    // Of records without points, as that of an empty list, none is the newest.
    this.lastTime = summary.count === 0 ? Number.NEGATIVE_INFINITY : summary.lastTime;
    this.newestTime = this.lastTime;
    this.last = summary.last;
    this.lastOther = last === undefined ? undefined : decodeValue(last);
    this.lastStep = summary.lastStep;
    this.highestStep = Number.isNaN(this.lastStep) ? Number.NEGATIVE_INFINITY : this.lastStep;
    this.min = summary.min;
    this.max = summary.max;
    this.description = description;
    this.columns = columns && new Set(columns);
    if (row.tail instanceof Uint8Array) {
      this.buffer = new PointBuffer(unpackColumns(row.tail));
    }
  }

  /**
   * Notes a record, before its points.
   *
   * @param place of the name among those of the record, from 0
   */
  addRecord(time: number, line: number, description: string | undefined, place = 0): void {
    this.records++;
    if (time < this.firstTime) {
      this.firstTime = time;
      this.firstLine = line;
      this.firstPlace = place;
    }
    const known = this.description;
    if (description && (known === undefined || time > known.time || (time === known.time && line >= known.line))) {
      this.description = { text: description, time, line };
    }
  }

  addNumber(value: number, time: number, step: number): void {
    const place = this.count;
    this.addPlace(value, time, step, pointKind.number, value - value === 0 ? undefined : value);
    this.numbers++;
    if (value - value === 0) {
      const { min, max } = this;
      if (min === undefined || value < min.value || (value === min.value && time < min.time)) {
        this.min = { value, time, step, place };
      }
      if (max === undefined || value > max.value || (value === max.value && time < max.time)) {
        this.max = { value, time, step, place };
      }
    }
  }

  /** @param value null for one that is absent */
  addValue(value: Scalar | null, time: number, step: number): void {
    if (typeof value === 'number') {
      this.addNumber(value, time, step);
    } else if (typeof value === 'boolean') {
      this.addNumber(value ? 1 : 0, time, step);
      this.lastOther = time >= this.lastTime ? value : this.lastOther;
    } else {
      this.addPlace(Number.NaN, time, step, value === null ? pointKind.none : pointKind.text, value);
      this.texts += value === null ? 0 : 1;
    }
  }

  private addPlace(value: number, time: number, step: number, kind: number, other: Scalar | null | undefined): void {
    if (time < this.newestTime) {
      this.isTimeOrdered = false;
    } else {
      this.newestTime = time;
      this.lastTime = time;
      this.last = value;
      this.lastOther = other;
      this.lastStep = step;
    }
    if (Number.isNaN(step)) {
      this.isStepOrdered = this.isStepOrdered && this.steps === 0;
    } else {
      this.isStepOrdered = this.isStepOrdered && this.steps === this.count && step >= this.highestStep;
      this.highestStep = step;
      this.steps++;
    }
    this.buffer ??= new PointBuffer();
    this.buffer.push(value, time, step, kind);
    this.count++;
  }

  /** Counts the rows of a table. */
  addRows(count: number, columns: Iterable<string>, time: number): void {
    if (time < this.newestTime) {
      this.isTimeOrdered = false;
    } else {
      this.newestTime = time;
      this.lastTime = time;
    }
    this.count += count;
    this.columns ??= new Set();
    for (const column of columns) {
      this.columns.add(column);
    }
  }

  /** @param revision of the run */
  save(revision: number): void {
    const full = Math.floor((this.buffer?.count ?? 0) / chunkLength);
    const { name, kind, run, writer } = this.key;
    const { database, buffer } = this;
    const hasTail = buffer !== undefined && buffer.count > full * chunkLength;
    const tail = hasTail ? buffer.pack(full * chunkLength) : null;
    const summary = packSummary(this.toSummary());
    if (this.id === undefined) {
      const { lastInsertRowid } = database
        .statement(insertSeries)
        .run(run, name, kind, writer, revision, this.count, summary, this.textsToKeep(), tail);
      this.id = Number(lastInsertRowid);
    } else {
      database.statement(updateSeries).run(revision, this.count, summary, this.textsToKeep(), tail, this.id);
    }
    if (buffer === undefined || full === 0) {
      return;
    }
    const chunks = new ChunkWriter(database, this.id, (this.count - buffer.count) / chunkLength);
    for (let start = 0; start < full * chunkLength; start += chunkLength) {
      chunks.add(buffer.columns(start, start + chunkLength));
    }
    chunks.saveCorners();
    this.buffer = new PointBuffer(buffer.columns(full * chunkLength, buffer.count));
  }

  toSummary(): SeriesNumbers {
    const { records, count, numbers, texts, steps, isTimeOrdered, isStepOrdered, min, max } = this;
    const { firstTime, firstLine, firstPlace, last, lastStep } = this;
    const lastTime = Number.isFinite(this.lastTime) ? this.lastTime : firstTime;
    return {
      ...{ records, count, numbers, texts, steps, isTimeOrdered, isStepOrdered, min, max },
      ...{ firstTime, firstLine, firstPlace, lastTime, last, lastStep },
    };
  }

  private textsToKeep(): string | null {
    const { lastOther, description, columns } = this;
    if (lastOther === undefined && description === undefined && columns === undefined) {
      return null;
    }
    const texts: SeriesTexts = {
      last: lastOther === undefined ? undefined : encodeValue(lastOther),
      description,
      columns: columns && [...columns],
    };
    return JSON.stringify(texts);
  }

  /** What lists and filters need of the metric, where no other writer recorded it. */
  entry(): MetricEntry {
    const { min, max, key, count, last, lastOther } = this;
    return {
      ...{ name: key.name, kind: key.kind, count, last, lastText: lastText(lastOther) },
      ...{ min: min?.value ?? Number.NaN, max: max?.value ?? Number.NaN },
    };
  }

  /** Whether {@link entry} holds: the last value is that of the last time. */
  get isInOrder(): boolean {
    return this.isTimeOrdered;
  }

  /** The points of a short series, which gets longer. */
  addShort(points: readonly ShortPoint[]): void {
    for (const { line, place, time, value, step } of points) {
      this.addRecord(time, line, undefined, place);
      this.addNumber(value, time, step);
    }
  }

  get lastValue(): Scalar | null {
    const { lastOther, last } = this;
    return lastOther !== undefined ? lastOther : Number.isNaN(last) ? null : last;
  }
}

/** A value that is no finite number as JSON. */
function encodeValue(value: Scalar | null): string {
  return JSON.stringify(typeof value === 'number' ? { $float: String(value) } : value);
}

export function decodeValue(json: string): Scalar | null {
  const value = JSON.parse(json) as Exclude<Scalar, number> | null | { readonly $float: string };
  return typeof value === 'object' && value !== null ? Number(value.$float) : value;
}

/** What a filter compares with a text. */
export function lastText(value: Scalar | null | undefined): string | null {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : null;
}
