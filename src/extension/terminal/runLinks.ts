import * as vscode from 'vscode';
import { isRunId } from '../../core/store/names.ts';
import { showFailure } from '../commands/commandRunner.ts';
import type { RunPages } from '../run-page/runPages.ts';
import type { WorkspaceService } from '../workspaces/workspaceService.ts';
import { type RunReference, runReferences } from './runReferences.ts';

interface RunLink extends vscode.TerminalLink {
  readonly workspaceFolder: string;
  readonly runId: string;
}

/** Makes links of the runs of open workspaces that a terminal names, by id or by address. */
export class RunLinks implements vscode.TerminalLinkProvider<RunLink> {
  private readonly workspaces: WorkspaceService;
  private readonly pages: RunPages;
  private readonly log: vscode.LogOutputChannel;

  constructor(workspaces: WorkspaceService, pages: RunPages, log: vscode.LogOutputChannel) {
    this.workspaces = workspaces;
    this.pages = pages;
    this.log = log;
  }

  async provideTerminalLinks(
    { line }: vscode.TerminalLinkContext,
    token: vscode.CancellationToken,
  ): Promise<RunLink[]> {
    const links: RunLink[] = [];
    for (const ideas of runReferences(line)) {
      for (const reference of ideas) {
        const link = token.isCancellationRequested ? undefined : await this.linkTo(reference);
        if (link !== undefined) {
          links.push(link);
          break;
        }
      }
    }
    return links;
  }

  async handleTerminalLink({ workspaceFolder, runId }: RunLink): Promise<void> {
    try {
      await this.pages.open(workspaceFolder, runId);
    } catch (error) {
      showFailure(error, this.log);
    }
  }

  private async linkTo({ start, length, runId }: RunReference): Promise<RunLink | undefined> {
    if (!isRunId(runId)) {
      return undefined;
    }
    for (const entry of await this.workspaces.openWorkspaces()) {
      if (entry.kind === 'workspace') {
        const workspaceFolder = entry.info.folder;
        const run = await (await this.workspaces.catalog(workspaceFolder)).run(runId);
        if (run !== undefined) {
          const tooltip = vscode.l10n.t('Open run');
          return { startIndex: start, length, tooltip, workspaceFolder, runId };
        }
      }
    }
    return undefined;
  }
}
