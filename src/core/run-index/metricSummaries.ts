/** What is known of a run's metrics without their points, from the series that its writers recorded. */
import type { MetricKind, MetricPoint, MetricSummary, Scalar } from '../domain/metric.ts';
import type { Row } from './indexDatabase.ts';
import type { MetricEntry } from './metricSummary.ts';
import type { PointColumns } from './pointColumns.ts';
import { decodeValue, lastText } from './seriesStore.ts';
import { type Extreme, type SeriesNumbers, type SeriesTexts, unpackSummary, unpackTexts } from './seriesSummary.ts';

/** What is known of a series without its points, but where it has few. */
export interface SeriesRow extends Omit<SeriesNumbers, 'last'> {
  readonly series: number;
  readonly run: number;
  readonly name: number;
  readonly kind: MetricKind;
  readonly writer: string;
  readonly last: Scalar | null;
  readonly description: SeriesTexts['description'];
  readonly columns: SeriesTexts['columns'];
  /** All of its points, where they are not stored as a series of their own. */
  readonly points: PointColumns | undefined;
}

/** The columns of `series` that {@link toSeriesRow} takes. */
export const seriesColumns = 'series, run, name, kind, writer, summary, texts';

export function toSeriesRow(row: Row): SeriesRow {
  const numbers = unpackSummary(row.summary as Uint8Array);
  const { last, description, columns } = unpackTexts(row.texts);
  return {
    ...numbers,
    series: Number(row.series),
    run: Number(row.run),
    name: Number(row.name),
    kind: row.kind as MetricKind,
    writer: String(row.writer),
    last: last !== undefined ? decodeValue(last) : Number.isNaN(numbers.last) ? null : numbers.last,
    description,
    columns,
    points: undefined,
  };
}

function stepOf({ step }: Extreme): number | undefined {
  return Number.isNaN(step) ? undefined : step;
}

/**
 * The series of a metric's kind: that of its first record. Records of other kinds are of no use.
 *
 * @param series all of one name, in the order in which they came into the index
 */
export function effectiveSeries(series: readonly SeriesRow[]): {
  readonly series: readonly SeriesRow[];
  readonly unusedRecords: number;
} {
  const first = firstOf(series);
  const effective = series.filter(({ kind }) => kind === first?.kind);
  const unused = series.filter(({ kind }) => kind !== first?.kind);
  return { series: effective, unusedRecords: unused.reduce((count, { records }) => count + records, 0) };
}

export function firstOf(series: readonly SeriesRow[]): SeriesRow | undefined {
  let first: SeriesRow | undefined;
  for (const row of series) {
    first = first === undefined || compareFirst(row, first) < 0 ? row : first;
  }
  return first;
}

/** By first record: time, writer, line, then the place in the record. */
export function compareFirst(a: SeriesRow, b: SeriesRow): number {
  if (a.firstTime !== b.firstTime) {
    return a.firstTime - b.firstTime;
  }
  if (a.writer !== b.writer) {
    return a.writer < b.writer ? -1 : 1;
  }
  return a.firstLine - b.firstLine || a.firstPlace - b.firstPlace;
}

/** Whether one series holds all points of a metric in the order of their records. */
export function isStoredAsRecorded(series: readonly SeriesRow[]): boolean {
  return series.length === 1 && series[0]?.isTimeOrdered === true;
}

/** What is not known of records of several writers, or out of order, before they are put in order. */
export interface MergedRecords {
  /** Of the lowest and the highest point. */
  places(): { readonly min: number; readonly max: number };
  /** Of a table, by first appearance. */
  columns(): readonly string[];
}

/**
 * The summary of a metric.
 *
 * @param series those of {@link effectiveSeries}; at least one
 * @param merged gives what only a look at all records tells, where they have to be put in order first
 */
export function summaryOfMetric(
  name: string,
  series: readonly SeriesRow[],
  merged: MergedRecords | undefined,
): MetricSummary {
  const count = series.reduce((sum, row) => sum + row.count, 0);
  const kind = series[0]?.kind ?? 'metric';
  const base = { name, kind, description: descriptionOf(series), count };
  if (kind === 'row' || kind === 'table') {
    const columns = isStoredAsRecorded(series) ? (series[0]?.columns ?? []) : (merged?.columns() ?? []);
    return { ...base, last: undefined, lastX: undefined, min: undefined, max: undefined, isNumeric: false, columns };
  }
  const last = lastOf(series);
  const extremes = { min: extreme(series, 'min')?.point, max: extreme(series, 'max')?.point };
  const needsPlaces =
    !isStoredAsRecorded(series) &&
    [extremes.min, extremes.max].some((found) => found !== undefined && stepOf(found) === undefined);
  const places = needsPlaces ? merged?.places() : undefined;
  const point = (found: Extreme | undefined, place: number | undefined): MetricPoint | undefined =>
    found && { x: stepOf(found) ?? place ?? found.place, value: found.value };
  return {
    ...base,
    last: count === 0 ? undefined : (last?.last ?? undefined),
    lastX: count === 0 ? undefined : last === undefined || Number.isNaN(last.lastStep) ? count - 1 : last.lastStep,
    min: point(extremes.min, places?.min),
    max: point(extremes.max, places?.max),
    isNumeric: count > 0 && series.every(({ texts }) => texts === 0),
    columns: undefined,
  };
}

/** What lists and filters need of a metric. */
export function metricEntryOf(name: number, all: readonly SeriesRow[]): MetricEntry {
  const { kind, count, last, min, max } = summaryOfMetric('', effectiveSeries(all).series, undefined);
  const number = typeof last === 'boolean' ? Number(last) : typeof last === 'number' ? last : Number.NaN;
  return {
    ...{ name, kind, count, last: number, lastText: lastText(last) },
    ...{ min: min?.value ?? Number.NaN, max: max?.value ?? Number.NaN },
  };
}

function lastOf(series: readonly SeriesRow[]): SeriesRow | undefined {
  let last: SeriesRow | undefined;
  for (const row of series) {
    const isLater =
      last === undefined ||
      row.lastTime > last.lastTime ||
      (row.lastTime === last.lastTime && row.writer > last.writer);
    last = row.count > 0 && isLater ? row : last;
  }
  return last;
}

/** The lowest or the highest point of all writers, and whose it is. */
export function extreme(
  series: readonly SeriesRow[],
  which: 'min' | 'max',
): { readonly point: Extreme; readonly writer: string } | undefined {
  const sign = which === 'min' ? 1 : -1;
  let found: { readonly point: Extreme; readonly writer: string } | undefined;
  for (const { [which]: point, writer } of series) {
    if (point !== undefined) {
      const difference =
        found === undefined ? -1 : (point.value - found.point.value) * sign || point.time - found.point.time;
      found =
        found === undefined || difference < 0 || (difference === 0 && writer < found.writer)
          ? { point, writer }
          : found;
    }
  }
  return found;
}

function descriptionOf(series: readonly SeriesRow[]): string | undefined {
  let found:
    | { readonly text: string; readonly time: number; readonly line: number; readonly writer: string }
    | undefined;
  for (const { description, writer } of series) {
    if (
      description !== undefined &&
      (found === undefined ||
        description.time > found.time ||
        (description.time === found.time &&
          (writer > found.writer || (writer === found.writer && description.line > found.line))))
    ) {
      found = { ...description, writer };
    }
  }
  return found?.text;
}
