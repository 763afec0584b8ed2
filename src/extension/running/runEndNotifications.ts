import * as vscode from 'vscode';
import { isTerminal } from '../../core/domain/runStatus.ts';
import { showFailure } from '../commands/commandRunner.ts';
import type { RunTarget } from '../commands/runTarget.ts';
import { commandIds, settingIds } from '../ids.ts';
import type { RunPages } from '../run-page/runPages.ts';
import { firstLine, formatDuration, plainMessage } from '../text/format.ts';
import { runLabel } from '../tree/nodes.ts';
import type { WorkspaceService } from '../workspaces/workspaceService.ts';
import { defaultNoticeChoice, isEndTold, isNoticeChoice, type NoticeChoice } from './runEndNotice.ts';
import type { PlacedRun, RunningRuns } from './runningRuns.ts';

const awaitedKey = 'runledger.awaitedRuns';
/** A run that was deleted elsewhere is never heard of again: the oldest are given up. */
const mostAwaited = 200;
const longestReason = 160;

export interface RunEndNotificationsDeps {
  readonly running: RunningRuns;
  readonly workspaces: WorkspaceService;
  readonly pages: RunPages;
  /** Of the window, so that the end of a run is told after a reload, too. */
  readonly memento: vscode.Memento;
  readonly log: vscode.LogOutputChannel;
}

/** Tells of the end of runs that the person submitted from this window. */
export class RunEndNotifications implements vscode.Disposable {
  private readonly deps: RunEndNotificationsDeps;
  private readonly subscription: { dispose(): void };
  private awaited: readonly RunTarget[];

  constructor(deps: RunEndNotificationsDeps) {
    this.deps = deps;
    this.awaited = storedTargets(deps.memento.get<unknown>(awaitedKey));
    this.subscription = deps.running.onDidUpdateRun((placed) => this.note(placed));
  }

  /** Tells of the end of this run. */
  awaitEnd(target: RunTarget): void {
    this.setAwaited([...this.awaited, { workspaceFolder: target.workspaceFolder, runId: target.runId }]);
    this.look(target).catch((error: unknown) => this.deps.log.error(error instanceof Error ? error : String(error)));
  }

  /** Looks at runs that were submitted before the window was reloaded: they may have ended meanwhile. */
  async resume(): Promise<void> {
    for (const target of this.awaited) {
      await this.look(target);
    }
  }

  dispose(): void {
    this.subscription.dispose();
  }

  private async look(target: RunTarget): Promise<void> {
    const catalog = await this.deps.workspaces.catalog(target.workspaceFolder);
    const run = await catalog.run(target.runId);
    if (run === undefined) {
      this.setAwaited(this.awaited.filter((other) => !isSame(other, target)));
    } else if (run.kind === 'run') {
      this.note({ workspaceFolder: target.workspaceFolder, run });
    }
  }

  private note({ workspaceFolder, run }: PlacedRun): void {
    const target = { workspaceFolder, runId: run.id };
    if (!isTerminal(run.status) || !this.awaited.some((other) => isSame(other, target))) {
      return;
    }
    this.setAwaited(this.awaited.filter((other) => !isSame(other, target)));
    const circumstances = {
      status: run.status,
      isWindowFocused: vscode.window.state.focused,
      isPageVisible: this.deps.pages.isVisible(workspaceFolder, run.id),
    };
    if (isEndTold(noticeChoice(), circumstances)) {
      this.tell({ workspaceFolder, run });
    }
  }

  private tell({ workspaceFolder, run }: PlacedRun): void {
    const { log } = this.deps;
    const target = { workspaceFolder, runId: run.id };
    const open = vscode.l10n.t('Open');
    const openLog = vscode.l10n.t('Open Log');
    const never = vscode.l10n.t("Don't Show Again");
    const shown =
      run.status === 'Failed'
        ? vscode.window.showErrorMessage(plainMessage(textOf(run)), open, openLog, never)
        : vscode.window.showInformationMessage(plainMessage(textOf(run)), open, never);
    void shown.then(async (answer) => {
      try {
        if (answer === open) {
          await vscode.commands.executeCommand(commandIds.openRun, target);
        } else if (answer === openLog) {
          await vscode.commands.executeCommand(commandIds.openLog, target);
        } else if (answer === never) {
          const configuration = vscode.workspace.getConfiguration();
          await configuration.update(settingIds.notifyRunEnded, 'never', vscode.ConfigurationTarget.Global);
        }
      } catch (error) {
        showFailure(error, log);
      }
    });
  }

  private setAwaited(targets: readonly RunTarget[]): void {
    this.awaited = targets.slice(-mostAwaited);
    this.deps.memento
      .update(awaitedKey, this.awaited)
      .then(undefined, (error: unknown) => this.deps.log.error(error instanceof Error ? error : String(error)));
  }
}

function noticeChoice(): NoticeChoice {
  const value = vscode.workspace.getConfiguration().get<unknown>(settingIds.notifyRunEnded);
  return isNoticeChoice(value) ? value : defaultNoticeChoice;
}

function textOf(run: PlacedRun['run']): string {
  const name = `${run.experiment}, ${runLabel(run)}`;
  if (run.status === 'Failed') {
    const reason = run.failure === undefined ? undefined : firstLine(run.failure.message, longestReason);
    return reason === undefined ? vscode.l10n.t('{0} failed.', name) : vscode.l10n.t('{0} failed: {1}', name, reason);
  }
  return run.startTime === undefined || run.endTime === undefined
    ? vscode.l10n.t('{0} completed.', name)
    : vscode.l10n.t('{0} completed after {1}.', name, formatDuration(run.endTime - run.startTime));
}

function isSame(a: RunTarget, b: RunTarget): boolean {
  return a.workspaceFolder === b.workspaceFolder && a.runId === b.runId;
}

/** What was remembered, which an older version may have written. */
function storedTargets(value: unknown): readonly RunTarget[] {
  return (Array.isArray(value) ? value : []).filter(
    (target: unknown): target is RunTarget =>
      typeof target === 'object' &&
      target !== null &&
      'workspaceFolder' in target &&
      typeof target.workspaceFolder === 'string' &&
      'runId' in target &&
      typeof target.runId === 'string',
  );
}
