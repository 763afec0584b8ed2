import * as vscode from 'vscode';
import { modelContentPath } from '../../core/models/downloadModel.ts';
import { commandIds } from '../ids.ts';
import type { Command } from './commandRunner.ts';
import { resolveModelTarget } from './modelTarget.ts';
import { revealFile } from './transferNotification.ts';

/** Shows a model's file or folder in the explorer, or where it is outside the open folders, in the system's file manager. */
export const revealModelFolderCommand: Command = {
  id: commandIds.revealModelFolder,
  async run(services, argument) {
    const target = await resolveModelTarget(services, argument, {
      placeHolder: vscode.l10n.t('Model whose files to show'),
    });
    if (target === undefined) {
      return;
    }
    await revealFile(vscode.Uri.file(await modelContentPath(target.model)));
  },
};
