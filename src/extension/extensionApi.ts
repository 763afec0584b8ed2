import type { ComputeTree } from './compute/computeTree.ts';
import type { RunFiles } from './files/runFiles.ts';
import type { ModelPages } from './model-page/modelPages.ts';
import type { RunPages } from './run-page/runPages.ts';
import type { ExperimentTree } from './tree/experimentTree.ts';
import type { ModelTree } from './tree/modelTree.ts';
import type { WorkspaceService } from './workspaces/workspaceService.ts';

/**
 * What `activate` returns: the parts themselves, so that the tests in the editor can wait on their events. It is no
 * interface for other extensions and changes without notice; those call commands.
 */
export interface ExtensionApi {
  readonly tree: ExperimentTree;
  readonly models: ModelTree;
  readonly compute: ComputeTree;
  readonly pages: RunPages;
  readonly modelPages: ModelPages;
  readonly runFiles: RunFiles;
  readonly workspaces: WorkspaceService;
}
