import { readdir } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import * as vscode from 'vscode';
import { RunledgerError } from '../../core/base/errors.ts';
import { listComputeDefinitions } from '../../core/compute/computeDefinitions.ts';
import { listCondaEnvironments } from '../../core/environments/condaEnvironments.ts';
import { createRunConfiguration, type PythonChoice } from '../../core/run-configurations/createRunConfiguration.ts';
import { listRunConfigurations } from '../../core/run-configurations/runConfigurations.ts';
import { isInside } from '../../core/snapshots/sourceFiles.ts';
import { findStore } from '../../core/store-check/checkStore.ts';
import { commandIds } from '../ids.ts';
import { askForArguments } from '../submit/askForArguments.ts';
import { pickInterpreter } from '../submit/pickInterpreter.ts';
import { openScript } from '../submit/scriptToSubmit.ts';
import { variablesOf } from '../submit/variableLine.ts';
import { plainLabel } from '../text/format.ts';
import { requireTrust } from '../workspaces/trust.ts';
import type { Command } from './commandRunner.ts';
import { resolveWorkspaceTarget } from './workspaceTarget.ts';

interface Answers {
  readonly target: string;
  readonly python: PythonChoice;
  readonly arguments: readonly string[];
  readonly environmentVariables: Readonly<Record<string, string>>;
  readonly name: string;
}

/**
 * Makes a run configuration for the open script, or for the workspace, in a few questions, and opens its file.
 */
export const newRunConfigurationCommand: Command = {
  id: commandIds.newRunConfiguration,
  async run(services, argument) {
    requireTrust(vscode.l10n.t('Making a run configuration'));
    const script = openScript()?.uri.fsPath;
    const near = script === undefined ? undefined : await findStore(dirname(script));
    const workspaceFolder =
      near ??
      (
        await resolveWorkspaceTarget(services, argument, {
          placeHolder: vscode.l10n.t('Workspace of the run configuration'),
          acceptsDamaged: false,
        })
      )?.workspaceFolder;
    if (workspaceFolder === undefined) {
      return;
    }
    const root = script && vscode.workspace.getWorkspaceFolder(vscode.Uri.file(script))?.uri.fsPath;
    const folder = root ?? workspaceFolder;
    const answers = await ask(folder, workspaceFolder, script, services.log);
    if (answers === undefined) {
      return;
    }
    const path = await createRunConfiguration({
      folder,
      ...answers,
      ...(script !== undefined && isInside(folder, script) && { script: inFolder(folder, script) }),
    });
    await vscode.window.showTextDocument(vscode.Uri.file(path));
  },
};

async function ask(
  folder: string,
  workspaceFolder: string,
  script: string | undefined,
  log: vscode.LogOutputChannel,
): Promise<Answers | undefined> {
  const title = vscode.l10n.t('New run configuration');
  const target = await askForTarget(workspaceFolder, title);
  const python = target && (await askForPython(folder, title, log));
  const words = python && (await askForArguments(title, '', script, 'keep'));
  const variables = words && (await askForVariables(title));
  const name = variables && (await askForName(folder, title, target));
  return target && python && words && variables && name
    ? { target, python, arguments: words, environmentVariables: variables, name }
    : undefined;
}

/** Nobody is asked where there is one target alone. */
async function askForTarget(workspaceFolder: string, title: string): Promise<string | undefined> {
  const definitions = await listComputeDefinitions(workspaceFolder);
  const [only, ...others] = definitions;
  if (others.length === 0) {
    return only?.name;
  }
  const items = definitions.map(({ name, type, description, problem }) => ({
    label: name,
    description: type === name ? '' : type,
    detail: problem ?? description ?? '',
  }));
  const options = { title, placeHolder: vscode.l10n.t('Compute target'), ignoreFocusOut: true };
  return (await vscode.window.showQuickPick(items, options))?.label;
}

interface PythonItem extends vscode.QuickPickItem {
  readonly choose: () => Promise<PythonChoice | undefined>;
}

async function askForPython(
  folder: string,
  title: string,
  log: vscode.LogOutputChannel,
): Promise<PythonChoice | undefined> {
  // Conda may take a second to tell of its environments: the list opens at once, and shows that it is being made.
  const picked = await vscode.window.showQuickPick(pythonItems(folder, title, log), {
    title,
    placeHolder: vscode.l10n.t('Python and packages'),
    ignoreFocusOut: true,
  });
  return await picked?.choose();
}

async function pythonItems(folder: string, title: string, log: vscode.LogOutputChannel): Promise<PythonItem[]> {
  const [files, environments] = await Promise.all([packageFiles(folder), listCondaEnvironments()]);
  return [
    {
      label: vscode.l10n.t('The interpreter that is selected'),
      description: vscode.l10n.t('when it is submitted, with its packages'),
      choose: async () => ({ kind: 'selected' }),
    },
    {
      label: vscode.l10n.t('Always one interpreter…'),
      description: vscode.l10n.t('with its packages'),
      choose: async () => {
        const path = await pickInterpreter(title, log);
        return path === undefined ? undefined : { kind: 'interpreter', path };
      },
    },
    ...files.map(({ file, choice }) => ({
      label: vscode.l10n.t('The packages of {0}', file),
      description: vscode.l10n.t('installed where they are missing'),
      choose: async () => choice,
    })),
    ...environments.map(({ name, prefix }) => ({
      label: vscode.l10n.t('The conda environment {0}', name),
      description: plainLabel(prefix),
      choose: async () => ({ kind: 'condaEnvironment', environment: name }) as const,
    })),
  ];
}

/** Files by their usual names, in the folder and its `.azureml/`. */
async function packageFiles(
  folder: string,
): Promise<readonly { readonly file: string; readonly choice: PythonChoice }[]> {
  const found: { file: string; choice: PythonChoice }[] = [];
  for (const home of ['', '.azureml']) {
    const names = await readdir(join(folder, home)).catch(() => []);
    for (const name of names.sort()) {
      const file = home === '' ? name : `${home}/${name}`;
      if (/^(conda_dependencies|environment|conda)\.ya?ml$/i.test(name)) {
        found.push({ file, choice: { kind: 'conda', file } });
      } else if (/^requirements.*\.txt$/i.test(name)) {
        found.push({ file, choice: { kind: 'requirements', file } });
      }
    }
  }
  return found;
}

async function askForVariables(title: string): Promise<Readonly<Record<string, string>> | undefined> {
  const line = await vscode.window.showInputBox({
    title,
    prompt: vscode.l10n.t('Environment variables, if there are any. Secrets belong into a file .env'),
    placeHolder: 'LEVEL=debug NAME="two words"',
    ignoreFocusOut: true,
    validateInput: (value) => {
      try {
        variablesOf(value);
        return undefined;
      } catch (error) {
        return RunledgerError.is(error) ? error.fullMessage : String(error);
      }
    },
  });
  return line === undefined ? undefined : variablesOf(line);
}

async function askForName(folder: string, title: string, target: string | undefined): Promise<string | undefined> {
  const taken = new Set((await listRunConfigurations(folder)).map(({ name }) => name.toLowerCase()));
  const name = await vscode.window.showInputBox({
    title,
    prompt: vscode.l10n.t('Name of the run configuration'),
    value: target === undefined || taken.has(target.toLowerCase()) ? '' : target,
    ignoreFocusOut: true,
    validateInput: (value) =>
      taken.has(value.trim().toLowerCase()) ? vscode.l10n.t('There is a run configuration of this name.') : undefined,
  });
  return name?.trim() || undefined;
}

function inFolder(folder: string, path: string): string {
  return relative(folder, path).split(sep).join('/');
}
