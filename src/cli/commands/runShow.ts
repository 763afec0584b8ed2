import { resolve } from 'node:path';
import type { Command } from 'commander';
import { type CliContext, outputFormat, withCatalog, writeJson, writeLine } from '../context.ts';
import { jsonHelp, runJson } from '../runJson.ts';
import { runText } from '../runText.ts';

interface Options {
  readonly run: string;
  readonly path: string;
}

export function addRunShow(run: Command, context: CliContext): void {
  run
    .command('show')
    .summary('show a run')
    .description('Shows what is known about a run: its state, metrics, parameters, tags, properties and files.')
    .requiredOption('-r, --run <id>', "the run's id")
    .option('--path <folder>', 'where the workspace is looked for, there and above', '.')
    .addHelpText('after', `\n${jsonHelp.run}\n\nExample:\n  runledger run show -r digits_1763674412_3fa9c1de -o json`)
    .action((options: Options, command: Command) =>
      withCatalog(resolve(context.currentFolder, options.path), async (catalog) => {
        const details = await catalog.details(options.run);
        const files = await catalog.files(options.run);
        if (outputFormat(command) === 'json') {
          writeJson(context.stdout, runJson(details, files));
        } else {
          writeLine(context.stdout, runText(details, files));
        }
      }),
    );
}
