import { resolve } from 'node:path';
import type { Command } from 'commander';
import { cancelRun } from '../../core/submission/cancelRun.ts';
import { type CliContext, outputFormat, withCatalog, writeJson, writeLine } from '../context.ts';

interface Options {
  readonly run: string;
  readonly path: string;
}

export function addRunCancel(run: Command, context: CliContext): void {
  run
    .command('cancel')
    .summary('cancel a run')
    .description('Asks a run to end. It is Canceled when its processes have ended.')
    .requiredOption('-r, --run <id>', "the run's id")
    .option('--path <folder>', 'where the workspace is looked for, there and above', '.')
    .addHelpText(
      'after',
      '\nJSON (-o json): id, status.\n\nExample:\n  runledger run cancel -r digits_1763674412_3fa9c1de',
    )
    .action((options: Options, command: Command) =>
      withCatalog(resolve(context.currentFolder, options.path), async (catalog) => {
        await cancelRun(catalog.workspace.folder, options.run);
        const entry = await catalog.run(options.run);
        const status = entry?.kind === 'run' ? entry.status : 'CancelRequested';
        if (outputFormat(command) === 'json') {
          writeJson(context.stdout, { id: options.run, status });
        } else {
          writeLine(context.stdout, `${options.run}: ${status}`);
        }
      }),
    );
}
