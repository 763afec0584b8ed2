/** One version of a registered model. */
export interface ModelVersion {
  readonly kind: 'version';
  /** `<name>:<version>`, as Azure ML wrote it. */
  readonly id: string;
  readonly name: string;
  /** The model's folder name in the store; see docs/store-format.md. */
  readonly modelKey: string;
  /** From 1. */
  readonly version: number;
  /** Unix seconds. */
  readonly createdTime: number;
  readonly user: string | undefined;
  /** The run that it was registered from. */
  readonly runId: string | undefined;
  /** That of the run. */
  readonly experiment: string | undefined;
  /** What was registered: among the run's files where there is a run, else a path of the machine. */
  readonly path: string | undefined;
  readonly description: string | undefined;
  readonly tags: Readonly<Record<string, string | null>>;
  /** Immutable: they can be added, and neither changed nor removed. */
  readonly properties: Readonly<Record<string, string>>;
  readonly framework: string | undefined;
  readonly frameworkVersion: string | undefined;
  /** The version's folder, absolute. */
  readonly folder: string;
}

/** A version whose record cannot be read: one row, so that it never hides the others. */
export interface UnreadableModelVersion {
  readonly kind: 'unreadable';
  readonly modelKey: string;
  readonly version: number;
  /** A sentence for a person. */
  readonly problem: string;
  readonly folder: string;
}

export type ModelEntry = ModelVersion | UnreadableModelVersion;
