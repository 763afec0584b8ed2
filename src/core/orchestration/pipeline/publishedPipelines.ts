/** Pipelines that are kept in the workspace, with their code, to be submitted by their id. */
import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as v from 'valibot';
import { RunledgerError } from '../../base/errors.ts';
import { pathExists } from '../../base/pathExists.ts';
import { toJsonText, writeFileAtomically } from '../../store/atomicFile.ts';
import { readStoreFile } from '../../store/jsonFile.ts';
import { isRunId } from '../../store/names.ts';
import { entriesOf, storeFolder, supportedFormat } from '../../store/storeLayout.ts';
import type { SubmittedRun } from '../../submission/submission.ts';
import { parseDefinition, type Snapshots, snapshotsSchema } from '../definition.ts';
import { keepSecrets, keptSecrets, separateSecrets, withSecrets } from '../separateSecrets.ts';
import {
  checkJobs,
  type OrchestrationRequest,
  type SubmitOrchestrationOptions,
  submitOrchestration,
  takeSnapshots,
} from '../submitOrchestration.ts';
import { type PipelineDefinition, pipelineSchema } from './pipelineDefinition.ts';

export interface PublishedPipeline {
  readonly id: string;
  readonly name: string;
  readonly description: string | undefined;
  readonly version: string | undefined;
  /** Unix seconds. */
  readonly createdTime: number;
  /** False: it was disabled, and cannot be submitted. */
  readonly isActive: boolean;
  readonly definition: PipelineDefinition;
  readonly snapshots: Snapshots;
  /** Given to the runs of it. */
  readonly properties: Readonly<Record<string, string>>;
}

const recordSchema = v.object({
  id: v.string(),
  name: v.string(),
  description: v.nullable(v.string()),
  version: v.nullable(v.string()),
  createdTime: v.number(),
  status: v.picklist(['Active', 'Disabled']),
  definition: pipelineSchema,
  snapshots: snapshotsSchema,
  properties: v.record(v.string(), v.string()),
});

export interface PublishRequest {
  readonly workspaceFolder: string;
  readonly name: string;
  readonly description?: string;
  readonly version?: string;
  /** Of `parseDefinition`, or what it takes. */
  readonly definition: unknown;
  readonly properties?: Readonly<Record<string, string>>;
  /** The code, where it was stored before: source folders are not looked at again. */
  readonly snapshots?: Snapshots;
}

function publishedFolder(workspaceFolder: string): string {
  return join(storeFolder(workspaceFolder), 'pipelines');
}

function publishedFile(workspaceFolder: string, id: string): string {
  return join(publishedFolder(workspaceFolder), `${id}.json`);
}

/**
 * Keeps a pipeline with the code as it is now.
 *
 * @returns its id
 * @throws RunledgerError as `submitOrchestration` does for a definition, or a script, that is wrong
 */
export async function publishPipeline(
  request: PublishRequest,
  options: SubmitOrchestrationOptions & { readonly onWarning: (warning: string) => void },
): Promise<string> {
  const { workspaceFolder, name, description, version, properties } = request;
  const definition = parseDefinition(request.definition);
  const known = request.snapshots;
  await checkJobs(definition, { workspaceFolder, experiment: 'published', snapshots: known ?? {} }, options);
  const id = randomUUID();
  const snapshots = known ?? (await takeSnapshots(definition, workspaceFolder, options));
  const { open, secrets } = separateSecrets(definition);
  await keepSecrets(id, secrets);
  const record = {
    format: supportedFormat,
    id,
    name,
    description: description ?? null,
    version: version ?? null,
    createdTime: Date.now() / 1000,
    status: 'Active',
    definition: open,
    snapshots,
    properties: properties ?? {},
  };
  const path = publishedFile(workspaceFolder, id);
  await mkdir(dirname(path), { recursive: true });
  await writeFileAtomically(path, toJsonText(record));
  return id;
}

/** @throws RunledgerError `not-found`, `unreadable` */
export async function readPublishedPipeline(workspaceFolder: string, id: string): Promise<PublishedPipeline> {
  const path = publishedFile(workspaceFolder, id);
  if (!isRunId(id) || !(await pathExists(path))) {
    throw new RunledgerError('not-found', `There is no published pipeline ${id} in ${workspaceFolder}.`, {
      advice: '`runledger pipeline list` shows those that there are.',
    });
  }
  const parsed = v.safeParse(recordSchema, await readStoreFile(path, 'the published pipeline'));
  if (!parsed.success) {
    throw new RunledgerError('unreadable', `Cannot read the published pipeline ${path}.`);
  }
  const { status, description, version, ...record } = parsed.output;
  return {
    ...record,
    description: description ?? undefined,
    version: version ?? undefined,
    isActive: status === 'Active',
  };
}

/** Newest first. */
export async function listPublishedPipelines(workspaceFolder: string): Promise<readonly PublishedPipeline[]> {
  const names = await entriesOf(publishedFolder(workspaceFolder));
  const ids = names.filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -'.json'.length));
  const pipelines = await Promise.all(ids.map((id) => readPublishedPipeline(workspaceFolder, id)));
  return pipelines.sort((a, b) => b.createdTime - a.createdTime);
}

export interface SubmitPublishedRequest extends Omit<OrchestrationRequest, 'definition' | 'snapshots'> {
  readonly id: string;
  /** In place of those that it was published with. */
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
  readonly continueOnStepFailure?: boolean;
  readonly regenerateOutputs?: boolean;
}

/**
 * Submits a published pipeline, with the code that it was published with.
 *
 * @throws RunledgerError `not-found`, `invalid-state` where it is disabled, `invalid-argument` for a parameter that it does not
 * have
 */
export async function submitPublishedPipeline(
  request: SubmitPublishedRequest,
  options: SubmitOrchestrationOptions,
): Promise<SubmittedRun> {
  const { id, parameters, continueOnStepFailure, regenerateOutputs, ...rest } = request;
  const published = await readPublishedPipeline(request.workspaceFolder, id);
  if (!published.isActive) {
    throw new RunledgerError('invalid-state', `The published pipeline ${id} (${published.name}) is disabled.`, {
      advice: 'Enable it, or publish the pipeline anew.',
    });
  }
  // Those of who published it, on the machine where that was: elsewhere the submission warns that they are not set.
  const definition = withSecrets(published.definition, await keptSecrets(id));
  const unknown = Object.keys(parameters).find((name) => !Object.hasOwn(definition.parameters, name));
  if (unknown !== undefined) {
    const names = Object.keys(definition.parameters).join(', ') || 'none';
    throw new RunledgerError('invalid-argument', `The pipeline ${published.name} has no parameter "${unknown}".`, {
      advice: `Its parameters: ${names}.`,
    });
  }
  return submitOrchestration(
    {
      ...rest,
      properties: { ...published.properties, 'azureml.pipelineid': id, ...rest.properties },
      snapshots: published.snapshots,
      definition: {
        ...definition,
        parameters: { ...definition.parameters, ...parameters },
        ...(continueOnStepFailure !== undefined && { continueOnStepFailure }),
        ...(regenerateOutputs !== undefined && { regenerateOutputs }),
      },
    },
    options,
  );
}
