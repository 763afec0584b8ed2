import * as vscode from 'vscode';
import { RunledgerError } from '../../core/base/errors.ts';
import type { CommandServices } from './commandServices.ts';
import { onThisMachine } from './transferNotification.ts';

export type ImportKind = 'zip' | 'tensorboard' | 'mlflow';

export interface ImportSource {
  readonly kind: ImportKind;
  /** The zip, or the folder. */
  readonly path: string;
}

export interface ImportDestination {
  readonly folder: string;
  /** The workspace is to be made. */
  readonly isNew: boolean;
}

interface KindItem extends vscode.QuickPickItem {
  readonly kindOfSource: ImportKind;
}

interface DestinationItem extends vscode.QuickPickItem {
  /** Undefined for the row that makes a workspace. */
  readonly folder: string | undefined;
}

/** What is to be imported: `{ kind, path }`, else what the person picks. */
export async function resolveImportSource(argument: unknown): Promise<ImportSource | undefined> {
  const given = sourceOf(argument);
  if (given !== undefined) {
    return given;
  }
  const items: KindItem[] = [
    {
      kindOfSource: 'zip',
      label: vscode.l10n.t('Runledger export'),
      description: vscode.l10n.t('a zip'),
      iconPath: new vscode.ThemeIcon('file-zip'),
    },
    {
      kindOfSource: 'tensorboard',
      label: vscode.l10n.t('TensorBoard logs'),
      description: vscode.l10n.t('the folder of --logdir'),
      iconPath: new vscode.ThemeIcon('graph-line'),
    },
    {
      kindOfSource: 'mlflow',
      label: vscode.l10n.t('MLflow'),
      description: vscode.l10n.t('the folder mlruns'),
      iconPath: new vscode.ThemeIcon('library'),
    },
  ];
  const picked = await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('What to import') });
  if (picked === undefined) {
    return undefined;
  }
  const isZip = picked.kindOfSource === 'zip';
  const [uri] =
    (await vscode.window.showOpenDialog({
      canSelectFiles: isZip,
      canSelectFolders: !isZip,
      canSelectMany: false,
      openLabel: vscode.l10n.t('Import'),
      title: vscode.l10n.t('Import: {0}', picked.label),
      ...(isZip && { filters: { [vscode.l10n.t('Zip')]: ['zip'] } }),
    })) ?? [];
  return uri === undefined ? undefined : { kind: picked.kindOfSource, path: onThisMachine(uri).fsPath };
}

function sourceOf(argument: unknown): ImportSource | undefined {
  if (typeof argument !== 'object' || argument === null || !('path' in argument) || !('kind' in argument)) {
    return undefined;
  }
  const { kind, path } = argument;
  const isKind = kind === 'zip' || kind === 'tensorboard' || kind === 'mlflow';
  return isKind && typeof path === 'string' ? { kind, path } : undefined;
}

/** Where it is imported to: a workspace's row or `{ workspaceFolder }`, the only open workspace, else what the person picks. */
export async function resolveDestination(
  { workspaces }: CommandServices,
  argument: unknown,
  kind: ImportKind,
): Promise<ImportDestination | undefined> {
  const given = folderOf(argument);
  if (given !== undefined) {
    return { folder: given, isNew: false };
  }
  const open = (await workspaces.openWorkspaces()).flatMap((entry) => (entry.kind === 'workspace' ? [entry.info] : []));
  const [only, second] = open;
  if (only !== undefined && second === undefined && kind !== 'zip') {
    return { folder: only.folder, isNew: false };
  }
  if (only === undefined && kind !== 'zip') {
    throw new RunledgerError('not-a-store', vscode.l10n.t('There is no workspace to import into.'), {
      advice: vscode.l10n.t('Create one in the folder with your code.'),
    });
  }
  const items: DestinationItem[] = open.map((info) => ({
    folder: info.folder,
    label: info.name,
    description: info.folder,
    iconPath: new vscode.ThemeIcon('folder-opened'),
  }));
  if (kind === 'zip') {
    const label = vscode.l10n.t('New workspace…');
    items.push({ folder: undefined, label, iconPath: new vscode.ThemeIcon('new-folder') });
  }
  const picked = await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('Workspace to import into') });
  if (picked === undefined) {
    return undefined;
  }
  return picked.folder === undefined ? await newWorkspace() : { folder: picked.folder, isNew: false };
}

function folderOf(argument: unknown): string | undefined {
  if (typeof argument !== 'object' || argument === null) {
    return undefined;
  }
  if ('workspaceFolder' in argument && typeof argument.workspaceFolder === 'string') {
    return argument.workspaceFolder;
  }
  const info = 'kind' in argument && argument.kind === 'workspace' && 'info' in argument ? argument.info : undefined;
  return typeof info === 'object' && info !== null && 'folder' in info && typeof info.folder === 'string'
    ? info.folder
    : undefined;
}

async function newWorkspace(): Promise<ImportDestination | undefined> {
  const [uri] =
    (await vscode.window.showOpenDialog({
      canSelectFiles: false,
      canSelectFolders: true,
      canSelectMany: false,
      openLabel: vscode.l10n.t('Create Workspace'),
      title: vscode.l10n.t('Folder for the workspace'),
    })) ?? [];
  return uri === undefined ? undefined : { folder: onThisMachine(uri).fsPath, isNew: true };
}
