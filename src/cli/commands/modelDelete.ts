import type { Command } from 'commander';
import { deleteModel } from '../../core/models/modelChanges.ts';
import { findModel, parseModelId } from '../../core/models/modelVersions.ts';
import { confirm } from '../confirmation.ts';
import type { CliContext } from '../context.ts';
import { writeItem } from '../output.ts';
import { addWorkspaceOptions, chosenWorkspace, type WorkspaceOptions } from '../workspaceOptions.ts';

interface Options extends WorkspaceOptions {
  readonly modelId: string;
  readonly yes?: boolean;
}

export function addModelDelete(model: Command, context: CliContext): void {
  addWorkspaceOptions(model.command('delete'))
    .summary('delete a version of a model')
    .description("Moves a version of a model to the workspace's trash. Its number is not given again.")
    .requiredOption('-i, --model-id <id>', 'the model and its version, as digits:3')
    .option('-y, --yes', 'do not ask; needed where there is no terminal to ask on')
    .addHelpText('after', '\nJSON (-o json): id.\n\nExample:\n  runledger model delete -i digits:3')
    .action(async (options: Options, command: Command) => {
      const { folder } = await chosenWorkspace(context, options);
      const found = await findModel(folder, parseModelId(options.modelId));
      await confirm(context, `Move ${found.id} to the trash?`, options.yes);
      await deleteModel(folder, found);
      writeItem(context, command, { id: found.id }, () => `Moved ${found.id} to the trash.`);
    });
}
