import * as vscode from 'vscode';
import { commandIds } from '../ids.ts';
import type { Command } from './commandRunner.ts';
import { resolveComputeTarget } from './computeTargetTarget.ts';

/** Opens the file that defines a compute target. */
export const openComputeTargetCommand: Command = {
  id: commandIds.openComputeTarget,
  async run(services, argument) {
    const chosen = await resolveComputeTarget(services, argument, {
      placeHolder: vscode.l10n.t('Compute target to open'),
      accepts: ({ path }) => path !== undefined,
      whenEmpty: vscode.l10n.t('No file defines a compute target here. Make one with "New Compute Target…".'),
    });
    const path = chosen?.definition.path;
    if (path !== undefined) {
      await vscode.window.showTextDocument(vscode.Uri.file(path));
    }
  },
};
