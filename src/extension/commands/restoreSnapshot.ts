import * as vscode from 'vscode';
import { planRestore, type RestorePlan, restoreSnapshot } from '../../core/snapshots/restoreSnapshot.ts';
import { commandIds } from '../ids.ts';
import { workWithProgress } from '../store/workWithProgress.ts';
import { isSubmitted } from '../tree/nodes.ts';
import { requireTrust } from '../workspaces/trust.ts';
import { type Command, showFailure } from './commandRunner.ts';
import type { CommandServices } from './commandServices.ts';
import { isConfirmed } from './confirmation.ts';
import { resolveRunTarget } from './runTarget.ts';

/** Files that the question names. */
const mostNamed = 10;

/**
 * Writes the code that a run ran to a folder. Asks for the folder, or takes `{ folder }` beside the run; asks again where files
 * would be overwritten, unless `{ confirmed: true }` says not to.
 */
export const restoreSnapshotCommand: Command = {
  id: commandIds.restoreSnapshot,
  async run(services, argument) {
    requireTrust(vscode.l10n.t('Restoring a snapshot'));
    const target = await resolveRunTarget(services, argument, {
      placeHolder: vscode.l10n.t('Run whose code to restore'),
      accepts: isSubmitted,
    });
    if (target === undefined) {
      return;
    }
    const { runFiles } = services;
    const snapshot = await runFiles.snapshotOf(target);
    const folder = folderOf(argument) ?? (await askForFolder());
    if (folder === undefined) {
      return;
    }
    const options = { snapshot, targetFolder: folder.fsPath };
    const plan = await planRestore(runFiles.snapshots, options);
    if (plan.files.length === 0) {
      void vscode.window.showInformationMessage(vscode.l10n.t('{0} holds this code already.', folder.fsPath));
      return;
    }
    if (plan.overwritten.length > 0 && !(await isConfirmed(argument, questionOf(plan, folder)))) {
      return;
    }
    const title = vscode.l10n.t('Restoring the snapshot to {0}', folder.fsPath);
    await workWithProgress(title, async (onProgress, signal) => {
      await restoreSnapshot(runFiles.snapshots, plan, {
        ...options,
        signal,
        onProgress: (fraction) => onProgress({ message: '', fraction }),
      });
    });
    tell(services, plan, folder);
  },
};

function questionOf({ overwritten }: RestorePlan, folder: vscode.Uri) {
  const named = overwritten.slice(0, mostNamed);
  const rest = overwritten.length - named.length;
  return {
    message:
      overwritten.length === 1
        ? vscode.l10n.t('Overwrite 1 file in {0}?', folder.fsPath)
        : vscode.l10n.t('Overwrite {0} files in {1}?', overwritten.length, folder.fsPath),
    detail: [...named, ...(rest > 0 ? [vscode.l10n.t('and {0} more', rest)] : [])].join('\n'),
    action: vscode.l10n.t('Overwrite'),
  };
}

function folderOf(argument: unknown): vscode.Uri | undefined {
  return typeof argument === 'object' &&
    argument !== null &&
    'folder' in argument &&
    typeof argument.folder === 'string'
    ? vscode.Uri.file(argument.folder)
    : undefined;
}

async function askForFolder(): Promise<vscode.Uri | undefined> {
  const chosen = await vscode.window.showOpenDialog({
    title: vscode.l10n.t('Folder for the code of the run'),
    openLabel: vscode.l10n.t('Restore Here'),
    canSelectFiles: false,
    canSelectFolders: true,
  });
  return chosen?.[0];
}

function tell({ log }: CommandServices, { files }: RestorePlan, folder: vscode.Uri): void {
  const open = vscode.l10n.t('Open Folder in New Window');
  const message =
    files.length === 1
      ? vscode.l10n.t('1 file was written to {0}.', folder.fsPath)
      : vscode.l10n.t('{0} files were written to {1}.', files.length, folder.fsPath);
  void vscode.window.showInformationMessage(message, open).then(async (answer) => {
    try {
      if (answer === open) {
        await vscode.commands.executeCommand('vscode.openFolder', folder, { forceNewWindow: true });
      }
    } catch (error) {
      showFailure(error, log);
    }
  });
}
