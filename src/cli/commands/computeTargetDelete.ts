import type { Command } from 'commander';
import { RunledgerError } from '../../core/base/errors.ts';
import { findComputeDefinition } from '../../core/compute/computeDefinitions.ts';
import { deleteTargetFile } from '../../core/compute/targetFiles.ts';
import { confirm } from '../confirmation.ts';
import type { CliContext } from '../context.ts';
import { writeItem } from '../output.ts';
import { addWorkspaceOptions, chosenWorkspace, type WorkspaceOptions } from '../workspaceOptions.ts';

interface Options extends WorkspaceOptions {
  readonly name: string;
  readonly yes?: boolean;
}

export function addComputeTargetDelete(computeTarget: Command, context: CliContext): void {
  addWorkspaceOptions(computeTarget.command('delete'))
    .summary('delete the file that defines a compute target')
    .description('Deletes the file that defines a compute target. Runs that were submitted to it go on.')
    .requiredOption('-n, --name <name>', "the compute target's name")
    .option('-y, --yes', 'do not ask; needed where there is no terminal to ask on')
    .addHelpText('after', '\nJSON (-o json): name, path.\n\nExample:\n  runledger computetarget delete -n lab')
    .action(async (options: Options, command: Command) => {
      const { folder } = await chosenWorkspace(context, options);
      const { name, path } = await findComputeDefinition(folder, options.name);
      if (path === undefined) {
        throw new RunledgerError('invalid-argument', `No file defines the compute target ${name}.`, {
          advice: 'local is this machine, and stays. What a script made is deleted with ComputeTarget.delete().',
        });
      }
      await confirm(context, `Delete ${path}?`, options.yes);
      await deleteTargetFile({ name, path });
      writeItem(context, command, { name, path }, () => `Deleted ${path}.`);
    });
}
