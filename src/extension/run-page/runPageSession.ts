import { readFile, stat } from 'node:fs/promises';
import { RunledgerError } from '../../core/base/errors.ts';
import type { Disposable } from '../../core/base/events.ts';
import { pathExists } from '../../core/base/pathExists.ts';
import type { RunCatalog, RunDelta } from '../../core/catalog/runCatalog.ts';
import { isOrchestration, type RunDetails, type RunSummary } from '../../core/domain/run.ts';
import { readInstalledPackages } from '../../core/environments/installedPackages.ts';
import { readOrchestration } from '../../core/orchestration/definition.ts';
import { artifactFile } from '../../core/store/artifacts.ts';
import type { RunAnnotations } from '../../core/store/runAnnotations.ts';
import { uncommittedDiffFile } from '../../core/store/storeLayout.ts';
import type { MetricsLayout } from '../../protocol/metricsLayout.ts';
import type {
  ChildRunModel,
  HostToRunPage,
  InstalledModel,
  OrchestrationModel,
  PrimaryMetricModel,
  RunPageModel,
  RunPageRequest,
  RunPageTab,
  SnapshotFileModel,
} from '../../protocol/runPage.ts';
import { PageAnswers } from '../pages/pageAnswers.ts';
import { errorSentence, reportDefect } from '../pages/pageErrors.ts';
import { ChildRunsFeed } from './childRunsFeed.ts';
import { previewFile } from './filePreview.ts';
import type { MetricsLayouts } from './metricsLayouts.ts';
import { RunLogs } from './runLogs.ts';
import {
  type ArtifactUri,
  primaryMetricOf,
  toAnnotationsModel,
  toFileModel,
  toIdentityModel,
  toInstalledModel,
  toMetricModel,
  toOrchestrationModel,
  toSeriesAppendModel,
  toSeriesModel,
  toStateModel,
  toTableModel,
} from './runPageMapping.ts';

/** Documents (a confusion matrix, a table of predictions) above this size are left to the editor. */
const largestDocumentBytes = 32 * 1024 * 1024;

export interface RunPageSessionOptions {
  readonly catalog: RunCatalog;
  readonly runId: string;
  readonly post: (message: HostToRunPage) => void;
  /** Given the run's folder, how the page addresses an artifact. */
  readonly artifactUri: (runFolder: string) => ArtifactUri;
  /** The run as the page shows it, when it changes. */
  readonly onSummary: (summary: RunSummary) => void;
  readonly onError: (error: unknown) => void;
  /** The files of the code that ran. */
  readonly listSnapshot: () => Promise<readonly SnapshotFileModel[]>;
  /** Records what a person changed on the run. */
  readonly annotate: (annotations: RunAnnotations) => Promise<void>;
  /** How the Metrics tab looks in an experiment. */
  readonly layouts: MetricsLayouts;
}

/**
 * The host's half of a run's page, without VS Code: answers the page's requests and sends what is new, nothing while the
 * page is hidden. A page that is shown again loads anew and says `ready`.
 */
export class RunPageSession implements Disposable {
  private readonly options: RunPageSessionOptions;
  private details: RunDetails | undefined;
  private installed: InstalledModel | undefined;
  private following: Disposable | undefined;
  private children: ChildRunsFeed | undefined;
  private readonly logs: RunLogs;
  private version = 0;
  /** Counts the models sent: what was begun for an earlier one is dropped. */
  private generation = 0;
  private isReady = false;
  private pendingTab: Extract<HostToRunPage, { type: 'showTab' }> | undefined;
  /** Deltas are sent in the order in which they came, although some need a read. */
  private queue: Promise<void> = Promise.resolve();
  private readonly answers: PageAnswers;

  constructor(options: RunPageSessionOptions) {
    this.options = options;
    this.answers = new PageAnswers(options.post, options.onError);
    this.logs = new RunLogs((log) => options.post({ type: 'log', log }));
  }

  /** The page said `ready` or `resync`: it gets the whole model, and from then on deltas. */
  async start(): Promise<void> {
    this.pause();
    const generation = this.generation;
    const { catalog, runId, post } = this.options;
    const held: RunDelta[] = [];
    let isModelSent = false;
    // Followed before it is read, so that nothing falls between the two; what comes meanwhile waits.
    this.following = catalog.follow(runId, (delta) => {
      if (isModelSent) {
        this.enqueue(generation, delta);
      } else {
        held.push(delta);
      }
    });
    try {
      const model = await this.readModel(generation);
      if (generation !== this.generation) {
        return;
      }
      const layout = this.options.layouts.get(catalog.workspace.folder, model.identity.experiment);
      this.version += 1;
      post({
        type: 'model',
        version: this.version,
        model,
        ...(layout === undefined ? {} : { layout }),
        restore: { workspaceFolder: catalog.workspace.folder, runId },
      });
      this.children?.open();
      this.isReady = true;
      isModelSent = true;
      if (this.pendingTab !== undefined) {
        post(this.pendingTab);
        this.pendingTab = undefined;
      }
      for (const delta of held) {
        this.enqueue(generation, delta);
      }
    } catch (error) {
      if (generation === this.generation) {
        this.pause();
        post({ type: 'gone', message: errorSentence(error) });
        reportDefect(error, this.options.onError);
      }
    }
  }

  /** Stops sending: the page is hidden, or about to get a new model. */
  pause(): void {
    this.generation += 1;
    this.isReady = false;
    this.following?.dispose();
    this.following = undefined;
    this.children?.dispose();
    this.children = undefined;
    this.logs.stop();
    this.answers.cancelAll();
  }

  /** Shows a tab now, or when the page is ready. */
  showTab(tab: RunPageTab, path?: string): void {
    const message = path === undefined ? { type: 'showTab' as const, tab } : { type: 'showTab' as const, tab, path };
    if (this.isReady) {
      this.options.post(message);
    } else {
      this.pendingTab = message;
    }
  }

  async answer(request: RunPageRequest): Promise<void> {
    await this.answers.answer(request.id, (signal) => this.resultOf(request, signal));
  }

  /** The person has arranged the Metrics tab anew. */
  keepLayout(layout: MetricsLayout): void {
    const { catalog, layouts, onError } = this.options;
    const experiment = this.details?.summary.experiment;
    if (experiment !== undefined) {
      layouts.set(catalog.workspace.folder, experiment, layout).catch(onError);
    }
  }

  /** The page does not wait for an answer any more. */
  cancel(requestId: number): void {
    this.answers.cancel(requestId);
  }

  /** Resolves when everything that came so far was sent. */
  async settled(): Promise<void> {
    await this.queue;
  }

  dispose(): void {
    this.pause();
  }

  private async readModel(generation: number): Promise<RunPageModel> {
    const { catalog, runId, artifactUri } = this.options;
    const [details, files] = await Promise.all([catalog.details(runId), catalog.files(runId)]);
    const [hasDiff, installed] = await Promise.all([
      pathExists(uncommittedDiffFile(details.folder)),
      readInstalledPackages(details.folder),
    ]);
    this.details = details;
    this.installed = toInstalledModel(installed);
    this.options.onSummary(details.summary);
    const primaryMetric = primaryMetricOf(details);
    return {
      identity: toIdentityModel(catalog.workspace, details, hasDiff),
      state: toStateModel(details.summary),
      annotations: toAnnotationsModel(details, artifactUri(details.folder)),
      installed: this.installed,
      metrics: details.metrics.map(toMetricModel),
      files: files.map(toFileModel),
      children: await this.readChildren(primaryMetric, generation),
      primaryMetric,
      orchestration: await this.readOrchestration(details),
    };
  }

  private async readOrchestration(details: RunDetails): Promise<OrchestrationModel | undefined> {
    if (!isOrchestration(details.summary.type)) {
      return undefined;
    }
    try {
      return toOrchestrationModel((await readOrchestration(details.folder)).definition);
    } catch (error) {
      // The page has all else: a definition that is damaged or newer is no reason to show nothing.
      reportDefect(error, this.options.onError);
      return undefined;
    }
  }

  private async readChildren(
    primaryMetric: PrimaryMetricModel | undefined,
    generation: number,
  ): Promise<readonly ChildRunModel[]> {
    const { catalog, runId, post } = this.options;
    if (generation !== this.generation) {
      return [];
    }
    this.children = new ChildRunsFeed({
      catalog,
      parentId: runId,
      primaryMetric,
      send: (rows, removed) => post({ type: 'children', rows, removed }),
      onError: (error) => reportDefect(error, this.options.onError),
    });
    return await this.children.rows();
  }

  private enqueue(generation: number, delta: RunDelta): void {
    this.queue = this.queue
      .then(() => this.send(generation, delta))
      .catch((error: unknown) => this.options.onError(error));
  }

  private async send(generation: number, delta: RunDelta): Promise<void> {
    if (generation !== this.generation) {
      return;
    }
    const { catalog, runId, post, artifactUri } = this.options;
    if (delta.isDeleted) {
      this.pause();
      post({ type: 'gone', message: goneMessage });
      return;
    }
    const [files, installed] = await Promise.all([
      delta.filesChanged ? catalog.files(runId) : undefined,
      delta.summary !== undefined || delta.filesChanged ? this.readInstalled() : undefined,
    ]);
    if (generation !== this.generation) {
      return;
    }
    if (delta.details !== undefined) {
      this.details = delta.details;
    }
    if (delta.summary !== undefined) {
      this.options.onSummary(delta.summary);
    }
    const baseVersion = this.version;
    this.version += 1;
    post({
      type: 'delta',
      baseVersion,
      version: this.version,
      ...(delta.summary === undefined ? {} : { state: toStateModel(delta.summary) }),
      ...(delta.details === undefined
        ? {}
        : { annotations: toAnnotationsModel(delta.details, artifactUri(delta.details.folder)) }),
      ...(installed === undefined ? {} : { installed }),
      ...(delta.metrics.length === 0 ? {} : { metrics: delta.metrics.map(toMetricModel) }),
      ...(delta.points.length === 0 ? {} : { points: delta.points.map(toSeriesAppendModel) }),
      ...(files === undefined ? {} : { files: files.map(toFileModel) }),
    });
  }

  /** What is installed is recorded when the script begins: undefined where nothing of it is new. */
  private async readInstalled(): Promise<InstalledModel | undefined> {
    if (this.installed === undefined) {
      this.installed = toInstalledModel(await readInstalledPackages(await this.runFolder()));
      return this.installed;
    }
    return undefined;
  }

  private async resultOf(request: RunPageRequest, signal: AbortSignal): Promise<unknown> {
    const { catalog, runId } = this.options;
    switch (request.method) {
      case 'series':
        return toSeriesModel(await catalog.series({ runId, ...request.params }, signal));
      case 'table':
        return toTableModel(await catalog.table(runId, request.params.metric));
      case 'document':
        return await this.readDocument(request.params.path);
      case 'followLog':
        return await this.logs.follow(request.params.path, await this.artifact(request.params.path));
      case 'readLog': {
        const { path, line } = request.params;
        return await this.logs.readAround(path, await this.artifact(path), line);
      }
      case 'searchLog':
        return await this.logs.search(await this.artifact(request.params.path), request.params, signal);
      case 'stopLog':
        this.logs.stop();
        return null;
      case 'snapshot':
        return (await this.options.listSnapshot()).map(({ path, bytes }) => ({ path, bytes }));
      case 'preview': {
        const { path } = request.params;
        const file = await this.artifact(path);
        return await previewFile(file, this.options.artifactUri(await this.runFolder())(path));
      }
      case 'annotate': {
        const { addTags, ...others } = request.params;
        await this.options.annotate({
          ...others,
          ...(addTags !== undefined && { addTags: Object.fromEntries(addTags) }),
        });
        return null;
      }
    }
  }

  private async readDocument(path: string): Promise<unknown> {
    const file = await this.artifact(path);
    const { size } = await stat(file);
    if (size > largestDocumentBytes) {
      throw new RunledgerError('invalid-argument', `${path} is too large to be shown here.`, {
        advice: 'Open it from the list of files.',
      });
    }
    const text = await readFile(file, 'utf8');
    try {
      return JSON.parse(text);
    } catch (error) {
      throw new RunledgerError('unreadable', `${path} does not hold JSON.`, { cause: error });
    }
  }

  private async artifact(path: string): Promise<string> {
    return artifactFile(await this.runFolder(), path);
  }

  private async runFolder(): Promise<string> {
    this.details ??= await this.options.catalog.details(this.options.runId);
    return this.details.folder;
  }
}

const goneMessage = 'This run was deleted. Restore it with "Runledger: Restore Run…".';
