/** What is known of a run's metrics without their points, from the series that its writers recorded. */
import type { MetricKind, MetricPoint, MetricSummary, Scalar } from '../domain/metric.ts';
import type { Row, SqlValue } from './indexDatabase.ts';
import { decodeValue, lastText } from './seriesStore.ts';

/** An extreme value of a series with its place in the journal's order. */
interface Extreme {
  readonly value: number;
  readonly time: number;
  readonly step: number | undefined;
  readonly place: number;
}

/** A row of `series` without its points. */
export interface SeriesRow {
  readonly series: number;
  readonly name: number;
  readonly kind: MetricKind;
  readonly writer: string;
  readonly records: number;
  readonly count: number;
  readonly numbers: number;
  readonly texts: number;
  readonly steps: number;
  readonly isTimeOrdered: boolean;
  readonly isStepOrdered: boolean;
  readonly firstTime: number;
  readonly firstLine: number;
  readonly firstPlace: number;
  readonly lastTime: number;
  readonly last: Scalar | null;
  readonly lastStep: number | undefined;
  readonly min: Extreme | undefined;
  readonly max: Extreme | undefined;
  readonly description: { readonly text: string; readonly time: number; readonly line: number } | undefined;
  readonly columns: readonly string[] | undefined;
}

/** The columns of `series` that {@link toSeriesRow} takes. */
export const seriesColumns = `series, name, kind, writer, records, count, numbers, texts, steps, is_time_ordered,
  is_step_ordered, first_time, first_line, first_place, last_time, last, last_json, last_step, min, min_time, min_step, min_place, max,
  max_time, max_step, max_place, description, description_time, description_line, columns`;

export function toSeriesRow(row: Row): SeriesRow {
  const { description, columns } = row;
  return {
    series: Number(row.series),
    name: Number(row.name),
    kind: row.kind as MetricKind,
    writer: String(row.writer),
    records: Number(row.records),
    count: Number(row.count),
    numbers: Number(row.numbers),
    texts: Number(row.texts),
    steps: Number(row.steps),
    isTimeOrdered: row.is_time_ordered === 1,
    isStepOrdered: row.is_step_ordered === 1,
    firstTime: Number(row.first_time),
    firstLine: Number(row.first_line),
    firstPlace: Number(row.first_place),
    lastTime: Number(row.last_time),
    last: typeof row.last_json === 'string' ? decodeValue(row.last_json) : (numberOf(row.last) ?? null),
    lastStep: numberOf(row.last_step),
    min: extremeOf(row.min, row.min_time, row.min_step, row.min_place),
    max: extremeOf(row.max, row.max_time, row.max_step, row.max_place),
    description:
      typeof description === 'string'
        ? { text: description, time: Number(row.description_time), line: Number(row.description_line) }
        : undefined,
    columns: typeof columns === 'string' ? (JSON.parse(columns) as string[]) : undefined,
  };
}

function numberOf(value: SqlValue | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function extremeOf(
  value: SqlValue | undefined,
  time: SqlValue | undefined,
  step: SqlValue | undefined,
  place: SqlValue | undefined,
): Extreme | undefined {
  return typeof value === 'number'
    ? { value, time: Number(time), step: numberOf(step), place: Number(place) }
    : undefined;
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
  const extremes = { min: extreme(series, 'min'), max: extreme(series, 'max') };
  const needsPlaces =
    !isStoredAsRecorded(series) &&
    [extremes.min, extremes.max].some((found) => found !== undefined && found.step === undefined);
  const places = needsPlaces ? merged?.places() : undefined;
  const point = (found: Extreme | undefined, place: number | undefined): MetricPoint | undefined =>
    found && { x: found.step ?? place ?? found.place, value: found.value };
  return {
    ...base,
    last: count === 0 ? undefined : (last?.last ?? undefined),
    lastX: count === 0 ? undefined : (last?.lastStep ?? count - 1),
    min: point(extremes.min, places?.min),
    max: point(extremes.max, places?.max),
    isNumeric: count > 0 && series.every(({ texts }) => texts === 0),
    columns: undefined,
  };
}

/** The row of `metrics` for a metric, but its run and name. An x that only merging could tell is left out. */
export function metricColumnsOf(all: readonly SeriesRow[]): SqlValue[] {
  const { series } = effectiveSeries(all);
  const isKnown = isStoredAsRecorded(series);
  const { kind, count, last, lastX, min, max } = summaryOfMetric('', series, undefined);
  const x = (which: 'min' | 'max', point: MetricPoint | undefined): number | null =>
    point === undefined || (!isKnown && extreme(series, which)?.step === undefined) ? null : point.x;
  const number = typeof last === 'boolean' ? Number(last) : typeof last === 'number' ? last : Number.NaN;
  return [
    kind,
    count,
    Number.isNaN(number) ? null : number,
    typeof last === 'number' && Number.isFinite(last) ? null : lastText(last),
    lastX ?? null,
    min?.value ?? null,
    x('min', min),
    max?.value ?? null,
    x('max', max),
  ];
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

function extreme(series: readonly SeriesRow[], which: 'min' | 'max'): Extreme | undefined {
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
  return found?.point;
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
