/** What run.json and the fold of a run's journals say together: the run as it is told to others. */
import { withGivenParameters } from '../domain/givenParameters.ts';
import type { MetricSummary, Scalar } from '../domain/metric.ts';
import {
  type RunDetails,
  type RunFailure,
  type RunSummary,
  type Submission,
  starTag,
  type Trial,
} from '../domain/run.ts';
import { isTerminal, type RunStatus } from '../domain/runStatus.ts';
import { isJsonObject, type JsonObject, numberField, stringField } from './jsonFile.ts';
import { livenessOf } from './processIdentity.ts';
import { RunFold } from './runFold.ts';

const staleAfterSeconds = 60;

/** The state of a run, with what its processes' lives add to its records. */
export interface DerivedState {
  readonly status: RunStatus;
  readonly endTime: number | undefined;
  readonly failure: RunFailure | undefined;
}

/** An empty fold of a run's journals, over what was given at its creation. */
export function newRunFold(record: JsonObject): RunFold {
  return new RunFold({
    displayName: stringField(record, 'displayName'),
    description: stringField(record, 'description'),
    tags: tagsOf(record.tags),
    properties: stringsOf(record.properties),
  });
}

/** The state as readers show it: a run whose process died without a word has failed. */
export async function derivedState(fold: RunFold): Promise<DerivedState> {
  const { status, endTime, failure } = fold.status;
  const stored = { status, endTime, failure };
  const processes = fold.workingProcesses;
  if (isTerminal(status) || processes.length === 0) {
    return stored;
  }
  const liveness = await Promise.all(processes.map((identity) => livenessOf(identity)));
  if (liveness.includes('alive')) {
    return stored;
  }
  if (liveness.includes('elsewhere')) {
    const isStale = Date.now() / 1000 - fold.lastRecordTime > staleAfterSeconds;
    return isStale ? { ...stored, status: 'NotResponding' } : stored;
  }
  if (processes.every(({ role }) => role === 'orchestrator') || processes.some(({ role }) => role === 'watcher')) {
    // The next command or window resumes it.
    return { ...stored, status: 'NotResponding' };
  }
  const message = `Its process (${processes.map((identity) => identity.pid).join(', ')}) ended without recording how the run ended.`;
  const advice =
    'It was killed, or the machine was restarted. What was logged until then is kept; submit the script again.';
  return { status: 'Failed', endTime: fold.lastRecordTime, failure: { message, advice } };
}

/** What beside the journals a run's summary needs. */
export interface RunPlace {
  readonly record: JsonObject;
  readonly experimentKey: string;
  /** Whether the run's folder has one of children. */
  readonly hasChildren: boolean;
}

export function summaryOfRun(
  { record, experimentKey, hasChildren }: RunPlace,
  fold: RunFold,
  state: DerivedState,
): RunSummary {
  const stored = fold.status;
  const submission = submissionOf(record.submission);
  return {
    kind: 'run',
    id: stringField(record, 'id') ?? '',
    number: numberField(record, 'number') ?? 0,
    experiment: stringField(record, 'experiment') ?? experimentKey,
    experimentKey,
    displayName: fold.displayName,
    type: stringField(record, 'type'),
    parentId: stringField(record, 'parentId'),
    trial: trialOf(record.trial),
    hasChildren,
    isStarred: Object.hasOwn(fold.tags, starTag),
    status: state.status,
    createdTime: numberField(record, 'createdTime') ?? 0,
    startTime: stored.startTime,
    endTime: state.endTime,
    exitCode: stored.exitCode,
    ...(stored.waitReason !== undefined && { waitReason: stored.waitReason }),
    failure: state.failure,
    script: submission?.script,
    target: submission?.target,
  };
}

/** @param metrics of the run, with how many of their records could not be used */
export function detailsOfRun(
  summary: RunSummary,
  place: Pick<RunPlace, 'record'> & { readonly folder: string },
  fold: RunFold,
  metrics: { readonly summaries: readonly MetricSummary[]; readonly problemCount: number },
): RunDetails {
  const parameters = fold.parameters;
  return {
    summary,
    description: fold.description,
    notes: fold.notes,
    user: stringField(place.record, 'user'),
    host: stringField(place.record, 'host'),
    submission: submissionOf(place.record.submission),
    tags: fold.tags,
    properties: fold.properties,
    parameters: parameters.values,
    metrics: metrics.summaries,
    images: fold.images,
    documents: fold.documents,
    snapshot: fold.snapshot,
    warnings: fold.warnings,
    problemCount: fold.lineProblemCount + parameters.problemCount + metrics.problemCount,
    folder: place.folder,
  };
}

/** Parameters of a run as it is found by them: those that were logged, and those that it was given. */
export function parametersOfRun(
  record: JsonObject,
  fold: RunFold,
): readonly (readonly [name: string, value: Scalar | null])[] {
  const words = submissionOf(record.submission)?.arguments ?? [];
  return withGivenParameters(fold.parameters.values, trialOf(record.trial), words);
}

function trialOf(value: unknown): Trial | undefined {
  if (!isJsonObject(value) || typeof value.number !== 'number' || !isJsonObject(value.hyperparameters)) {
    return undefined;
  }
  const hyperparameters = Object.entries(value.hyperparameters).filter(
    (entry): entry is [string, string | number | boolean] => ['string', 'number', 'boolean'].includes(typeof entry[1]),
  );
  return { number: value.number, hyperparameters: Object.fromEntries(hyperparameters) };
}

function stringsOf(value: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(isJsonObject(value) ? value : {}).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    ),
  );
}

function tagsOf(value: unknown): Record<string, string | null> {
  return Object.fromEntries(
    Object.entries(isJsonObject(value) ? value : {}).filter(
      (entry): entry is [string, string | null] => typeof entry[1] === 'string' || entry[1] === null,
    ),
  );
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

function submissionOf(value: unknown): Submission | undefined {
  if (!isJsonObject(value)) {
    return undefined;
  }
  const command = value.command;
  return {
    script: stringField(value, 'script'),
    command: typeof command === 'string' ? command : Array.isArray(command) ? textsOf(command) : undefined,
    arguments: textsOf(value.arguments),
    sourceDirectory: stringField(value, 'sourceDirectory'),
    inPlace: value.inPlace === true,
    target: stringField(value, 'target'),
    runConfiguration: stringField(value, 'runConfiguration'),
    environment: isJsonObject(value.environment) ? stringField(value.environment, 'name') : undefined,
    interpreter: stringField(value, 'interpreter'),
    environmentVariables: stringsOf(value.environmentVariables),
  };
}
