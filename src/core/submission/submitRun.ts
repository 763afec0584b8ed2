/** Submitting scripts as runs: one, or many that a queue is to start as one. */
import { RunledgerError } from '../base/errors.ts';
import type { LaunchSpecification } from '../compute/computeTarget.ts';
import { joinLaunches, type LaunchArray } from '../compute/launchArray.ts';
import { type CreatedRun, createRun } from '../store/runCreation.ts';
import { type GitInfo, gitProperties, readGitInfo } from './gitInfo.ts';
import { StartingRun, startOn } from './startingRun.ts';
import type { SubmitOptions, SubmitRequest, SubmittedRun } from './submission.ts';
import { planAlike, planSubmission, type SubmissionPlan } from './submissionPlan.ts';
import { submissionRecord } from './submissionRecord.ts';

/**
 * Submits a script as a run.
 *
 * What is wrong with the request rejects, and no run is made. What goes wrong later ends the run, which says why: the
 * promise then resolves with the status `Failed`, or `Canceled` where the signal asked for that.
 *
 * @throws RunledgerError as `planSubmission` does; `not-writable`, `disk-full` where the store cannot be written
 */
export async function submitRun(request: SubmitRequest, options: SubmitOptions): Promise<SubmittedRun> {
  const { plan, git } = await planned(request, options);
  const run = await StartingRun.open(plan, await createRunOf(plan, request, git, options), request, options);
  try {
    await run.start(await run.prepare());
  } catch (error) {
    return run.end(error);
  }
  return run.leave();
}

/** A run to submit with others. */
export interface ArrayRequest extends SubmitRequest {
  /** `<name of the array>_<place>` */
  readonly runId: string;
  /** Where it was made before, by a submission that was cut off. */
  readonly made?: CreatedRun;
}

/**
 * Submits runs that the queue of their target starts as one. They have everything in common but their ids, their arguments or commands,
 * their variables and what they are of a sweep.
 *
 * What is wrong with the first rejects, and no run is made. What goes wrong later ends the runs, which say why.
 *
 * @throws as `submitRun`
 */
export async function submitArray(
  requests: readonly [ArrayRequest, ...ArrayRequest[]],
  array: Pick<LaunchArray, 'name' | 'limit'>,
  options: SubmitOptions,
): Promise<readonly SubmittedRun[]> {
  const [first] = requests;
  const { plan: firstPlan, git } = await planned(first, options);
  const results: SubmittedRun[] = [];
  const ready: { readonly run: StartingRun; readonly launch: LaunchSpecification }[] = [];
  for (const request of requests) {
    if (options.signal?.aborted === true) {
      break;
    }
    const plan = request === first ? firstPlan : planAlike(firstPlan, request);
    const made = request.made ?? (await createRunOf(plan, request, git, options));
    const run = await StartingRun.open(plan, made, request, options);
    try {
      ready.push({ run, launch: await run.prepare() });
    } catch (error) {
      results.push(await run.end(error));
    }
  }
  let failure: { readonly reason: unknown } | undefined;
  if (ready.length > 0) {
    try {
      const launch = joinLaunches(
        ready.map(({ launch }) => launch),
        array,
      );
      await startOn(firstPlan.target, launch, options);
    } catch (reason) {
      failure = { reason };
    }
  }
  for (const { run } of ready) {
    results.push(await (failure === undefined ? run.leave() : run.end(failure.reason)));
  }
  return results;
}

async function planned(
  request: SubmitRequest,
  options: SubmitOptions,
): Promise<{ readonly plan: SubmissionPlan; readonly git: GitInfo | undefined }> {
  options.onProgress?.({ phase: 'preparing', message: 'Checking the script and the interpreter' });
  const plan = await planSubmission(request, options);
  const git = await readGitInfo(plan.sourceDirectory);
  if (options.signal?.aborted === true) {
    throw new RunledgerError('canceled', 'The submission was canceled. No run was made.');
  }
  return { plan, git };
}

function createRunOf(
  plan: SubmissionPlan,
  request: SubmitRequest,
  git: GitInfo | undefined,
  options: SubmitOptions,
): Promise<CreatedRun> {
  return createRun({
    workspaceFolder: plan.workspace.folder,
    experiment: plan.experiment,
    type: request.type ?? 'azureml.scriptrun',
    displayName: request.displayName,
    tags: request.tags ?? {},
    properties: { ...gitProperties(git), ...request.properties },
    ...(request.runId !== undefined && { runId: request.runId }),
    ...(request.parentId !== undefined && { parentId: request.parentId }),
    ...(request.trial !== undefined && { trial: request.trial }),
    ...(request.step !== undefined && { step: request.step }),
    createdBy: options.createdBy ?? 'runledger',
    submission: submissionRecord(plan),
  });
}
