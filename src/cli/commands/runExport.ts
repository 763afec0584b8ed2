import type { Command } from 'commander';
import type { CliContext } from '../context.ts';
import { addText } from '../keyValues.ts';
import { addExportOptions, type ExportCommandOptions, exportAndTell, exportJsonHelp } from '../transferOutput.ts';

interface Options extends ExportCommandOptions {
  readonly run: readonly string[];
}

export function addRunExport(run: Command, context: CliContext): void {
  addExportOptions(run.command('export'))
    .summary('write runs to a zip')
    .description(
      'Writes runs to a zip, with their files, their code and their child runs. Runs that go on are refused.',
    )
    .requiredOption('-r, --run <id>', "the run's id; can be given several times", addText)
    .addHelpText(
      'after',
      `\n${exportJsonHelp}\n\nExample:\n  runledger run export -r digits_1763674412_3fa9c1de -f digits.zip`,
    )
    .action((options: Options, command: Command) =>
      exportAndTell(context, command, options, { kind: 'runs', runIds: options.run }),
    );
}
