import type { Command } from 'commander';
import type { CliContext } from '../context.ts';
import { addExportOptions, type ExportCommandOptions, exportAndTell, exportJsonHelp } from '../transferOutput.ts';

interface Options extends ExportCommandOptions {
  readonly experimentName: string;
}

export function addExperimentExport(experiment: Command, context: CliContext): void {
  addExportOptions(experiment.command('export'))
    .summary('write an experiment to a zip')
    .description(
      'Writes the runs of an experiment to a zip, with their files and their code. Runs that go on are left out.',
    )
    .requiredOption('-e, --experiment-name <name>', 'the experiment')
    .addHelpText('after', `\n${exportJsonHelp}\n\nExample:\n  runledger experiment export -e digits -f digits.zip`)
    .action((options: Options, command: Command) =>
      exportAndTell(context, command, options, { kind: 'experiment', name: options.experimentName }),
    );
}
