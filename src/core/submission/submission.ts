import type { Step, Trial } from '../domain/run.ts';
import type { RunStatus } from '../domain/runStatus.ts';
import type { RunConfiguration } from '../run-configurations/runConfiguration.ts';
import type { SnapshotContent } from '../snapshots/snapshot.ts';

/** What to submit. Paths are absolute. */
export interface SubmitRequest {
  /** The folder that holds `.runledger/`. */
  readonly workspaceFolder: string;
  /** Made on first use. */
  readonly experiment: string;
  /** The script, inside `sourceDirectory`. Either this or `command`. */
  readonly scriptPath?: string;
  /** A program and its arguments, run in the source folder; `python` is the interpreter of the run. */
  readonly command?: readonly string[];
  /** The folder that is snapshotted and run from. */
  readonly sourceDirectory: string;
  readonly arguments: readonly string[];
  /** Name of a run configuration as `listRunConfigurations` gives it, or one that is in no file. */
  readonly runConfiguration: string | RunConfiguration;
  /** Interpreters to fall back on when the run configuration names none, best first: the Python extension's, the setting's. */
  readonly interpreterCandidates: readonly string[];
  readonly displayName?: string;
  readonly tags?: Readonly<Record<string, string | null>>;
  readonly properties?: Readonly<Record<string, string>>;
  /** On top of those of the run configuration. */
  readonly environmentVariables?: Readonly<Record<string, string>>;
  /** A `.env` file to prefer to those of the source folder and the workspace; need not be there. */
  readonly environmentFile?: string;
  /** A run of the same experiment. */
  readonly parentId?: string;
  /** In place of one made from the experiment's name. */
  readonly runId?: string;
  /** What run.json has as its type, in place of `azureml.scriptrun`. */
  readonly type?: string;
  /** The code to run, where it was stored before: the source folder is not looked at again, and may have changed since. */
  readonly snapshot?: SnapshotContent;
  /** Jobs of the queue of the run's target (`ComputeTarget.queue`) that have to complete before it begins. */
  readonly after?: readonly string[];
  /** Of a sweep. */
  readonly trial?: Trial;
  /** Of a pipeline. */
  readonly step?: Step;
}

/** Told while a submission goes on. `fraction` is of the whole phase, where it is known. */
export interface SubmitProgress {
  readonly phase: 'preparing' | 'snapshot' | 'environment' | 'starting';
  readonly message: string;
  readonly fraction?: number;
}

export interface SubmittedRun {
  readonly runId: string;
  readonly number: number;
  readonly experiment: string;
  readonly status: RunStatus;
  /** Shown to the user once: a large snapshot, a target that is not defined. */
  readonly warnings: readonly string[];
}

export interface SubmitOptions {
  /** The folder that holds `runledger/` and `compat/`. */
  readonly pythonSdkFolder: string;
  readonly onProgress?: (progress: SubmitProgress) => void;
  /** Once the supervisor is being started it comes too late: then use `cancelRun`. */
  readonly signal?: AbortSignal;
  /** The command line that starts `runledger`, for scripts that submit runs themselves. */
  readonly cliCommand?: readonly string[];
  /** The program that submits, as `runledger-cli/0.1.0`. */
  readonly createdBy?: string;
}
