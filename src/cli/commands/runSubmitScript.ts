import { existsSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { RunledgerError } from '../../core/base/errors.ts';
import type { RunCatalog } from '../../core/catalog/runCatalog.ts';
import { loadRunConfigurationFrom } from '../../core/run-configurations/runConfigurations.ts';
import { isInside } from '../../core/snapshots/sourceFiles.ts';
import { findRunFolder } from '../../core/store/storeLayout.ts';
import type { SubmitRequest, SubmittedRun } from '../../core/submission/submission.ts';
import { submitRun } from '../../core/submission/submitRun.ts';
import { type CliContext, outputFormat, requireWorkspace, withCatalog, writeJson, writeLine } from '../context.ts';
import { environmentProgress } from '../environmentProgress.ts';
import { interpreterPath } from '../interpreterPath.ts';
import { durationOf, jsonHelp, runJson } from '../runJson.ts';
import { failureText } from '../runText.ts';
import { streamLog, waitForEnd } from '../runWatch.ts';
import { durationText } from '../text.ts';

interface Options {
  readonly runConfigurationName: string;
  readonly experimentName?: string;
  readonly path: string;
  readonly sourceDirectory?: string;
  readonly async?: boolean;
  readonly python?: string;
}

/** What a process that ended because of Ctrl+C ends with. */
const interruptedExitCode = 130;

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
    .option('-e, --experiment-name <name>', "the experiment (default: the source folder's name)")
    .option('--path <folder>', 'where the workspace is looked for, there and above', '.')
    .option('--source-directory <folder>', 'the folder that is run (default: that of --path if it holds the script)')
    .option('--async', 'do not wait for the run to end')
    .option('--python <path>', 'the interpreter, if the run configuration names none')
    .passThroughOptions()
    .addHelpText(
      'after',
      `
Ctrl+C while it shows the log stops watching and not the run. With -o json the log goes to the standard error.
Exit codes: 0 the run completed (or, with --async, started); 1 it failed or was canceled; 2 wrong usage; 130 Ctrl+C.

${jsonHelp.run}
With --async: {id, number, experiment, status, warnings}.

Example:
  runledger run submit-script -c local -e digits train.py --learning-rate 0.1`,
    )
    .action(async (script: string | undefined, args: string[], options: Options, command: Command) => {
      const isJson = outputFormat(command) === 'json';
      const request = await requestOf(script, args, options, context, command);
      const submitted = await submit(request, context);
      for (const warning of submitted.warnings) {
        writeLine(context.stderr, `Warning: ${warning}`);
      }
      const what = `Run ${submitted.runId} (${submitted.experiment}, number ${submitted.number})`;
      writeLine(isJson ? context.stderr : context.stdout, what);
      const hasStarted = submitted.status === 'Starting';
      if (options.async === true && hasStarted) {
        if (isJson) {
          const { runId: id, number, experiment, status, warnings } = submitted;
          writeJson(context.stdout, { id, number, experiment, status, warnings });
        }
        return;
      }
      await withCatalog(request.workspaceFolder, (catalog) => watchToEnd(catalog, submitted.runId, isJson, context));
    });
}

async function submit(request: SubmitRequest, context: CliContext): Promise<SubmittedRun> {
  const { pythonSdkFolder, version, command } = context.installation;
  const interrupt = new AbortController();
  const stopListening = context.onInterrupt(() => interrupt.abort());
  try {
    return await submitRun(request, {
      pythonSdkFolder,
      cliCommand: command,
      signal: interrupt.signal,
      onProgress: environmentProgress(context),
      createdBy: `runledger-cli/${version}`,
    });
  } finally {
    stopListening();
  }
}

async function requestOf(
  script: string | undefined,
  args: readonly string[],
  options: Options,
  context: CliContext,
  command: Command,
): Promise<SubmitRequest> {
  const start = resolve(context.currentFolder, options.path);
  const { folder: workspaceFolder } = await requireWorkspace(start);
  const given =
    options.sourceDirectory === undefined ? undefined : resolve(context.currentFolder, options.sourceDirectory);
  const runConfiguration = options.runConfigurationName;
  let name = script;
  if (name === undefined) {
    name = (await loadRunConfigurationFrom(given ?? start, [workspaceFolder], runConfiguration)).script;
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
    experiment: options.experimentName ?? basename(sourceDirectory),
    scriptPath: existsSync(scriptPath) ? scriptPath : typed,
    sourceDirectory,
    arguments: args,
    runConfiguration,
    interpreterCandidates: options.python === undefined ? [] : [interpreterPath(options.python, context)],
  };
}

async function watchToEnd(catalog: RunCatalog, runId: string, isJson: boolean, context: CliContext): Promise<void> {
  const folder = await findRunFolder(catalog.workspace.folder, runId);
  if (folder === undefined) {
    throw new RunledgerError('not-found', `The run ${runId} was deleted while it was being watched.`);
  }
  const messages = isJson ? context.stderr : context.stdout;
  const interrupt = new AbortController();
  const stopListening = context.onInterrupt(() => interrupt.abort());
  try {
    const end = await streamLog(folder, messages, waitForEnd(catalog, { id: runId, folder }, interrupt.signal));
    if (end === undefined && interrupt.signal.aborted) {
      writeLine(
        context.stderr,
        `\nStopped watching. The run goes on; cancel it with: runledger run cancel -r ${runId}`,
      );
      context.setExitCode(interruptedExitCode);
      return;
    }
  } finally {
    stopListening();
  }
  const details = await catalog.details(runId);
  const { summary } = details;
  const duration = durationOf(summary);
  writeLine(messages, `${summary.status}${duration === undefined ? '' : ` after ${durationText(duration)}`}.`);
  if (summary.failure !== undefined) {
    writeLine(context.stderr, failureText(summary.failure));
  }
  if (isJson) {
    writeJson(context.stdout, runJson(details, await catalog.files(runId)));
  }
  if (summary.status !== 'Completed') {
    context.setExitCode(1);
  }
}
