import { CoalescedTask } from '../../core/base/coalesce.ts';
import type { Disposable } from '../../core/base/events.ts';
import type { CatalogChange, RunCatalog } from '../../core/catalog/runCatalog.ts';
import { completionsAt } from '../../core/run-query/completions.ts';
import type { KnownNames } from '../../core/run-query/knownNames.ts';
import { parseQuery } from '../../core/run-query/parseQuery.ts';
import { QueryError } from '../../core/run-query/queryError.ts';
import { unknownNames } from '../../core/run-query/unknownNames.ts';
import { narrowedFilter } from '../../core/run-table/narrowedFilter.ts';
import { readSavedView, savedViews } from '../../core/run-table/savedViews.ts';
import type {
  ColumnsModel,
  ExperimentPageRequest,
  FilterProblemModel,
  HostToExperimentPage,
  LayoutModel,
  RunsModel,
  TableParams,
} from '../../protocol/experimentPage.ts';
import { PageAnswers } from '../pages/pageAnswers.ts';
import { errorSentence, reportDefect } from '../pages/pageErrors.ts';
import { toGroupModel, toRowModel, toScalar, toSeriesModel, toValueModel } from './experimentPageMapping.ts';

/** Runs that go on change many times a second: the page is told of them together. */
const changeIntervalMs = 250;

export interface ExperimentSessionOptions {
  readonly catalog: RunCatalog;
  readonly experimentKey: string;
  readonly post: (message: HostToExperimentPage) => void;
  readonly layout: () => LayoutModel | undefined;
  readonly onError: (error: unknown) => void;
}

/**
 * The host's half of an experiment's page, without VS Code: answers what the page asks and tells which runs changed, nothing
 * while the page is hidden. A page that is shown again loads anew and says `ready`.
 */
export class ExperimentSession implements Disposable {
  private readonly options: ExperimentSessionOptions;
  private subscription: Disposable | undefined;
  private readonly changedRuns = new Set<string>();
  private isListChanged = false;
  private readonly tell: CoalescedTask;
  private knownNames: Promise<KnownNames> | undefined;
  private readonly answers: PageAnswers;
  /** Counts the models sent: what was begun for an earlier one is dropped. */
  private generation = 0;

  constructor(options: ExperimentSessionOptions) {
    this.options = options;
    this.answers = new PageAnswers(options.post, options.onError);
    this.tell = new CoalescedTask(async () => this.tellChanges(), changeIntervalMs);
  }

  /** The page said `ready`: it gets its model, and from then on changes. */
  async start(): Promise<void> {
    this.pause();
    const generation = this.generation;
    const { catalog, experimentKey, post, layout } = this.options;
    try {
      const experiment = (await catalog.experiments()).find(({ key }) => key === experimentKey);
      if (generation !== this.generation) {
        return;
      }
      if (experiment === undefined) {
        post({ type: 'gone', message: 'This experiment is not there any more.' });
        return;
      }
      const views = await savedViews(catalog.workspace.folder, experimentKey);
      if (generation !== this.generation) {
        return;
      }
      post({
        type: 'model',
        model: { workspace: catalog.workspace.name, experiment: experiment.name, layout: layout(), views },
        restore: { workspaceFolder: catalog.workspace.folder, experimentKey },
      });
      this.subscription = catalog.onDidChange((change) => this.note(change));
    } catch (error) {
      if (generation === this.generation) {
        post({ type: 'gone', message: errorSentence(error) });
        reportDefect(error, this.options.onError);
      }
    }
  }

  /** Stops sending: the page is hidden, or about to begin anew. */
  pause(): void {
    this.generation += 1;
    this.subscription?.dispose();
    this.subscription = undefined;
    this.changedRuns.clear();
    this.isListChanged = false;
    this.knownNames = undefined;
    this.answers.cancelAll();
  }

  async answer(request: ExperimentPageRequest): Promise<void> {
    await this.answers.answer(request.id, (signal) => this.resultOf(request, signal));
  }

  /** The page does not wait for an answer any more. */
  cancel(requestId: number): void {
    this.answers.cancel(requestId);
  }

  /** Views were saved or deleted. */
  async tellViews(): Promise<void> {
    const { catalog, experimentKey, post } = this.options;
    post({ type: 'views', views: await savedViews(catalog.workspace.folder, experimentKey) });
  }

  dispose(): void {
    this.pause();
    this.tell.dispose();
  }

  private async resultOf(request: ExperimentPageRequest, signal: AbortSignal): Promise<unknown> {
    const { catalog, experimentKey } = this.options;
    switch (request.method) {
      case 'table':
        return await this.table(request.params);
      case 'rows':
        return (await catalog.runRows(request.params)).map(toRowModel);
      case 'groups':
        return (await catalog.runGroups(request.params)).map(toGroupModel);
      case 'values': {
        const { runs, field } = request.params;
        const [values = []] = await catalog.runValues({ runs, fields: [field] });
        return values.map(toValueModel);
      }
      case 'columns':
        return (await catalog.runColumns(experimentKey)) satisfies ColumnsModel;
      case 'completions':
        return completionsAt(request.params.filter, request.params.offset, await this.names());
      case 'narrow':
        return narrowedFilter(request.params.filter, { ...request.params, value: toScalar(request.params.value) });
      case 'series':
        return toSeriesModel(await catalog.series(request.params, signal));
      case 'readView':
        return await readSavedView(catalog.workspace.folder, experimentKey, request.params.name);
    }
  }

  private async table(params: TableParams): Promise<RunsModel | { readonly problem: FilterProblemModel }> {
    const { catalog, experimentKey } = this.options;
    try {
      const query = parseQuery(params.filter);
      const table = await catalog.runTable({ experimentKey, ...params });
      const warnings = params.filter.trim() === '' ? [] : unknownNames(query, await this.names());
      return { ...table, warnings };
    } catch (error) {
      if (error instanceof QueryError) {
        return { problem: { message: error.message, position: error.position, length: error.length } };
      }
      throw error;
    }
  }

  /** What filters can name, read once until runs come or record something new. */
  private names(): Promise<KnownNames> {
    if (this.knownNames === undefined) {
      const names = this.options.catalog.knownNames();
      this.knownNames = names;
      names.catch(() => {
        this.knownNames = undefined;
      });
    }
    return this.knownNames;
  }

  private note(change: CatalogChange): void {
    const { experimentKey } = this.options;
    switch (change.kind) {
      case 'reading':
        return;
      case 'experiments':
        this.isListChanged = true;
        break;
      case 'runs-added':
        if (change.experimentKey !== experimentKey) {
          return;
        }
        this.isListChanged = true;
        for (const id of change.runIds) {
          this.changedRuns.add(id);
        }
        break;
      case 'run-changed':
        if (change.entry.experimentKey !== experimentKey) {
          return;
        }
        this.changedRuns.add(change.entry.id);
        break;
      case 'run-recorded':
        if (change.experimentKey !== experimentKey) {
          return;
        }
        this.changedRuns.add(change.runId);
        break;
      case 'run-removed':
        this.isListChanged = true;
        this.changedRuns.add(change.runId);
        break;
    }
    this.tell.schedule();
  }

  private tellChanges(): void {
    const runIds = [...this.changedRuns];
    const isListChanged = this.isListChanged;
    this.changedRuns.clear();
    this.isListChanged = false;
    this.knownNames = undefined;
    if (this.subscription !== undefined && (runIds.length > 0 || isListChanged)) {
      this.options.post({ type: 'changed', runIds, isListChanged });
    }
  }
}
