import type { ModelEntry } from '../../core/domain/model.ts';
import type { WorkspaceInfo } from '../../core/domain/workspace.ts';
import { type RowToken, rowTokens } from '../ids.ts';

/** The rows of the Models view. Their `id` is the same after a reload, so that expansion and selection survive. */
export type ModelTreeNode = ModelWorkspaceNode | ModelNode | ModelVersionNode | ModelProblemNode;

/** Only where several workspaces are open. */
export interface ModelWorkspaceNode {
  readonly kind: 'modelWorkspace';
  readonly id: string;
  readonly parent: undefined;
  readonly info: WorkspaceInfo;
  readonly children: (ModelNode | ModelProblemNode)[];
}

export interface ModelNode {
  readonly kind: 'model';
  readonly id: string;
  readonly parent: ModelWorkspaceNode | undefined;
  readonly workspaceFolder: string;
  /** As its newest version spells it. */
  readonly name: string;
  /** Newest first. */
  readonly children: ModelVersionNode[];
}

export interface ModelVersionNode {
  readonly kind: 'modelVersion';
  readonly id: string;
  readonly parent: ModelNode;
  readonly entry: ModelEntry;
}

/** Something that could not be read, in the place where it would stand. */
export interface ModelProblemNode {
  readonly kind: 'modelProblem';
  readonly id: string;
  readonly parent: ModelWorkspaceNode | undefined;
  readonly message: string;
}

/** What the menus may offer on a row. */
export function modelTokensOf(node: ModelTreeNode): readonly RowToken[] {
  if (node.kind === 'model') {
    return [rowTokens.model];
  }
  if (node.kind !== 'modelVersion') {
    return [];
  }
  const { entry } = node;
  return entry.kind === 'version' && entry.runId !== undefined
    ? [rowTokens.modelVersion, rowTokens.fromRun]
    : [rowTokens.modelVersion];
}
