import type { WorkspaceInfo } from '../core/domain/workspace.ts';

/** The JSON of a workspace. `createdTime` is ISO 8601, UTC. */
export function workspaceJson({ id, name, folder, createdTime }: WorkspaceInfo): object {
  return { id, name, folder, createdTime: new Date(createdTime * 1000).toISOString() };
}
