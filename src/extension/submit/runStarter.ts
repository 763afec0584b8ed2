/** From a submission that is complete to its run, as the editor shows it. */
import * as vscode from 'vscode';
import type { SubmitOrchestrationOptions } from '../../core/orchestration/submitOrchestration.ts';
import type { SubmitProgress, SubmittedRun } from '../../core/submission/submission.ts';
import { settingIds } from '../ids.ts';
import type { RunPages } from '../run-page/runPages.ts';
import type { RunEndNotifications } from '../running/runEndNotifications.ts';
import type { ExperimentsView } from '../tree/experimentsView.ts';
import type { WorkspaceService } from '../workspaces/workspaceService.ts';

/** A run that was submitted, and where it is. */
export interface SubmissionOutcome extends SubmittedRun {
  readonly workspaceFolder: string;
}

export interface RunStarterDeps {
  readonly workspaces: WorkspaceService;
  readonly experiments: ExperimentsView;
  readonly pages: RunPages;
  readonly notifications: RunEndNotifications;
  /** The folder `python/` of the extension. */
  readonly pythonSdkFolder: string;
  /** The command line that starts the bundled `runledger`. */
  readonly cliCommand: readonly [string, ...string[]];
  /** The program that submits, as `runledger-vscode/0.1.0`. */
  readonly createdBy: string;
  readonly log: vscode.LogOutputChannel;
}

/** Submits with progress that can be canceled, shows the run, and tells of its end. */
export class RunStarter {
  private readonly deps: RunStarterDeps;

  constructor(deps: RunStarterDeps) {
    this.deps = deps;
  }

  /** @param title says what is submitted */
  async start(
    workspaceFolder: string,
    title: string,
    submit: (options: SubmitOrchestrationOptions) => Promise<SubmittedRun>,
  ): Promise<SubmissionOutcome> {
    const run = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title, cancellable: true },
      async (progress, token) => await this.submitWithProgress(submit, progress, token),
    );
    this.deps.log.info(`Submitted ${run.runId} (${run.experiment}, run ${run.number}).`);
    for (const warning of run.warnings) {
      this.deps.log.warn(`${run.runId}: ${warning}`);
    }
    if (run.warnings.length > 0) {
      void vscode.window.showWarningMessage(run.warnings.join(' '));
    }
    await this.show(workspaceFolder, run);
    this.deps.notifications.awaitEnd({ workspaceFolder, runId: run.runId });
    return { ...run, workspaceFolder };
  }

  private async submitWithProgress(
    submit: (options: SubmitOrchestrationOptions) => Promise<SubmittedRun>,
    progress: vscode.Progress<{ message?: string }>,
    token: vscode.CancellationToken,
  ): Promise<SubmittedRun> {
    const abort = new AbortController();
    const subscription = token.onCancellationRequested(() => abort.abort());
    let shown = '';
    const onProgress = ({ message, fraction }: SubmitProgress): void => {
      // In words: the bar cannot go back, and more than one thing of a submission has a measure.
      const text = fraction === undefined ? message : `${message} (${Math.floor(fraction * 100)} %)`;
      if (text !== shown) {
        shown = text;
        progress.report({ message: text });
      }
    };
    try {
      return await submit({
        pythonSdkFolder: this.deps.pythonSdkFolder,
        // The editor's own Node, so that scripts can submit runs where no other is installed.
        cliCommand: this.deps.cliCommand,
        onProgress,
        signal: abort.signal,
        createdBy: this.deps.createdBy,
      });
    } catch (error) {
      throw token.isCancellationRequested ? new vscode.CancellationError() : error;
    } finally {
      subscription.dispose();
    }
  }

  /** A run that cannot be shown was submitted all the same, so what goes wrong here is only logged. */
  private async show(workspaceFolder: string, run: SubmittedRun): Promise<void> {
    const { experiments, pages, workspaces, log } = this.deps;
    try {
      // A script's nearest workspace can lie below the open folder, where nobody looked for it.
      const workspace = await workspaces.add(workspaceFolder);
      if (vscode.workspace.getConfiguration().get<boolean>(settingIds.openRunPage, true)) {
        await pages.open(workspaceFolder, run.runId);
      }
      await experiments.reveal(workspace, run.runId);
    } catch (error) {
      log.error(`Run ${run.runId} was submitted, but cannot be shown.`, error instanceof Error ? error : String(error));
    }
  }
}
