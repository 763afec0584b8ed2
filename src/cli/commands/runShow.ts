import type { Command } from 'commander';
import { readInstalledPackages } from '../../core/environments/installedPackages.ts';
import type { CliContext } from '../context.ts';
import { writeItem } from '../output.ts';
import { jsonHelp, runJson } from '../runJson.ts';
import { runText } from '../runText.ts';
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

export function addRunShow(run: Command, context: CliContext): void {
  ignoreOptions(addWorkspaceOptions(run.command('show')), ignoredExperiment)
    .summary('show a run')
    .description('Shows what is known about a run: its state, metrics, parameters, tags, properties and files.')
    .requiredOption('-r, --run <id>', "the run's id")
    .addHelpText(
      'after',
      `\n${jsonHelp.run} Here also: installed {python, implementation, platform, gpus, packages {name: version}}, or null.\n\nExample:\n  runledger run show -r digits_1763674412_3fa9c1de -o json`,
    )
    .action((options: Options, command: Command) =>
      withChosenCatalog(context, options, async (catalog) => {
        const details = await catalog.details(options.run);
        const files = await catalog.files(options.run);
        const installed = await readInstalledPackages(details.folder);
        const json = { ...runJson(details, files), installed: installed ?? null };
        writeItem(context, command, json, () => runText(details, files, installed));
      }),
    );
}
