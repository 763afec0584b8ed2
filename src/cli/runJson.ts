/** The JSON of `-o json`. Its shape is part of the command's interface (`jsonHelp`): keys are added, never changed. */
import { parametersOf } from '../core/domain/givenParameters.ts';
import type { Scalar } from '../core/domain/metric.ts';
import type { ArtifactFile, RunDetails, RunEntry, RunFailure, RunSummary } from '../core/domain/run.ts';

/** JSON has no NaN and no infinity: they are their names. */
type JsonScalar = string | number | boolean | null;

export interface RunSummaryJson {
  readonly id: string;
  readonly number: number;
  readonly experiment: string;
  readonly displayName: string | null;
  readonly type: string | null;
  readonly parentId: string | null;
  readonly status: string;
  readonly createdTime: string;
  readonly startTime: string | null;
  readonly endTime: string | null;
  /** Seconds from the start to the end, or to now. */
  readonly duration: number | null;
  readonly exitCode: number | null;
  readonly failure: RunFailure | null;
  readonly script: string | null;
  readonly target: string | null;
}

export interface RunJson extends RunSummaryJson {
  readonly description: string | null;
  readonly notes: string | null;
  readonly arguments: readonly string[];
  readonly sourceDirectory: string | null;
  readonly inPlace: boolean | null;
  readonly runConfiguration: string | null;
  readonly interpreter: string | null;
  /** Of secrets the names alone. */
  readonly environmentVariables: Readonly<Record<string, string>>;
  readonly metrics: Readonly<Record<string, MetricJson>>;
  readonly parameters: Readonly<Record<string, JsonScalar>>;
  readonly tags: Readonly<Record<string, string | null>>;
  readonly properties: Readonly<Record<string, string>>;
  readonly warnings: readonly string[];
  readonly snapshot: RunDetails['snapshot'] | null;
  readonly files: readonly { readonly path: string; readonly bytes: number }[];
  readonly folder: string;
}

export interface MetricJson {
  readonly kind: string;
  readonly last: JsonScalar;
  readonly min: JsonScalar;
  readonly max: JsonScalar;
  readonly count: number;
}

/** The columns of a list of runs in `-o tsv`. */
export const runSummaryColumns = [
  'id',
  'number',
  'experiment',
  'displayName',
  'type',
  'parentId',
  'status',
  'createdTime',
  'startTime',
  'endTime',
  'duration',
  'exitCode',
  'failure',
  'script',
  'target',
] as const satisfies readonly (keyof RunSummaryJson)[];

/** What help says of the JSON. */
export const jsonHelp = {
  run: `JSON of a run (-o json): id, number, experiment, displayName, type, parentId, status, createdTime, startTime, endTime
(ISO 8601, UTC), duration (seconds), exitCode, failure {message, type, traceback, advice}, script, target, description, notes, arguments,
sourceDirectory, inPlace, runConfiguration, interpreter, environmentVariables (secrets: "(hidden)"), metrics {name: {kind, last, min, max, count}}, parameters, tags,
properties, warnings, snapshot {hash, files, bytes}, files [{path, bytes}], folder. What is not known is null; numbers that
are not finite are "NaN", "Infinity" and "-Infinity".`,
  list: `JSON (-o json): an array, newest first, of {id, number, experiment, displayName, type, parentId, status, createdTime,
startTime, endTime, duration, exitCode, failure, script, target}; a run that cannot be read is {id, experiment, status: "Unreadable",
problem}.`,
} as const;

function isoTime(time: number | undefined): string | null {
  return time === undefined ? null : new Date(time * 1000).toISOString();
}

function jsonScalar(value: Scalar | null | undefined): JsonScalar {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    return String(value);
  }
  return value ?? null;
}

/** Seconds a run has gone on; undefined before its start. */
export function durationOf(run: RunSummary, now = Date.now() / 1000): number | undefined {
  return run.startTime === undefined ? undefined : Math.max(0, (run.endTime ?? now) - run.startTime);
}

export function runSummaryJson(run: RunSummary): RunSummaryJson {
  const duration = durationOf(run);
  return {
    id: run.id,
    number: run.number,
    experiment: run.experiment,
    displayName: run.displayName ?? null,
    type: run.type ?? null,
    parentId: run.parentId ?? null,
    status: run.status,
    createdTime: new Date(run.createdTime * 1000).toISOString(),
    startTime: isoTime(run.startTime),
    endTime: isoTime(run.endTime),
    duration: duration === undefined ? null : Math.round(duration * 1000) / 1000,
    exitCode: run.exitCode ?? null,
    failure: run.failure ?? null,
    script: run.script ?? null,
    target: run.target ?? null,
  };
}

export function runEntryJson(entry: RunEntry): object {
  return entry.kind === 'run'
    ? runSummaryJson(entry)
    : { id: entry.id, experiment: entry.experimentKey, status: 'Unreadable', problem: entry.problem };
}

export function runJson(details: RunDetails, files: readonly ArtifactFile[]): RunJson {
  const { submission } = details;
  return {
    ...runSummaryJson(details.summary),
    description: details.description ?? null,
    notes: details.notes ?? null,
    arguments: submission?.arguments ?? [],
    sourceDirectory: submission?.sourceDirectory ?? null,
    inPlace: submission?.inPlace ?? null,
    runConfiguration: submission?.runConfiguration ?? null,
    interpreter: submission?.interpreter ?? null,
    environmentVariables: submission?.environmentVariables ?? {},
    metrics: Object.fromEntries(
      details.metrics.map(({ name, kind, last, min, max, count }) => [
        name,
        { kind, last: jsonScalar(last), min: jsonScalar(min?.value), max: jsonScalar(max?.value), count },
      ]),
    ),
    parameters: Object.fromEntries(parametersOf(details).map(([name, value]) => [name, jsonScalar(value)])),
    tags: details.tags,
    properties: details.properties,
    warnings: details.warnings,
    snapshot: details.snapshot ?? null,
    files: files.map(({ path, bytes }) => ({ path, bytes })),
    folder: details.folder,
  };
}
