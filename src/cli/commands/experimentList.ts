import type { Command } from 'commander';
import type { CliContext } from '../context.ts';
import { writeList } from '../output.ts';
import { oneLine } from '../text.ts';
import { addWorkspaceOptions, type WorkspaceOptions, withChosenCatalog } from '../workspaceOptions.ts';

export function addExperimentList(experiment: Command, context: CliContext): void {
  addWorkspaceOptions(experiment.command('list'))
    .summary('list the experiments of the workspace')
    .description('Lists the experiments of the workspace, by name.')
    .addHelpText(
      'after',
      `
JSON (-o json): an array of {name, runCount, lastRunNumber}. Deleted runs are not counted, child runs are.

Example:
  runledger experiment list`,
    )
    .action(async (options: WorkspaceOptions, command: Command) => {
      const experiments = await withChosenCatalog(context, options, (catalog) => catalog.experiments());
      writeList(context, command, {
        items: experiments.map(({ name, runCount, lastRunNumber }) => ({ name, runCount, lastRunNumber })),
        columns: ['name', 'runCount', 'lastRunNumber'],
        headings: ['Experiment', 'Runs'],
        rows: () => experiments.map(({ name, runCount }) => [oneLine(name), String(runCount)]),
        whenEmpty: 'No experiments. Submitting a run makes one: runledger run submit-script -e NAME SCRIPT',
      });
    });
}
