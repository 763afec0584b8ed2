import type { Command } from 'commander';
import { environmentStore } from '../../core/environments/registeredEnvironments.ts';
import type { CliContext } from '../context.ts';
import { environmentJson, environmentJsonHelp, environmentText } from '../environmentOutput.ts';
import { wholeNumber } from '../numbers.ts';
import { writeItem } from '../output.ts';
import { addWorkspaceOptions, chosenWorkspace, type WorkspaceOptions } from '../workspaceOptions.ts';

interface Options extends WorkspaceOptions {
  readonly name: string;
  readonly version?: number;
}

export function addEnvironmentShow(environment: Command, context: CliContext): void {
  addWorkspaceOptions(environment.command('show'))
    .summary('show a registered environment')
    .description('Shows a version of a registered environment.')
    .requiredOption('-n, --name <name>', "the environment's name")
    .option('-v, --version <number>', 'the version (default: the newest)', wholeNumber)
    .addHelpText(
      'after',
      `\nJSON (-o json): ${environmentJsonHelp}\n\nExample:\n  runledger environment show -n training -o json`,
    )
    .action(async (options: Options, command: Command) => {
      const { folder } = await chosenWorkspace(context, options);
      const found = await environmentStore(folder).find(options.name, options.version);
      writeItem(context, command, environmentJson(found), () => environmentText(found));
    });
}
