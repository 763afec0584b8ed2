import type { Disposable, Event } from '../base/events.ts';
import type { RunStatus } from '../store/runStatus.ts';

/** A logged value: what `run.log` accepts. Numbers may be non-finite. */
export type Scalar = number | string | boolean;

export interface WorkspaceInfo {
  readonly id: string;
  readonly name: string;
  /** The folder that holds `.runledger/`, absolute. */
  readonly folder: string;
  readonly createdTime: number;
}

export interface ExperimentSummary {
  readonly name: string;
  /** The experiment's folder name in the store; see docs/store-format.md. */
  readonly key: string;
  /** Run numbers claimed so far: the number of runs, deleted ones included. */
  readonly lastRunNumber: number;
}

export interface RunFailure {
  readonly message: string;
  /** The exception's class, where the script raised one. */
  readonly type?: string;
  readonly traceback?: string;
  /** What to do next. */
  readonly advice?: string;
}

/** What a row of a list shows. Times are Unix seconds. */
export interface RunSummary {
  readonly kind: 'run';
  readonly id: string;
  readonly number: number;
  readonly experiment: string;
  readonly experimentKey: string;
  readonly displayName: string | undefined;
  /** `azureml.scriptrun`, or undefined for an interactive run. */
  readonly type: string | undefined;
  readonly status: RunStatus;
  readonly createdTime: number;
  readonly startTime: number | undefined;
  /** Set when the status is terminal. */
  readonly endTime: number | undefined;
  readonly exitCode: number | undefined;
  readonly failure: RunFailure | undefined;
  readonly script: string | undefined;
  readonly target: string | undefined;
}

/** A run whose record cannot be read: one row, so that it never hides the others. */
export interface UnreadableRun {
  readonly kind: 'unreadable';
  readonly id: string;
  readonly experimentKey: string;
  /** A sentence for a person. */
  readonly problem: string;
}

export type RunEntry = RunSummary | UnreadableRun;

export interface Page<T> {
  readonly items: readonly T[];
  /** Pass to the next call; undefined at the end. */
  readonly nextCursor: string | undefined;
}

/** An extreme or last value of a series, with its x (step, or place from 0). */
export interface MetricPoint {
  readonly x: number;
  readonly value: number;
}

export type MetricKind = 'metric' | 'list' | 'row' | 'table';

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

export interface LoggedImage {
  readonly name: string;
  /** Artifact path. */
  readonly path: string;
  readonly step: number | undefined;
  readonly description: string | undefined;
  readonly time: number;
}

export interface LoggedDocument {
  readonly name: string;
  readonly schema: string;
  readonly path: string;
}

export interface Submission {
  readonly script: string | undefined;
  readonly command: string | readonly string[] | undefined;
  readonly arguments: readonly string[];
  readonly sourceDirectory: string | undefined;
  readonly inPlace: boolean;
  readonly target: string | undefined;
  readonly runConfiguration: string | undefined;
  readonly interpreter: string | undefined;
  readonly environmentVariables: Readonly<Record<string, string>>;
}

/** Everything about a run but its points and the contents of its files. */
export interface RunDetails {
  readonly summary: RunSummary;
  readonly description: string | undefined;
  readonly user: string | undefined;
  readonly host: string | undefined;
  readonly submission: Submission | undefined;
  /** Insertion order; a tag without a value is null. */
  readonly tags: Readonly<Record<string, string | null>>;
  readonly properties: Readonly<Record<string, string>>;
  readonly parameters: Readonly<Record<string, Scalar | null>>;
  readonly metrics: readonly MetricSummary[];
  readonly images: readonly LoggedImage[];
  readonly documents: readonly LoggedDocument[];
  readonly snapshot: { readonly hash: string; readonly files: number; readonly bytes: number } | undefined;
  readonly warnings: readonly string[];
  /** Lines of the journals that could not be used. */
  readonly problemCount: number;
  /** The run's folder, absolute. */
  readonly folder: string;
}

export interface SeriesQuery {
  readonly runId: string;
  readonly metric: string;
  /** Bounds of x, both inclusive. */
  readonly from?: number;
  readonly to?: number;
  /** At most about this many points: above it, each of `maxPoints / 4` equal parts of x gives its first, lowest, highest and last point. */
  readonly maxPoints: number;
}

/** Points in order of x, as parallel arrays. `values` may be non-finite. */
export interface SeriesSlice {
  readonly x: readonly number[];
  readonly times: readonly number[];
  readonly values: readonly number[];
  /** Points in the range before they were thinned out. */
  readonly totalCount: number;
}

export interface TableData {
  readonly columns: readonly string[];
  /** One array a row, in the order of `columns`. */
  readonly rows: readonly (readonly (Scalar | null)[])[];
}

export interface ArtifactFile {
  /** Artifact path, as `outputs/model.json`. */
  readonly path: string;
  readonly bytes: number;
  readonly modifiedTime: number;
}

/** New points of one series. */
export interface SeriesAppend {
  readonly metric: string;
  readonly x: readonly number[];
  readonly times: readonly number[];
  readonly values: readonly number[];
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

export type CatalogChange =
  | { readonly kind: 'experiments' }
  | { readonly kind: 'runs-added'; readonly experimentKey: string; readonly runIds: readonly string[] }
  | { readonly kind: 'run-changed'; readonly entry: RunEntry }
  | { readonly kind: 'run-removed'; readonly experimentKey: string; readonly runId: string };

/**
 * The one way in which the editor, the CLI and the language server read a workspace. What stands behind it (files, an
 * index) is not theirs to know. Calls reject with a `RunledgerError` (`not-found`, `newer-format`, `unreadable`).
 */
export interface RunCatalog extends Disposable {
  readonly workspace: WorkspaceInfo;
  /** By name. */
  experiments(): Promise<readonly ExperimentSummary[]>;
  /** Newest first. One unreadable run is one entry. */
  runs(query: { experimentKey: string; limit: number; cursor?: string | undefined }): Promise<Page<RunEntry>>;
  /** Undefined where there is no such run. */
  run(runId: string): Promise<RunEntry | undefined>;
  details(runId: string): Promise<RunDetails>;
  /** Points of a numeric series, or the numbers of a list with their place as x. */
  series(query: SeriesQuery): Promise<SeriesSlice>;
  /** Rows of a `row` or `table` metric. */
  table(runId: string, metric: string): Promise<TableData>;
  /** The run's files, by path. */
  files(runId: string): Promise<readonly ArtifactFile[]>;
  /** Runs deleted to the trash, newest first. */
  deletedRuns(): Promise<readonly RunEntry[]>;
  /** Changes of what lists show. Watching starts with the first listener and ends with the last. */
  readonly onDidChange: Event<CatalogChange>;
  /** Everything new in one run, coalesced. Starts from the state at the call. */
  follow(runId: string, listener: (delta: RunDelta) => void): Disposable;
}
