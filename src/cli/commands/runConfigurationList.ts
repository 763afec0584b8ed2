import type { Command } from 'commander';
import { withKnownTargets } from '../../core/compute/configuredTargets.ts';
import { listRunConfigurations } from '../../core/run-configurations/runConfigurations.ts';
import type { CliContext } from '../context.ts';
import { writeList } from '../output.ts';
import { oneLine } from '../text.ts';
import { addWorkspaceOptions, chosenWorkspace, startFolder, type WorkspaceOptions } from '../workspaceOptions.ts';

export function addRunConfigurationList(runConfiguration: Command, context: CliContext): void {
  addWorkspaceOptions(runConfiguration.command('list'))
    .summary('list the run configurations of a folder')
    .description(
      'Lists the run configurations that a folder of scripts has, and those that need no file, with what is wrong with them.',
    )
    .addHelpText(
      'after',
      '\nJSON (-o json): an array of {name, target, path, problem}; path is null where it needs no file.\n\nExample:\n  runledger run-configuration list',
    )
    .action(async (options: WorkspaceOptions, command: Command) => {
      const { folder: workspaceFolder } = await chosenWorkspace(context, options);
      const entries = await withKnownTargets(
        await listRunConfigurations(startFolder(context, options)),
        workspaceFolder,
      );
      const items = entries.map(({ name, target, path, problem }) => ({
        name,
        target,
        path: path ?? null,
        problem: problem ?? null,
      }));
      writeList(context, command, {
        items,
        columns: ['name', 'target', 'path', 'problem'],
        headings: ['Run configuration', 'Target', 'Description'],
        rows: () =>
          entries.map(({ name, target, description, problem }) => [name, target, problem ?? description].map(oneLine)),
        whenEmpty: '',
      });
    });
}
