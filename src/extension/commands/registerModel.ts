import { basename } from 'node:path';
import * as vscode from 'vscode';
import { RunledgerError } from '../../core/base/errors.ts';
import { listModels } from '../../core/models/modelVersions.ts';
import { type ModelSource, registerModel } from '../../core/models/registerModel.ts';
import { parseRunFileAddress, runFileScheme } from '../files/runFileAddress.ts';
import { commandIds } from '../ids.ts';
import { workWithProgress } from '../store/workWithProgress.ts';
import { plainMessage } from '../text/format.ts';
import { requireTrust } from '../workspaces/trust.ts';
import { type Command, showFailure } from './commandRunner.ts';
import type { CommandServices } from './commandServices.ts';
import { pickArtifact } from './pickArtifact.ts';
import { pickModelName } from './pickModelName.ts';
import { resolveRunTarget } from './runTarget.ts';
import { resolveWorkspaceTarget } from './workspaceTarget.ts';

interface Registration {
  readonly workspaceFolder: string;
  readonly source: ModelSource;
}

/**
 * Registers what a run wrote as the next version of a model. Asks for the file or folder and for the name, or takes `{ artifactPath }`
 * and `{ name }` beside the run.
 */
export const registerModelCommand: Command = {
  id: commandIds.registerModel,
  async run(services, argument) {
    requireTrust(vscode.l10n.t('Registering a model'));
    const registration = runFileOf(argument) ?? (await chooseOutput(services, argument));
    return registration === undefined ? undefined : await register(services, registration, argument);
  },
};

/**
 * Registers a file or a folder of this machine as the next version of a model: of the model of a row, of `{ workspaceFolder, name }`,
 * else of one that the person names.
 */
export const registerModelFromFileCommand: Command = {
  id: commandIds.registerModelFromFile,
  async run(services, argument) {
    requireTrust(vscode.l10n.t('Registering a model'));
    const registration = runFileOf(argument) ?? (await chooseFile(services, argument));
    return registration === undefined ? undefined : await register(services, registration, argument);
  },
};

async function register(
  services: CommandServices,
  { workspaceFolder, source }: Registration,
  argument: unknown,
): Promise<string | undefined> {
  const title = vscode.l10n.t('Register {0}', basename('path' in source ? source.path : source.artifactPath));
  const models = await listModels(workspaceFolder, { isLatestOnly: true });
  const name = nameOf(argument) ?? (await pickModelName(title, models));
  if (name === undefined) {
    return undefined;
  }
  const { createdBy, models: view, modelPages, log } = services;
  const model = await workWithProgress(vscode.l10n.t('Registering {0}', name), (onProgress, signal) =>
    registerModel({
      workspaceFolder,
      name,
      source,
      createdBy,
      signal,
      onProgress: (fraction) => onProgress({ message: '', fraction }),
    }),
  );
  view.tree.refresh();
  const open = vscode.l10n.t('Open');
  const message = plainMessage(vscode.l10n.t('{0} was registered.', model.id));
  void vscode.window.showInformationMessage(message, open).then(async (answer) => {
    try {
      if (answer === open) {
        await modelPages.open({ workspaceFolder, modelKey: model.modelKey, version: model.version });
      }
    } catch (error) {
      showFailure(error, log);
    }
  });
  return model.id;
}

async function chooseOutput(services: CommandServices, argument: unknown): Promise<Registration | undefined> {
  const run = await resolveRunTarget(services, argument, {
    placeHolder: vscode.l10n.t('Run whose output to register'),
  });
  if (run === undefined) {
    return undefined;
  }
  const { workspaceFolder, runId } = run;
  const artifactPath = textOf(argument, 'artifactPath') ?? (await pickArtifact(services, run));
  return artifactPath === undefined ? undefined : { workspaceFolder, source: { runId, artifactPath } };
}

async function chooseFile(services: CommandServices, argument: unknown): Promise<Registration | undefined> {
  const row = modelRowOf(argument);
  const workspaceFolder =
    row?.workspaceFolder ??
    (
      await resolveWorkspaceTarget(services, argument instanceof vscode.Uri ? undefined : argument, {
        placeHolder: vscode.l10n.t('Workspace to register the model in'),
        acceptsDamaged: false,
      })
    )?.workspaceFolder;
  if (workspaceFolder === undefined) {
    return undefined;
  }
  const given = argument instanceof vscode.Uri ? argument.fsPath : textOf(argument, 'file');
  const path = given ?? (await askForFile());
  return path === undefined ? undefined : { workspaceFolder, source: { path } };
}

async function askForFile(): Promise<string | undefined> {
  const chosen = await vscode.window.showOpenDialog({
    title: vscode.l10n.t('File or folder of the model'),
    openLabel: vscode.l10n.t('Register'),
    canSelectFiles: true,
    canSelectFolders: true,
  });
  return chosen?.[0]?.fsPath;
}

/** A file of a run that is open in an editor, or shown in one of its lists. */
function runFileOf(argument: unknown): Registration | undefined {
  if (!(argument instanceof vscode.Uri) || argument.scheme !== runFileScheme) {
    return undefined;
  }
  const address = parseRunFileAddress(argument);
  if (address?.part !== 'artifacts') {
    throw new RunledgerError('invalid-argument', vscode.l10n.t('Only what a run wrote can be registered from here.'), {
      advice: vscode.l10n.t('Choose a file of its outputs.'),
    });
  }
  const { workspaceFolder, runId, path } = address;
  return { workspaceFolder, source: { runId, artifactPath: path } };
}

function modelRowOf(argument: unknown): { readonly workspaceFolder: string; readonly name: string } | undefined {
  return typeof argument === 'object' && argument !== null && 'kind' in argument && argument.kind === 'model'
    ? (argument as unknown as { readonly workspaceFolder: string; readonly name: string })
    : undefined;
}

/** Of a row of a model, or beside what is registered. A row of a workspace has another. */
function nameOf(argument: unknown): string | undefined {
  return modelRowOf(argument)?.name ?? textOf(argument, 'name');
}

function textOf(argument: unknown, field: string): string | undefined {
  const value: unknown =
    typeof argument === 'object' && argument !== null && !('parent' in argument)
      ? Reflect.get(argument, field)
      : undefined;
  return typeof value === 'string' ? value : undefined;
}
