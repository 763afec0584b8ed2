import * as vscode from 'vscode';
import { RunledgerError } from '../../core/base/errors.ts';
import type { ModelVersion } from '../../core/domain/model.ts';
import { findModel, listModels, parseModelId } from '../../core/models/modelVersions.ts';
import { formatAge } from '../text/format.ts';
import type { ModelVersionNode } from '../tree/modelNodes.ts';
import type { CommandServices } from './commandServices.ts';

/** Which version of a model a command is meant for. */
export interface ModelTarget {
  readonly workspaceFolder: string;
  readonly model: Pick<ModelVersion, 'id' | 'modelKey' | 'version' | 'folder' | 'runId'>;
}

export interface PickModelOptions {
  readonly placeHolder: string;
  /** Which versions the command can do something with; default: all that can be read. */
  readonly accepts?: (model: ModelVersion) => boolean;
}

interface ModelItem extends vscode.QuickPickItem {
  readonly target: ModelTarget;
}

/** The version that a command was called for: its argument, else one that the person picks. */
export async function resolveModelTarget(
  services: CommandServices,
  argument: unknown,
  options: PickModelOptions,
): Promise<ModelTarget | undefined> {
  return (await targetOf(argument)) ?? (await pickModel(services, options));
}

/** A row of the tree, or `{ workspaceFolder, modelId }` with an id such as `digits:3`. */
async function targetOf(argument: unknown): Promise<ModelTarget | undefined> {
  if (typeof argument !== 'object' || argument === null) {
    return undefined;
  }
  if ('workspaceFolder' in argument && 'modelId' in argument) {
    const { workspaceFolder, modelId } = argument;
    return typeof workspaceFolder === 'string' && typeof modelId === 'string'
      ? { workspaceFolder, model: await findModel(workspaceFolder, parseModelId(modelId)) }
      : undefined;
  }
  if (!isVersionRow(argument)) {
    return undefined;
  }
  const { entry, parent } = argument;
  const model =
    entry.kind === 'version' ? entry : { ...entry, id: `${entry.modelKey}:${entry.version}`, runId: undefined };
  return { workspaceFolder: parent.workspaceFolder, model };
}

function isVersionRow(argument: object): argument is ModelVersionNode {
  return 'kind' in argument && argument.kind === 'modelVersion' && 'entry' in argument && 'parent' in argument;
}

async function pickModel(services: CommandServices, options: PickModelOptions): Promise<ModelTarget | undefined> {
  const now = Date.now() / 1000;
  const items: ModelItem[] = [];
  for (const entry of await services.workspaces.openWorkspaces()) {
    if (entry.kind === 'problem') {
      continue;
    }
    for (const model of await listModels(entry.info.folder)) {
      if (model.kind === 'version' && (options.accepts?.(model) ?? true)) {
        items.push({
          target: { workspaceFolder: entry.info.folder, model },
          label: model.id,
          iconPath: new vscode.ThemeIcon('package'),
          description: formatAge(now - model.createdTime),
          ...(model.description !== undefined && { detail: model.description }),
        });
      }
    }
  }
  if (items.length === 0) {
    throw new RunledgerError('not-found', vscode.l10n.t('There is no model here that this command can be used on.'), {
      advice: vscode.l10n.t('Models appear in the Models view when they are registered.'),
    });
  }
  const picked = await vscode.window.showQuickPick(items, {
    placeHolder: options.placeHolder,
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return picked?.target;
}
