import * as vscode from 'vscode';
import { commandIds, viewContainerId } from '../ids.ts';
import type { Command } from './commandRunner.ts';

interface WorkspaceItem extends vscode.QuickPickItem {
  /** Undefined for the row that leads to the file dialog. */
  readonly folder: string | undefined;
}

/** Shows another workspace in this window: one that this machine knows, or that of a folder. */
export const openWorkspaceCommand: Command = {
  id: commandIds.openWorkspace,
  async run({ workspaces }) {
    const others = await workspaces.otherWorkspaces();
    const items = [
      ...others.map(
        (info): WorkspaceItem => ({
          folder: info.folder,
          label: info.name,
          description: info.folder,
          iconPath: new vscode.ThemeIcon('folder'),
        }),
      ),
      { folder: undefined, label: vscode.l10n.t('Choose a folder…'), iconPath: new vscode.ThemeIcon('folder-opened') },
    ];
    const picked =
      others.length === 0
        ? items[0]
        : await vscode.window.showQuickPick(items, {
            placeHolder: vscode.l10n.t('Workspace to show'),
            matchOnDescription: true,
          });
    if (picked === undefined) {
      return;
    }
    const folder = picked.folder ?? (await chooseFolder());
    if (folder !== undefined) {
      await workspaces.add(folder);
      await vscode.commands.executeCommand(`workbench.view.extension.${viewContainerId}`);
    }
  },
};

async function chooseFolder(): Promise<string | undefined> {
  const [folder] =
    (await vscode.window.showOpenDialog({
      canSelectFiles: false,
      canSelectFolders: true,
      canSelectMany: false,
      openLabel: vscode.l10n.t('Open Workspace'),
      title: vscode.l10n.t('Folder that holds .runledger'),
    })) ?? [];
  return folder?.fsPath;
}
