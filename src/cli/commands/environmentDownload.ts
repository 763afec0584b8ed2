import { resolve } from 'node:path';
import type { Command } from 'commander';
import { environmentStore, writeEnvironmentFolder } from '../../core/environments/registeredEnvironments.ts';
import type { CliContext } from '../context.ts';
import { wholeNumber } from '../numbers.ts';
import { writeItem } from '../output.ts';
import { addWorkspaceOptions, chosenWorkspace, type WorkspaceOptions } from '../workspaceOptions.ts';

interface Options extends WorkspaceOptions {
  readonly name: string;
  readonly version?: number;
  readonly directory: string;
  readonly overwrite?: boolean;
}

export function addEnvironmentDownload(environment: Command, context: CliContext): void {
  addWorkspaceOptions(environment.command('download'))
    .summary('write the files of a registered environment')
    .description('Writes azureml_environment.json, and conda_dependencies.yml where it has packages, into a folder.')
    .requiredOption('-n, --name <name>', "the environment's name")
    .option('-v, --version <number>', 'the version (default: the newest)', wholeNumber)
    .requiredOption('-d, --directory <folder>', 'where to, made if it is missing')
    .option('--overwrite', 'replace files that are there')
    .addHelpText(
      'after',
      '\nJSON (-o json): name, version, files [absolute path].\n\nExample:\n  runledger environment download -n training -d training',
    )
    .action(async (options: Options, command: Command) => {
      const workspace = await chosenWorkspace(context, options);
      const { name, version, content } = await environmentStore(workspace.folder).find(options.name, options.version);
      const folder = resolve(context.currentFolder, options.directory);
      const files = await writeEnvironmentFolder(folder, content, { isReplacing: options.overwrite === true });
      writeItem(context, command, { name, version, files }, () => files.join('\n'));
    });
}
