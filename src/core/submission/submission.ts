import type { RunStatus } from '../domain/runStatus.ts';

/** What to submit. Paths are absolute. */
export interface SubmitRequest {
  /** The folder that holds `.runledger/`. */
  readonly workspaceFolder: string;
  /** Made on first use. */
  readonly experiment: string;
  /** The script, inside `sourceDirectory`. */
  readonly scriptPath: string;
  /** The folder that is snapshotted and run from. */
  readonly sourceDirectory: string;
  readonly arguments: readonly string[];
  /** Name of a run configuration as `listRunConfigurations` gives it. */
  readonly runConfiguration: string;
  /** Interpreters to fall back on when the run configuration names none, best first: the Python extension's, the setting's. */
  readonly interpreterCandidates: readonly string[];
  readonly displayName?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

/** Told while a submission goes on. `fraction` is of the whole phase, where it is known. */
export interface SubmitProgress {
  readonly phase: 'preparing' | 'snapshot' | 'starting';
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
