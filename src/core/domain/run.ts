import type { MetricSummary, Scalar } from './metric.ts';
import type { RunStatus } from './runStatus.ts';

/**
 * The tag of runs that a person set apart. A tag, not a setting of one editor: it is found by filters and by scripts, and goes along
 * when a run is exported.
 */
export const starTag = 'starred';

export interface RunFailure {
  readonly message: string;
  /** The exception's class, where the script raised one. */
  readonly type?: string;
  readonly traceback?: string;
  /** What to do next. */
  readonly advice?: string;
}

/** What run.json calls the runs that others are children of: sweeps and pipelines. */
export const orchestrationTypes = { sweep: 'hyperdrive', pipeline: 'azureml.PipelineRun' } as const;

export function isOrchestration(type: string | undefined): boolean {
  return Object.values<string | undefined>(orchestrationTypes).includes(type);
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
  /** The run that this one is a child of. */
  readonly parentId: string | undefined;
  /** Whether it ever had child runs. */
  readonly hasChildren: boolean;
  /** Whether it has the tag {@link starTag}. */
  readonly isStarred: boolean;
  /** Of a child of a sweep. */
  readonly trial: Trial | undefined;
  readonly status: RunStatus;
  /** Why a run that is `Queued` waits, where that was told. */
  readonly waitReason?: string;
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
  /** The environment's name, where it has one. */
  readonly environment: string | undefined;
  readonly interpreter: string | undefined;
  readonly environmentVariables: Readonly<Record<string, string>>;
}

/** What a trial of a sweep tries. */
export interface Trial {
  /** From 0. */
  readonly number: number;
  readonly hyperparameters: Readonly<Record<string, string | number | boolean>>;
}

/** Which step of its pipeline a run is. */
export interface Step {
  readonly id: string;
  readonly name: string;
  /** As `PythonScriptStep`. */
  readonly type: string;
  readonly outputs: Readonly<Record<string, StepOutput>>;
}

export interface StepOutput {
  /** Absolute. */
  readonly path: string;
  readonly datastore: string;
  /** Relative to the datastore's folder, with `/`. */
  readonly pathOnDatastore: string;
}

/** Everything about a run but its points and the contents of its files. */
export interface RunDetails {
  readonly summary: RunSummary;
  readonly description: string | undefined;
  /** What people wrote down beside the description, in Markdown. */
  readonly notes: string | undefined;
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

export interface ArtifactFile {
  /** Artifact path, as `outputs/model.json`. */
  readonly path: string;
  readonly bytes: number;
  readonly modifiedTime: number;
}
