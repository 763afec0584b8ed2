import * as vscode from 'vscode';
import { RunledgerError } from '../../core/base/errors.ts';
import { isRunId } from '../../core/store/names.ts';
import { showFailure } from '../commands/commandRunner.ts';
import type { WorkspaceService } from '../workspaces/workspaceService.ts';
import type { RunPages } from './runPages.ts';

/** Opens links of the form `<scheme>://runledger.runledger/run/<id>`. */
export class RunUriHandler implements vscode.UriHandler {
  private readonly workspaces: WorkspaceService;
  private readonly pages: RunPages;
  private readonly log: vscode.LogOutputChannel;

  constructor(workspaces: WorkspaceService, pages: RunPages, log: vscode.LogOutputChannel) {
    this.workspaces = workspaces;
    this.pages = pages;
    this.log = log;
  }

  async handleUri(uri: vscode.Uri): Promise<void> {
    try {
      const runId = runIdOf(uri.path);
      const found = runId === undefined ? undefined : await this.workspaces.findRun(runId);
      if (found === undefined) {
        throw new RunledgerError(
          'not-found',
          vscode.l10n.t('The link leads to a run that is in no workspace of this machine.'),
          {
            advice: vscode.l10n.t('Open the folder that holds the run, then follow the link again.'),
          },
        );
      }
      await this.pages.open(found.workspace.folder, found.runId);
    } catch (error) {
      this.log.error(error instanceof Error ? error : String(error));
      showFailure(error, this.log);
    }
  }
}

/** The run that a link's path names; undefined where it names none. */
function runIdOf(path: string): string | undefined {
  const [, kind, runId, ...rest] = path.split('/');
  return kind === 'run' && runId !== undefined && rest.length === 0 && isRunId(runId) ? runId : undefined;
}
