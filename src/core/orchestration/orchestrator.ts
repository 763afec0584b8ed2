/** The process that carries out a sweep or a pipeline. It can be killed at any time: the next one goes on from the store. */

import { fileError, RunledgerError } from '../base/errors.ts';
import { watchFolder } from '../base/folderWatcher.ts';
import { pathExists } from '../base/pathExists.ts';
import { pipelineLogArtifact, sweepLogArtifact } from '../logs/mainLog.ts';
import { type JournalWriter, openJournal } from '../store/journalWriter.ts';
import { currentProcessIdentity } from '../store/processIdentity.ts';
import { RunReader } from '../store/runReader.ts';
import { statusErrorOf } from '../store/statusError.ts';
import { cancelFile, findExperimentOfRun, runFolder } from '../store/storeLayout.ts';
import type { SubmitOptions } from '../submission/submission.ts';
import { type OrchestrationDefinition, readOrchestration } from './definition.ts';
import { type Ending, Orchestration } from './orchestration.ts';
import { claimOrchestration } from './orchestratorClaim.ts';
import { runPipeline } from './pipeline/runPipeline.ts';
import { forgetSecrets } from './separateSecrets.ts';
import { runSweep } from './sweep/runSweep.ts';

/** Where the platform tells of no file events (network file systems), the wish to cancel is noticed this often. */
const cancelCheckMs = 1000;

export interface OrchestratorOptions extends SubmitOptions {
  readonly workspaceFolder: string;
  readonly runId: string;
  /** Called when this process has taken the run over. */
  readonly onStart: () => void;
}

/**
 * Carries out the orchestration of a run to its end, which it records.
 *
 * @throws RunledgerError `invalid-state` where another process carries it out, or it has ended; `not-found`
 */
export async function runOrchestrator(options: OrchestratorOptions): Promise<void> {
  const { workspaceFolder, runId } = options;
  const key = await findExperimentOfRun(workspaceFolder, runId);
  if (key === undefined) {
    throw new RunledgerError('not-found', `There is no run ${runId} in ${workspaceFolder}.`);
  }
  const folder = runFolder(workspaceFolder, key, runId);
  const reader = await RunReader.open({ folder, experimentKey: key, withMetrics: false });
  if (!(await claimOrchestration(folder))) {
    throw new RunledgerError('invalid-state', `Another process carries out the run ${runId}.`);
  }
  await reader.refresh();
  const summary = await reader.summary();
  if (!reader.isOpen) {
    throw new RunledgerError('invalid-state', `The run ${runId} has ended (${summary.status}).`);
  }
  const journal = await openJournal({ workspaceFolder, runId, runFolder: folder, role: 'orchestrator' });
  let isRecorded = false;
  try {
    await journal.append({ k: 'process', role: 'orchestrator', ...(await currentProcessIdentity()) });
    const ending = await carryOut(options, { key, folder, journal, ...summary });
    // Nothing is submitted any more; who sees the end finds no secret.
    await forgetSecrets(runId).catch(() => {});
    await recordEnd(journal, ending);
    isRecorded = true;
  } finally {
    await journal.close({ isTerminal: isRecorded });
  }
}

interface OrchestratedRun {
  readonly key: string;
  readonly folder: string;
  readonly journal: JournalWriter;
  readonly experiment: string;
  readonly createdTime: number;
  readonly startTime: number | undefined;
}

async function carryOut(options: OrchestratorOptions, run: OrchestratedRun): Promise<Ending> {
  const canceling = new AbortController();
  const stopWatching = watchForCancel(run.folder, canceling);
  let orchestration: Orchestration | undefined;
  try {
    const { definition, snapshots, cliCommand } = await readOrchestration(run.folder);
    orchestration = new Orchestration({
      workspaceFolder: options.workspaceFolder,
      runId: options.runId,
      experiment: run.experiment,
      experimentKey: run.key,
      runFolder: run.folder,
      createdTime: run.createdTime,
      journal: run.journal,
      // A child that is being prepared, which can take minutes, is canceled with the rest.
      submitOptions: { ...options, cliCommand, signal: canceling.signal },
      snapshots,
      logArtifact: definition.kind === 'sweep' ? sweepLogArtifact : pipelineLogArtifact,
      signal: canceling.signal,
    });
    if (!canceling.signal.aborted) {
      await run.journal.append({ k: 'status', v: 'Running' });
    }
    options.onStart();
    return await runDefinition(definition, orchestration);
  } catch (error) {
    if (canceling.signal.aborted) {
      await orchestration?.cancelAll('What started this run was canceled.');
      return { status: 'Canceled' };
    }
    // Children go on without it, and nobody would end them.
    await orchestration?.cancelAll('What started this run has failed.');
    return { status: 'Failed', error: statusErrorOf(fileError(error, 'carry out the run', run.folder)) };
  } finally {
    orchestration?.dispose();
    stopWatching();
  }
}

function runDefinition(definition: OrchestrationDefinition, orchestration: Orchestration): Promise<Ending> {
  return definition.kind === 'sweep' ? runSweep(definition, orchestration) : runPipeline(definition, orchestration);
}

/** Aborts when somebody asks the run to end, or deletes it. Returns what stops the watching. */
function watchForCancel(folder: string, canceling: AbortController): () => void {
  const check = (): void => {
    Promise.all([pathExists(cancelFile(folder)), pathExists(folder)]).then(
      ([isAsked, isThere]) => {
        if (isAsked || !isThere) {
          canceling.abort();
        }
      },
      // A file system that is away for a moment says nothing about the wish to cancel.
      () => {},
    );
  };
  const watcher = watchFolder(folder, check);
  const timer = setInterval(check, cancelCheckMs);
  check();
  return () => {
    watcher.dispose();
    clearInterval(timer);
  };
}

async function recordEnd(journal: JournalWriter, ending: Ending): Promise<void> {
  await journal.append(
    ending.status === 'Failed' ? { k: 'status', v: 'Failed', error: ending.error } : { k: 'status', v: ending.status },
  );
}
