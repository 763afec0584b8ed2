/** A run whose script a debugger starts: tracked like a submitted one, in the source folder, by whoever started the debugger. */
import { appendFile, mkdir } from 'node:fs/promises';
import { delimiter, dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { RunledgerError } from '../base/errors.ts';
import { isTerminal } from '../domain/runStatus.ts';
import { scriptLogArtifact } from '../logs/mainLog.ts';
import { takeSnapshot } from '../snapshots/snapshot.ts';
import { artifactFile } from '../store/artifacts.ts';
import type { StatusError } from '../store/journalRecords.ts';
import { type JournalWriter, openJournal } from '../store/journalWriter.ts';
import { currentProcessIdentity, processIdentityOf } from '../store/processIdentity.ts';
import { type CreatedRun, createRun } from '../store/runCreation.ts';
import { statusErrorOf } from '../store/statusError.ts';
import { gitProperties, readGitInfo } from './gitInfo.ts';
import { readRunState } from './runState.ts';
import type { SubmitRequest } from './submission.ts';
import { planSubmission, type SubmissionPlan } from './submissionPlan.ts';
import { submissionRecord } from './submissionRecord.ts';

export interface DebugRequest
  extends Pick<
    SubmitRequest,
    'workspaceFolder' | 'experiment' | 'sourceDirectory' | 'arguments' | 'interpreterCandidates'
  > {
  readonly scriptPath: string;
}

export interface DebugOptions {
  readonly pythonSdkFolder: string;
  readonly cliCommand: readonly string[];
  readonly createdBy: string;
  /** How far the snapshot is, from 0 to 1. */
  readonly onSnapshot?: (fraction: number) => void;
  /** Once the promise has resolved it comes too late: then use `cancelRun`. */
  readonly signal?: AbortSignal;
}

/** How a debugged script ended. */
export type DebugEnding =
  | { readonly kind: 'exited'; readonly exitCode: number }
  /** The person ended it. */
  | { readonly kind: 'stopped' }
  /** The debugger ended and did not say how the script did. */
  | { readonly kind: 'lost' };

/** Of what the script wrote last: enough for a traceback. */
const keptTextLength = 20_000;

/**
 * Makes the run and its snapshot. The caller starts the script with {@link DebuggedRun.environment}, and ends the run.
 *
 * @throws RunledgerError as `planSubmission`; what is wrong with the request makes no run. As `takeSnapshot`; the run is Failed then, or
 * Canceled where the signal asked for that
 */
export async function startDebuggedRun(request: DebugRequest, options: DebugOptions): Promise<DebuggedRun> {
  const plan = await planSubmission({ ...request, runConfiguration: 'local (in place)' }, options);
  const run = await createRun({
    workspaceFolder: plan.workspace.folder,
    experiment: plan.experiment,
    type: 'azureml.scriptrun',
    tags: { debugged: null },
    properties: gitProperties(await readGitInfo(plan.sourceDirectory)),
    createdBy: options.createdBy,
    submission: submissionRecord(plan),
  });
  const journal = await openJournal({
    workspaceFolder: plan.workspace.folder,
    runId: run.runId,
    runFolder: run.folder,
    role: 'debug',
  });
  const debugged = new DebuggedRun(plan, run, journal, options);
  try {
    await debugged.begin();
  } catch (error) {
    await debugged.fail(error);
    throw error;
  }
  return debugged;
}

export class DebuggedRun {
  readonly runId: string;
  readonly number: number;
  readonly experiment: string;
  readonly workspaceFolder: string;
  readonly interpreter: string;
  private readonly plan: SubmissionPlan;
  private readonly run: CreatedRun;
  private readonly journal: JournalWriter;
  private readonly options: DebugOptions;
  private lastText = '';
  /** What is written is written in order. */
  private writing: Promise<void> = Promise.resolve();

  constructor(plan: SubmissionPlan, run: CreatedRun, journal: JournalWriter, options: DebugOptions) {
    this.plan = plan;
    this.run = run;
    this.journal = journal;
    this.options = options;
    this.runId = run.runId;
    this.number = run.number;
    this.experiment = run.experiment;
    this.workspaceFolder = plan.workspace.folder;
    this.interpreter = plan.prepared.interpreter;
  }

  async begin(): Promise<void> {
    // While this process lives, the run may begin; when it is gone, readers see that the run is.
    await this.journal.append({ k: 'process', role: 'submitter', ...(await currentProcessIdentity()) });
    await this.journal.append({ k: 'status', v: 'Preparing' });
    const { workspace, sourceDirectory } = this.plan;
    const { onSnapshot, signal } = this.options;
    onSnapshot?.(0);
    const { hash, files, bytes } = await takeSnapshot({
      workspaceFolder: workspace.folder,
      sourceDirectory,
      ...(onSnapshot && { onProgress: onSnapshot }),
      ...(signal && { signal }),
    });
    await this.journal.append({ k: 'snapshot', hash, files, bytes });
    await mkdir(dirname(this.logFile), { recursive: true });
  }

  /** Records why the script was never started. */
  async fail(error: unknown): Promise<void> {
    try {
      await this.journal.append(
        RunledgerError.is(error, 'canceled')
          ? { k: 'status', v: 'Canceled' }
          : { k: 'status', v: 'Failed', error: statusErrorOf(error) },
      );
    } finally {
      await this.journal.close({ isTerminal: true });
    }
  }

  /** Variables by which the script finds the run, beside those that it has anyway. */
  environment(inherited: Readonly<Record<string, string | undefined>>): Record<string, string> {
    const { workspace, experiment, prepared, environmentVariables } = this.plan;
    const paths = [...prepared.pythonPath, ...(inherited.PYTHONPATH?.split(delimiter) ?? [])];
    return {
      // What the script logs with MLflow belongs to the run.
      MLFLOW_TRACKING_URI: pathToFileURL(workspace.folder).href.replace(/^file:/, 'runledger:'),
      ...environmentVariables,
      PYTHONPATH: [...new Set(paths)].filter((path) => path !== '').join(delimiter),
      RUNLEDGER_CLI: JSON.stringify(this.options.cliCommand),
      RUNLEDGER_WORKSPACE: workspace.folder,
      RUNLEDGER_EXPERIMENT: experiment,
      RUNLEDGER_RUN_ID: this.runId,
      AZUREML_RUN_ID: this.runId,
      AZUREML_ARM_WORKSPACE_NAME: workspace.name,
      AZUREML_ARM_PROJECT_NAME: experiment,
    };
  }

  /** The script's process is there: who cancels the run ends it. */
  started(pid: number | undefined): void {
    this.enqueue(async () => {
      // Whoever records the end outlives the script: between the two, the run has not failed.
      await this.journal.append({ k: 'process', role: 'interactive', ...(await currentProcessIdentity()) });
      if (pid !== undefined) {
        await this.journal.append({ k: 'process', role: 'script', ...(await processIdentityOf(pid)) });
      }
      await this.journal.append({ k: 'status', v: 'Running' });
    });
  }

  /** What the script printed, into the run's log. */
  printed(text: string): void {
    this.lastText = (this.lastText + text).slice(-keptTextLength);
    this.enqueue(() => appendFile(this.logFile, text));
  }

  /** Records the end, unless somebody canceled the run meanwhile. */
  async end(ending: DebugEnding): Promise<void> {
    this.enqueue(async () => {
      const { status } = await readRunState(this.run.folder);
      if (!isTerminal(status.status)) {
        await this.record(ending);
      }
      await this.journal.close({ isTerminal: true });
    });
    await this.writing;
  }

  private async record(ending: DebugEnding): Promise<void> {
    switch (ending.kind) {
      case 'stopped':
        await this.journal.append({ k: 'status', v: 'Canceled' });
        return;
      case 'lost':
        await this.journal.append({
          k: 'status',
          v: 'Failed',
          error: { message: 'The debugger ended without telling how the script did.' },
        });
        return;
      case 'exited':
        await this.journal.append(
          ending.exitCode === 0
            ? { k: 'status', v: 'Completed', exitCode: 0 }
            : { k: 'status', v: 'Failed', exitCode: ending.exitCode, error: failureOf(this.lastText, ending.exitCode) },
        );
    }
  }

  private get logFile(): string {
    return artifactFile(this.run.folder, scriptLogArtifact);
  }

  private enqueue(work: () => Promise<void>): void {
    // What cannot be written of one thing must not keep the end from being recorded.
    this.writing = this.writing.then(work, work);
    this.writing.catch(() => {});
  }
}

/** What the script wrote last may say why it ended. */
function failureOf(text: string, exitCode: number): StatusError {
  const message = `The script ended with exit code ${exitCode}.`;
  const start = text.lastIndexOf('Traceback (most recent call last):');
  if (start === -1) {
    return { message };
  }
  const traceback = text.slice(start).trimEnd();
  const last = traceback.split('\n').findLast((line) => /^[A-Za-z_][\w.]*(?::|$)/.test(line));
  const type = last === undefined ? undefined : /^[\w.]+/.exec(last)?.[0];
  return { message: last ?? message, traceback, ...(type !== undefined && { type }) };
}
