import { resolve } from 'node:path';
import type { Command } from 'commander';
import { registerEnvironment } from '../../core/environments/registeredEnvironments.ts';
import type { CliContext } from '../context.ts';
import { environmentJson, environmentJsonHelp } from '../environmentOutput.ts';
import { writeItem } from '../output.ts';
import { addWorkspaceOptions, chosenWorkspace, type WorkspaceOptions } from '../workspaceOptions.ts';

interface Options extends WorkspaceOptions {
  readonly directory: string;
}

export function addEnvironmentRegister(environment: Command, context: CliContext): void {
  addWorkspaceOptions(environment.command('register'))
    .summary('register an environment')
    .description(
      'Registers what azureml_environment.json in a folder says, with the packages of conda_dependencies.yml beside it, as a new ' +
        'version; where nothing changed since the newest, that one stays.',
    )
    .requiredOption('-d, --directory <folder>', 'the folder')
    .addHelpText(
      'after',
      `\nJSON (-o json): ${environmentJsonHelp}\n\nExample:\n  runledger environment register -d training`,
    )
    .action(async (options: Options, command: Command) => {
      const { folder } = await chosenWorkspace(context, options);
      const made = await registerEnvironment(folder, resolve(context.currentFolder, options.directory));
      writeItem(context, command, environmentJson(made), () => `Registered ${made.name}, version ${made.version}.`);
    });
}
