import * as vscode from 'vscode';
import { resumeOrchestrations } from '../../core/orchestration/startOrchestrator.ts';
import type { WorkspaceService } from './workspaceService.ts';

/**
 * Lets the sweeps and pipelines of the workspaces of this window go on whose process died: when the window opens, and
 * whenever the workspaces are looked for again.
 *
 * @param cliCommand the command line that starts `runledger`
 */
export function resumeAbandonedOrchestrations(
  workspaces: WorkspaceService,
  cliCommand: readonly [string, ...string[]],
  log: vscode.LogOutputChannel,
): vscode.Disposable {
  const resume = async (): Promise<void> => {
    if (!vscode.workspace.isTrusted) {
      return;
    }
    for (const entry of await workspaces.openWorkspaces()) {
      if (entry.kind === 'workspace') {
        for (const runId of await resumeOrchestrations(entry.info.folder, cliCommand)) {
          log.info(`Resumed ${runId}, whose process had died.`);
        }
      }
    }
  };
  const start = (): void => {
    resume().catch((error: unknown) => log.warn(error instanceof Error ? error.message : String(error)));
  };
  start();
  return vscode.Disposable.from(workspaces.onDidChange(start), vscode.workspace.onDidGrantWorkspaceTrust(start));
}
