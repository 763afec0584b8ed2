import { RunledgerError } from '../../core/base/errors.ts';
import type { RunCatalog } from '../../core/catalog/runCatalog.ts';
import { isSystemMetric } from '../../core/domain/metric.ts';
import type { ModelEntry, ModelVersion } from '../../core/domain/model.ts';
import type { ArtifactFile } from '../../core/domain/run.ts';
import { listModelFiles } from '../../core/models/modelFiles.ts';
import { listModels } from '../../core/models/modelVersions.ts';
import type {
  ModelPageModel,
  ModelRunModel,
  ModelVersionModel,
  UnreadableVersionModel,
} from '../../protocol/modelPage.ts';
import { toMetricModel, toWireScalar } from '../run-page/runPageMapping.ts';
import { runLabel } from '../tree/nodes.ts';

/** Runs that are read at the same time. */
const readsAtOnce = 8;

/** What the page of a model shows, out of the store. */
export class ModelPageReader {
  private readonly catalog: RunCatalog;
  private readonly modelKey: string;

  constructor(catalog: RunCatalog, modelKey: string) {
    this.catalog = catalog;
    this.modelKey = modelKey;
  }

  /** The versions and their files, without what is known of their runs. Undefined where no version is there. */
  async versions(): Promise<ModelPageModel | undefined> {
    const entries = await listModels(this.catalog.workspace.folder, { name: this.modelKey });
    if (entries.length === 0) {
      return undefined;
    }
    const named = entries.find((entry) => entry.kind === 'version');
    return {
      name: named?.name ?? this.modelKey,
      workspace: this.catalog.workspace.name,
      versions: await Promise.all(entries.map(toVersion)),
      hasRuns: false,
    };
  }

  /** The same with what is known of the runs that versions came from. */
  async withRuns(model: ModelPageModel): Promise<ModelPageModel> {
    const ids = new Set(
      model.versions.flatMap((version) =>
        version.kind === 'version' && version.runId !== undefined ? [version.runId] : [],
      ),
    );
    const runs = new Map<string, ModelRunModel>();
    const waiting = [...ids];
    const readOn = async (): Promise<void> => {
      for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
        const run = await this.run(id);
        if (run !== undefined) {
          runs.set(id, run);
        }
      }
    };
    await Promise.all(Array.from({ length: readsAtOnce }, readOn));
    const versions = model.versions.map((version) => {
      const run = version.kind === 'version' && version.runId !== undefined ? runs.get(version.runId) : undefined;
      return run === undefined ? version : { ...version, run };
    });
    return { ...model, versions, hasRuns: true };
  }

  /** Undefined where it was deleted or cannot be read: the version is there all the same. */
  private async run(runId: string): Promise<ModelRunModel | undefined> {
    try {
      const { summary, metrics, parameters, snapshot, properties } = await this.catalog.details(runId);
      return {
        id: summary.id,
        label: runLabel(summary),
        number: summary.number,
        experiment: summary.experiment,
        status: summary.status,
        metrics: metrics
          .filter(({ name, kind, last }) => kind === 'metric' && last !== undefined && !isSystemMetric(name))
          .map((metric) => ({ name: metric.name, last: toMetricModel(metric).last })),
        parameters: Object.entries(parameters).map(([name, value]) => [name, toWireScalar(value)] as const),
        snapshotFiles: snapshot?.files,
        branch: properties['azureml.git.branch'] || undefined,
        commit: properties['azureml.git.commit'] || undefined,
      };
    } catch (error) {
      if (RunledgerError.is(error)) {
        return undefined;
      }
      throw error;
    }
  }
}

async function toVersion(entry: ModelEntry): Promise<ModelVersionModel | UnreadableVersionModel> {
  return entry.kind === 'unreadable'
    ? { kind: 'unreadable', version: entry.version, problem: entry.problem }
    : toVersionModel(entry, await listModelFiles(entry));
}

/** A version as the page shows it. */
export function toVersionModel(model: ModelVersion, files: readonly ArtifactFile[]): ModelVersionModel {
  const framework = [model.framework, model.frameworkVersion].filter((part) => part !== undefined).join(' ');
  return {
    kind: 'version',
    version: model.version,
    id: model.id,
    createdTime: model.createdTime,
    user: model.user,
    description: model.description,
    tags: Object.entries(model.tags),
    properties: Object.entries(model.properties),
    framework: framework === '' ? undefined : framework,
    path: model.path,
    files,
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    runId: model.runId,
    experiment: model.experiment,
  };
}
