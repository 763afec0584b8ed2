import type { ComputeDefinition } from '../../core/compute/computeDefinitions.ts';
import type { TargetFinding } from '../../core/compute/targetCheck.ts';
import type { WorkspaceInfo } from '../../core/domain/workspace.ts';
import { type RowToken, rowTokens } from '../ids.ts';

/** The rows of the Compute view. Their `id` is the same after a reload, so that expansion and selection survive. */
export type ComputeTreeNode = ComputeWorkspaceNode | ComputeTargetNode | FindingNode | ComputeProblemNode;

/** Only where several workspaces are open. */
export interface ComputeWorkspaceNode {
  readonly kind: 'computeWorkspace';
  readonly id: string;
  readonly parent: undefined;
  readonly info: WorkspaceInfo;
  readonly children: (ComputeTargetNode | ComputeProblemNode)[];
}

/** What the last check found; `unknown` before the first. */
export type Health =
  | { readonly state: 'unknown' | 'checking' }
  | { readonly state: 'good' | 'missing'; readonly findings: readonly TargetFinding[] };

export interface ComputeTargetNode {
  readonly kind: 'computeTarget';
  readonly id: string;
  readonly parent: ComputeWorkspaceNode | undefined;
  readonly workspaceFolder: string;
  readonly definition: ComputeDefinition;
  /** What all targets of the workspace were when it was read, one of which may lead to another: what a check finds is about that. */
  readonly basis: string;
}

/** One thing that a check looked at. */
export interface FindingNode {
  readonly kind: 'computeFinding';
  readonly id: string;
  readonly parent: ComputeTargetNode;
  readonly finding: TargetFinding;
}

/** Something that could not be read, in the place where it would stand. */
export interface ComputeProblemNode {
  readonly kind: 'computeProblem';
  readonly id: string;
  readonly parent: ComputeWorkspaceNode | undefined;
  readonly message: string;
}

/** Whether a target is another name of this machine, which a script made. */
export function isAnotherName({ name, path }: ComputeDefinition): boolean {
  return path === undefined && name !== 'local';
}

/** What the menus may offer on a row. */
export function computeTokensOf(node: ComputeTreeNode): readonly RowToken[] {
  if (node.kind !== 'computeTarget' || isAnotherName(node.definition)) {
    return [];
  }
  return node.definition.path === undefined
    ? [rowTokens.computeTarget]
    : [rowTokens.computeTarget, rowTokens.definedTarget];
}
