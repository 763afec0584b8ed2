import { resolve } from 'node:path';
import type { Command } from 'commander';
import { type CliContext, outputFormat, withCatalog, writeJson, writeLine } from '../context.ts';
import { oneLine, tableText } from '../text.ts';

interface Options {
  readonly path: string;
}

export function addExperimentList(experiment: Command, context: CliContext): void {
  experiment
    .command('list')
    .summary('list the experiments of the workspace')
    .description('Lists the experiments of the workspace, by name.')
    .option('--path <folder>', 'where the workspace is looked for, there and above', '.')
    .addHelpText(
      'after',
      `
JSON (-o json): an array of {name, runCount, lastRunNumber}. Deleted runs are not counted, child runs are.

Example:
  runledger experiment list`,
    )
    .action(async (options: Options, command: Command) => {
      const folder = resolve(context.currentFolder, options.path);
      const experiments = await withCatalog(folder, (catalog) => catalog.experiments());
      if (outputFormat(command) === 'json') {
        writeJson(
          context.stdout,
          experiments.map(({ name, runCount, lastRunNumber }) => ({ name, runCount, lastRunNumber })),
        );
      } else if (experiments.length === 0) {
        writeLine(
          context.stdout,
          'No experiments. Submitting a run makes one: runledger run submit-script -e NAME SCRIPT',
        );
      } else {
        const rows = experiments.map(({ name, runCount }) => [oneLine(name), String(runCount)]);
        writeLine(context.stdout, tableText(['Experiment', 'Runs'], rows));
      }
    });
}
