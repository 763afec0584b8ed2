/**
 * The messages between a run's page and the extension host.
 *
 * The page says `ready`; the host answers with one `model` and from then on pushes `delta`s, each with the version it leads
 * to. A page that misses one (its version is not `baseVersion`) sends `resync` and gets a new `model`. Requests carry an id
 * and get exactly one `response`, except those that a new `model` overtakes: the page drops them and asks again.
 *
 * A `delta` names what changed: `metrics` holds the metrics that did and is merged by name, `files` is the whole list. An answer
 * to `series` and a delta can overlap by the points that came in between: the metric's `count` tells how many there are. A
 * metric that changed without `points` changed other than at its end: its series has to be asked for again.
 */
import type { MetricsLayout } from './metricsLayout.ts';
import type { SeriesAppendModel, SeriesModel, SeriesRange } from './series.ts';
import type { WireScalar } from './wire.ts';

export type RunPageTab = 'overview' | 'metrics' | 'images' | 'tables' | 'children' | 'files' | 'snapshot';

export const runStatusNames = [
  'NotStarted',
  'Queued',
  'Preparing',
  'Starting',
  'Running',
  'Finalizing',
  'CancelRequested',
  'Canceled',
  'Completed',
  'Failed',
  'NotResponding',
] as const;

export type RunStatusName = (typeof runStatusNames)[number];

export interface RunFailureModel {
  readonly message: string;
  readonly type?: string;
  readonly traceback?: string;
  readonly advice?: string;
}

/** The facts of the run that can change while it goes on. Times are Unix seconds. */
export interface RunStateModel {
  readonly status: RunStatusName;
  readonly startTime: number | undefined;
  readonly endTime: number | undefined;
  readonly exitCode: number | undefined;
  /** Of a run in a queue: why it waits. */
  readonly waitReason?: string;
  readonly failure: RunFailureModel | undefined;
  readonly displayName: string | undefined;
  readonly canCancel: boolean;
}

/** The facts that stay. */
export interface RunIdentityModel {
  readonly id: string;
  readonly number: number;
  /** What it is called where nobody has named it: `run 4`, `trial 2`. */
  readonly label: string;
  readonly workspace: string;
  readonly experiment: string;
  /** `Script`, `Interactive`, `Sweep`, `Pipeline` or `Step`. */
  readonly type: string;
  readonly canResubmit: boolean;
  readonly parentId: string | undefined;
  readonly createdTime: number;
  readonly user: string | undefined;
  readonly host: string | undefined;
  readonly script: string | undefined;
  readonly command: string | undefined;
  readonly arguments: readonly string[];
  readonly sourceDirectory: string | undefined;
  readonly inPlace: boolean;
  readonly target: string | undefined;
  readonly runConfiguration: string | undefined;
  readonly environment: string | undefined;
  readonly interpreter: string | undefined;
  /** Those of the run configuration; values that look secret are not among them. */
  readonly environmentVariables: readonly (readonly [name: string, value: string])[];
  /** The run keeps what was not committed when it was submitted. */
  readonly hasUncommittedDiff: boolean;
}

export interface InstalledModel {
  /** The version. */
  readonly python: string;
  readonly platform: string;
  readonly gpus: readonly string[];
  readonly packageCount: number;
}

export interface SnapshotModel {
  readonly hash: string;
  readonly files: number;
  readonly bytes: number;
}

/** What is known about a run beside its state, metrics and files. */
export interface RunAnnotationsModel {
  readonly description: string | undefined;
  readonly notes: string | undefined;
  readonly tags: readonly (readonly [name: string, value: string | null])[];
  readonly properties: readonly (readonly [name: string, value: string])[];
  /** Those that were logged, then those that the run was given beyond them. */
  readonly parameters: readonly (readonly [name: string, value: WireScalar])[];
  readonly images: readonly ImageModel[];
  readonly documents: readonly DocumentModel[];
  readonly snapshot: SnapshotModel | undefined;
  readonly warnings: readonly string[];
  /** Lines of the journals that could not be read. */
  readonly problemCount: number;
}

export interface PointModel {
  readonly x: number;
  readonly value: number;
}

export interface MetricModel {
  readonly name: string;
  readonly kind: 'metric' | 'list' | 'row' | 'table';
  readonly description: string | undefined;
  readonly count: number;
  readonly last: WireScalar;
  readonly lastX: number | undefined;
  readonly min: PointModel | undefined;
  readonly max: PointModel | undefined;
  readonly isNumeric: boolean;
  /** It tells what the run used of the machine. */
  readonly isSystem: boolean;
  readonly columns: readonly string[] | undefined;
}

export interface ImageModel {
  readonly name: string;
  readonly path: string;
  /** Address that the page may load. */
  readonly uri: string;
  readonly step: number | undefined;
  readonly description: string | undefined;
}

export interface DocumentModel {
  readonly name: string;
  /** `confusion_matrix`, `accuracy_table`, `residuals` or `predictions`. */
  readonly schema: string;
  readonly path: string;
}

export interface FileModel {
  readonly path: string;
  readonly bytes: number;
  readonly modifiedTime: number;
}

/** A row of the child runs. */
export interface ChildRunModel {
  readonly id: string;
  readonly label: string;
  readonly number: number;
  readonly state: RunStateModel;
  readonly createdTime: number;
  /** Hyperparameters of a trial, else the parameters that were logged. */
  readonly parameters: readonly (readonly [name: string, value: WireScalar])[];
  /** Of a step: its id in the pipeline. Absent until it is read. */
  readonly stepId?: string;
  /** The run whose results stand for those of this one. */
  readonly reusedFrom?: string;
  /** Last values; of the primary metric of a sweep the best. Absent until they are read. */
  readonly metrics?: readonly (readonly [name: string, value: WireScalar])[];
}

/** A step of a pipeline, whether or not it has started. */
export interface StepModel {
  readonly id: string;
  readonly name: string;
  /** As `PythonScriptStep`. */
  readonly type: string;
  readonly target: string | undefined;
  /** Ids of the steps that must be done before. */
  readonly after: readonly string[];
}

/** What a sweep or a pipeline was submitted as. */
export type OrchestrationModel =
  | { readonly kind: 'pipeline'; readonly steps: readonly StepModel[] }
  | {
      readonly kind: 'sweep';
      /** `random`, `grid` or `bayesian`. */
      readonly sampling: string;
      /** `none`, or how trials are ended early. */
      readonly policy: string;
      readonly trialLimit: number;
    };

/** What a sweep is judged by. */
export interface PrimaryMetricModel {
  readonly name: string;
  readonly goal: 'maximize' | 'minimize';
}

export interface RunPageModel {
  readonly identity: RunIdentityModel;
  readonly state: RunStateModel;
  readonly annotations: RunAnnotationsModel;
  /** What was installed where the script ran; absent where that is not known, as before the script began. */
  readonly installed?: InstalledModel | undefined;
  readonly metrics: readonly MetricModel[];
  readonly files: readonly FileModel[];
  readonly children: readonly ChildRunModel[];
  /** Of a sweep. */
  readonly primaryMetric: PrimaryMetricModel | undefined;
  /** Of a sweep or a pipeline. */
  readonly orchestration: OrchestrationModel | undefined;
}

export interface TableModel {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly WireScalar[])[];
}

/** A stretch of a log. Offsets are bytes of the file. */
export interface LogModel {
  readonly path: string;
  /** Where `text` begins: above 0 when the beginning of a long log was left out. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** The number of the first line of `text`, from 0. Absent in what is appended. */
  readonly firstLine?: number;
}

/** Lines of a log that hold a text, by their numbers from 0. */
export interface LogMatchesModel {
  /** The first of them. */
  readonly lines: readonly number[];
  readonly count: number;
}

export interface SnapshotFileModel {
  readonly path: string;
  readonly bytes: number;
}

/** What a file holds, as far as the page shows it. */
export type FilePreviewModel =
  | { readonly kind: 'text'; readonly text: string; readonly isCut: boolean }
  | { readonly kind: 'table'; readonly table: TableModel; readonly isCut: boolean }
  | { readonly kind: 'image'; readonly uri: string }
  | { readonly kind: 'binary' };

export interface SeriesParams extends SeriesRange {
  readonly metric: string;
}

/** What a person changes on a run. Null takes a name or a text away. */
export interface AnnotateParams {
  readonly displayName?: string | null;
  readonly description?: string | null;
  readonly notes?: string | null;
  readonly addTags?: readonly (readonly [name: string, value: string | null])[];
  readonly removeTags?: readonly string[];
}

/** Requests of the page and what each answers. */
export interface RunPageRequests {
  /** Answered when it is recorded; the change itself comes as a delta. */
  annotate: { params: AnnotateParams; result: null };
  series: { params: SeriesParams; result: SeriesModel };
  table: { params: { metric: string }; result: TableModel };
  /** The JSON of a logged document (confusion matrix and its kin), parsed. */
  document: { params: { path: string }; result: unknown };
  /** Follows a log: the answer is its last part; what is appended comes as `log` messages. One log at a time. */
  followLog: { params: { path: string }; result: LogModel };
  /** Another part of a log: what stands around a line. It is not followed. */
  readLog: { params: { path: string; line: number }; result: LogModel };
  /** Looks through the whole file. A search that comes while one goes on ends that one. */
  searchLog: { params: { path: string; text: string; isCaseSensitive: boolean }; result: LogMatchesModel };
  preview: { params: { path: string }; result: FilePreviewModel };
  /** The files of the code that ran. */
  snapshot: { params: Record<string, never>; result: readonly SnapshotFileModel[] };
  stopLog: { params: Record<string, never>; result: null };
}

export type RunPageRequestName = keyof RunPageRequests;

export type RunPageRequest = {
  [M in RunPageRequestName]: { type: 'request'; id: number; method: M; params: RunPageRequests[M]['params'] };
}[RunPageRequestName];

/** Things the page asks the editor to do. They have no answer: what they change comes back as a delta. */
export type RunPageAction =
  | { readonly action: 'cancel' }
  | { readonly action: 'delete' }
  | { readonly action: 'resubmit' }
  /** With the arguments that it had: nobody is asked. */
  | { readonly action: 'resubmitUnchanged' }
  /** Beside others, which are added on the page that opens. */
  | { readonly action: 'compareRuns'; readonly runIds: readonly string[] }
  /** A file or a folder that the run wrote, as a model; asked for where it is not named. */
  | { readonly action: 'registerModel'; readonly path?: string }
  | { readonly action: 'copyRunId' }
  | { readonly action: 'copyText'; readonly text: string }
  | { readonly action: 'revealFolder' }
  /** VS Code's search over what the run wrote. */
  | { readonly action: 'searchFiles' }
  | { readonly action: 'searchSnapshot' }
  /** What was not committed, as a read-only document. */
  | { readonly action: 'openUncommittedDiff' }
  | { readonly action: 'openInstalled' }
  | { readonly action: 'compareWithWorkingCopy' }
  | { readonly action: 'compareWithRun' }
  | { readonly action: 'restoreSnapshot' }
  | { readonly action: 'openSnapshotFile'; readonly path: string }
  /** A file of the code that ran beside the same file as it is now. */
  | { readonly action: 'compareSnapshotFile'; readonly path: string }
  | { readonly action: 'openFile'; readonly path: string }
  /** A table as the page shows it, as CSV. */
  | { readonly action: 'copyTable'; readonly table: TableModel }
  | { readonly action: 'exportTable'; readonly name: string; readonly table: TableModel }
  | { readonly action: 'saveFile'; readonly path: string }
  | { readonly action: 'revealFile'; readonly path: string }
  /** A file of the source folder, as a traceback names it. `line` counts from 1. */
  | { readonly action: 'openSource'; readonly path: string; readonly line?: number }
  | { readonly action: 'openScript' }
  /** The page of the run's experiment. */
  | { readonly action: 'openExperiment' }
  /** All points of a metric as CSV; the editor asks where to. */
  | { readonly action: 'exportMetric'; readonly metric: string }
  /** The picture of a chart: base64 of a PNG, or the text of an SVG. The editor asks where to. */
  | {
      readonly action: 'saveChart';
      readonly metric: string;
      readonly form: 'png' | 'svg';
      readonly content: string;
    }
  /** The page of another run of the workspace: a child, or the parent. */
  | { readonly action: 'openRun'; readonly runId: string };

/** What survives a hidden tab and a reload. */
export interface RunPageState {
  readonly workspaceFolder: string;
  readonly runId: string;
  readonly tab?: RunPageTab;
}

export type RunPageToHost =
  | { readonly type: 'ready' }
  | { readonly type: 'resync' }
  | RunPageRequest
  /** The answer to a request is not needed any more: there will be none. */
  | { readonly type: 'cancel'; readonly id: number }
  /** How the Metrics tab looks from now on. */
  | { readonly type: 'layout'; readonly layout: MetricsLayout }
  | ({ readonly type: 'action' } & RunPageAction);

export type HostToRunPage =
  | {
      readonly type: 'model';
      readonly version: number;
      readonly model: RunPageModel;
      /** How the Metrics tab looked last in this experiment. */
      readonly layout?: MetricsLayout;
      /** To be kept with `setState`. */
      readonly restore: { readonly workspaceFolder: string; readonly runId: string };
    }
  | {
      readonly type: 'delta';
      readonly baseVersion: number;
      readonly version: number;
      readonly state?: RunStateModel;
      readonly annotations?: RunAnnotationsModel;
      readonly installed?: InstalledModel;
      readonly metrics?: readonly MetricModel[];
      readonly points?: readonly SeriesAppendModel[];
      readonly files?: readonly FileModel[];
    }
  /** Child runs that are new or have changed, each of which replaces the one of its id; and the ids of those that are gone. */
  | { readonly type: 'children'; readonly rows: readonly ChildRunModel[]; readonly removed: readonly string[] }
  | { readonly type: 'log'; readonly log: LogModel }
  | { readonly type: 'response'; readonly id: number; readonly result: unknown }
  | { readonly type: 'response'; readonly id: number; readonly error: string }
  /** The run was deleted, or cannot be read: the page shows the sentence in place of the run. */
  | { readonly type: 'gone'; readonly message: string }
  /** The host asks the page to show a tab (Open Log). */
  | { readonly type: 'showTab'; readonly tab: RunPageTab; readonly path?: string };
