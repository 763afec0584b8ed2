import { basename } from 'node:path';
import * as vscode from 'vscode';
import { isFile } from '../../core/base/commandPath.ts';
import { RunledgerError } from '../../core/base/errors.ts';
import { CommandFailure } from '../commands/commandFailure.ts';

/** The open script, where the active editor holds one. */
export function openScript(): vscode.TextDocument | undefined {
  const document = vscode.window.activeTextEditor?.document;
  return document?.languageId === 'python' ? document : undefined;
}

/**
 * The absolute path of the script to submit: the one given, else that of the active editor. What was typed and not saved
 * yet is saved first, so that what runs is what is seen.
 *
 * @throws RunledgerError `script-not-found`, `invalid-argument`, `not-writable`
 */
export async function scriptToSubmit(resource: vscode.Uri | undefined): Promise<string> {
  const uri = resource ?? vscode.window.activeTextEditor?.document.uri;
  if (uri === undefined) {
    throw new RunledgerError('script-not-found', vscode.l10n.t('No Python script is open.'), {
      advice: vscode.l10n.t('Open the script to submit, or choose Submit in the menu of a file in the explorer.'),
    });
  }
  if (uri.scheme === 'untitled') {
    throw untitledFailure(openDocument(uri));
  }
  if (uri.scheme !== 'file') {
    throw new RunledgerError(
      'invalid-argument',
      vscode.l10n.t('{0} is not a file on this machine.', basename(uri.path)),
      {
        advice: vscode.l10n.t('Save it in a folder here, then submit it.'),
      },
    );
  }
  const path = uri.fsPath;
  if (!path.toLowerCase().endsWith('.py')) {
    throw new RunledgerError('invalid-argument', vscode.l10n.t('{0} is not a Python script.', basename(path)), {
      advice: vscode.l10n.t('Open a file whose name ends in .py, then submit it.'),
    });
  }
  await requireFile(path);
  await requireSaved(path);
  return path;
}

/**
 * Saves what was typed in a file and is not saved yet.
 *
 * @throws RunledgerError `not-writable`
 */
export async function requireSaved(path: string): Promise<void> {
  const document = openDocument(vscode.Uri.file(path));
  if (document !== undefined && !(await isSaved(document))) {
    throw new RunledgerError(
      'not-writable',
      vscode.l10n.t('{0} has unsaved changes that could not be saved.', basename(path)),
      {
        advice: vscode.l10n.t('Save it, then submit it.'),
      },
    );
  }
}

function openDocument(uri: vscode.Uri): vscode.TextDocument | undefined {
  return vscode.workspace.textDocuments.find((candidate) => candidate.uri.toString() === uri.toString());
}

/**
 * Saves what is not saved yet. A save that meets one that goes on by itself (`files.autoSave`) is refused by VS Code, so
 * what counts is whether the document is still dirty, and a second one settles it.
 */
async function isSaved(document: vscode.TextDocument): Promise<boolean> {
  for (let attempt = 0; attempt < 2 && document.isDirty; attempt++) {
    if (await document.save()) {
      return true;
    }
  }
  return !document.isDirty;
}

async function requireFile(path: string): Promise<void> {
  if (!(await isFile(path))) {
    throw new RunledgerError('script-not-found', vscode.l10n.t('The script {0} does not exist.', path), {
      advice: vscode.l10n.t('Save it again, or open the script that you want to submit.'),
    });
  }
}

function untitledFailure(document: vscode.TextDocument | undefined): Error {
  const error = new RunledgerError(
    'script-not-found',
    vscode.l10n.t('The open script has never been saved, so it has no folder to run from.'),
    {
      advice: vscode.l10n.t('Save it, then submit it.'),
    },
  );
  if (document === undefined) {
    return error;
  }
  return new CommandFailure(error, [
    {
      title: vscode.l10n.t('Save'),
      run: async () => {
        await vscode.window.showTextDocument(document);
        await vscode.commands.executeCommand('workbench.action.files.saveAs');
      },
    },
  ]);
}
