/**
 * The messages between the page of a model and the extension host.
 *
 * The page says `ready`; the host answers with the whole `model` and sends it again whenever something of it changed: it is small. What
 * is said of the runs that versions came from is read after that, and comes with a second `model`. Requests carry an id and get
 * exactly one `response`; what they change comes back as a `model`.
 */
import type { AnnotateParams, FileModel, RunStatusName } from './runPage.ts';
import type { WireScalar } from './wire.ts';

/** A metric of the run that a version came from. */
export interface ModelMetricModel {
  readonly name: string;
  readonly last: WireScalar;
}

/** The run that a version was registered from. */
export interface ModelRunModel {
  readonly id: string;
  readonly label: string;
  readonly number: number;
  readonly experiment: string;
  readonly status: RunStatusName;
  readonly metrics: readonly ModelMetricModel[];
  readonly parameters: readonly (readonly [name: string, value: WireScalar])[];
  /** Of its code, where a snapshot was taken. */
  readonly snapshotFiles: number | undefined;
  readonly branch: string | undefined;
  readonly commit: string | undefined;
}

export interface ModelVersionModel {
  readonly kind: 'version';
  readonly version: number;
  /** `<name>:<version>`. */
  readonly id: string;
  readonly createdTime: number;
  readonly user: string | undefined;
  readonly description: string | undefined;
  readonly tags: readonly (readonly [name: string, value: string | null])[];
  readonly properties: readonly (readonly [name: string, value: string])[];
  /** With its version, as `PyTorch 2.9`. */
  readonly framework: string | undefined;
  /** What was registered: among the files of the run, else of the machine. */
  readonly path: string | undefined;
  readonly files: readonly FileModel[];
  readonly bytes: number;
  readonly runId: string | undefined;
  readonly experiment: string | undefined;
  /** Absent as long as it is not read, and where the run is not there any more. */
  readonly run?: ModelRunModel;
}

/** A version whose record cannot be read. */
export interface UnreadableVersionModel {
  readonly kind: 'unreadable';
  readonly version: number;
  readonly problem: string;
}

export interface ModelPageModel {
  readonly name: string;
  readonly workspace: string;
  /** The newest first. */
  readonly versions: readonly (ModelVersionModel | UnreadableVersionModel)[];
  /** Whether what is said of runs is complete. */
  readonly hasRuns: boolean;
}

/** What a person changes on a version. Models have no name beside that of the model. */
export interface AnnotateVersionParams extends Omit<AnnotateParams, 'displayName'> {
  readonly version: number;
}

export interface ModelPageRequests {
  /** Answered when it is recorded. */
  annotate: { params: AnnotateVersionParams; result: null };
}

export type ModelPageRequest = {
  [M in keyof ModelPageRequests]: {
    readonly type: 'request';
    readonly id: number;
    readonly method: M;
    readonly params: ModelPageRequests[M]['params'];
  };
}[keyof ModelPageRequests];

/** Things the page asks the editor to do. What they change comes back as a `model`. */
export type ModelPageAction =
  | { readonly action: 'register' }
  | { readonly action: 'download' | 'delete' | 'revealFolder' | 'addProperty'; readonly version: number }
  | { readonly action: 'openFile'; readonly version: number; readonly path: string }
  | { readonly action: 'openRun'; readonly runId: string }
  /** The runs of two versions side by side, with their curves; or what differs in their code. */
  | { readonly action: 'compareRuns' | 'compareCode'; readonly left: string; readonly right: string }
  | { readonly action: 'openSnapshot'; readonly runId: string }
  | { readonly action: 'copyText'; readonly text: string };

/** What survives a hidden tab and a reload. */
export interface ModelPageState {
  readonly workspaceFolder: string;
  readonly modelKey: string;
  /** The one that is shown. */
  readonly version?: number;
}

export type ModelPageToHost =
  | { readonly type: 'ready' }
  | ModelPageRequest
  | ({ readonly type: 'action' } & ModelPageAction);

export type HostToModelPage =
  | {
      readonly type: 'model';
      readonly model: ModelPageModel;
      /** To be kept with `setState`. */
      readonly restore: { readonly workspaceFolder: string; readonly modelKey: string };
    }
  | { readonly type: 'response'; readonly id: number; readonly result: unknown }
  | { readonly type: 'response'; readonly id: number; readonly error: string }
  /** The host asks the page to show a version. */
  | { readonly type: 'showVersion'; readonly version: number }
  /** No version is there any more: the page shows the sentence in place of the model. */
  | { readonly type: 'gone'; readonly message: string };
