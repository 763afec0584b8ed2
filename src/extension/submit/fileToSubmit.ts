/** From a file that says how something is run to what is to be submitted. */
import { readFile } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import * as vscode from 'vscode';
import { isFile } from '../../core/base/commandPath.ts';
import { RunledgerError } from '../../core/base/errors.ts';
import { configurationFileKind } from '../../core/configuration-files/fileKind.ts';
import { sourceDirectoryOf } from '../../core/projects/sourceDirectory.ts';
import { parseRunConfiguration } from '../../core/run-configurations/runConfigurationFile.ts';
import { listRunConfigurations } from '../../core/run-configurations/runConfigurations.ts';
import { requireSaved } from './scriptToSubmit.ts';
import type { Submitter } from './submitter.ts';

const mostScripts = 500;

/**
 * Submits what a file describes: a script with a run configuration, a pipeline, a sweep, a job. What is not saved yet is saved first.
 * Undefined where the person gave up.
 *
 * @throws RunledgerError `invalid-argument` for any other file
 */
export async function submitFile(submitter: Submitter, path: string): Promise<unknown> {
  await requireSaved(path);
  const text = await readFile(path, 'utf8');
  const uri = vscode.Uri.file(path);
  switch (configurationFileKind(path, text)) {
    case 'runConfiguration':
      return await submitWith(submitter, path, text);
    case 'pipeline':
      return await submitter.submitPipeline({ pipeline: uri });
    case 'sweep': {
      const script = await pickScript(path);
      return script && (await submitter.submitSweep({ script, sweepConfiguration: uri }));
    }
    case 'commandJob':
      return await submitter.submitJob(path);
    case 'sweepJob':
    case 'pipelineJob':
      return await submitter.submitJobOfRuns(path);
    default:
      throw new RunledgerError(
        'invalid-argument',
        vscode.l10n.t('{0} says nothing that could be submitted.', basename(path)),
        {
          advice: vscode.l10n.t('Open a run configuration, a pipeline, a sweep or a job, then submit it.'),
        },
      );
  }
}

async function submitWith(submitter: Submitter, path: string, text: string): Promise<unknown> {
  const label = basename(path);
  const configuration = parseRunConfiguration(text, { name: label, path, label });
  const sourceDirectory = await sourceDirectoryOf(path, rootOf(path));
  const named = configuration.script === undefined ? undefined : join(sourceDirectory, configuration.script);
  const script = named !== undefined && (await isFile(named)) ? vscode.Uri.file(named) : await pickScript(path);
  if (script === undefined) {
    return undefined;
  }
  // A script in another folder may have another source folder, where the file has another name.
  const folder = await sourceDirectoryOf(script.fsPath, rootOf(script.fsPath));
  const entry = (await listRunConfigurations(folder)).find((candidate) => candidate.path === path);
  if (entry === undefined) {
    throw new RunledgerError(
      'not-found',
      vscode.l10n.t('{0} is not found from {1}, where {2} is run.', label, folder, script.fsPath),
      {
        advice: vscode.l10n.t('Move it to .azureml/ in that folder.'),
      },
    );
  }
  return await submitter.submit({ script, runConfiguration: entry.name }, false);
}

/** One of the scripts of the open folder; those beside the file first. */
async function pickScript(path: string): Promise<vscode.Uri | undefined> {
  const root = rootOf(path) ?? dirname(path);
  const scripts = await vscode.workspace.findFiles(
    new vscode.RelativePattern(root, '**/*.py'),
    '**/{node_modules,.git,.runledger,site-packages,.venv,venv}/**',
    mostScripts,
  );
  const items = scripts.map((uri) => ({ uri, label: relative(root, uri.fsPath).split(sep).join('/') }));
  const picked = await vscode.window.showQuickPick(
    items.sort((a, b) => a.label.split('/').length - b.label.split('/').length || (a.label < b.label ? -1 : 1)),
    {
      title: vscode.l10n.t('Submit with {0}', basename(path)),
      placeHolder: vscode.l10n.t('Script'),
      ignoreFocusOut: true,
    },
  );
  return picked?.uri;
}

function rootOf(path: string): string | undefined {
  return vscode.workspace.getWorkspaceFolder(vscode.Uri.file(path))?.uri.fsPath;
}
