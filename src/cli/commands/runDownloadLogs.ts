import { mkdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { fileError, RunledgerError } from '../../core/base/errors.ts';
import { artifactFile, isLog } from '../../core/store/artifacts.ts';
import { copyFileAtomically } from '../../core/store/atomicFile.ts';
import type { CliContext } from '../context.ts';
import { interruptible } from '../interruptible.ts';
import { writeItem } from '../output.ts';
import { ProgressLine } from '../progressLine.ts';
import {
  addWorkspaceOptions,
  ignoredExperiment,
  ignoreOptions,
  type WorkspaceOptions,
  withChosenCatalog,
} from '../workspaceOptions.ts';

interface Options extends WorkspaceOptions {
  readonly run: string;
  readonly outputDir: string;
}

export function addRunDownloadLogs(run: Command, context: CliContext): void {
  ignoreOptions(addWorkspaceOptions(run.command('download-logs')), ignoredExperiment)
    .summary('copy the logs of a run')
    .description(
      'Copies the logs of a run into a folder, under their names in the run. Logs that are there are replaced.',
    )
    .requiredOption('-r, --run <id>', "the run's id")
    .requiredOption('-d, --output-dir <folder>', 'where to, made if it is missing')
    .addHelpText(
      'after',
      '\nJSON (-o json): run, files [absolute path].\n\nExample:\n  runledger run download-logs -r digits_1763674412_3fa9c1de -d logs',
    )
    .action((options: Options, command: Command) =>
      withChosenCatalog(context, options, async (catalog) => {
        const { folder } = await catalog.details(options.run);
        const logs = (await catalog.files(options.run)).filter(({ path }) => isLog(path));
        const target = resolve(context.currentFolder, options.outputDir);
        const progress = new ProgressLine(context.stderr);
        const files: string[] = [];
        try {
          await interruptible(context, async (signal) => {
            for (const [index, { path }] of logs.entries()) {
              if (signal.aborted) {
                throw new RunledgerError('canceled', `Copying was stopped after ${index} of ${logs.length} logs.`);
              }
              progress.show(`Copying ${path}`, index / logs.length);
              files.push(await copyLog(artifactFile(folder, path), join(target, ...path.split('/'))));
            }
          });
        } finally {
          progress.clear();
        }
        writeItem(context, command, { run: options.run, files }, () =>
          files.length === 0 ? `The run ${options.run} has no logs.` : files.join('\n'),
        );
      }),
    );
}

async function copyLog(from: string, to: string): Promise<string> {
  try {
    await mkdir(dirname(to), { recursive: true });
    await copyFileAtomically(from, to);
    return to;
  } catch (error) {
    throw fileError(error, 'copy the log', to);
  }
}
