/** `import tensorboard` and `import mlflow`: runs that other tools recorded. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { ImportResult } from '../../core/transfer/importResult.ts';
import { importMlflow } from '../../core/transfer/mlflow/importMlflow.ts';
import { importTensorboard } from '../../core/transfer/tensorboard/importTensorboard.ts';
import type { TransferOptions } from '../../core/transfer/transferProgress.ts';
import type { CliContext } from '../context.ts';
import { importJsonHelp, transferring, writeImportResult } from '../transferOutput.ts';
import { addWorkspaceOptions, chosenWorkspace, type WorkspaceOptions } from '../workspaceOptions.ts';

interface Options extends WorkspaceOptions {
  readonly experimentName?: string;
}

interface ImportOptions extends TransferOptions {
  readonly workspaceFolder: string;
  readonly folder: string;
  readonly experiment?: string;
  readonly createdBy: string;
}

/** A tool whose folders of runs can be imported. */
interface ForeignTool {
  readonly command: string;
  readonly summary: string;
  readonly description: string;
  /** What the folder is. */
  readonly folder: string;
  /** What `--experiment-name` does. */
  readonly experiment: string;
  readonly example: string;
  readonly importRuns: (options: ImportOptions) => Promise<ImportResult>;
}

const tensorboard: ForeignTool = {
  command: 'tensorboard',
  summary: "import TensorBoard's event files",
  description: `Imports TensorBoard's event files: each folder that holds some is a run. Scalars and texts become metrics, images and
hyperparameters are kept, and what is left out is told and noted on the run. Imported again, a folder is left out where its files
are the same, and read again where they have grown.`,
  folder: 'what TensorBoard is started with, as --logdir',
  experiment: "the experiment of the runs (default: the folder's name)",
  example: 'runledger import tensorboard logs -e digits',
  importRuns: importTensorboard,
};

const mlflow: ForeignTool = {
  command: 'mlflow',
  summary: "import MLflow's file store",
  description: `Imports the runs of MLflow's file store, mlruns: with their ids, names, tags, parameters, metrics, files and states, nested runs as child
runs. Deleted runs and the model registry are left out. Imported again, a run is left out where nothing changed, and read again where
something did.`,
  folder: 'mlruns, or the folder that it lies in',
  experiment: "an experiment for all runs (default: experiments of MLflow's names)",
  example: 'runledger import mlflow mlruns',
  importRuns: importMlflow,
};

export function addImportTensorboard(parent: Command, context: CliContext): void {
  addImport(parent, context, tensorboard);
}

export function addImportMlflow(parent: Command, context: CliContext): void {
  addImport(parent, context, mlflow);
}

function addImport(parent: Command, context: CliContext, tool: ForeignTool): void {
  addWorkspaceOptions(parent.command(tool.command))
    .summary(tool.summary)
    .description(tool.description)
    .argument('<folder>', tool.folder)
    .option('-e, --experiment-name <name>', tool.experiment)
    .addHelpText('after', `\n${importJsonHelp}\n\nExample:\n  ${tool.example}`)
    .action(async (folder: string, options: Options, command: Command) => {
      const { folder: workspaceFolder } = await chosenWorkspace(context, options);
      const result = await transferring(context, (transfer) =>
        tool.importRuns({
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
