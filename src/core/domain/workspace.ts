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
  /** The highest run number claimed so far. */
  readonly lastRunNumber: number;
  /** Runs that are there: deleted ones are not counted, child runs are. */
  readonly runCount: number;
  /** A tag without a value is null. */
  readonly tags: Readonly<Record<string, string | null>>;
  /** When it was archived, in Unix seconds; undefined for one that is active. */
  readonly archivedTime: number | undefined;
}
