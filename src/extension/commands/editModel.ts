import * as vscode from 'vscode';
import type { ModelVersion } from '../../core/domain/model.ts';
import { type ModelChange, updateModel } from '../../core/models/modelChanges.ts';
import { findModel, parseModelId } from '../../core/models/modelVersions.ts';
import { commandIds } from '../ids.ts';
import { requireTrust } from '../workspaces/trust.ts';
import { type Command, showFailure } from './commandRunner.ts';
import type { CommandServices } from './commandServices.ts';
import { resolveModelTarget } from './modelTarget.ts';
import { editTags, parseTag } from './tagPicker.ts';

/** Changes what is said of a version of a model. */
export const editModelDescriptionCommand: Command = {
  id: commandIds.editModelDescription,
  async run(services, argument) {
    const found = await resolve(services, argument, vscode.l10n.t('Model to describe'));
    if (found === undefined) {
      return;
    }
    const { workspaceFolder, model } = found;
    const text = await vscode.window.showInputBox({
      title: vscode.l10n.t('Description of {0}', model.id),
      prompt: vscode.l10n.t('Markdown. The page of the model has room for more than one line.'),
      value: model.description ?? '',
    });
    if (text !== undefined && text !== (model.description ?? '')) {
      await change(services, workspaceFolder, model, { description: text });
    }
  },
};

export const editModelTagsCommand: Command = {
  id: commandIds.editModelTags,
  async run(services, argument) {
    const found = await resolve(services, argument, vscode.l10n.t('Model whose tags to edit'));
    if (found === undefined) {
      return;
    }
    const { workspaceFolder, model } = found;
    await editTags({
      title: vscode.l10n.t('Tags of {0}', model.id),
      tags: model.tags,
      // The SDK writes the tags of models as texts.
      set: (name, value) => change(services, workspaceFolder, model, { addTags: { [name]: value ?? '' } }),
      remove: (name) => change(services, workspaceFolder, model, { removeTags: [name] }),
      onError: (error) => showFailure(error, services.log),
    });
  },
};

/** Properties can be added, and neither changed nor removed. */
export const addModelPropertyCommand: Command = {
  id: commandIds.addModelProperty,
  async run(services, argument) {
    const found = await resolve(services, argument, vscode.l10n.t('Model to give a property'));
    if (found === undefined) {
      return;
    }
    const { workspaceFolder, model } = found;
    const text = await vscode.window.showInputBox({
      title: vscode.l10n.t('New property of {0}', model.id),
      prompt: vscode.l10n.t('It cannot be changed or removed afterwards. What may change is a tag.'),
      placeHolder: vscode.l10n.t('name=value'),
      validateInput: (value) => (value.trim() === '' ? undefined : problemOf(model, value)),
    });
    const property = text === undefined ? undefined : parseTag(text);
    if (property !== undefined) {
      await change(services, workspaceFolder, model, { addProperties: { [property.name]: property.value ?? '' } });
    }
  },
};

function problemOf({ properties }: ModelVersion, text: string): string | undefined {
  const property = parseTag(text);
  if (property === undefined || property.value === null) {
    return vscode.l10n.t('Write a name, "=" and a value.');
  }
  return Object.hasOwn(properties, property.name)
    ? vscode.l10n.t('The model has the property "{0}" already.', property.name)
    : undefined;
}

async function resolve(
  services: CommandServices,
  argument: unknown,
  placeHolder: string,
): Promise<{ readonly workspaceFolder: string; readonly model: ModelVersion } | undefined> {
  requireTrust(vscode.l10n.t('Changing a model'));
  const target = await resolveModelTarget(services, argument, { placeHolder });
  if (target === undefined) {
    return undefined;
  }
  const { workspaceFolder } = target;
  return { workspaceFolder, model: await findModel(workspaceFolder, parseModelId(target.model.id)) };
}

async function change(
  { models, modelPages }: CommandServices,
  workspaceFolder: string,
  { name, version, modelKey }: ModelVersion,
  what: ModelChange,
): Promise<void> {
  await updateModel(workspaceFolder, { name, version }, what, 'editor');
  // Nobody is told of what changes of a version itself.
  models.tree.refresh();
  modelPages.refresh(workspaceFolder, modelKey);
}
