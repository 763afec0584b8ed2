import { parametersOf } from '../../core/domain/givenParameters.ts';
import {
  isSystemMetric,
  type MetricSummary,
  type Scalar,
  type SeriesAppend,
  type SeriesSlice,
  type TableData,
} from '../../core/domain/metric.ts';
import { type ArtifactFile, orchestrationTypes, type RunDetails, type RunSummary } from '../../core/domain/run.ts';
import type { WorkspaceInfo } from '../../core/domain/workspace.ts';
import type { InstalledPackages } from '../../core/environments/installedPackages.ts';
import type { OrchestrationDefinition } from '../../core/orchestration/definition.ts';
import { graphOf } from '../../core/orchestration/pipeline/pipelineGraph.ts';
import { trialLimit } from '../../core/orchestration/sweep/sweepDefinition.ts';
import type {
  ChildRunModel,
  FileModel,
  InstalledModel,
  MetricModel,
  OrchestrationModel,
  PrimaryMetricModel,
  RunAnnotationsModel,
  RunIdentityModel,
  RunStateModel,
  TableModel,
} from '../../protocol/runPage.ts';
import type { SeriesAppendModel, SeriesModel } from '../../protocol/series.ts';
import { toWire, type WireScalar } from '../../protocol/wire.ts';
import { joinArguments } from '../submit/splitArguments.ts';
import { canCancel, canResubmit, runLabel } from '../tree/nodes.ts';

/** The address under which the page may load an artifact; undefined for a name that is not inside the run. */
export type ArtifactUri = (artifactPath: string) => string | undefined;

/** What the page calls the types of runs. */
const typeNames: Readonly<Record<string, string>> = {
  '': 'Interactive',
  [orchestrationTypes.sweep]: 'Sweep',
  [orchestrationTypes.pipeline]: 'Pipeline',
  'azureml.StepRun': 'Step',
};

export function toIdentityModel(
  workspace: WorkspaceInfo,
  details: RunDetails,
  hasUncommittedDiff: boolean,
): RunIdentityModel {
  const { summary, submission } = details;
  const command = submission?.command;
  return {
    id: summary.id,
    number: summary.number,
    label: runLabel({ ...summary, displayName: undefined }),
    workspace: workspace.name,
    experiment: summary.experiment,
    type: typeNames[summary.type ?? ''] ?? 'Script',
    canResubmit: canResubmit(summary),
    parentId: summary.parentId,
    createdTime: summary.createdTime,
    user: details.user,
    host: details.host,
    script: submission?.script,
    command: typeof command === 'string' || command === undefined ? command : joinArguments(command),
    arguments: submission?.arguments ?? [],
    sourceDirectory: submission?.sourceDirectory,
    inPlace: submission?.inPlace ?? false,
    target: submission?.target,
    runConfiguration: submission?.runConfiguration,
    environment: submission?.environment,
    interpreter: submission?.interpreter,
    environmentVariables: Object.entries(submission?.environmentVariables ?? {}),
    hasUncommittedDiff,
  };
}

export function toStateModel(summary: RunSummary): RunStateModel {
  return {
    status: summary.status,
    startTime: summary.startTime,
    endTime: summary.endTime,
    exitCode: summary.exitCode,
    ...(summary.waitReason !== undefined && { waitReason: summary.waitReason }),
    failure: summary.failure,
    displayName: summary.displayName,
    canCancel: canCancel(summary),
  };
}

export function toAnnotationsModel(details: RunDetails, artifactUri: ArtifactUri): RunAnnotationsModel {
  return {
    description: details.description,
    notes: details.notes,
    tags: Object.entries(details.tags),
    properties: Object.entries(details.properties),
    parameters: parametersOf(details).map(([name, value]) => [name, toWireScalar(value)] as const),
    images: details.images.flatMap(({ name, path, step, description }) => {
      const uri = artifactUri(path);
      return uri === undefined ? [] : [{ name, path, uri, step, description }];
    }),
    documents: details.documents,
    snapshot: details.snapshot,
    warnings: details.warnings,
    problemCount: details.problemCount,
  };
}

export function toMetricModel(metric: MetricSummary): MetricModel {
  return {
    ...metric,
    last: metric.last === undefined ? null : toWireScalar(metric.last),
    isSystem: isSystemMetric(metric.name),
  };
}

export function toSeriesModel(slice: SeriesSlice): SeriesModel {
  return { x: slice.x, times: slice.times, values: slice.values.map(toWire), totalCount: slice.totalCount };
}

export function toSeriesAppendModel(append: SeriesAppend): SeriesAppendModel {
  return { metric: append.metric, x: append.x, times: append.times, values: append.values.map(toWire) };
}

export function toTableModel(table: TableData): TableModel {
  return { columns: table.columns, rows: table.rows.map((row) => row.map(toWireScalar)) };
}

/** Packages are counted here: the file that has them is opened in an editor. */
export function toInstalledModel(installed: InstalledPackages | undefined): InstalledModel | undefined {
  if (installed === undefined) {
    return undefined;
  }
  const { python, platform, gpus, packages } = installed;
  return { python, platform, gpus, packageCount: Object.keys(packages).length };
}

export function toFileModel(file: ArtifactFile): FileModel {
  return { path: file.path, bytes: file.bytes, modifiedTime: file.modifiedTime };
}

export function toChildRunModel(summary: RunSummary): ChildRunModel {
  const { id, number, createdTime, trial } = summary;
  return {
    id,
    label: runLabel(summary),
    number,
    state: toStateModel(summary),
    createdTime,
    parameters: Object.entries(trial?.hyperparameters ?? {}),
  };
}

/** With what its journal says of parameters and metrics. */
export function toChildRunModelWithMetrics(
  details: RunDetails,
  primary: PrimaryMetricModel | undefined,
): ChildRunModel {
  const row = toChildRunModel(details.summary);
  const logged = Object.entries(details.parameters).map(([name, value]) => [name, toWireScalar(value)] as const);
  const metrics = details.metrics.flatMap((metric) => {
    const value = metric.name === primary?.name ? bestOf(metric, primary.goal) : metric.last;
    return value === undefined || isSystemMetric(metric.name) ? [] : [[metric.name, toWireScalar(value)] as const];
  });
  const { 'azureml.nodeid': stepId, 'azureml.reusedrunid': reusedFrom } = details.properties;
  return {
    ...row,
    parameters: row.parameters.length > 0 ? row.parameters : logged,
    metrics,
    ...(stepId !== undefined && { stepId }),
    ...(reusedFrom !== undefined && { reusedFrom }),
  };
}

function bestOf({ min, max, last }: MetricSummary, goal: PrimaryMetricModel['goal']): Scalar | undefined {
  return (goal === 'maximize' ? max : min)?.value ?? last;
}

export function toOrchestrationModel(definition: OrchestrationDefinition): OrchestrationModel {
  if (definition.kind === 'sweep') {
    const { sampling, policy } = definition;
    return { kind: 'sweep', sampling: sampling.type, policy: policy.type, trialLimit: trialLimit(definition) };
  }
  const { predecessors } = graphOf(definition);
  return {
    kind: 'pipeline',
    steps: definition.steps.map(({ id, name, type, job }) => ({
      id,
      name,
      type,
      target: job.runConfiguration.target,
      after: [...(predecessors.get(id) ?? [])],
    })),
  };
}

/** What the properties of a sweep say that it is judged by. */
export function primaryMetricOf(details: RunDetails): PrimaryMetricModel | undefined {
  const text = details.properties.primary_metric_config;
  try {
    const { name, goal } = JSON.parse(text ?? '') as Readonly<Record<string, unknown>>;
    return typeof name === 'string' && (goal === 'maximize' || goal === 'minimize') ? { name, goal } : undefined;
  } catch {
    return undefined;
  }
}

export function toWireScalar(value: Scalar | null): WireScalar {
  if (typeof value !== 'number') {
    return value;
  }
  const wire = toWire(value);
  return typeof wire === 'string' ? { $float: wire } : wire;
}
