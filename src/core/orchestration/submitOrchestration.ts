import { randomUUID } from 'node:crypto';
import { fileError } from '../base/errors.ts';
import { orchestrationTypes } from '../domain/run.ts';
import { takeSnapshot } from '../snapshots/snapshot.ts';
import { openJournal } from '../store/journalWriter.ts';
import { currentProcessIdentity } from '../store/processIdentity.ts';
import { createRun } from '../store/runCreation.ts';
import { statusErrorOf } from '../store/statusError.ts';
import { environmentFilePath } from '../submission/environmentFile.ts';
import type { SubmitOptions, SubmittedRun } from '../submission/submission.ts';
import { planSubmission } from '../submission/submissionPlan.ts';
import {
  jobsOf,
  type OrchestrationDefinition,
  parseDefinition,
  type Snapshots,
  type StoredSnapshot,
  writeOrchestration,
} from './definition.ts';
import { type Job, submitRequestOf } from './job.ts';
import { withoutHidden } from './separateSecrets.ts';
import { startOrchestrator } from './startOrchestrator.ts';

export interface OrchestrationRequest {
  /** The folder that holds `.runledger/`, absolute. */
  readonly workspaceFolder: string;
  /** Made on first use. */
  readonly experiment: string;
  /** Of `parseDefinition`, or what it takes. */
  readonly definition: unknown;
  readonly displayName?: string;
  readonly tags?: Readonly<Record<string, string | null>>;
  readonly properties?: Readonly<Record<string, string>>;
  /** A run of the same experiment. */
  readonly parentId?: string;
  readonly runId?: string;
  /** The code, where it was stored before: source folders are not looked at again. */
  readonly snapshots?: Snapshots;
  /** What the person should know of the request, as sentences. */
  readonly warnings?: readonly string[];
}

export interface SubmitOrchestrationOptions extends SubmitOptions {
  /** The command line that starts `runledger`: it carries the orchestration out. */
  readonly cliCommand: readonly [string, ...string[]];
}

/**
 * Submits a sweep or a pipeline as a run whose children are its trials or steps. A process of its own carries it out, which
 * outlives this one.
 *
 * What is wrong with the request, or with any of its jobs, rejects, and no run is made. What goes wrong later ends the run.
 *
 * @throws RunledgerError as `parseDefinition` and `planSubmission` do
 */
export async function submitOrchestration(
  request: OrchestrationRequest,
  options: SubmitOrchestrationOptions,
): Promise<SubmittedRun> {
  const { workspaceFolder, experiment } = request;
  // A definition that was read of a run that has ended.
  const { open: definition, names: hidden } = withoutHidden(parseDefinition(request.definition));
  await checkJobs(definition, { workspaceFolder, experiment, snapshots: request.snapshots ?? {} }, options);
  const isSweep = definition.kind === 'sweep';
  const run = await createRun({
    workspaceFolder,
    experiment,
    type: orchestrationTypes[definition.kind],
    displayName: request.displayName,
    tags: request.tags ?? {},
    properties: { ...propertiesOf(definition), ...request.properties },
    runId: request.runId ?? (isSweep ? `HD_${randomUUID()}` : randomUUID()),
    ...(request.parentId !== undefined && { parentId: request.parentId }),
    createdBy: options.createdBy ?? 'runledger',
    ...(isSweep && { submission: submissionRecord(definition.job) }),
  });
  const journal = await openJournal({ workspaceFolder, runId: run.runId, runFolder: run.folder, role: 'submit' });
  const warnings: string[] = [...(request.warnings ?? []), ...(hidden.length === 0 ? [] : [lostWarning(hidden)])];
  const submitted = { runId: run.runId, number: run.number, experiment: run.experiment, warnings };
  let isEnded = false;
  try {
    await journal.append({ k: 'process', role: 'submitter', ...(await currentProcessIdentity()) });
    await journal.append({ k: 'status', v: 'Preparing' });
    const snapshots =
      request.snapshots ??
      (await takeSnapshots(definition, workspaceFolder, {
        ...options,
        onWarning: (warning) => warnings.push(warning),
      }));
    if (isSweep) {
      const [snapshot] = Object.values(snapshots);
      await (snapshot && journal.append({ k: 'snapshot', ...snapshot }));
    }
    for (const message of warnings) {
      await journal.append({ k: 'warning', message });
    }
    await writeOrchestration(run.folder, { definition, snapshots, cliCommand: options.cliCommand });
    options.onProgress?.({ phase: 'starting', message: 'Starting' });
    await startOrchestrator({ workspaceFolder, runId: run.runId, runFolder: run.folder }, options.cliCommand);
    return { ...submitted, status: 'Running' };
  } catch (error) {
    const known = fileError(error, 'start the run', run.folder);
    isEnded = true;
    const isCanceled = known.reason === 'canceled';
    await journal.append(
      isCanceled ? { k: 'status', v: 'Canceled' } : { k: 'status', v: 'Failed', error: statusErrorOf(known) },
    );
    return { ...submitted, status: isCanceled ? 'Canceled' : 'Failed' };
  } finally {
    await journal.close({ isTerminal: isEnded });
  }
}

function lostWarning(names: readonly string[]): string {
  return `The values of these variables are not kept with what is submitted again, so they are not set: ${names.join(', ')}. Give them in a .env file.`;
}

/** Checks what can be known of every script before it runs. Rejects as `planSubmission` does. */
export async function checkJobs(
  definition: OrchestrationDefinition,
  place: { readonly workspaceFolder: string; readonly experiment: string; readonly snapshots: Snapshots },
  options: SubmitOptions,
): Promise<void> {
  const { workspaceFolder, experiment, snapshots } = place;
  options.onProgress?.({ phase: 'preparing', message: 'Checking the scripts and the interpreter' });
  for (const job of distinctJobs(definition)) {
    const snapshot = snapshots[job.sourceDirectory];
    const request = { ...submitRequestOf(job, placeholders), workspaceFolder, experiment };
    await planSubmission({ ...request, ...(snapshot !== undefined && { snapshot }) }, options);
  }
}

/** Stores the code of every source folder, once each. */
export async function takeSnapshots(
  definition: OrchestrationDefinition,
  workspaceFolder: string,
  options: SubmitOptions & { readonly onWarning: (warning: string) => void },
): Promise<Snapshots> {
  const snapshots: Record<string, StoredSnapshot> = {};
  for (const { sourceDirectory, runConfiguration } of jobsOf(definition)) {
    if (runConfiguration.takesSnapshot && snapshots[sourceDirectory] === undefined) {
      const { hash, files, bytes, warnings } = await takeSnapshot({
        workspaceFolder,
        sourceDirectory,
        leftOut: runConfiguration.envFile && environmentFilePath(runConfiguration.envFile, sourceDirectory),
        ...(options.signal && { signal: options.signal }),
        onProgress: (fraction) => options.onProgress?.({ phase: 'snapshot', message: 'Taking the snapshot', fraction }),
      });
      snapshots[sourceDirectory] = { hash, files, bytes };
      warnings.forEach(options.onWarning);
    }
  }
  return snapshots;
}

/** Steps often run the same script with other arguments: each way to run one is checked once. */
function distinctJobs(definition: OrchestrationDefinition): readonly Job[] {
  const jobs = new Map<string, Job>();
  for (const job of jobsOf(definition)) {
    const { sourceDirectory, script, command, runConfiguration, interpreterCandidates } = job;
    jobs.set(JSON.stringify([sourceDirectory, script, command, runConfiguration, interpreterCandidates]), job);
  }
  return [...jobs.values()];
}

/** For checks, to which it does not matter what a template stands for. */
const placeholders = { parameter: String, output: String, input: (_step: string, output: string) => output };

function propertiesOf(definition: OrchestrationDefinition): Readonly<Record<string, string>> {
  if (definition.kind === 'pipeline') {
    return { 'azureml.runsource': orchestrationTypes.pipeline };
  }
  const { name, goal } = definition.primaryMetric;
  return {
    primary_metric_config: JSON.stringify({ name, goal }),
    resume_from: JSON.stringify(definition.resumeFrom?.map(({ runId }) => runId) ?? null),
    runTemplate: 'HyperDrive',
    'azureml.runsource': orchestrationTypes.sweep,
    platform: 'AML',
  };
}

/** What a sweep's own record says of the script that its trials run. */
function submissionRecord(job: Job): object {
  const { arguments: args, environmentVariables: _none, ...request } = submitRequestOf(job, placeholders);
  return {
    script: job.script ?? null,
    command: request.command ?? null,
    arguments: args,
    sourceDirectory: job.sourceDirectory,
    inPlace: job.runConfiguration.isInPlace,
    target: job.runConfiguration.target,
    runConfiguration: job.runConfiguration.name,
    interpreter: null,
    environment: job.runConfiguration.environment ?? null,
    environmentVariables: {},
    maxRunDurationSeconds: job.runConfiguration.maxRunDurationSeconds ?? null,
  };
}
