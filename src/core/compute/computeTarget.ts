import type { MakeEnvironmentOptions } from '../environments/environmentBuild.ts';
import type { PlannedEnvironment } from '../environments/environmentPlan.ts';
import type { Distribution } from '../run-configurations/distribution.ts';
import type { RunConfiguration } from '../run-configurations/runConfiguration.ts';
import type { LaunchArray } from './launchArray.ts';
import type { QueuePlace } from './local/localMachine.ts';
import type { SlurmJob } from './slurm/slurmJob.ts';
import type { CheckRequest, TargetFinding } from './targetCheck.ts';
import type { DefinedType } from './targetSettings.ts';

/** What a target is asked to make ready, before there is a run. Paths are absolute. */
export interface PrepareRequest {
  readonly configuration: RunConfiguration;
  /** Undefined where nothing is to be started. */
  readonly workspaceFolder: string | undefined;
  readonly sourceDirectory: string;
  /** Undefined where a command is run. */
  readonly scriptPath: string | undefined;
  /** Best first; see `SubmitRequest`. */
  readonly interpreterCandidates: readonly string[];
  /** The folder that holds `runledger/` and `compat/`. */
  readonly pythonSdkFolder: string;
  readonly signal?: AbortSignal;
}

/** The container that a script runs in. */
export interface ContainerLaunch {
  /** The program that takes Docker's commands, absolute. */
  readonly cli: string;
  readonly image: string;
  /** The image's `PATH`. */
  readonly path: string;
  /** Of `docker run`, before the image. */
  readonly options: readonly string[];
  /** The Python of this machine that looks after the container, absolute. */
  readonly supervisor: string;
}

/** What the script will run with. */
export interface PreparedTarget {
  /** Absolute, on the target; empty where a command needs none, in a container without Python. */
  readonly interpreter: string;
  /** Folders for the script's `PYTHONPATH`, before the user's own. */
  readonly pythonPath: readonly string[];
  /** What `makeEnvironment` is still to make; undefined where the interpreter is there and has everything. */
  readonly environment: PlannedEnvironment | undefined;
  /** What comes before that and takes long, as an image to pull; `makeEnvironment` does it. */
  readonly pending?: (options: MakeTargetOptions) => Promise<PreparedTarget>;
  /** Absent where the script runs in none. */
  readonly container?: ContainerLaunch;
  /** Undefined where runs wait for nobody. */
  readonly queue: QueuePlace | undefined;
  /** Sentences for a person. */
  readonly warnings: readonly string[];
}

/** What the supervisor is told on its standard input, as JSON. Paths are absolute. */
export interface LaunchSpecification {
  readonly workspaceFolder: string;
  readonly runFolder: string;
  readonly runId: string;
  readonly experiment: string;
  readonly workspaceName: string;
  readonly subscriptionId: string | null;
  readonly resourceGroup: string | null;
  /** The zip to unpack into a working folder; null to run in the source folder. */
  readonly snapshot: string | null;
  readonly sourceDirectory: string;
  /** Relative to the source folder, with `/`. */
  readonly script: string | null;
  readonly command: readonly string[] | null;
  readonly arguments: readonly string[];
  readonly interpreter: string;
  readonly environmentVariables: Readonly<Record<string, string>>;
  readonly pythonPath: readonly string[];
  readonly maxRunDurationSeconds: number | null;
  readonly queue: QueuePlace | null;
  readonly distribution: Distribution | null;
  /** Where the run is a job of Slurm's. */
  readonly slurm?: SlurmJob;
  /** Data that it writes, by absolute paths in the workspace. */
  readonly outputs?: readonly string[];
  /** Jobs of the same cluster that have to complete before this one begins. */
  readonly after?: readonly string[];
  /** Where it is one of several that are started as one, all of which it stands for. */
  readonly array?: LaunchArray;
  readonly container: ContainerLaunch | null;
}

export interface StartOptions {
  readonly pythonSdkFolder: string;
  /** The command line that starts `runledger`, for what brings home what a run writes elsewhere. */
  readonly cliCommand?: readonly string[];
  /** Told what takes long, and how much of it is done, from 0 to 1. */
  readonly onStep?: (step: string, fraction: number) => void;
  /** Ends what takes long before the start. */
  readonly signal?: AbortSignal;
}

export interface MakeTargetOptions extends MakeEnvironmentOptions {
  readonly pythonSdkFolder: string;
}

/**
 * A place where runs run. Targets differ in this and in nothing else. What a run does once it is started, it writes to its
 * journal itself; that it is to be canceled, a file in its folder says (`askToCancel`).
 */
export interface ComputeTarget {
  readonly name: string;
  readonly type: 'local' | DefinedType;
  /**
   * The queue that keeps the order of runs by itself: it takes launches with `array` and `after`. Targets whose runs wait in the same
   * one have the same name for it. Undefined where there is none.
   */
  readonly queue?: string;
  /**
   * Makes ready what the script runs with, and checks the script against it.
   *
   * @throws RunledgerError `interpreter-not-found`, `interpreter-too-old`, `script-syntax`, `invalid-run-configuration`,
   * `environment-failed`, `canceled`
   */
  prepare(request: PrepareRequest): Promise<PreparedTarget>;
  /**
   * Makes the environment that `prepare` planned, which can take minutes.
   *
   * @throws RunledgerError `environment-failed`, `canceled`, `not-writable`, `disk-full`
   */
  makeEnvironment(prepared: PreparedTarget, options: MakeTargetOptions): Promise<PreparedTarget>;
  /**
   * Starts the supervisor, which outlives this process. Resolves when it has taken the run over.
   *
   * @throws RunledgerError `supervisor-failed`
   */
  start(launch: LaunchSpecification, options: StartOptions): Promise<void>;
  /** Looks whether runs could run there, and says of each thing what is missing. Does not reject for what it finds. */
  check(request: CheckRequest): Promise<readonly TargetFinding[]>;
}
