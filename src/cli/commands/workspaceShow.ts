import { resolve } from 'node:path';
import type { Command } from 'commander';
import { type CliContext, outputFormat, requireWorkspace, writeJson, writeLine } from '../context.ts';
import { momentText, oneLine } from '../text.ts';
import { workspaceJson } from '../workspaceJson.ts';

interface Options {
  readonly path: string;
}

export function addWorkspaceShow(workspace: Command, context: CliContext): void {
  workspace
    .command('show')
    .summary('show the workspace of a folder')
    .description('Shows the workspace that a folder belongs to: the nearest at it or above it.')
    .option('--path <folder>', 'where the workspace is looked for, there and above', '.')
    .addHelpText(
      'after',
      '\nJSON (-o json): id, name, folder, createdTime.\n\nExample:\n  runledger workspace show -o json',
    )
    .action(async (options: Options, command: Command) => {
      const found = await requireWorkspace(resolve(context.currentFolder, options.path));
      if (outputFormat(command) === 'json') {
        writeJson(context.stdout, workspaceJson(found));
      } else {
        writeLine(context.stdout, `Name     ${oneLine(found.name)}`);
        writeLine(context.stdout, `Folder   ${oneLine(found.folder)}`);
        writeLine(context.stdout, `Created  ${momentText(found.createdTime)}`);
        writeLine(context.stdout, `Id       ${found.id}`);
      }
    });
}
