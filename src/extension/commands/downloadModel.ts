import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import { pathExists } from '../../core/base/pathExists.ts';
import { downloadModel, modelContentPath } from '../../core/models/downloadModel.ts';
import { findModel, parseModelId } from '../../core/models/modelVersions.ts';
import { commandIds } from '../ids.ts';
import { workWithProgress } from '../store/workWithProgress.ts';
import { plainMessage } from '../text/format.ts';
import { requireTrust } from '../workspaces/trust.ts';
import { type Command, showFailure } from './commandRunner.ts';
import { isConfirmed } from './confirmation.ts';
import { resolveModelTarget } from './modelTarget.ts';

/**
 * Copies a version of a model to a folder. Asks for the folder, or takes `{ folder }` beside the model; asks again where something would
 * be replaced, unless `{ confirmed: true }` says not to.
 */
export const downloadModelCommand: Command = {
  id: commandIds.downloadModel,
  async run({ log, ...services }, argument) {
    requireTrust(vscode.l10n.t('Downloading a model'));
    const target = await resolveModelTarget({ log, ...services }, argument, {
      placeHolder: vscode.l10n.t('Model to download'),
    });
    if (target === undefined) {
      return;
    }
    const model = await findModel(target.workspaceFolder, parseModelId(target.model.id));
    const source = await modelContentPath(model);
    const folder = folderOf(argument) ?? (await askForFolder(model.id));
    if (folder === undefined) {
      return;
    }
    const copy = join(folder.fsPath, basename(source));
    const question = {
      message: vscode.l10n.t('Replace {0}?', copy),
      detail: vscode.l10n.t('It goes when the copy is complete.'),
      action: vscode.l10n.t('Replace'),
    };
    if ((await pathExists(copy)) && !(await isConfirmed(argument, question))) {
      return;
    }
    await workWithProgress(vscode.l10n.t('Downloading {0}', model.id), (onProgress, signal) =>
      downloadModel(model, {
        targetFolder: folder.fsPath,
        isReplacing: true,
        signal,
        onProgress: (fraction) => onProgress({ message: '', fraction }),
      }),
    );
    const reveal = vscode.l10n.t('Reveal');
    const message = plainMessage(vscode.l10n.t('{0} was copied to {1}.', model.id, copy));
    void vscode.window.showInformationMessage(message, reveal).then(async (answer) => {
      try {
        if (answer === reveal) {
          await vscode.commands.executeCommand('revealFileInOS', vscode.Uri.file(copy));
        }
      } catch (error) {
        showFailure(error, log);
      }
    });
  },
};

function folderOf(argument: unknown): vscode.Uri | undefined {
  return typeof argument === 'object' &&
    argument !== null &&
    'folder' in argument &&
    typeof argument.folder === 'string'
    ? vscode.Uri.file(argument.folder)
    : undefined;
}

async function askForFolder(id: string): Promise<vscode.Uri | undefined> {
  const chosen = await vscode.window.showOpenDialog({
    title: vscode.l10n.t('Folder for {0}', id),
    openLabel: vscode.l10n.t('Download Here'),
    canSelectFiles: false,
    canSelectFolders: true,
  });
  return chosen?.[0];
}
