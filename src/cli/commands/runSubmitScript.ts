import { existsSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { attachedExperiment } from '../../core/projects/attachedExperiment.ts';
import { loadRunConfigurationFrom } from '../../core/run-configurations/runConfigurations.ts';
import { isInside } from '../../core/snapshots/sourceFiles.ts';
import type { SubmitRequest, SubmittedRun } from '../../core/submission/submission.ts';
import { submitRun } from '../../core/submission/submitRun.ts';
import { type CliContext, withCatalog, writeLine } from '../context.ts';
import { environmentProgress } from '../environmentProgress.ts';
import { interpreterPath } from '../interpreterPath.ts';
import { interruptible } from '../interruptible.ts';
import { outputFormat, writeItem } from '../output.ts';
import { assertMetadataFile, writeMetadataFile } from '../outputMetadata.ts';
import { ProgressLine } from '../progressLine.ts';
import { overriddenRunConfiguration } from '../runConfigurationOverrides.ts';
import { jsonHelp, runJson } from '../runJson.ts';
import { watchRun } from '../watchRun.ts';
import { chosenWorkspace, startFolder, type WorkspaceOptions } from '../workspaceOptions.ts';

interface Options extends WorkspaceOptions {
  readonly runConfigurationName: string;
  readonly experimentName?: string;
  readonly sourceDirectory?: string;
  readonly async?: boolean;
  readonly python?: string;
  readonly target?: string;
  readonly condaDependencies?: string;
  readonly outputMetadataFile?: string;
}

export function addRunSubmitScript(run: Command, context: CliContext): void {
  run
    .command('submit-script')
    .summary('run a script and track it')
    .description(
      'Submits a Python script as a run, shows what it prints, and waits for it. What follows SCRIPT goes to the script.',
    )
    .argument('[script]', 'the script (default: that of the run configuration)')
    .argument('[arguments...]', 'arguments of the script')
    .option('-c, --run-configuration-name <name>', 'the run configuration', 'local')
    .option('-e, --experiment-name <name>', 'the experiment (default: that of `folder attach`, else the source folder)')
    .option('--path <folder>', 'where the workspace is looked for, there and above', '.')
    .option('-w, --workspace-name <name>', 'a workspace of this machine by its name, wherever it is')
    .option('-g, --resource-group <name>', 'accepted as on Azure ML; here workspaces have no resource group')
    .option('--subscription-id <id>', 'accepted as on Azure ML; here nothing is subscribed to')
    .option('--source-directory <folder>', 'the folder that is run (default: that of --path if it holds the script)')
    .option('--ct, --target <name>', 'the compute target, in place of that of the run configuration')
    .option('-d, --conda-dependencies <file>', 'packages to run with, in place of those of the run configuration')
    .option('--async', 'do not wait for the run to end')
    .option('--python <path>', 'the interpreter, if the run configuration names none')
    .option('-t, --output-metadata-file <file>', 'write the JSON of the run to a file too, for `model register -f`')
    .passThroughOptions()
    .addHelpText(
      'after',
      `
A compute target is local, which is this machine, or a name that a script gave it: see runledger computetarget list.
Ctrl+C while it shows the log stops watching and not the run: runledger run monitor-logs goes on. With -o json or -o tsv the log
goes to the standard error.
Exit codes: 0 the run completed (or, with --async, started); 1 it failed or was canceled; 2 wrong usage; 130 Ctrl+C.

${jsonHelp.run}
With --async: {id, number, experiment, status, warnings}. The file of -t has the same, and runId and experiment_name.

Example:
  runledger run submit-script -c local -e digits train.py --learning-rate 0.1`,
    )
    .action(async (script: string | undefined, args: string[], options: Options, command: Command) => {
      const request = await requestOf(script, args, options, context, command);
      const metadataFile =
        options.outputMetadataFile === undefined
          ? undefined
          : resolve(context.currentFolder, options.outputMetadataFile);
      await assertMetadataFile(metadataFile);
      const messages = outputFormat(command) === 'table' ? context.stdout : context.stderr;
      const submitted = await submit(request, context);
      for (const warning of submitted.warnings) {
        writeLine(context.stderr, `Warning: ${warning}`);
      }
      writeLine(messages, `Run ${submitted.runId} (${submitted.experiment}, number ${submitted.number})`);
      const { runId: id, number, experiment, status, warnings } = submitted;
      const started = { id, number, experiment, status, warnings };
      await writeMetadataFile(metadataFile, started);
      if (options.async === true && status === 'Starting') {
        if (messages === context.stderr) {
          writeItem(context, command, started, () => '');
        }
        return;
      }
      await withCatalog(request.workspaceFolder, async (catalog) => {
        const details = await watchRun(catalog, id, messages, context);
        if (details === undefined) {
          return;
        }
        const json = runJson(details, await catalog.files(id));
        await writeMetadataFile(metadataFile, json);
        if (messages === context.stderr) {
          writeItem(context, command, json, () => '');
        }
      });
    });
}

async function submit(request: SubmitRequest, context: CliContext): Promise<SubmittedRun> {
  const { pythonSdkFolder, version, command } = context.installation;
  const progress = new ProgressLine(context.stderr);
  try {
    return await interruptible(context, (signal) =>
      submitRun(request, {
        pythonSdkFolder,
        cliCommand: command,
        signal,
        onProgress: progress.isTerminal
          ? ({ message, fraction }) => progress.show(message, fraction)
          : environmentProgress(context),
        createdBy: `runledger-cli/${version}`,
      }),
    );
  } finally {
    progress.clear();
  }
}

async function requestOf(
  script: string | undefined,
  args: readonly string[],
  options: Options,
  context: CliContext,
  command: Command,
): Promise<SubmitRequest> {
  const start = startFolder(context, options);
  const { folder: workspaceFolder } = await chosenWorkspace(context, options);
  const given =
    options.sourceDirectory === undefined ? undefined : resolve(context.currentFolder, options.sourceDirectory);
  const overrides = {
    target: options.target,
    condaFile:
      options.condaDependencies === undefined ? undefined : resolve(context.currentFolder, options.condaDependencies),
  };
  const configurationName = options.runConfigurationName;
  const overridden = (folder: string) =>
    overriddenRunConfiguration(folder, workspaceFolder, configurationName, overrides);
  let name = script;
  if (name === undefined) {
    const folder = given ?? start;
    name = (
      (await overridden(folder)) ?? (await loadRunConfigurationFrom(folder, [workspaceFolder], configurationName))
    ).script;
    if (name === undefined) {
      command.error('error: name the script to run');
    }
  }
  // As typed on the command line, else as Azure ML took it: from the source folder.
  const typed = resolve(context.currentFolder, name);
  const scriptPath = script === undefined || !existsSync(typed) ? resolve(given ?? start, name) : typed;
  const sourceDirectory = given ?? (isInside(start, scriptPath) ? start : dirname(scriptPath));
  return {
    workspaceFolder,
    experiment:
      options.experimentName ??
      (await attachedExperiment(sourceDirectory, workspaceFolder)) ??
      basename(sourceDirectory),
    scriptPath: existsSync(scriptPath) ? scriptPath : typed,
    sourceDirectory,
    arguments: args,
    runConfiguration: (await overridden(sourceDirectory)) ?? configurationName,
    interpreterCandidates: options.python === undefined ? [] : [interpreterPath(options.python, context)],
  };
}
