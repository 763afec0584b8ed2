import { resolve } from 'node:path';
import type { Command } from 'commander';
import { importTensorboard } from '../../core/transfer/tensorboard/importTensorboard.ts';
import type { CliContext } from '../context.ts';
import { importJsonHelp, transferring, writeImportResult } from '../transferOutput.ts';
import { addWorkspaceOptions, chosenWorkspace, type WorkspaceOptions } from '../workspaceOptions.ts';

interface Options extends WorkspaceOptions {
  readonly experimentName?: string;
}

export function addImportTensorboard(parent: Command, context: CliContext): void {
  addWorkspaceOptions(parent.command('tensorboard'))
    .summary("import TensorBoard's event files")
    .description(
      `Imports TensorBoard's event files: each folder that holds some is a run. Scalars and texts become metrics, images and
hyperparameters are kept, and what is left out is told and noted on the run. Imported again, a folder is left out where its files
are the same, and read again where they have grown.`,
    )
    .argument('<folder>', 'what TensorBoard is started with, as --logdir')
    .option('-e, --experiment-name <name>', "the experiment of the runs (default: the folder's name)")
    .addHelpText('after', `\n${importJsonHelp}\n\nExample:\n  runledger import tensorboard logs -e digits`)
    .action(async (folder: string, options: Options, command: Command) => {
      const { folder: workspaceFolder } = await chosenWorkspace(context, options);
      const result = await transferring(context, (transfer) =>
        importTensorboard({
          ...transfer,
          workspaceFolder,
          folder: resolve(context.currentFolder, folder),
          ...(options.experimentName !== undefined && { experiment: options.experimentName }),
          createdBy: `runledger-cli/${context.installation.version}`,
        }),
      );
      writeImportResult(context, command, result);
    });
}
