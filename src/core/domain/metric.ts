/** A logged value: what `run.log` accepts. Numbers may be non-finite. */
export type Scalar = number | string | boolean;

/** An extreme or last value of a series, with its x (step, or place from 0). */
export interface MetricPoint {
  readonly x: number;
  readonly value: number;
}

export type MetricKind = 'metric' | 'list' | 'row' | 'table';

const systemPrefix = 'system/';

/** Whether a metric tells what the run used of the machine (the supervisor's own, or MLflow's), and nothing of its results. */
export function isSystemMetric(name: string): boolean {
  return name.startsWith(systemPrefix);
}

/** What is known of a metric without its points. */
export interface MetricSummary {
  readonly name: string;
  readonly kind: MetricKind;
  readonly description: string | undefined;
  /** Points of a series, values of a list, rows of a table. */
  readonly count: number;
  /** The last value of a series or list. */
  readonly last: Scalar | undefined;
  readonly lastX: number | undefined;
  /** Over finite numbers; undefined where there is none. */
  readonly min: MetricPoint | undefined;
  readonly max: MetricPoint | undefined;
  /** Every value so far is a number (or a boolean): it can be drawn. */
  readonly isNumeric: boolean;
  /** Of a row or table. */
  readonly columns: readonly string[] | undefined;
}

/** Points in order of x, as parallel arrays. `values` may be non-finite. */
export interface SeriesSlice {
  readonly x: readonly number[];
  readonly times: readonly number[];
  readonly values: readonly number[];
  /** Points in the range before they were thinned out. */
  readonly totalCount: number;
}

/** New points of one series. */
export interface SeriesAppend {
  readonly metric: string;
  readonly x: readonly number[];
  readonly times: readonly number[];
  readonly values: readonly number[];
}

export interface TableData {
  readonly columns: readonly string[];
  /** One array a row, in the order of `columns`. */
  readonly rows: readonly (readonly (Scalar | null)[])[];
}
