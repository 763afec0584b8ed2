import type { Disposable, Event } from '../base/events.ts';
import type { MetricSummary, SeriesAppend, SeriesSlice, TableData } from '../domain/metric.ts';
import type { ArtifactFile, RunDetails, RunEntry, RunSummary } from '../domain/run.ts';
import type { ExperimentSummary, WorkspaceInfo } from '../domain/workspace.ts';
import type { KnownNames } from '../run-query/knownNames.ts';
import type { SortValue } from '../run-query/sortValues.ts';
import type { RunColumns } from '../run-table/runColumns.ts';
import type { RunRow, RunRowsQuery } from '../run-table/runRows.ts';
import type { RunGroup, RunGroupsQuery, RunValuesQuery } from '../run-table/runStatistics.ts';
import type { RunTable, RunTableQuery } from '../run-table/runTable.ts';

export interface Page<T> {
  readonly items: readonly T[];
  /** Pass to the next call; undefined at the end. */
  readonly nextCursor: string | undefined;
}

export interface RunsQuery {
  readonly experimentKey: string;
  readonly limit: number;
  readonly cursor?: string | undefined;
  /** Leaves out the children of runs that are there. */
  readonly topLevelOnly?: boolean;
}

/** What a chart's x is: the step (the place where points have none), the clock, or the seconds since `origin`. */
export type SeriesAxis = 'step' | 'time' | 'relative';

export interface FindQuery {
  /** As docs/run-filters.md describes; empty: all runs. What it says of the order holds, else the newest come first. */
  readonly filter: string;
  /** Of all experiments where it is not given. */
  readonly experimentKey?: string | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface FoundRuns extends Page<RunEntry> {
  /** How many match, on all pages. */
  readonly total: number;
}

export interface SeriesQuery {
  readonly runId: string;
  readonly metric: string;
  readonly axis: SeriesAxis;
  /** Bounds on the axis, both inclusive; without, the whole series. */
  readonly from?: number;
  readonly to?: number;
  /**
   * Columns of device pixels. Each gives the first, lowest, highest and last of its points, so that the line through these
   * covers the same pixels as the line through all; the nearest points outside the bounds are added.
   */
  readonly width: number;
  /** Where relative time begins, Unix seconds. */
  readonly origin?: number;
  readonly xScale?: 'linear' | 'log';
  /** On a logarithmic axis, values that are not above zero are gaps. */
  readonly yScale?: 'linear' | 'log';
  /** Weight of the past in a moving average over all points, from 0 up to 1. */
  readonly smoothing?: number;
}

/** What changed in a followed run since the last delta. Absent means unchanged. */
export interface RunDelta {
  readonly runId: string;
  readonly summary?: RunSummary;
  readonly points: readonly SeriesAppend[];
  /** Summaries of the metrics that changed, new ones included. */
  readonly metrics: readonly MetricSummary[];
  /** Present when tags, properties, parameters, images, documents, warnings or attributes changed. */
  readonly details?: RunDetails;
  readonly filesChanged: boolean;
  /** The run's folder is gone. */
  readonly isDeleted: boolean;
}

/** How far the runs are read into the index that filters need. */
export interface ReadingProgress {
  readonly done: number;
  /** Runs that have to be read. */
  readonly total: number;
}

export type CatalogChange =
  | { readonly kind: 'experiments' }
  | { readonly kind: 'runs-added'; readonly experimentKey: string; readonly runIds: readonly string[] }
  | { readonly kind: 'run-changed'; readonly entry: RunEntry }
  /** A run recorded something that its entry does not show, such as a metric: another filter may find it. */
  | { readonly kind: 'run-recorded'; readonly experimentKey: string; readonly runId: string }
  | { readonly kind: 'run-removed'; readonly experimentKey: string; readonly runId: string }
  /** Many runs are being read, for which filters wait; without `progress`, no longer. */
  | { readonly kind: 'reading'; readonly progress: ReadingProgress | undefined };

/**
 * The one way in which the editor, the CLI and the language server read a workspace. What stands behind it (files, an
 * index) is not theirs to know. Calls reject with a `RunledgerError` (`not-found`, `newer-format`, `unreadable`).
 */
export interface RunCatalog extends Disposable {
  readonly workspace: WorkspaceInfo;
  /** By name. */
  experiments(): Promise<readonly ExperimentSummary[]>;
  /** Newest first. One unreadable run is one entry. */
  runs(query: RunsQuery): Promise<Page<RunEntry>>;
  /** The runs that match a filter, child runs like any. Rejects with a `QueryError` where the filter cannot be understood. */
  find(query: FindQuery): Promise<FoundRuns>;
  /** What can be asked of the runs that are there. */
  knownNames(): Promise<KnownNames>;
  /**
   * Which runs of an experiment match a filter, in an order, as keys. Rejects with a `QueryError`. Rows, groups and values are
   * asked for by these keys, and are those of the runs as they were last read.
   */
  runTable(query: RunTableQuery): Promise<RunTable>;
  /** What can be a column of an experiment's table. */
  runColumns(experimentKey: string): Promise<RunColumns>;
  /** The rows of some runs; those that are gone meanwhile are left out. */
  runRows(query: RunRowsQuery): Promise<readonly RunRow[]>;
  /** Runs in groups that have something in common, with the mean and range of each field. */
  runGroups(query: RunGroupsQuery): Promise<readonly RunGroup[]>;
  /** By fields, then by runs: what each run is compared by. */
  runValues(query: RunValuesQuery): Promise<readonly (readonly SortValue[])[]>;
  /** The child runs of a run, oldest first; none where there is no such run. */
  children(runId: string): Promise<readonly RunEntry[]>;
  /** Undefined where there is no such run. */
  run(runId: string): Promise<RunEntry | undefined>;
  details(runId: string): Promise<RunDetails>;
  /** What a chart shows of a numeric series, or of the numbers of a list with their place as x. Rejects with `canceled`. */
  series(query: SeriesQuery, signal?: AbortSignal): Promise<SeriesSlice>;
  /** Rows of a `row` or `table` metric. */
  table(runId: string, metric: string): Promise<TableData>;
  /** The run's files, by path. */
  files(runId: string): Promise<readonly ArtifactFile[]>;
  /** Runs deleted to the trash, newest first. */
  deletedRuns(): Promise<readonly RunEntry[]>;
  /**
   * Changes of what lists show. A new listener is first told of the runs that go on, as added. Watching starts with the
   * first listener and ends with the last.
   */
  readonly onDidChange: Event<CatalogChange>;
  /** Everything new in one run, coalesced. Starts from the state at the call. */
  follow(runId: string, listener: (delta: RunDelta) => void): Disposable;
}
