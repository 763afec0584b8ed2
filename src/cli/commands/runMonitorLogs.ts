import type { Command } from 'commander';
import { resumeRuns } from '../../core/submission/resumeRuns.ts';
import type { CliContext } from '../context.ts';
import { outputFormat, writeItem } from '../output.ts';
import { jsonHelp, runJson } from '../runJson.ts';
import { watchRun } from '../watchRun.ts';
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

export function addRunMonitorLogs(run: Command, context: CliContext): void {
  ignoreOptions(addWorkspaceOptions(run.command('monitor-logs')), ignoredExperiment)
    .summary('show what a run prints, until it ends')
    .description(
      'Shows what a run printed and prints, and waits for it. The log of a run that has ended is shown whole.',
    )
    .requiredOption('-r, --run <id>', "the run's id")
    .addHelpText(
      'after',
      `
Ctrl+C stops watching and not the run. With -o json or -o tsv the log goes to the standard error.
Exit codes: 0 the run completed; 1 it failed or was canceled; 2 wrong usage; 130 Ctrl+C.

${jsonHelp.run}

Example:
  runledger run monitor-logs -r digits_1763674412_3fa9c1de`,
    )
    .action((options: Options, command: Command) =>
      withChosenCatalog(context, options, async (catalog) => {
        // A sweep or a pipeline whose orchestrator died would never end.
        const { command: cliCommand, pythonSdkFolder } = context.installation;
        await resumeRuns(catalog.workspace.folder, cliCommand, pythonSdkFolder);
        const messages = outputFormat(command) === 'table' ? context.stdout : context.stderr;
        const details = await watchRun(catalog, options.run, messages, context);
        if (details !== undefined && messages === context.stderr) {
          writeItem(context, command, runJson(details, await catalog.files(options.run)), () => '');
        }
      }),
    );
}
