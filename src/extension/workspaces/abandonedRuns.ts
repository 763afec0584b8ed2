import * as vscode from 'vscode';
import { resumeRuns } from '../../core/submission/resumeRuns.ts';
import type { WorkspaceService } from './workspaceService.ts';

/**
 * Lets runs of the workspaces of this window go on whose processes died: sweeps and pipelines are carried out again, runs on other
 * hosts brought home, and jobs of Slurm watched. So when the window opens, and whenever the workspaces are looked for again.
 *
 * @param cliCommand the command line that starts `runledger`
 * @param pythonSdkFolder the folder that holds `runledger/` and `compat/`
 */
export function resumeAbandonedRuns(
  workspaces: WorkspaceService,
  cliCommand: readonly [string, ...string[]],
  pythonSdkFolder: string,
  log: vscode.LogOutputChannel,
): vscode.Disposable {
  const warn = (error: unknown): void => log.warn(error instanceof Error ? error.message : String(error));
  const resume = async (): Promise<void> => {
    if (!vscode.workspace.isTrusted) {
      return;
    }
    for (const entry of await workspaces.openWorkspaces()) {
      if (entry.kind === 'workspace') {
        // One workspace that cannot be written does not keep the others' runs from going on.
        const resumed = await resumeRuns(entry.info.folder, cliCommand, pythonSdkFolder).catch(warn);
        for (const runId of resumed ?? []) {
          log.info(`Resumed ${runId}, whose process had died.`);
        }
      }
    }
  };
  const start = (): void => {
    resume().catch(warn);
  };
  start();
  return vscode.Disposable.from(workspaces.onDidChange(start), vscode.workspace.onDidGrantWorkspaceTrust(start));
}
