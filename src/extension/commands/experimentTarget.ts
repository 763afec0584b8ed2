import * as vscode from 'vscode';
import { RunledgerError } from '../../core/base/errors.ts';
import type { ExperimentSummary } from '../../core/domain/workspace.ts';
import { experimentKey } from '../../core/store/names.ts';
import { type ExperimentNode, workspaceFolderOf } from '../tree/nodes.ts';
import type { CommandServices } from './commandServices.ts';

/** Which experiment a command is meant for. */
export interface ExperimentTarget {
  readonly workspaceFolder: string;
  readonly key: string;
  readonly name: string;
}

export interface PickExperimentTargetOptions {
  readonly placeHolder: string;
  /** Told where there is nothing to pick from. */
  readonly whenNone: string;
  /** Which experiments the command can do something with. */
  readonly accepts: (experiment: ExperimentSummary) => boolean;
}

interface ExperimentItem extends vscode.QuickPickItem {
  readonly target: ExperimentTarget;
}

/** The experiment that a command was called for: its argument, else one that the person picks. */
export async function resolveExperimentTarget(
  services: CommandServices,
  argument: unknown,
  options: PickExperimentTargetOptions,
): Promise<ExperimentTarget | undefined> {
  return targetOf(argument) ?? (await pickExperiment(services, options));
}

/** A row of the tree, or `{ workspaceFolder, experiment }` with the experiment's name. */
function targetOf(argument: unknown): ExperimentTarget | undefined {
  if (typeof argument !== 'object' || argument === null) {
    return undefined;
  }
  if ('workspaceFolder' in argument && 'experiment' in argument) {
    const { workspaceFolder, experiment } = argument;
    return typeof workspaceFolder === 'string' && typeof experiment === 'string'
      ? { workspaceFolder, key: experimentKey(experiment), name: experiment }
      : undefined;
  }
  if (!isExperimentRow(argument)) {
    return undefined;
  }
  const { key, name } = argument.summary;
  return { workspaceFolder: workspaceFolderOf(argument), key, name };
}

function isExperimentRow(argument: object): argument is ExperimentNode {
  return 'kind' in argument && argument.kind === 'experiment' && 'summary' in argument && 'parent' in argument;
}

async function pickExperiment(
  { workspaces }: CommandServices,
  options: PickExperimentTargetOptions,
): Promise<ExperimentTarget | undefined> {
  const items: ExperimentItem[] = [];
  for (const entry of await workspaces.openWorkspaces()) {
    if (entry.kind === 'problem') {
      continue;
    }
    const { folder, name: workspaceName } = entry.info;
    const catalog = await workspaces.catalog(folder);
    for (const experiment of (await catalog.experiments()).filter(options.accepts)) {
      const { key, name } = experiment;
      const target = { workspaceFolder: folder, key, name };
      items.push({ target, label: name, description: workspaceName, iconPath: new vscode.ThemeIcon('beaker') });
    }
  }
  if (items.length === 0) {
    throw new RunledgerError('not-found', options.whenNone);
  }
  const picked = await vscode.window.showQuickPick(items, {
    placeHolder: options.placeHolder,
    matchOnDescription: true,
  });
  return picked?.target;
}
