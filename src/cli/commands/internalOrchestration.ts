/** Sweeps and pipelines for the Python SDK, and the process that carries them out. */
import { RunledgerError } from '../../core/base/errors.ts';
import {
  type OrchestrationDefinition,
  readOrchestration,
  type Snapshots,
} from '../../core/orchestration/definition.ts';
import { runOrchestrator } from '../../core/orchestration/orchestrator.ts';
import { publishPipeline, submitPublishedPipeline } from '../../core/orchestration/pipeline/publishedPipelines.ts';
import { readPipelineFile } from '../../core/orchestration/pipeline/readPipelineFile.ts';
import {
  type OrchestrationRequest,
  type SubmitOrchestrationOptions,
  submitOrchestration,
} from '../../core/orchestration/submitOrchestration.ts';
import { isJsonObject, type JsonObject } from '../../core/store/jsonFile.ts';
import { findRunFolder } from '../../core/store/storeLayout.ts';
import { openWorkspace } from '../../core/store/workspaces.ts';
import { resumeRuns } from '../../core/submission/resumeRuns.ts';
import type { CliContext } from '../context.ts';
import {
  answerOf,
  attend,
  configurationOf,
  type DefinedTargets,
  definedTargets,
  withoutUndefined,
} from '../internalRequests.ts';
import { JsonFields } from '../jsonFields.ts';

/** Carries out an orchestration; the first line says whether this process has taken it over. */
export function orchestrate(context: CliContext): Promise<void> {
  const { pythonSdkFolder, version } = context.installation;
  const createdBy = `runledger-orchestrator/${version}`;
  return attend(context, (run) => runOrchestrator({ ...run, pythonSdkFolder, createdBy }));
}

async function submitDefinition(input: JsonObject, context: CliContext, definition: JsonObject): Promise<object> {
  const request = await requestOf(new JsonFields(input));
  return answerOf(await submitOrchestration({ ...request, definition }, optionsOf(context)));
}

function optionsOf({ installation }: CliContext): SubmitOrchestrationOptions {
  const { pythonSdkFolder, version, command } = installation;
  return { pythonSdkFolder, cliCommand: command, createdBy: `runledger-python/${version}` };
}

/** What every request has beside its definition. */
async function requestOf(fields: JsonFields): Promise<Omit<OrchestrationRequest, 'definition'>> {
  return {
    workspaceFolder: (await openWorkspace(fields.text('workspaceFolder'))).folder,
    experiment: fields.text('experiment'),
    ...withoutUndefined({
      displayName: fields.optionalText('displayName'),
      parentId: fields.optionalText('parentId'),
      runId: fields.optionalText('runId'),
      tags: fields.optionalTextMap('tags'),
      properties: fields.optionalTextMap('properties'),
    }),
  };
}

export async function submitSweep(input: JsonObject, context: CliContext): Promise<object> {
  const { job, sampling, primaryMetric, maxTotalRuns, maxConcurrentRuns, maxDurationMinutes, policy, resumeFrom } =
    input;
  const limits = { maxTotalRuns, maxConcurrentRuns, maxDurationMinutes };
  const targets = await targetsOf(new JsonFields(input));
  const definition = { sampling, primaryMetric, ...limits, policy, resumeFrom };
  return submitDefinition(input, context, { ...withoutNulls(definition), kind: 'sweep', job: jobOf(job, targets) });
}

export async function submitPipeline(input: JsonObject, context: CliContext): Promise<object> {
  const fields = new JsonFields(input);
  const id = fields.optionalText('publishedId');
  return id === undefined
    ? submitDefinition(input, context, pipelineOf(input, await targetsOf(fields)))
    : submitPublished(id, input, fields, context);
}

async function submitPublished(
  id: string,
  input: JsonObject,
  fields: JsonFields,
  context: CliContext,
): Promise<object> {
  const { continueOnStepFailure, regenerateOutputs } = input;
  const run = await submitPublishedPipeline(
    {
      id,
      parameters: fields.object('parameters') as Readonly<Record<string, string | number | boolean>>,
      ...(typeof continueOnStepFailure === 'boolean' && { continueOnStepFailure }),
      ...(typeof regenerateOutputs === 'boolean' && { regenerateOutputs }),
      ...(await requestOf(fields)),
    },
    optionsOf(context),
  );
  return answerOf(run);
}

/** Keeps a pipeline, or that of a run, and answers with its id. */
export async function publish(input: JsonObject, context: CliContext): Promise<object> {
  const fields = new JsonFields(input);
  const warnings: string[] = [];
  const workspaceFolder = (await openWorkspace(fields.text('workspaceFolder'))).folder;
  const runId = fields.optionalText('ofRun');
  const id = await publishPipeline(
    {
      workspaceFolder,
      name: fields.text('name'),
      ...(runId === undefined
        ? { definition: pipelineOf(input, await definedTargets(workspaceFolder)) }
        : await pipelineOfRun(workspaceFolder, runId)),
      ...withoutUndefined({
        description: fields.optionalText('description'),
        version: fields.optionalText('version'),
        properties: fields.optionalTextMap('properties'),
      }),
    },
    { ...optionsOf(context), onWarning: (warning) => warnings.push(warning) },
  );
  return { id, warnings };
}

async function pipelineOfRun(
  workspaceFolder: string,
  runId: string,
): Promise<{ readonly definition: OrchestrationDefinition; readonly snapshots: Snapshots }> {
  const folder = await findRunFolder(workspaceFolder, runId);
  if (folder === undefined) {
    throw new RunledgerError('not-found', `There is no run ${runId} in ${workspaceFolder}.`);
  }
  const { definition, snapshots } = await readOrchestration(folder);
  return { definition, snapshots };
}

/** The pipeline of a file, checked, in the words of the file: Python makes its steps of it. */
export async function readPipeline(input: JsonObject): Promise<object> {
  const fields = new JsonFields(input);
  const workspaceFolder = (await openWorkspace(fields.text('workspaceFolder'))).folder;
  const { file } = await readPipelineFile(fields.text('path'), {
    workspaceFolder,
    parameters: {},
    interpreterCandidates: [],
  });
  return { pipeline: file };
}

function pipelineOf(input: JsonObject, targets: DefinedTargets): JsonObject {
  const { steps, parameters, continueOnStepFailure, regenerateOutputs } = input;
  const definition = withoutNulls({ parameters, continueOnStepFailure, regenerateOutputs });
  const withJobs = Array.isArray(steps)
    ? steps.map((step: unknown) =>
        isJsonObject(step) ? { ...withoutNulls(step), job: jobOf(step.job, targets) } : step,
      )
    : steps;
  return { ...definition, kind: 'pipeline', steps: withJobs };
}

async function targetsOf(fields: JsonFields): Promise<DefinedTargets> {
  return definedTargets((await openWorkspace(fields.text('workspaceFolder'))).folder);
}

/** A job as core takes it: its run configuration read. */
function jobOf(job: unknown, targets: DefinedTargets): unknown {
  if (!isJsonObject(job)) {
    return job;
  }
  const { configuration, ...rest } = job;
  return {
    ...withoutNulls(rest),
    runConfiguration: configurationOf(isJsonObject(configuration) ? configuration : {}, targets),
  };
}

/** Python's None is a field that is not there. */
function withoutNulls(object: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(object)
      .filter(([, value]) => value !== null)
      .map(([name, value]) => [name, isJsonObject(value) ? withoutNulls(value) : value]),
  );
}

export async function resume(input: JsonObject, context: CliContext): Promise<object> {
  const { folder } = await openWorkspace(new JsonFields(input).text('workspaceFolder'));
  const { command, pythonSdkFolder } = context.installation;
  return { resumed: await resumeRuns(folder, command, pythonSdkFolder) };
}
