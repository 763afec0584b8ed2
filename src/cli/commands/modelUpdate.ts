import type { Command } from 'commander';
import { updateModel } from '../../core/models/modelChanges.ts';
import { parseModelId } from '../../core/models/modelVersions.ts';
import type { CliContext } from '../context.ts';
import { addKeyWithValue, addText } from '../keyValues.ts';
import { modelJson, modelJsonHelp, modelText } from '../modelOutput.ts';
import { writeItem } from '../output.ts';
import { addWorkspaceOptions, chosenWorkspace, type WorkspaceOptions } from '../workspaceOptions.ts';

interface Options extends WorkspaceOptions {
  readonly modelId: string;
  readonly addTag?: Readonly<Record<string, string>>;
  readonly removeTag?: readonly string[];
  readonly addProperty?: Readonly<Record<string, string>>;
  readonly description?: string;
}

export function addModelUpdate(model: Command, context: CliContext): void {
  addWorkspaceOptions(model.command('update'))
    .summary('change the tags, properties or description of a model')
    .description('Changes a version of a model. Properties can be added, and neither changed nor removed.')
    .requiredOption('-i, --model-id <id>', 'the model and its version, as digits:3')
    .option('--add-tag <name=value>', 'set a tag; can be given several times', addKeyWithValue)
    .option('--remove-tag <name>', 'remove a tag; can be given several times', addText)
    .option('--add-property <name=value>', 'add a property; can be given several times', addKeyWithValue)
    .option('--description <text>', 'replace the description')
    .addHelpText(
      'after',
      `\nJSON (-o json): ${modelJsonHelp}\n\nExample:\n  runledger model update -i digits:3 --add-tag stage=production`,
    )
    .action(async (options: Options, command: Command) => {
      const { addTag = {}, removeTag = [], addProperty = {}, description } = options;
      const isChange = [addTag, removeTag, addProperty].some((part) => Object.keys(part).length > 0);
      if (!isChange && description === undefined) {
        command.error('error: name a change: --add-tag, --remove-tag, --add-property or --description');
      }
      const { folder } = await chosenWorkspace(context, options);
      const change = { addTags: addTag, removeTags: removeTag, addProperties: addProperty, description };
      const changed = await updateModel(folder, parseModelId(options.modelId), change, 'cli');
      writeItem(context, command, modelJson(changed), () => modelText(changed));
    });
}
