import type { Command } from 'commander';
import type { WorkspaceInfo } from '../../core/domain/workspace.ts';
import { registeredWorkspaces } from '../../core/store/workspaces.ts';
import type { CliContext } from '../context.ts';
import { writeList } from '../output.ts';
import { momentText, oneLine } from '../text.ts';
import { workspaceJson } from '../workspaceJson.ts';
import { ignoreOptions } from '../workspaceOptions.ts';

export function addWorkspaceList(workspace: Command, context: CliContext): void {
  ignoreOptions(workspace.command('list'), '-g, --resource-group <name>', '--subscription-id <id>')
    .summary('list the workspaces of this machine')
    .description('Lists the workspaces that were made or opened on this machine, by name.')
    .addHelpText(
      'after',
      '\nJSON (-o json): an array of {id, name, folder, createdTime}.\n\nExample:\n  runledger workspace list',
    )
    .action(async (_options: object, command: Command) => {
      const workspaces = [...(await registeredWorkspaces())].sort((a, b) => a.name.localeCompare(b.name));
      writeList(context, command, {
        items: workspaces.map(workspaceJson),
        columns: ['id', 'name', 'folder', 'createdTime'],
        headings: ['Name', 'Created', 'Folder'],
        rows: () => workspaces.map(row),
        whenEmpty: 'No workspaces. Create one with: runledger workspace create',
      });
    });
}

function row({ name, createdTime, folder }: WorkspaceInfo): string[] {
  return [oneLine(name), momentText(createdTime), oneLine(folder)];
}
