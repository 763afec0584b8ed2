import * as vscode from 'vscode';
import { isRunId } from '../../core/store/names.ts';
import { showFailure } from '../commands/commandRunner.ts';
import { rendererIds } from '../ids.ts';
import type { RunPages } from '../run-page/runPages.ts';
import type { WorkspaceService } from '../workspaces/workspaceService.ts';

/** Opens the runs whose names are clicked in the outputs of notebooks. Where a run is, is looked up: a notebook may come from anywhere. */
export function followRunRenderer(
  workspaces: WorkspaceService,
  pages: RunPages,
  log: vscode.LogOutputChannel,
): vscode.Disposable {
  const messaging = vscode.notebooks.createRendererMessaging(rendererIds.run);
  return messaging.onDidReceiveMessage(({ message }) => {
    const runId = runIdOf(message);
    if (runId !== undefined) {
      open(runId).catch((error: unknown) => showFailure(error, log));
    }
  });

  async function open(runId: string): Promise<void> {
    const found = await workspaces.findRun(runId);
    if (found === undefined) {
      void vscode.window.showInformationMessage(
        vscode.l10n.t('The run {0} is in no workspace of this machine any more.', runId),
      );
      return;
    }
    await pages.open(found.workspace.folder, found.runId);
  }
}

function runIdOf(message: unknown): string | undefined {
  if (typeof message !== 'object' || message === null || !('kind' in message) || message.kind !== 'openRun') {
    return undefined;
  }
  const runId = 'runId' in message ? message.runId : undefined;
  return typeof runId === 'string' && isRunId(runId) ? runId : undefined;
}
