import type { Command } from 'commander';
import { cancelRun } from '../../core/submission/cancelRun.ts';
import type { CliContext } from '../context.ts';
import { writeItem } from '../output.ts';
import {
  addWorkspaceOptions,
  ignoredExperiment,
  ignoreOptions,
  type WorkspaceOptions,
  withChosenCatalog,
} from '../workspaceOptions.ts';

interface Options extends WorkspaceOptions {
  readonly run: string;
}

export function addRunCancel(run: Command, context: CliContext): void {
  ignoreOptions(addWorkspaceOptions(run.command('cancel')), ignoredExperiment)
    .summary('cancel a run')
    .description('Asks a run to end. It is Canceled when its processes have ended.')
    .requiredOption('-r, --run <id>', "the run's id")
    .addHelpText(
      'after',
      '\nJSON (-o json): id, status.\n\nExample:\n  runledger run cancel -r digits_1763674412_3fa9c1de',
    )
    .action((options: Options, command: Command) =>
      withChosenCatalog(context, options, async (catalog) => {
        await cancelRun(catalog.workspace.folder, options.run);
        const entry = await catalog.run(options.run);
        const status = entry?.kind === 'run' ? entry.status : 'CancelRequested';
        writeItem(context, command, { id: options.run, status }, () => `${options.run}: ${status}`);
      }),
    );
}
