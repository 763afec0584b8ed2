import { type Command, Option } from 'commander';
import type { ExperimentSummary } from '../../core/domain/workspace.ts';
import type { CliContext } from '../context.ts';
import { experimentColumns, experimentJson, experimentJsonHelp } from '../experimentOutput.ts';
import { writeList } from '../output.ts';
import { momentText, oneLine } from '../text.ts';
import { addWorkspaceOptions, type WorkspaceOptions, withChosenCatalog } from '../workspaceOptions.ts';

const viewTypes = ['ActiveOnly', 'ArchivedOnly', 'All'] as const;

interface Options extends WorkspaceOptions {
  readonly viewType: (typeof viewTypes)[number];
}

export function addExperimentList(experiment: Command, context: CliContext): void {
  addWorkspaceOptions(experiment.command('list'))
    .summary('list the experiments of the workspace')
    .description(
      'Lists the experiments of the workspace, by name. Archived ones are left out unless they are asked for.',
    )
    .addOption(new Option('--view-type <type>', 'which experiments').choices(viewTypes).default('ActiveOnly'))
    .addHelpText(
      'after',
      `
JSON (-o json): an array of ${experimentJsonHelp}

Example:
  runledger experiment list --view-type All`,
    )
    .action(async (options: Options, command: Command) => {
      const all = await withChosenCatalog(context, options, (catalog) => catalog.experiments());
      const experiments = all.filter((candidate) => isWanted(candidate, options.viewType));
      const archivedCount = all.filter(({ archivedTime }) => archivedTime !== undefined).length;
      writeList(context, command, {
        items: experiments.map(experimentJson),
        columns: experimentColumns,
        headings: options.viewType === 'ActiveOnly' ? ['Experiment', 'Runs'] : ['Experiment', 'Runs', 'Archived'],
        rows: () =>
          experiments.map(({ name, runCount, archivedTime }) => [
            oneLine(name),
            String(runCount),
            ...(options.viewType === 'ActiveOnly' ? [] : [archivedTime === undefined ? '' : momentText(archivedTime)]),
          ]),
        whenEmpty: whenEmpty(options.viewType, archivedCount),
      });
    });
}

function isWanted({ archivedTime }: ExperimentSummary, viewType: Options['viewType']): boolean {
  return viewType === 'All' || (archivedTime !== undefined) === (viewType === 'ArchivedOnly');
}

function whenEmpty(viewType: Options['viewType'], archivedCount: number): string {
  if (viewType === 'ArchivedOnly') {
    return 'No experiment is archived.';
  }
  return archivedCount > 0
    ? `No active experiments. Archived: ${archivedCount}; --view-type All shows them.`
    : 'No experiments. Submitting a run makes one: runledger run submit-script -e NAME SCRIPT';
}
