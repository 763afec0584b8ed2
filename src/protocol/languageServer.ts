/** What the editor and the language server say to each other beside their common protocol. */

/** Commands of the editor that the server's lenses and actions name. */
export const editorCommands = {
  /** Takes the absolute path of a file that says how something is run. */
  submitFile: 'runledger.submitFile',
  /** Takes `{script}`, an absolute path. */
  submit: 'runledger.submit',
  /** Takes what `submit` takes. */
  submitWithArguments: 'runledger.submitWithArguments',
  /** Takes a run: `{workspaceFolder, runId}`. */
  openRun: 'runledger.openRun',
  /** Takes the absolute path of a file in the source folder. */
  showSnapshotContents: 'runledger.showSnapshotContents',
} as const;

/** What the editor says of itself when it starts the server. */
export interface ServerOptions {
  /** Whether the server shows runs beside Python code, for which an index of them is written. Not in Restricted Mode. */
  readonly readsRuns: boolean;
  /** Whether {@link lastRunRequest} is answered. */
  readonly knowsRuns: boolean;
}

/** The server asks the editor, which reads the runs anyway. */
export const lastRunRequest = 'runledger/lastRun';

export interface LastRunQuestion {
  /** A run configuration, absolute. */
  readonly configuration: string;
}

export interface LastRun {
  readonly workspaceFolder: string;
  readonly runId: string;
  /** One line for a person, which may begin with an icon: `$(pass) Run 12 completed, 4 min ago`. */
  readonly title: string;
}

/** The editor tells the server that a run began or ended. */
export const runsChangedNotification = 'runledger/runsChanged';
