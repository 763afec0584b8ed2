import { resolve } from 'node:path';
import type { Command } from 'commander';
import { downloadModel } from '../../core/models/downloadModel.ts';
import { findModel } from '../../core/models/modelVersions.ts';
import type { CliContext } from '../context.ts';
import { interruptible } from '../interruptible.ts';
import { addModelReference, type ModelReferenceOptions, modelReference } from '../modelReference.ts';
import { writeItem } from '../output.ts';
import { ProgressLine } from '../progressLine.ts';
import { addWorkspaceOptions, chosenWorkspace, type WorkspaceOptions } from '../workspaceOptions.ts';

interface Options extends WorkspaceOptions, ModelReferenceOptions {
  readonly targetDir: string;
  readonly overwrite?: boolean;
}

export function addModelDownload(model: Command, context: CliContext): void {
  addWorkspaceOptions(addModelReference(model.command('download')))
    .summary('copy a model out of the workspace')
    .description("Copies a version of a model, a file or a folder of the model's own name, into a folder.")
    .requiredOption('-t, --target-dir <folder>', 'where to, made if it is missing')
    .option('--overwrite', 'replace a file or folder of that name that is there')
    .addHelpText(
      'after',
      '\nJSON (-o json): id, path (absolute).\n\nExample:\n  runledger model download -i digits:3 -t models --overwrite',
    )
    .action(async (options: Options, command: Command) => {
      const { folder } = await chosenWorkspace(context, options);
      const found = await findModel(folder, modelReference(options));
      const progress = new ProgressLine(context.stderr);
      try {
        const path = await interruptible(context, (signal) =>
          downloadModel(found, {
            targetFolder: resolve(context.currentFolder, options.targetDir),
            isReplacing: options.overwrite === true,
            onProgress: (fraction) => progress.show(`Copying ${found.id}`, fraction),
            signal,
          }),
        );
        progress.clear();
        writeItem(context, command, { id: found.id, path }, () => `Copied ${found.id} to ${path}.`);
      } finally {
        progress.clear();
      }
    });
}
