import type { Command } from 'commander';
import type { CliContext } from '../context.ts';
import { addExportOptions, type ExportCommandOptions, exportAndTell, exportJsonHelp } from '../transferOutput.ts';

export function addWorkspaceExport(workspace: Command, context: CliContext): void {
  addExportOptions(workspace.command('export'))
    .summary('write a workspace to a zip')
    .description(
      `Writes a workspace to a zip: its experiments and runs with their files and their code, models, environments, data sets and
published pipelines. Runs that go on, the trash, compute targets and the data of datastores are left out.`,
    )
    .addHelpText('after', `\n${exportJsonHelp}\n\nExample:\n  runledger workspace export -f vision.zip`)
    .action((options: ExportCommandOptions, command: Command) =>
      exportAndTell(context, command, options, { kind: 'workspace' }),
    );
}
