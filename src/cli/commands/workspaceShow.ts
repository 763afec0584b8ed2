import type { Command } from 'commander';
import type { CliContext } from '../context.ts';
import { writeItem } from '../output.ts';
import { momentText, oneLine } from '../text.ts';
import { workspaceJson } from '../workspaceJson.ts';
import { addWorkspaceOptions, chosenWorkspace, type WorkspaceOptions } from '../workspaceOptions.ts';

export function addWorkspaceShow(workspace: Command, context: CliContext): void {
  addWorkspaceOptions(workspace.command('show'))
    .summary('show the workspace of a folder')
    .description('Shows the workspace that a folder belongs to: the nearest at it or above it.')
    .addHelpText(
      'after',
      '\nJSON (-o json): id, name, folder, createdTime.\n\nExample:\n  runledger workspace show -o json',
    )
    .action(async (options: WorkspaceOptions, command: Command) => {
      const found = await chosenWorkspace(context, options);
      writeItem(context, command, workspaceJson(found), () =>
        [
          `Name     ${oneLine(found.name)}`,
          `Folder   ${oneLine(found.folder)}`,
          `Created  ${momentText(found.createdTime)}`,
          `Id       ${found.id}`,
        ].join('\n'),
      );
    });
}
