/** A run from its creation until its supervisor has taken it over. */
import { RunledgerError } from '../base/errors.ts';
import { pathExists } from '../base/pathExists.ts';
import type { ComputeTarget, LaunchSpecification, PreparedTarget } from '../compute/computeTarget.ts';
import { makeFoldersOf, outputsOf } from '../run-configurations/dataReferences.ts';
import { takeSnapshot } from '../snapshots/snapshot.ts';
import { artifactFile } from '../store/artifacts.ts';
import { writeFileAtomically } from '../store/atomicFile.ts';
import { type JournalWriter, openJournal } from '../store/journalWriter.ts';
import { currentProcessIdentity } from '../store/processIdentity.ts';
import type { CreatedRun } from '../store/runCreation.ts';
import { statusErrorOf } from '../store/statusError.ts';
import { cancelFile, snapshotFile, uncommittedDiffFile } from '../store/storeLayout.ts';
import { watchCancellation } from './cancelWatch.ts';
import { readUncommittedDiff } from './gitInfo.ts';
import type { SubmitOptions, SubmitRequest, SubmittedRun } from './submission.ts';
import type { SubmissionPlan } from './submissionPlan.ts';

/** The artifact that tells how the environment was made. */
export const environmentLogArtifact = 'logs/azureml/environment_log.txt';

export class StartingRun {
  private readonly plan: SubmissionPlan;
  private readonly run: CreatedRun;
  private readonly journal: JournalWriter;
  private readonly options: SubmitOptions;
  private readonly request: SubmitRequest;
  private readonly warnings: string[] = [];

  private constructor(
    plan: SubmissionPlan,
    run: CreatedRun,
    journal: JournalWriter,
    request: SubmitRequest,
    options: SubmitOptions,
  ) {
    this.plan = plan;
    this.run = run;
    this.journal = journal;
    this.request = request;
    this.options = options;
  }

  static async open(
    plan: SubmissionPlan,
    run: CreatedRun,
    request: SubmitRequest,
    options: SubmitOptions,
  ): Promise<StartingRun> {
    const journal = await openJournal({
      workspaceFolder: plan.workspace.folder,
      runId: run.runId,
      runFolder: run.folder,
      role: 'submit',
    });
    return new StartingRun(plan, run, journal, request, options);
  }

  /** What its target is to start. Throws what is wrong, or `canceled`; then `end` records that. */
  async prepare(): Promise<LaunchSpecification> {
    await this.journal.append({ k: 'process', role: 'submitter', ...(await currentProcessIdentity()) });
    await this.journal.append({ k: 'status', v: 'Preparing' });
    await this.warn([...this.plan.configuration.warnings, ...this.plan.prepared.warnings]);
    await this.keepUncommittedDiff();
    const snapshot = this.plan.configuration.takesSnapshot ? await this.snapshot() : undefined;
    const prepared = await this.makeEnvironment();
    await this.assertNotCanceled();
    await makeFoldersOf(this.plan.configuration.dataReferences ?? [], this.plan.workspace.folder);
    return this.launchSpecification(snapshot, prepared);
  }

  /** Has its target start it. What takes long until then ends where the run is to be canceled. */
  async start(launch: LaunchSpecification): Promise<void> {
    const cancellation = await watchCancellation(this.run.folder, this.options.signal);
    try {
      await startOn(this.plan.target, launch, { ...this.options, signal: cancellation.signal });
    } finally {
      cancellation.dispose();
    }
  }

  /** To be called once its target has started it. */
  async leave(): Promise<SubmittedRun> {
    await this.journal.close();
    return this.submitted('Starting');
  }

  private async warn(messages: readonly string[]): Promise<void> {
    for (const message of messages) {
      this.warnings.push(message);
      await this.journal.append({ k: 'warning', message });
    }
  }

  /** Of code that was stored before, nobody knows what the repository was then. */
  private async keepUncommittedDiff(): Promise<void> {
    const diff =
      this.request.snapshot === undefined
        ? await readUncommittedDiff(this.plan.sourceDirectory, this.plan.environmentFile)
        : undefined;
    if (diff !== undefined) {
      await writeFileAtomically(uncommittedDiffFile(this.run.folder), diff);
    }
  }

  /** The zip to run from; undefined to run in place. */
  private async snapshot(): Promise<string | undefined> {
    if (this.request.snapshot !== undefined) {
      const { hash, files, bytes } = this.request.snapshot;
      await this.journal.append({ k: 'snapshot', hash, files, bytes });
      return this.plan.configuration.isInPlace ? undefined : snapshotFile(this.plan.workspace.folder, hash);
    }
    const { signal, onProgress } = this.options;
    const message = 'Taking the snapshot';
    onProgress?.({ phase: 'snapshot', message, fraction: 0 });
    const { hash, files, bytes, zipPath, warnings } = await takeSnapshot({
      workspaceFolder: this.plan.workspace.folder,
      sourceDirectory: this.plan.sourceDirectory,
      leftOut: this.plan.environmentFile,
      onProgress: (fraction) => onProgress?.({ phase: 'snapshot', message, fraction }),
      ...(signal && { signal }),
    });
    await this.journal.append({ k: 'snapshot', hash, files, bytes });
    await this.warn(warnings);
    return this.plan.configuration.isInPlace ? undefined : zipPath;
  }

  private async makeEnvironment(): Promise<PreparedTarget> {
    const { target, prepared } = this.plan;
    if (prepared.environment === undefined && prepared.pending === undefined) {
      return prepared;
    }
    const { pythonSdkFolder, onProgress } = this.options;
    const onStep = (message: string): void => onProgress?.({ phase: 'environment', message });
    onStep('Preparing the environment');
    const cancellation = await watchCancellation(this.run.folder, this.options.signal);
    try {
      return await target.makeEnvironment(prepared, {
        pythonSdkFolder,
        logPath: artifactFile(this.run.folder, environmentLogArtifact),
        logName: environmentLogArtifact,
        onStep,
        signal: cancellation.signal,
      });
    } finally {
      cancellation.dispose();
    }
  }

  /** Somebody may have canceled the run by its id, which leaves a file for the supervisor that is not there yet. */
  private async assertNotCanceled(): Promise<void> {
    const isAsked = await pathExists(cancelFile(this.run.folder));
    if (isAsked || this.options.signal?.aborted === true) {
      throw new RunledgerError('canceled', 'The submission was canceled.');
    }
  }

  private launchSpecification(snapshot: string | undefined, prepared: PreparedTarget): LaunchSpecification {
    const { plan, run, request } = this;
    return {
      workspaceFolder: plan.workspace.folder,
      runFolder: run.folder,
      runId: run.runId,
      experiment: run.experiment,
      workspaceName: plan.workspace.name,
      subscriptionId: plan.workspace.subscriptionId ?? null,
      resourceGroup: plan.workspace.resourceGroup ?? null,
      snapshot: snapshot ?? null,
      sourceDirectory: plan.sourceDirectory,
      script: plan.script ?? null,
      command: plan.command ?? null,
      arguments: plan.arguments,
      interpreter: prepared.interpreter,
      environmentVariables: {
        // An image does not have the command, nor Node to run it.
        ...(this.options.cliCommand &&
          prepared.container === undefined && { RUNLEDGER_CLI: JSON.stringify(this.options.cliCommand) }),
        ...plan.environmentVariables,
      },
      pythonPath: prepared.pythonPath,
      maxRunDurationSeconds: plan.configuration.maxRunDurationSeconds ?? null,
      queue: prepared.queue ?? null,
      distribution: plan.configuration.distribution ?? null,
      outputs: [
        ...outputsOf(plan.configuration.dataReferences ?? [], plan.workspace.folder),
        ...Object.values(request.step?.outputs ?? {}).map(({ path }) => path),
      ],
      ...(request.after && { after: request.after }),
      container: prepared.container ?? null,
    };
  }

  /** Records that it was not started. Throws again what is nobody's mistake. */
  async end(error: unknown): Promise<SubmittedRun> {
    const isCanceled = RunledgerError.is(error, 'canceled');
    let isRecorded = false;
    try {
      await this.journal.append(
        isCanceled ? { k: 'status', v: 'Canceled' } : { k: 'status', v: 'Failed', error: statusErrorOf(error) },
      );
      isRecorded = true;
    } finally {
      // Where even this cannot be written (a full disk), the run stays among those that are watched: whoever looks finds
      // this process gone.
      await this.journal.close({ isTerminal: isRecorded });
    }
    if (!(error instanceof RunledgerError)) {
      throw error;
    }
    return this.submitted(isCanceled ? 'Canceled' : 'Failed');
  }

  private submitted(status: SubmittedRun['status']): SubmittedRun {
    const { runId, number, experiment } = this.run;
    return { runId, number, experiment, status, warnings: this.warnings };
  }
}

/** Has a target start what is launched, with what takes long told as progress. Throws as `ComputeTarget.start` does. */
export async function startOn(
  target: ComputeTarget,
  launch: LaunchSpecification,
  options: SubmitOptions,
): Promise<void> {
  const { onProgress, ...rest } = options;
  onProgress?.({ phase: 'starting', message: `Starting on ${target.name}` });
  await target.start(launch, {
    ...rest,
    onStep: (message, fraction) => onProgress?.({ phase: 'starting', message, fraction }),
  });
}
