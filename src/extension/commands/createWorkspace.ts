import * as vscode from 'vscode';
import { RunledgerError } from '../../core/base/errors.ts';
import { createWorkspace } from '../../core/store/workspaces.ts';
import { commandIds } from '../ids.ts';
import { requireTrust } from '../workspaces/trust.ts';
import type { Command } from './commandRunner.ts';

/**
 * Makes a workspace in the open folder, which the person chooses where there are several. Called with `{ folder: Uri }` it
 * makes it there. Returns what it made.
 */
export const createWorkspaceCommand: Command = {
  id: commandIds.createWorkspace,
  async run({ workspaces, log }, argument) {
    requireTrust(vscode.l10n.t('Creating a workspace'));
    const folder = folderOf(argument) ?? (await chooseFolder());
    if (folder === undefined) {
      return undefined;
    }
    const created = await createWorkspace({ folder: folder.fsPath });
    workspaces.invalidate();
    log.info(`Created the workspace ${created.name} in ${created.folder}.`);
    return created;
  },
};

function folderOf(argument: unknown): vscode.Uri | undefined {
  return typeof argument === 'object' &&
    argument !== null &&
    'folder' in argument &&
    argument.folder instanceof vscode.Uri
    ? argument.folder
    : undefined;
}

async function chooseFolder(): Promise<vscode.Uri | undefined> {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter((folder) => folder.uri.scheme === 'file');
  const [first] = folders;
  if (first === undefined) {
    throw new RunledgerError('not-found', vscode.l10n.t('No folder is open to create a workspace in.'), {
      advice: vscode.l10n.t('Open the folder with your code, then create the workspace.'),
    });
  }
  if (folders.length === 1) {
    return first.uri;
  }
  return (await vscode.window.showWorkspaceFolderPick({ placeHolder: vscode.l10n.t('Folder for the workspace') }))?.uri;
}
