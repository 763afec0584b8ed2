import { basename } from 'node:path';
import * as vscode from 'vscode';
import { RunledgerError } from '../../core/base/errors.ts';
import { findStore } from '../../core/store-check/checkStore.ts';
import type { ProblemNode, WorkspaceNode } from '../tree/nodes.ts';
import type { CommandServices } from './commandServices.ts';

/** Which workspace a command is meant for. */
export interface WorkspaceTarget {
  readonly workspaceFolder: string;
  readonly name: string;
}

export interface PickWorkspaceOptions {
  readonly placeHolder: string;
  /** Whether the command can do something with a workspace that cannot be opened. */
  readonly acceptsDamaged: boolean;
}

interface WorkspaceItem extends vscode.QuickPickItem {
  readonly target: WorkspaceTarget;
}

/** The workspace that a command was called for: its argument, else the only open one, else one that the person picks. */
export async function resolveWorkspaceTarget(
  services: CommandServices,
  argument: unknown,
  options: PickWorkspaceOptions,
): Promise<WorkspaceTarget | undefined> {
  return (await targetOf(argument)) ?? (await pickWorkspace(services, options));
}

/** A row of the tree, or `{ workspaceFolder }`. */
async function targetOf(argument: unknown): Promise<WorkspaceTarget | undefined> {
  if (typeof argument !== 'object' || argument === null) {
    return undefined;
  }
  if ('kind' in argument && 'parent' in argument) {
    return await rowTarget(argument as WorkspaceNode | ProblemNode);
  }
  return 'workspaceFolder' in argument && typeof argument.workspaceFolder === 'string'
    ? { workspaceFolder: argument.workspaceFolder, name: basename(argument.workspaceFolder) }
    : undefined;
}

async function rowTarget(row: WorkspaceNode | ProblemNode): Promise<WorkspaceTarget | undefined> {
  if (row.kind === 'workspace') {
    return { workspaceFolder: row.info.folder, name: row.info.name };
  }
  // The row stands for an open folder, and the store may be above it.
  const folder = row.workspaceFolder === undefined ? undefined : await findStore(row.workspaceFolder);
  return folder === undefined ? undefined : { workspaceFolder: folder, name: basename(folder) };
}

async function pickWorkspace(
  { workspaces }: CommandServices,
  { placeHolder, acceptsDamaged }: PickWorkspaceOptions,
): Promise<WorkspaceTarget | undefined> {
  const targets = new Map<string, WorkspaceTarget>();
  for (const entry of await workspaces.openWorkspaces()) {
    if (entry.kind === 'workspace') {
      targets.set(entry.info.folder, { workspaceFolder: entry.info.folder, name: entry.info.name });
    }
  }
  // What cannot be opened is not among them, where its record is gone.
  for (const folder of acceptsDamaged ? (vscode.workspace.workspaceFolders ?? []) : []) {
    const found = folder.uri.scheme === 'file' ? await findStore(folder.uri.fsPath) : undefined;
    if (found !== undefined && !targets.has(found)) {
      targets.set(found, { workspaceFolder: found, name: basename(found) });
    }
  }
  const [only, ...others] = targets.values();
  if (only === undefined) {
    throw new RunledgerError('not-found', vscode.l10n.t('No workspace is open.'), {
      advice: vscode.l10n.t('Open one with "Runledger: Open Workspace…".'),
    });
  }
  if (others.length === 0) {
    return only;
  }
  const items = [only, ...others].map(
    (target): WorkspaceItem => ({
      target,
      label: target.name,
      description: target.workspaceFolder,
      iconPath: new vscode.ThemeIcon('folder'),
    }),
  );
  return (await vscode.window.showQuickPick(items, { placeHolder, matchOnDescription: true }))?.target;
}
