/** What every command that submits does with the run: says so, shows its log, and how it ended. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { SubmitOrchestrationOptions } from '../core/orchestration/submitOrchestration.ts';
import type { SubmittedRun } from '../core/submission/submission.ts';
import { type CliContext, withCatalog, writeLine } from './context.ts';
import { environmentProgress } from './environmentProgress.ts';
import { interruptible } from './interruptible.ts';
import { outputFormat, writeItem } from './output.ts';
import { assertMetadataFile, writeMetadataFile } from './outputMetadata.ts';
import { ProgressLine } from './progressLine.ts';
import { runJson } from './runJson.ts';
import { watchRun } from './watchRun.ts';

export interface SubmittedOptions {
  readonly async?: boolean;
  readonly outputMetadataFile?: string;
}

export function addSubmittedOptions(command: Command): Command {
  return command
    .option('--async', 'do not wait for the run to end')
    .option('-t, --output-metadata-file <file>', 'write the JSON of the run to a file too, for `model register -f`');
}

/** What the help of such a command says of its end. */
export const submittedHelp = `Ctrl+C while it shows the log stops watching and not the run: runledger run monitor-logs goes on. With -o json or -o tsv the log
goes to the standard error.
Exit codes: 0 the run completed (or, with --async, started); 1 it failed or was canceled; 2 wrong usage; 130 Ctrl+C.`;

/**
 * Submits, with progress and Ctrl+C, and shows the run until it ends.
 *
 * @param submit is given what every submission needs beside its request
 */
export async function submitAndShow(
  context: CliContext,
  command: Command,
  options: SubmittedOptions,
  workspaceFolder: string,
  submit: (options: SubmitOrchestrationOptions) => Promise<SubmittedRun>,
): Promise<void> {
  const metadataFile =
    options.outputMetadataFile === undefined ? undefined : resolve(context.currentFolder, options.outputMetadataFile);
  await assertMetadataFile(metadataFile);
  const messages = outputFormat(command) === 'table' ? context.stdout : context.stderr;
  const submitted = await submitWithProgress(context, submit);
  for (const warning of submitted.warnings) {
    writeLine(context.stderr, `Warning: ${warning}`);
  }
  writeLine(messages, `Run ${submitted.runId} (${submitted.experiment}, number ${submitted.number})`);
  const { runId: id, number, experiment, status, warnings } = submitted;
  const started = { id, number, experiment, status, warnings };
  await writeMetadataFile(metadataFile, started);
  if (options.async === true && (status === 'Starting' || status === 'Running')) {
    if (messages === context.stderr) {
      writeItem(context, command, started, () => '');
    }
    return;
  }
  await withCatalog(context, workspaceFolder, async (catalog) => {
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
}

async function submitWithProgress(
  context: CliContext,
  submit: (options: SubmitOrchestrationOptions) => Promise<SubmittedRun>,
): Promise<SubmittedRun> {
  const { pythonSdkFolder, version, command } = context.installation;
  const progress = new ProgressLine(context.stderr);
  try {
    return await interruptible(context, (signal) =>
      submit({
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
