import { resolve } from 'node:path';
import type { Command } from 'commander';
import { importMlflow } from '../../core/transfer/mlflow/importMlflow.ts';
import type { CliContext } from '../context.ts';
import { importJsonHelp, transferring, writeImportResult } from '../transferOutput.ts';
import { addWorkspaceOptions, chosenWorkspace, type WorkspaceOptions } from '../workspaceOptions.ts';

interface Options extends WorkspaceOptions {
  readonly experimentName?: string;
}

export function addImportMlflow(parent: Command, context: CliContext): void {
  addWorkspaceOptions(parent.command('mlflow'))
    .summary("import MLflow's file store")
    .description(
      `Imports the runs of MLflow's file store, mlruns: with their ids, names, tags, parameters, metrics, files and states, nested runs as child
runs. Deleted runs and the model registry are left out. Imported again, a run is left out where nothing changed, and read again where
something did.`,
    )
    .argument('<folder>', 'mlruns, or the folder that it lies in')
    .option('-e, --experiment-name <name>', "an experiment for all runs (default: experiments of MLflow's names)")
    .addHelpText('after', `\n${importJsonHelp}\n\nExample:\n  runledger import mlflow mlruns`)
    .action(async (folder: string, options: Options, command: Command) => {
      const { folder: workspaceFolder } = await chosenWorkspace(context, options);
      const result = await transferring(context, (transfer) =>
        importMlflow({
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
