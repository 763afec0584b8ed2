import { relative } from 'node:path';
import * as vscode from 'vscode';
import { RunledgerError } from '../../core/base/errors.ts';
import { definitionFilesIn } from './definitionFiles.ts';
import { requireSaved } from './scriptToSubmit.ts';

/** What tells the file of a pipeline from other files of YAML. */
const tellingKey = /^["']?pipeline["']?\s*:/m;

/**
 * The absolute path of the pipeline to submit: the file given, else that of the active editor, else the one that the person
 * chooses among those of the open folders. Undefined where the person gave up. What was typed and not saved yet is saved first.
 *
 * @throws RunledgerError `not-found`, `not-writable`
 */
export async function pipelineToSubmit(resource: vscode.Uri | undefined): Promise<string | undefined> {
  const path = resource?.fsPath ?? openPipeline() ?? (await pickPipeline());
  if (path !== undefined) {
    await requireSaved(path);
  }
  return path;
}

function openPipeline(): string | undefined {
  const document = vscode.window.activeTextEditor?.document;
  const isFile = document?.uri.scheme === 'file' && /\.ya?ml$/i.test(document.uri.fsPath);
  return isFile && tellingKey.test(document.getText()) ? document.uri.fsPath : undefined;
}

async function pickPipeline(): Promise<string | undefined> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const items = await Promise.all(
    folders.map(async ({ uri, name }) => {
      const paths = await definitionFilesIn(uri.fsPath, tellingKey);
      return paths.map((path) => ({
        path,
        label: relative(uri.fsPath, path),
        ...(folders.length > 1 ? { description: name } : {}),
      }));
    }),
  );
  if (items.flat().length === 0) {
    throw new RunledgerError('not-found', vscode.l10n.t('There is no pipeline in the open folder.'), {
      advice: vscode.l10n.t(
        'Write its steps in a YAML file that begins with "pipeline:", as Azure ML had them, or submit it from Python with azureml.pipeline.',
      ),
    });
  }
  const picked = await vscode.window.showQuickPick(items.flat(), {
    title: vscode.l10n.t('Submit a pipeline'),
    placeHolder: vscode.l10n.t('Pipeline'),
    ignoreFocusOut: true,
  });
  return picked?.path;
}
