import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import { RunledgerError } from '../../core/base/errors.ts';
import { sourceDirectoryOf } from '../../core/projects/sourceDirectory.ts';
import { listSourceFiles } from '../../core/snapshots/sourceFiles.ts';
import { commandIds } from '../ids.ts';
import { requireSaved } from '../submit/scriptToSubmit.ts';
import { formatBytes, plainLabel } from '../text/format.ts';
import type { Command } from './commandRunner.ts';

/** Lists the files that a snapshot of a source folder would hold, the largest first. Returns the report. */
export const showSnapshotContentsCommand: Command = {
  id: commandIds.showSnapshotContents,
  async run({ reports }, argument) {
    const path =
      typeof argument === 'string'
        ? argument
        : argument instanceof vscode.Uri
          ? argument.fsPath
          : (vscode.window.activeTextEditor?.document.uri.fsPath ?? vscode.workspace.workspaceFolders?.[0]?.uri.fsPath);
    if (path === undefined) {
      throw new RunledgerError('invalid-argument', vscode.l10n.t('No folder is open.'), {
        advice: vscode.l10n.t('Open the folder of a script.'),
      });
    }
    const folder = await sourceFolderOf(path);
    const listing = await vscode.window.withProgress(
      {
        location: vscode.ProgressLocation.Notification,
        title: vscode.l10n.t('Reading {0}', folder),
        cancellable: true,
      },
      (_, token) => {
        const abort = new AbortController();
        token.onCancellationRequested(() => abort.abort());
        return listSourceFiles(folder, abort.signal);
      },
    );
    const files = listing.files.toSorted((a, b) => b.bytes - a.bytes);
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    const text = [
      `# ${vscode.l10n.t('Snapshot of {0}', plainLabel(basename(folder)))}`,
      vscode.l10n.t(
        '{0} files, {1}. What .amlignore names, else .gitignore, is left out.',
        files.length,
        formatBytes(bytes),
      ),
      ...listing.warnings.map((warning) => `- ${plainLabel(warning)}`),
      [`| ${vscode.l10n.t('file')} | ${vscode.l10n.t('size')} |`, '|---|---:|', ...files.map(rowOf)].join('\n'),
    ].join('\n\n');
    const report = reports.add(vscode.l10n.t('Snapshot of {0}', basename(folder)), text);
    await reports.show(report);
    return report;
  },
};

function rowOf({ path, bytes }: { readonly path: string; readonly bytes: number }): string {
  return `| \`${path.replaceAll('`', "'").replaceAll('|', '\\|')}\` | ${formatBytes(bytes)} |`;
}

/** The folder itself, that of `.amlignore`, or the one that a script is run from. */
async function sourceFolderOf(path: string): Promise<string> {
  if ((await stat(path)).isDirectory()) {
    return path;
  }
  if (basename(path) === '.amlignore') {
    await requireSaved(path);
    return dirname(path);
  }
  return await sourceDirectoryOf(path, vscode.workspace.getWorkspaceFolder(vscode.Uri.file(path))?.uri.fsPath);
}
