import { posix } from 'node:path';
import * as vscode from 'vscode';
import { RunledgerError } from '../../core/base/errors.ts';
import { isLog } from '../../core/store/artifacts.ts';
import { formatBytes, plainLabel } from '../text/format.ts';
import type { CommandServices } from './commandServices.ts';
import type { RunTarget } from './runTarget.ts';

interface ArtifactItem extends vscode.QuickPickItem {
  readonly path: string;
}

/** Lets the person choose a file or a folder that a run wrote. Logs are left out. Undefined where the person gave up. */
export async function pickArtifact({ workspaces }: CommandServices, target: RunTarget): Promise<string | undefined> {
  const catalog = await workspaces.catalog(target.workspaceFolder);
  const files = (await catalog.files(target.runId)).filter(({ path }) => !isLog(path));
  if (files.length === 0) {
    throw new RunledgerError('not-found', vscode.l10n.t('The run {0} wrote no files.', target.runId), {
      advice: vscode.l10n.t('What its script writes to outputs/ can be registered.'),
    });
  }
  const items = files.map(
    ({ path, bytes }): ArtifactItem => ({
      path,
      label: plainLabel(path),
      description: formatBytes(bytes),
      iconPath: vscode.ThemeIcon.File,
    }),
  );
  for (const [folder, { count, bytes }] of foldersOf(files)) {
    items.push({
      path: folder,
      label: plainLabel(`${folder}/`),
      description: vscode.l10n.t('{0} files, {1}', count, formatBytes(bytes)),
      iconPath: vscode.ThemeIcon.Folder,
    });
  }
  items.sort((a, b) => (a.path < b.path ? -1 : 1));
  const picked = await vscode.window.showQuickPick(items, {
    placeHolder: vscode.l10n.t('File or folder that is the model'),
    matchOnDescription: true,
  });
  return picked?.path;
}

function foldersOf(
  files: readonly { readonly path: string; readonly bytes: number }[],
): ReadonlyMap<string, { readonly count: number; readonly bytes: number }> {
  const folders = new Map<string, { readonly count: number; readonly bytes: number }>();
  for (const { path, bytes } of files) {
    for (let folder = posix.dirname(path); folder !== '.'; folder = posix.dirname(folder)) {
      const known = folders.get(folder) ?? { count: 0, bytes: 0 };
      folders.set(folder, { count: known.count + 1, bytes: known.bytes + bytes });
    }
  }
  return folders;
}
