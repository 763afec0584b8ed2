import * as vscode from 'vscode';
import { RunledgerError } from '../../core/base/errors.ts';
import { commandIds } from '../ids.ts';
import { submitFile } from '../submit/fileToSubmit.ts';
import type { Command } from './commandRunner.ts';

/** Submits what a file describes: that of a menu, that whose absolute path is given, or that of the active editor. */
export const submitFileCommand: Command = {
  id: commandIds.submitFile,
  async run({ submitter }, argument) {
    const path =
      typeof argument === 'string'
        ? argument
        : argument instanceof vscode.Uri
          ? argument.fsPath
          : vscode.window.activeTextEditor?.document.uri.fsPath;
    if (path === undefined) {
      throw new RunledgerError('invalid-argument', vscode.l10n.t('No file is open.'), {
        advice: vscode.l10n.t('Open the file to submit.'),
      });
    }
    return await submitFile(submitter, path);
  },
};
