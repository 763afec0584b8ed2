import { isOrchestration, type RunEntry, type RunSummary } from '../../core/domain/run.ts';
import { isTerminal } from '../../core/domain/runStatus.ts';
import type { ExperimentSummary, WorkspaceInfo } from '../../core/domain/workspace.ts';
import { type RowToken, rowTokens } from '../ids.ts';
import type { GroupLabel } from './arrangement.ts';

/**
 * The rows of the Experiments view. A node is made once and then mutated, because VS Code refreshes a row by the identity
 * of its element. Its `id` is the same after a reload, so that expansion and selection survive.
 */
export type TreeNode =
  | WorkspaceNode
  | ExperimentNode
  | RunGroupNode
  | RunNode
  | LoadMoreNode
  | NoMatchesNode
  | HiddenExperimentsNode
  | OtherWorkspacesNode
  | ProblemNode;

export interface WorkspaceNode {
  readonly kind: 'workspace';
  readonly id: string;
  readonly parent: OtherWorkspacesNode | undefined;
  readonly info: WorkspaceInfo;
  /** Runs of this workspace that are known to be going on; the trials of a sweep count as the sweep. */
  activeRunCount: number;
}

export interface ExperimentNode {
  readonly kind: 'experiment';
  readonly id: string;
  readonly parent: WorkspaceNode;
  summary: ExperimentSummary;
  /** Whether it is unfolded when VS Code draws it anew. */
  isDrawnExpanded: boolean;
  /** Whether the rows below it are those that match a filter. */
  readonly isFiltered?: boolean;
  /** How many rows a query gave it, where its rows come from one. */
  matchCount?: number;
}

/** A heading over runs of an experiment that have something in common. */
export interface RunGroupNode {
  readonly kind: 'runGroup';
  readonly id: string;
  readonly parent: ExperimentNode;
  /** Tells it from the other groups of its experiment. */
  readonly key: string;
  readonly label: GroupLabel;
  matchCount?: number;
}

export interface RunNode {
  readonly kind: 'run';
  readonly id: string;
  /** A run for a child run. */
  readonly parent: ExperimentNode | RunGroupNode | RunNode;
  entry: RunEntry;
}

export interface LoadMoreNode {
  readonly kind: 'loadMore';
  readonly id: string;
  readonly parent: ExperimentNode | RunGroupNode;
}

/** In place of the experiments: no run of the workspace matches the filter. */
export interface NoMatchesNode {
  readonly kind: 'noMatches';
  readonly id: string;
  readonly parent: WorkspaceNode;
}

/** In place of experiments that are all archived, and hidden. */
export interface HiddenExperimentsNode {
  readonly kind: 'hiddenExperiments';
  readonly id: string;
  readonly parent: WorkspaceNode;
  readonly count: number;
}

/** The workspaces of this machine that are not open, in a row of their own. */
export interface OtherWorkspacesNode {
  readonly kind: 'otherWorkspaces';
  readonly id: string;
  readonly parent: undefined;
}

/** Something that could not be read, in the place where it would stand. */
export interface ProblemNode {
  readonly kind: 'problem';
  readonly id: string;
  readonly parent: WorkspaceNode | ExperimentNode | RunGroupNode | RunNode | OtherWorkspacesNode | undefined;
  /** What could not be read, where the place does not tell. */
  readonly subject: string | undefined;
  /** Of a workspace that cannot be opened: the open folder, at which or above which its store is. */
  readonly workspaceFolder?: string;
  readonly message: string;
}

export function workspaceFolderOf(
  node: WorkspaceNode | ExperimentNode | RunGroupNode | RunNode | LoadMoreNode,
): string {
  switch (node.kind) {
    case 'workspace':
      return node.info.folder;
    case 'experiment':
      return node.parent.info.folder;
    case 'runGroup':
    case 'run':
    case 'loadMore':
      return experimentOf(node).parent.info.folder;
  }
}

/** The experiment that a row is in, however far down, or that it is. */
export function experimentOf(node: ExperimentNode | RunGroupNode | RunNode | LoadMoreNode): ExperimentNode {
  let at = node;
  while (at.kind !== 'experiment') {
    at = at.parent;
  }
  return at;
}

export function isActive(entry: RunEntry): boolean {
  return entry.kind === 'run' && !isTerminal(entry.status);
}

/** Whether a run counts as going on. One that was only made, and whose maker may have died since, does not. */
export function isGoingOn(entry: RunEntry): boolean {
  return isActive(entry) && entry.kind === 'run' && entry.status !== 'NotStarted';
}

/** Without those that belong to another one of them, as the trials of a sweep do. */
export function topmost<T extends RunEntry>(entries: readonly T[]): readonly T[] {
  const ids = new Set(entries.map(({ id }) => id));
  return entries.filter((entry) => entry.kind === 'unreadable' || !ids.has(entry.parentId ?? ''));
}

/** Only a submitted run has a supervisor that can end it; an interactive one belongs to its own process. */
export function canCancel(entry: RunEntry): boolean {
  return isActive(entry) && entry.kind === 'run' && entry.type !== undefined && entry.status !== 'CancelRequested';
}

/** What was submitted by itself can be submitted again; a step is submitted with its pipeline. */
export function canResubmit({ type, script }: RunSummary): boolean {
  return isOrchestration(type) || (type === 'azureml.scriptrun' && script !== undefined);
}

/** Code that was submitted is kept in a snapshot; of a script that was run by hand there is none. */
export function isSubmitted({ type }: RunSummary): boolean {
  return type !== undefined;
}

export function isArchived({ summary }: ExperimentNode): boolean {
  return summary.archivedTime !== undefined;
}

/** What the menus may offer on a row. */
export function rowTokensOf(node: TreeNode): readonly RowToken[] {
  switch (node.kind) {
    case 'workspace':
      return [rowTokens.workspace];
    case 'experiment':
      return [rowTokens.experiment, isArchived(node) ? rowTokens.archived : rowTokens.archivable];
    case 'run':
      return runTokensOf(node.entry);
    case 'runGroup':
    case 'loadMore':
    case 'noMatches':
    case 'hiddenExperiments':
    case 'otherWorkspaces':
      return [];
    case 'problem':
      return node.workspaceFolder === undefined ? [] : [rowTokens.damagedWorkspace];
  }
}

function runTokensOf(entry: RunEntry): readonly RowToken[] {
  if (entry.kind === 'unreadable') {
    return [rowTokens.deletable];
  }
  const tokens: RowToken[] = [rowTokens.run];
  if (canCancel(entry)) {
    tokens.push(rowTokens.cancelable);
  }
  if (!isGoingOn(entry)) {
    tokens.push(rowTokens.deletable);
  }
  if (canResubmit(entry)) {
    tokens.push(rowTokens.resubmittable);
  }
  tokens.push(entry.isStarred ? rowTokens.starred : rowTokens.unstarred);
  if (isSubmitted(entry)) {
    tokens.push(rowTokens.submitted);
  }
  return tokens;
}

/** What a person calls a run: its name, else its number; the place in its sweep for a trial. */
export function runLabel(entry: RunEntry): string {
  if (entry.kind === 'unreadable') {
    return entry.id;
  }
  if (entry.displayName !== undefined && entry.displayName !== '') {
    return entry.displayName;
  }
  return entry.trial === undefined ? `run ${entry.number}` : `trial ${entry.trial.number}`;
}
