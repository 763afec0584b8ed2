import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { RunledgerError } from '../../core/base/errors.ts';
import { conflictChoices, type OnConflict } from '../../core/transfer/importPlan.ts';
import { importZip } from '../../core/transfer/importZip.ts';
import type { CliContext } from '../context.ts';
import { importJsonHelp, transferring, writeImportResult } from '../transferOutput.ts';
import { addWorkspaceOptions, chosenWorkspace, startFolder, type WorkspaceOptions } from '../workspaceOptions.ts';

interface Options extends WorkspaceOptions {
  readonly create?: boolean;
  readonly onConflict: OnConflict;
  readonly anySize?: boolean;
}

export function addImportZip(parent: Command, context: CliContext): void {
  addWorkspaceOptions(parent.command('zip'))
    .summary('import what runledger exported')
    .description(
      `Imports a zip that run, experiment or workspace export wrote, into a workspace that is there or a new one. Runs keep their ids.
What is broken or not to be trusted is refused as a whole, and changes nothing. No code in it is run.`,
    )
    .argument('<file>', 'the zip')
    .option('--create', 'make the workspace in the folder of --path, called -w or as the export')
    .addOption(
      new Option(
        '--on-conflict <what>',
        'where a run with the same id is there: leave it out, give it a new id, or import nothing',
      )
        .choices(conflictChoices)
        .default('skip'),
    )
    .option('--any-size', 'import what unpacks to more than 200 times its size')
    .addHelpText(
      'after',
      `\n${importJsonHelp}\n\nExample:\n  runledger import zip vision.zip --path ~/restored --create`,
    )
    .action(async (file: string, options: Options, command: Command) => {
      const workspaceFolder =
        options.create === true ? startFolder(context, options) : (await chosenWorkspace(context, options)).folder;
      try {
        const result = await transferring(context, (transfer) =>
          importZip({
            ...transfer,
            zipFile: resolve(context.currentFolder, file),
            workspaceFolder,
            ...(options.create === true && { newWorkspaceName: options.workspaceName ?? '' }),
            onConflict: options.onConflict,
            isAnySizeAllowed: options.anySize === true,
          }),
        );
        writeImportResult(context, command, result);
      } catch (error) {
        throw withOption(error);
      }
    });
}

/** Names the option that what core advises is called here. */
function withOption(error: unknown): unknown {
  if (RunledgerError.is(error, 'zip-too-large')) {
    return new RunledgerError(error.reason, error.message, {
      advice: `${error.advice ?? ''} If you trust it, pass --any-size.`,
      cause: error,
    });
  }
  if (RunledgerError.is(error, 'already-exists') && error.message.startsWith('The run ')) {
    return new RunledgerError(error.reason, error.message, {
      advice:
        'Nothing was imported. Pass --on-conflict skip to leave such runs out, or copy to import them with new ids.',
      cause: error,
    });
  }
  return error;
}
