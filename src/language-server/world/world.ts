import type { RegisteredDataSet } from '../../core/data-sets/registeredDataSets.ts';
import type { SourceListing } from '../../core/snapshots/sourceFiles.ts';
import type { LastRun } from '../../protocol/languageServer.ts';

/** What features ask of the folders that are open, beside the text. Paths are absolute. */
export interface World {
  isFile(path: string): Promise<boolean>;
  isFolder(path: string): Promise<boolean>;
  /** The text of a file; undefined where it cannot be read, or is too long to have been written by hand. */
  textOf(path: string): Promise<string | undefined>;
  /** What a folder holds, by name; nothing where it cannot be listed. */
  entries(folder: string): Promise<readonly WorldEntry[]>;
  /** The folder of the editor that holds a path; undefined for a file from elsewhere. */
  rootOf(path: string): string | undefined;
  /** Whether a folder holds, anywhere below, a file whose path ends so. Undefined where there are too many to tell. */
  hasFileEnding(folder: string, ending: string): Promise<boolean | undefined>;
  /** What the Runledger workspace of a path knows; undefined where the path is in none. */
  names(path: string): Promise<WorkspaceNames | undefined>;
  /** The run configurations of a folder, by name. */
  runConfigurations(folder: string): Promise<readonly string[]>;
  /** The last run that was made with a run configuration; undefined where there is none, or nobody knows. */
  lastRun(configuration: string): Promise<LastRun | undefined>;
  /** What a snapshot of a folder would hold with these rules in `.amlignore`. */
  snapshotContents(folder: string, rules: string, signal: AbortSignal): Promise<SourceListing>;
  /** Whether a command is on the path. */
  isCommand(name: string): Promise<boolean>;
}

export interface WorldEntry {
  readonly name: string;
  readonly isFolder: boolean;
}

/** Names that a workspace has. They are compared whatever their case. */
export interface WorkspaceNames {
  readonly folder: string;
  readonly targets: readonly NamedTarget[];
  readonly environments: readonly NamedVersions[];
  readonly dataSets: readonly RegisteredDataSet[];
  readonly experiments: readonly string[];
  readonly datastores: readonly string[];
}

export interface NamedVersions {
  readonly name: string;
  /** Ascending. */
  readonly versions: readonly number[];
}

export interface NamedTarget {
  readonly name: string;
  readonly type: string;
  readonly description: string | undefined;
}
