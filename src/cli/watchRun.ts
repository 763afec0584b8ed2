/** Showing what a run prints until it ends, and how it ended. */
import { RunledgerError } from '../core/base/errors.ts';
import type { RunCatalog } from '../core/catalog/runCatalog.ts';
import type { RunDetails } from '../core/domain/run.ts';
import { mainLogArtifact } from '../core/logs/mainLog.ts';
import { findRunFolder } from '../core/store/storeLayout.ts';
import { type CliContext, writeLine } from './context.ts';
import { interruptible } from './interruptible.ts';
import { durationOf } from './runJson.ts';
import { failureText } from './runText.ts';
import { streamLog, waitForEnd } from './runWatch.ts';
import { durationText } from './text.ts';

/** What a process that ended because of Ctrl+C ends with. */
const interruptedExitCode = 130;

/**
 * Streams the log of a run from its beginning, waits for the run, and says how it ended. The exit code becomes 1 for a run that did
 * not complete, and 130 where Ctrl+C stopped the watching.
 *
 * @param messages where the log and the outcome go
 * @returns the run as it ended; undefined where Ctrl+C came first
 * @throws RunledgerError `not-found` and others, where the run cannot be read
 */
export async function watchRun(
  catalog: RunCatalog,
  runId: string,
  messages: NodeJS.WritableStream,
  context: CliContext,
): Promise<RunDetails | undefined> {
  const folder = await findRunFolder(catalog.workspace.folder, runId);
  if (folder === undefined) {
    throw new RunledgerError('not-found', `There is no run ${runId} in ${catalog.workspace.folder}.`, {
      advice: 'Check the id; `runledger run list` shows the runs.',
    });
  }
  const entry = await catalog.run(runId);
  const log = mainLogArtifact(entry?.kind === 'run' ? entry.type : undefined);
  const isInterrupted = await interruptible(context, async (signal) => {
    const end = await streamLog(folder, messages, waitForEnd(catalog, { id: runId, folder }, signal), log);
    return end === undefined && signal.aborted;
  });
  if (isInterrupted) {
    writeLine(context.stderr, `\nStopped watching. The run goes on; cancel it with: runledger run cancel -r ${runId}`);
    context.setExitCode(interruptedExitCode);
    return undefined;
  }
  const details = await catalog.details(runId);
  const { summary } = details;
  const duration = durationOf(summary);
  writeLine(messages, `${summary.status}${duration === undefined ? '' : ` after ${durationText(duration)}`}.`);
  if (summary.failure !== undefined) {
    writeLine(context.stderr, failureText(summary.failure));
  }
  if (summary.status !== 'Completed') {
    context.setExitCode(1);
  }
  return details;
}
