import * as vscode from 'vscode';
import { deletedModels } from '../../core/models/deletedModels.ts';
import { restoreModel } from '../../core/models/modelChanges.ts';
import { parseModelId } from '../../core/models/modelVersions.ts';
import { nameKey } from '../../core/store/names.ts';
import { commandIds } from '../ids.ts';
import { dateLocale, formatFullDate, plainLabel } from '../text/format.ts';
import { requireTrust } from '../workspaces/trust.ts';
import type { Command } from './commandRunner.ts';
import type { CommandServices } from './commandServices.ts';

interface DeletedVersion {
  readonly workspaceFolder: string;
  readonly modelKey: string;
  readonly version: number;
}

interface DeletedModelItem extends vscode.QuickPickItem {
  readonly target: DeletedVersion;
}

/** Brings a version of a model back from the trash: that of `{ workspaceFolder, modelId }`, else one that the person picks. */
export const restoreModelCommand: Command = {
  id: commandIds.restoreModel,
  async run(services, argument) {
    requireTrust(vscode.l10n.t('Restoring a model'));
    const target = targetOf(argument) ?? (await pickDeleted(services));
    if (target !== undefined) {
      await restoreModel(target.workspaceFolder, target);
      services.models.tree.refresh();
    }
  },
};

function targetOf(argument: unknown): DeletedVersion | undefined {
  if (
    typeof argument !== 'object' ||
    argument === null ||
    !('workspaceFolder' in argument && typeof argument.workspaceFolder === 'string') ||
    !('modelId' in argument && typeof argument.modelId === 'string')
  ) {
    return undefined;
  }
  const { name, version } = parseModelId(argument.modelId);
  return { workspaceFolder: argument.workspaceFolder, modelKey: nameKey('model', name), version };
}

async function pickDeleted({ workspaces }: CommandServices): Promise<DeletedVersion | undefined> {
  const items: DeletedModelItem[] = [];
  for (const workspace of await workspaces.openWorkspaces()) {
    if (workspace.kind === 'problem') {
      continue;
    }
    const workspaceFolder = workspace.info.folder;
    for (const entry of await deletedModels(workspaceFolder)) {
      const { modelKey, version } = entry;
      items.push({
        target: { workspaceFolder, modelKey, version },
        label: plainLabel(entry.kind === 'version' ? entry.id : `${modelKey}:${version}`),
        iconPath: new vscode.ThemeIcon('package'),
        description:
          entry.kind === 'version'
            ? vscode.l10n.t('registered {0}', formatFullDate(entry.createdTime, dateLocale(vscode.env.language)))
            : plainLabel(entry.problem),
      });
    }
  }
  if (items.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('No model is in the trash.'));
    return undefined;
  }
  const picked = await vscode.window.showQuickPick(items, {
    placeHolder: vscode.l10n.t('Model to restore'),
    matchOnDescription: true,
  });
  return picked?.target;
}
