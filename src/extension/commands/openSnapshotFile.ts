import { posix } from 'node:path';
import * as vscode from 'vscode';
import { commandIds } from '../ids.ts';
import { isSubmitted } from '../tree/nodes.ts';
import type { Command } from './commandRunner.ts';
import type { CommandServices } from './commandServices.ts';
import { type RunTarget, resolveRunTarget } from './runTarget.ts';

interface FileItem extends vscode.QuickPickItem {
  readonly path: string;
}

/** Opens a file of the code that a run ran, read-only: that of `{ path }` beside the run, else one that the person picks. */
export const openSnapshotFileCommand: Command = {
  id: commandIds.openSnapshotFile,
  async run(services, argument) {
    const target = await resolveRunTarget(services, argument, {
      placeHolder: vscode.l10n.t('Run whose code to open'),
      accepts: isSubmitted,
    });
    if (target === undefined) {
      return;
    }
    const path = pathOf(argument) ?? (await pickFile(services, target));
    if (path !== undefined) {
      await vscode.commands.executeCommand('vscode.open', services.runFiles.snapshotUri(target, path));
    }
  },
};

function pathOf(argument: unknown): string | undefined {
  return typeof argument === 'object' && argument !== null && 'path' in argument && typeof argument.path === 'string'
    ? argument.path
    : undefined;
}

async function pickFile({ runFiles }: CommandServices, target: RunTarget): Promise<string | undefined> {
  const files = await runFiles.listSnapshot(target);
  const items = files.map(({ path }): FileItem => {
    const folder = posix.dirname(path);
    return {
      path,
      label: posix.basename(path),
      iconPath: vscode.ThemeIcon.File,
      ...(folder !== '.' && { description: folder }),
    };
  });
  const placeHolder =
    items.length === 0 ? vscode.l10n.t('The snapshot holds no files') : vscode.l10n.t('File of the snapshot');
  return (await vscode.window.showQuickPick(items, { placeHolder, matchOnDescription: true }))?.path;
}
