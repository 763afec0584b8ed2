import { relative } from 'node:path';
import * as vscode from 'vscode';
import { RunledgerError } from '../../core/base/errors.ts';
import { configurationFileKind } from '../../core/configuration-files/fileKind.ts';
import { definitionFilesIn, openDefinition } from './definitionFiles.ts';
import { requireSaved } from './scriptToSubmit.ts';

/** A pipeline of the older format, or a pipeline job. */
function isPipeline(path: string, text: string): boolean {
  return /^["']?pipeline["']?\s*:/m.test(text) || configurationFileKind(path, text) === 'pipelineJob';
}

/**
 * The absolute path of the pipeline to submit: the file given, else that of the active editor, else the one that the person
 * chooses among those of the open folders. Undefined where the person gave up. What was typed and not saved yet is saved first.
 *
 * @throws RunledgerError `not-found`, `not-writable`
 */
export async function pipelineToSubmit(resource: vscode.Uri | undefined): Promise<string | undefined> {
  const path = resource?.fsPath ?? openDefinition(isPipeline) ?? (await pickPipeline());
  if (path !== undefined) {
    await requireSaved(path);
  }
  return path;
}

async function pickPipeline(): Promise<string | undefined> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const items = await Promise.all(
    folders.map(async ({ uri, name }) => {
      const paths = await definitionFilesIn(uri.fsPath, isPipeline);
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
        'Write its steps in a YAML file, as a pipeline job of Azure ML or, as before, below "pipeline:"; or submit it from Python with azureml.pipeline.',
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
