import { homedir } from 'node:os';
import { join, posix } from 'node:path';
import * as vscode from 'vscode';
import { RunledgerError } from '../../core/base/errors.ts';
import { pathExists } from '../../core/base/pathExists.ts';
import { artifactFile } from '../../core/store/artifacts.ts';
import { installedFile, uncommittedDiffFile } from '../../core/store/storeLayout.ts';
import type { RunPageAction } from '../../protocol/runPage.ts';
import { showFailure } from '../commands/commandRunner.ts';
import type { RunTarget } from '../commands/runTarget.ts';
import { revealFile } from '../commands/transferNotification.ts';
import type { RunFiles } from '../files/runFiles.ts';
import { commandIds } from '../ids.ts';
import { requireTrust } from '../workspaces/trust.ts';
import type { WorkspaceService } from '../workspaces/workspaceService.ts';
import { exportMetric, saveChart } from './chartExport.ts';
import { findSourceFile } from './sourceFile.ts';
import { exportTable, tableAsCsv } from './tableExport.ts';

/** Actions that are commands on the run, and nothing more. */
const commandsOfRuns = {
  cancel: commandIds.cancelRun,
  delete: commandIds.deleteRun,
  resubmit: commandIds.resubmitRun,
  copyRunId: commandIds.copyRunId,
  revealFolder: commandIds.revealRunFolder,
  searchFiles: commandIds.searchRunFiles,
  searchSnapshot: commandIds.searchSnapshot,
  compareWithWorkingCopy: commandIds.compareSnapshotWithWorkingCopy,
  compareWithRun: commandIds.compareSnapshots,
  restoreSnapshot: commandIds.restoreSnapshot,
} as const;

/** What a run's page asks the editor to do. Most of it is what the command of the same name does. */
export class RunPageActions {
  private readonly workspaces: WorkspaceService;
  private readonly runFiles: RunFiles;
  private readonly log: vscode.LogOutputChannel;

  constructor(workspaces: WorkspaceService, runFiles: RunFiles, log: vscode.LogOutputChannel) {
    this.workspaces = workspaces;
    this.runFiles = runFiles;
    this.log = log;
  }

  perform(target: RunTarget, action: RunPageAction): void {
    this.run(target, action).catch((error: unknown) => {
      this.log.error(error instanceof Error ? error : String(error));
      showFailure(error, this.log);
    });
  }

  private async run(target: RunTarget, action: RunPageAction): Promise<void> {
    switch (action.action) {
      case 'cancel':
      case 'delete':
      case 'resubmit':
      case 'copyRunId':
      case 'revealFolder':
      case 'searchFiles':
      case 'searchSnapshot':
      case 'compareWithWorkingCopy':
      case 'compareWithRun':
      case 'restoreSnapshot':
        await vscode.commands.executeCommand(commandsOfRuns[action.action], target);
        return;
      case 'resubmitUnchanged':
        await vscode.commands.executeCommand(commandIds.resubmitRun, { ...target, confirmed: true });
        return;
      case 'compareRuns': {
        const targets = action.runIds.map((runId): RunTarget => ({ ...target, runId }));
        await vscode.commands.executeCommand(commandIds.compareRuns, targets[0] ?? target, targets);
        return;
      }
      case 'registerModel': {
        const named = action.path === undefined ? {} : { artifactPath: action.path };
        await vscode.commands.executeCommand(commandIds.registerModel, { ...target, ...named });
        return;
      }
      case 'openSnapshotFile':
        await vscode.commands.executeCommand(commandIds.openSnapshotFile, { ...target, path: action.path });
        return;
      case 'compareSnapshotFile':
        await this.compareSnapshotFile(target, action.path);
        return;
      case 'openUncommittedDiff': {
        const { folder } = await this.details(target);
        await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(uncommittedDiffFile(folder)));
        return;
      }
      case 'openInstalled': {
        const { folder } = await this.details(target);
        await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(installedFile(folder)));
        return;
      }
      case 'copyText':
        await vscode.env.clipboard.writeText(action.text);
        return;
      case 'openFile': {
        const { folder } = await this.details(target);
        await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(artifactFile(folder, action.path)));
        return;
      }
      case 'copyTable':
        await vscode.env.clipboard.writeText(tableAsCsv(action.table));
        return;
      case 'exportTable':
        await exportTable(target.workspaceFolder, action.name, action.table);
        return;
      case 'revealFile': {
        const { folder } = await this.details(target);
        await revealFile(vscode.Uri.file(artifactFile(folder, action.path)));
        return;
      }
      case 'saveFile':
        await this.saveFile(target, action.path);
        return;
      case 'openSource':
        await this.openSource(target, action.path, action.line);
        return;
      case 'exportMetric':
        await exportMetric(target, action.metric);
        return;
      case 'saveChart':
        await saveChart(target, action);
        return;
      case 'openRun':
        await vscode.commands.executeCommand(commandIds.openRun, { ...target, runId: action.runId });
        return;
      case 'openExperiment': {
        const { workspaceFolder } = target;
        const { experiment } = (await this.details(target)).summary;
        await vscode.commands.executeCommand(commandIds.openExperiment, { workspaceFolder, experiment });
        return;
      }
      case 'openScript': {
        const { submission } = await this.details(target);
        if (submission?.script !== undefined) {
          await this.openSource(target, submission.script, undefined);
        }
        return;
      }
    }
  }

  private async compareSnapshotFile(target: RunTarget, path: string): Promise<void> {
    const file = join(await this.runFiles.sourceDirectory(target), path);
    if (!(await pathExists(file))) {
      throw new RunledgerError('not-found', vscode.l10n.t('{0} is not there any more.', file), {
        advice: vscode.l10n.t('The snapshot keeps it as it was: open it from there.'),
      });
    }
    const title = vscode.l10n.t('{0} (as it ran, and now)', path);
    await vscode.commands.executeCommand(
      'vscode.diff',
      this.runFiles.snapshotUri(target, path),
      vscode.Uri.file(file),
      title,
    );
  }

  /** Copies a file of the run to where the person wants it. */
  private async saveFile(target: RunTarget, path: string): Promise<void> {
    requireTrust(vscode.l10n.t('Saving a file'));
    const { folder } = await this.details(target);
    const source = vscode.Uri.file(artifactFile(folder, path));
    const place = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(homedir());
    const chosen = await vscode.window.showSaveDialog({
      defaultUri: vscode.Uri.joinPath(place, posix.basename(path)),
      title: vscode.l10n.t('Save {0}', path),
    });
    if (chosen !== undefined) {
      // The dialog has asked whether a file that is there is to be replaced.
      await vscode.workspace.fs.copy(source, chosen, { overwrite: true });
    }
  }

  private async openSource(target: RunTarget, path: string, line: number | undefined): Promise<void> {
    const { submission, folder } = await this.details(target);
    const sourceDirectory = submission?.sourceDirectory;
    const file = await findSourceFile(path, { sourceDirectory, runFolder: folder });
    const place = line === undefined ? undefined : new vscode.Position(line - 1, 0);
    await vscode.window.showTextDocument(vscode.Uri.file(file), {
      preview: true,
      ...(place === undefined ? {} : { selection: new vscode.Range(place, place) }),
    });
  }

  private async details({ workspaceFolder, runId }: RunTarget) {
    const catalog = await this.workspaces.catalog(workspaceFolder);
    return await catalog.details(runId);
  }
}
