import { resolve } from 'node:path';
import type { Command } from 'commander';
import { createWorkspace } from '../../core/store/workspaces.ts';
import type { CliContext } from '../context.ts';
import { writeItem } from '../output.ts';
import { workspaceJson } from '../workspaceJson.ts';
import { ignoreOptions } from '../workspaceOptions.ts';

interface Options {
  readonly workspaceName?: string;
  readonly path: string;
}

/** Of the cloud's: a workspace here is a folder. */
const ignored = [
  '-g, --resource-group <name>',
  '-l, --location <place>',
  '--subscription-id <id>',
  '--friendly-name <name>',
  '--sku <name>',
  '-y, --yes',
];

export function addWorkspaceCreate(workspace: Command, context: CliContext): void {
  ignoreOptions(workspace.command('create'), ...ignored)
    .summary('make a workspace in a folder')
    .description('Makes a workspace in a folder: experiments and runs are stored there, in .runledger/.')
    .option('-w, --workspace-name <name>', "the workspace's name (default: the folder's)")
    .option('--path <folder>', 'the folder', '.')
    .addHelpText(
      'after',
      '\nJSON (-o json): id, name, folder, createdTime.\n\nExample:\n  runledger workspace create -w vision --path ~/vision',
    )
    .action(async (options: Options, command: Command) => {
      const made = await createWorkspace({
        folder: resolve(context.currentFolder, options.path),
        ...(options.workspaceName !== undefined && { name: options.workspaceName }),
      });
      writeItem(context, command, workspaceJson(made), () => `Created the workspace "${made.name}" in ${made.folder}.`);
    });
}
