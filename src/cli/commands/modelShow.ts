import type { Command } from 'commander';
import { findModel } from '../../core/models/modelVersions.ts';
import type { CliContext } from '../context.ts';
import { modelJson, modelJsonHelp, modelText } from '../modelOutput.ts';
import { addModelReference, type ModelReferenceOptions, modelReference } from '../modelReference.ts';
import { writeItem } from '../output.ts';
import { addWorkspaceOptions, chosenWorkspace, type WorkspaceOptions } from '../workspaceOptions.ts';

type Options = WorkspaceOptions & ModelReferenceOptions;

export function addModelShow(model: Command, context: CliContext): void {
  addWorkspaceOptions(addModelReference(model.command('show')))
    .summary('show a version of a model')
    .description('Shows what is known about a version of a model.')
    .addHelpText('after', `\nJSON (-o json): ${modelJsonHelp}\n\nExample:\n  runledger model show -n digits -o json`)
    .action(async (options: Options, command: Command) => {
      const { folder } = await chosenWorkspace(context, options);
      const found = await findModel(folder, modelReference(options));
      writeItem(context, command, modelJson(found), () => modelText(found));
    });
}
