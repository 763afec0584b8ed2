import { resolve } from 'node:path';
import type { Command } from 'commander';
import { scaffoldEnvironment } from '../../core/environments/registeredEnvironments.ts';
import type { CliContext } from '../context.ts';
import { writeItem } from '../output.ts';

interface Options {
  readonly name: string;
  readonly directory: string;
}

export function addEnvironmentScaffold(environment: Command, context: CliContext): void {
  environment
    .command('scaffold')
    .summary('write the files of a new environment')
    .description('Writes azureml_environment.json and conda_dependencies.yml to start from. Nothing is replaced.')
    .requiredOption('-n, --name <name>', "the environment's name")
    .requiredOption('-d, --directory <folder>', 'where to, made if it is missing')
    .addHelpText(
      'after',
      '\nJSON (-o json): name, files [absolute path].\n\nExample:\n  runledger environment scaffold -n training -d training',
    )
    .action(async ({ name, directory }: Options, command: Command) => {
      const files = await scaffoldEnvironment(resolve(context.currentFolder, directory), name);
      writeItem(context, command, { name, files }, () => files.join('\n'));
    });
}
