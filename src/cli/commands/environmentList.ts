import type { Command } from 'commander';
import { environmentStore } from '../../core/environments/registeredEnvironments.ts';
import type { CliContext } from '../context.ts';
import { writeList } from '../output.ts';
import { momentText, oneLine } from '../text.ts';
import { addWorkspaceOptions, chosenWorkspace, type WorkspaceOptions } from '../workspaceOptions.ts';

export function addEnvironmentList(environment: Command, context: CliContext): void {
  addWorkspaceOptions(environment.command('list'))
    .summary('list the registered environments')
    .description('Lists the environments that are registered in the workspace, by name, each with its newest version.')
    .addHelpText(
      'after',
      '\nJSON (-o json): an array of {name, version, createdTime (ISO 8601, UTC)}.\n\nExample:\n  runledger environment list',
    )
    .action(async (options: WorkspaceOptions, command: Command) => {
      const { folder } = await chosenWorkspace(context, options);
      const found = await environmentStore(folder).list();
      writeList(context, command, {
        items: found.map(({ name, version, createdTime }) => ({
          name,
          version,
          createdTime: new Date(createdTime * 1000).toISOString(),
        })),
        columns: ['name', 'version', 'createdTime'],
        headings: ['Environment', 'Version', 'Registered'],
        rows: () =>
          found.map(({ name, version, createdTime }) => [oneLine(name), String(version), momentText(createdTime)]),
        whenEmpty: 'No environments. Start one with: runledger environment scaffold -n NAME -d FOLDER',
      });
    });
}
