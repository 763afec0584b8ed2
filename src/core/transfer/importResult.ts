/** What an import did. */
export interface ImportResult {
  /** The folder of the workspace, absolute. */
  readonly workspaceFolder: string;
  readonly runs: readonly ImportedRun[];
  readonly skipped: readonly SkippedRun[];
  /** Versions of models, as `digits:3`. */
  readonly models: readonly string[];
  /** Sentences for a person: what is different from what was imported, or is missing. */
  readonly notes: readonly string[];
}

export interface ImportedRun {
  readonly id: string;
  readonly number: number;
  readonly experiment: string;
  /** `updated`: it was imported before, and what it came from has grown. */
  readonly action: 'imported' | 'updated';
}

export interface SkippedRun {
  readonly id: string;
  /** A sentence for a person. */
  readonly reason: string;
}

/** What the properties of an imported run say of where it came from. */
export const importProperties = {
  /** The number that it had. */
  number: 'runledger.import.number',
  /** The id that it had, where that was taken. */
  runId: 'runledger.import.runId',
  /** `tensorboard:` or `mlflow:` and what tells it from others there. */
  source: 'runledger.import.source',
  /** The folder that it was read from. */
  folder: 'runledger.import.folder',
  /** Differs when the source does. */
  fingerprint: 'runledger.import.fingerprint',
} as const;
