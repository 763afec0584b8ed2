import * as vscode from 'vscode';
import {
  type ComputeDefinition,
  findComputeDefinition,
  listComputeDefinitions,
} from '../../core/compute/computeDefinitions.ts';
import { type ComputeTargetNode, isAnotherName } from '../compute/computeNodes.ts';
import type { CommandServices } from './commandServices.ts';
import { resolveWorkspaceTarget } from './workspaceTarget.ts';

/** Which compute target a command is meant for. */
export interface ChosenComputeTarget {
  readonly workspaceFolder: string;
  readonly definition: ComputeDefinition;
}

export interface PickComputeTargetOptions {
  readonly placeHolder: string;
  readonly accepts: (definition: ComputeDefinition) => boolean;
  /** Said where there is none to choose. */
  readonly whenEmpty: string;
}

interface DefinitionItem extends vscode.QuickPickItem {
  readonly definition: ComputeDefinition;
}

/** The compute target that a command was called for: its argument (a row, or `{ workspaceFolder, name }`), else one that the person picks. */
export async function resolveComputeTarget(
  services: CommandServices,
  argument: unknown,
  options: PickComputeTargetOptions,
): Promise<ChosenComputeTarget | undefined> {
  if (isTargetRow(argument)) {
    return { workspaceFolder: argument.workspaceFolder, definition: argument.definition };
  }
  if (isNamed(argument)) {
    const { workspaceFolder, name } = argument;
    return { workspaceFolder, definition: await findComputeDefinition(workspaceFolder, name) };
  }
  const workspace = await resolveWorkspaceTarget(services, argument, {
    placeHolder: vscode.l10n.t('Workspace of the compute target'),
    acceptsDamaged: false,
  });
  return workspace === undefined ? undefined : await pick(workspace.workspaceFolder, options);
}

function isTargetRow(argument: unknown): argument is ComputeTargetNode {
  return typeof argument === 'object' && argument !== null && 'kind' in argument && argument.kind === 'computeTarget';
}

function isNamed(argument: unknown): argument is { readonly workspaceFolder: string; readonly name: string } {
  return (
    typeof argument === 'object' &&
    argument !== null &&
    'workspaceFolder' in argument &&
    typeof argument.workspaceFolder === 'string' &&
    'name' in argument &&
    typeof argument.name === 'string'
  );
}

async function pick(
  workspaceFolder: string,
  { placeHolder, accepts, whenEmpty }: PickComputeTargetOptions,
): Promise<ChosenComputeTarget | undefined> {
  const definitions = (await listComputeDefinitions(workspaceFolder)).filter(accepts);
  if (definitions.length === 0) {
    void vscode.window.showInformationMessage(whenEmpty);
    return undefined;
  }
  const items = definitions.map(
    (definition): DefinitionItem => ({
      definition,
      label: definition.name,
      description: isAnotherName(definition) ? vscode.l10n.t('this machine') : definition.type,
      ...(definition.description !== undefined && { detail: definition.description }),
    }),
  );
  const picked = await vscode.window.showQuickPick(items, { placeHolder, matchOnDescription: true });
  return picked && { workspaceFolder, definition: picked.definition };
}
