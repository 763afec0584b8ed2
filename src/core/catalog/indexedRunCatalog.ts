/** The catalog over the index of a store, which is brought up to date with the files of each run that is asked for. */
import { join } from 'node:path';
import { fileError, RunledgerError } from '../base/errors.ts';
import { type Disposable, DisposableStore, type Event, toDisposable } from '../base/events.ts';
import { pathExists } from '../base/pathExists.ts';
import type { SeriesSlice, TableData } from '../domain/metric.ts';
import type { ArtifactFile, RunDetails, RunEntry, UnreadableRun } from '../domain/run.ts';
import type { ExperimentSummary, WorkspaceInfo } from '../domain/workspace.ts';
import { RunIndex } from '../run-index/runIndex.ts';
import { type KnownNames, readKnownNames } from '../run-query/knownNames.ts';
import { pageOfRuns } from '../run-query/pageOfRuns.ts';
import { parseQuery } from '../run-query/parseQuery.ts';
import type { SortValue } from '../run-query/sortValues.ts';
import { type RunColumns, readRunColumns } from '../run-table/runColumns.ts';
import { type RunRow, type RunRowsQuery, readRunRows } from '../run-table/runRows.ts';
import {
  type RunGroup,
  type RunGroupsQuery,
  type RunValuesQuery,
  readRunGroups,
  readRunValues,
} from '../run-table/runStatistics.ts';
import { type RunTable, type RunTableQuery, readRunTable } from '../run-table/runTable.ts';
import { listArtifacts } from '../store/artifacts.ts';
import { claimedId, highestClaim } from '../store/claims.ts';
import { experimentState } from '../store/experimentJournal.ts';
import { experimentName } from '../store/experiments.ts';
import { isRunId } from '../store/names.ts';
import { RunReader } from '../store/runReader.ts';
import {
  childrenFolder,
  entriesOf,
  experimentFolder,
  experimentsFolder,
  findExperimentOfRun,
  numbersFolder,
  runFolder,
  runsFolder,
  trashFolder,
} from '../store/storeLayout.ts';
import { openWorkspace } from '../store/workspaces.ts';
import { CatalogWatcher } from './catalogWatcher.ts';
import { IndexedRun } from './indexedRun.ts';
import type {
  CatalogChange,
  FindQuery,
  FoundRuns,
  Page,
  ReadingProgress,
  RunCatalog,
  RunDelta,
  RunsQuery,
  SeriesQuery,
} from './runCatalog.ts';
import { followRun } from './runFollower.ts';

/** How often it is told how far the reading is. */
const progressIntervalMs = 250;

class IndexedRunCatalog implements RunCatalog {
  readonly workspace: WorkspaceInfo;
  readonly onDidChange: Event<CatalogChange>;
  private readonly index: RunIndex;
  private readonly disposables = new DisposableStore();
  private readonly watcher: CatalogWatcher;

  constructor(workspace: WorkspaceInfo, index: RunIndex) {
    this.workspace = workspace;
    this.index = index;
    this.watcher = this.disposables.add(
      new CatalogWatcher(workspace.folder, {
        entry: (experimentKey, runId) => this.entry(experimentKey, runId),
        findExperiment: (runId) => findExperimentOfRun(workspace.folder, runId),
      }),
    );
    this.onDidChange = this.watcher.onDidChange;
  }

  /** What fails here fails again where it is asked for, and is told there. */
  readAhead(): void {
    const abort = new AbortController();
    this.disposables.add(toDisposable(() => abort.abort()));
    this.readAll({ signal: abort.signal }).catch(() => {});
  }

  /** Brings the index up to date, and tells how far it is where that takes a while. */
  private async readAll(options: {
    readonly experimentKey?: string | undefined;
    readonly signal?: AbortSignal;
  }): Promise<void> {
    let told = performance.now();
    let hasTold = false;
    const tell = (progress: ReadingProgress): void => {
      const now = performance.now();
      if (now - told >= progressIntervalMs) {
        told = now;
        hasTold = true;
        this.watcher.tell({ kind: 'reading', progress });
      }
    };
    try {
      await this.index.refreshAll({ ...options, onProgress: tell });
    } finally {
      if (hasTold) {
        this.watcher.tell({ kind: 'reading', progress: undefined });
      }
    }
  }

  async experiments(): Promise<readonly ExperimentSummary[]> {
    try {
      const keys = await entriesOf(experimentsFolder(this.workspace.folder));
      const experiments = await Promise.all(
        keys.map(async (key) => ({
          key,
          name: await experimentName(this.workspace.folder, key),
          lastRunNumber: await highestClaim(numbersFolder(this.workspace.folder, key)),
          runCount: (await entriesOf(runsFolder(this.workspace.folder, key))).length,
          ...(await experimentState(experimentFolder(this.workspace.folder, key))),
        })),
      );
      return experiments.sort((a, b) => a.name.localeCompare(b.name));
    } catch (error) {
      throw fileError(error, 'read the experiments', experimentsFolder(this.workspace.folder));
    }
  }

  async runs(query: RunsQuery): Promise<Page<RunEntry>> {
    const folder = numbersFolder(this.workspace.folder, query.experimentKey);
    let next = query.cursor === undefined ? await highestClaim(folder) : Number(query.cursor);
    if (!Number.isInteger(next)) {
      throw new RunledgerError('invalid-argument', `"${query.cursor}" is no cursor of a page.`);
    }
    const items: RunEntry[] = [];
    while (next > 0 && items.length < query.limit) {
      const numbers = Array.from({ length: Math.min(next, query.limit - items.length) }, (_, index) => next - index);
      const found = await Promise.all(numbers.map((number) => this.entryOfNumber(query.experimentKey, folder, number)));
      for (const entry of found) {
        if (entry !== undefined && !(query.topLevelOnly === true && (await this.isChild(entry)))) {
          items.push(entry);
        }
      }
      next -= numbers.length;
    }
    return { items, nextCursor: next > 0 ? String(next) : undefined };
  }

  async find({ filter, experimentKey, limit, cursor }: FindQuery): Promise<FoundRuns> {
    // What cannot be understood is refused before anything is read.
    parseQuery(filter);
    await this.readAll({ experimentKey });
    const { database } = this.index.database;
    const page = pageOfRuns(database, { filter, experimentKey, limit, cursor, now: now() });
    const ids = database.prepare('SELECT id, experiment FROM runs WHERE run = ?');
    const entries = await Promise.all(
      page.runs.map((run) => {
        const row = ids.get(run);
        return row === undefined ? undefined : this.entry(String(row.experiment), String(row.id));
      }),
    );
    return {
      items: entries.filter((entry) => entry !== undefined),
      total: page.total,
      nextCursor: page.nextCursor,
    };
  }

  async knownNames(): Promise<KnownNames> {
    await this.readAll({});
    return readKnownNames(this.index.database.database);
  }

  async runTable(query: RunTableQuery): Promise<RunTable> {
    // What cannot be understood is refused before anything is read.
    parseQuery(query.filter);
    await this.readAll({ experimentKey: query.experimentKey });
    return readRunTable(this.index.database.database, query, now());
  }

  async runColumns(experimentKey: string): Promise<RunColumns> {
    return readRunColumns(this.index.database.database, experimentKey);
  }

  async runRows(query: RunRowsQuery): Promise<readonly RunRow[]> {
    return readRunRows(this.index.database.database, query, now());
  }

  async runGroups(query: RunGroupsQuery): Promise<readonly RunGroup[]> {
    return readRunGroups(this.index.database.database, query, now());
  }

  async runValues(query: RunValuesQuery): Promise<readonly (readonly SortValue[])[]> {
    return readRunValues(this.index.database.database, query, now());
  }

  /** Whether a run is shown below another. One whose parent was deleted stands by itself. */
  private async isChild(entry: RunEntry): Promise<boolean> {
    return (
      entry.kind === 'run' &&
      entry.parentId !== undefined &&
      isRunId(entry.parentId) &&
      (await pathExists(runFolder(this.workspace.folder, entry.experimentKey, entry.parentId)))
    );
  }

  async children(runId: string): Promise<readonly RunEntry[]> {
    const experimentKey = await findExperimentOfRun(this.workspace.folder, runId);
    if (experimentKey === undefined) {
      return [];
    }
    const ids = await entriesOf(childrenFolder(runFolder(this.workspace.folder, experimentKey, runId)));
    const entries = await Promise.all(ids.filter(isRunId).map((id) => this.entry(experimentKey, id)));
    return entries.filter((entry) => entry !== undefined).sort((a, b) => numberOf(a) - numberOf(b));
  }

  private async entryOfNumber(experimentKey: string, folder: string, number: number): Promise<RunEntry | undefined> {
    const runId = await claimedId(folder, number);
    return runId === undefined ? undefined : this.entry(experimentKey, runId);
  }

  async run(runId: string): Promise<RunEntry | undefined> {
    const experimentKey = await findExperimentOfRun(this.workspace.folder, runId);
    return experimentKey === undefined ? undefined : this.entry(experimentKey, runId);
  }

  /** Undefined where the run was deleted, or never made whole. */
  private async entry(experimentKey: string, runId: string): Promise<RunEntry | undefined> {
    try {
      const run = await this.look(experimentKey, runId);
      return run instanceof IndexedRun ? await run.summary() : run;
    } catch (error) {
      if (RunledgerError.is(error, 'invalid-name')) {
        return undefined;
      }
      const problem = fileError(error, 'read the run', runId).fullMessage;
      return { kind: 'unreadable', id: runId, experimentKey, problem };
    }
  }

  /** The run as its files are now. */
  private async look(experimentKey: string, runId: string): Promise<IndexedRun | UnreadableRun | undefined> {
    const folder = runFolder(this.workspace.folder, experimentKey, runId);
    await this.index.refresh(experimentKey, runId);
    const state = this.index.find(runId);
    return state === undefined || !(await pathExists(folder))
      ? undefined
      : state.kind === 'run'
        ? new IndexedRun(this.index, runId, folder, state)
        : { kind: 'unreadable', id: runId, experimentKey, problem: state.problem };
  }

  private async existing(runId: string): Promise<IndexedRun> {
    const experimentKey = await findExperimentOfRun(this.workspace.folder, runId);
    const run = experimentKey === undefined ? undefined : await this.look(experimentKey, runId);
    if (run === undefined) {
      throw new RunledgerError('not-found', `There is no run ${runId} in the workspace ${this.workspace.name}.`, {
        advice: 'It may have been deleted: see "Runledger: Restore Run".',
      });
    }
    if (!(run instanceof IndexedRun)) {
      throw new RunledgerError('unreadable', run.problem);
    }
    return run;
  }

  async details(runId: string): Promise<RunDetails> {
    return (await this.existing(runId)).details();
  }

  async series(query: SeriesQuery, signal?: AbortSignal): Promise<SeriesSlice> {
    const { state } = await this.existing(query.runId);
    const series = await this.index.series(state.run, query, signal);
    if (series === undefined) {
      throw new RunledgerError('not-found', `The run ${query.runId} has no series "${query.metric}".`);
    }
    return series;
  }

  async table(runId: string, metric: string): Promise<TableData> {
    const { state } = await this.existing(runId);
    const table = this.index.table(state.run, metric);
    if (table === undefined) {
      throw new RunledgerError('not-found', `The run ${runId} has no table "${metric}".`);
    }
    return table;
  }

  async files(runId: string): Promise<readonly ArtifactFile[]> {
    const experimentKey = await findExperimentOfRun(this.workspace.folder, runId);
    return experimentKey === undefined ? [] : listArtifacts(runFolder(this.workspace.folder, experimentKey, runId));
  }

  async deletedRuns(): Promise<readonly RunEntry[]> {
    const trash = trashFolder(this.workspace.folder);
    const entries: RunEntry[] = [];
    for (const experimentKey of await entriesOf(trash)) {
      for (const runId of await entriesOf(join(trash, experimentKey))) {
        try {
          const reader = await RunReader.open({
            folder: join(trash, experimentKey, runId),
            experimentKey,
            withMetrics: false,
          });
          await reader.refresh();
          entries.push(await reader.summary());
        } catch (error) {
          entries.push({
            kind: 'unreadable',
            id: runId,
            experimentKey,
            problem: fileError(error, 'read the run', runId).message,
          });
        }
      }
    }
    const created = (entry: RunEntry): number => (entry.kind === 'run' ? entry.createdTime : 0);
    return entries.sort((a, b) => created(b) - created(a));
  }

  follow(runId: string, listener: (delta: RunDelta) => void): Disposable {
    return this.disposables.add(followRun(runId, () => this.existing(runId), listener));
  }

  dispose(): void {
    this.disposables.dispose();
    this.index.close();
  }
}

/** Unix seconds. */
function now(): number {
  return Date.now() / 1000;
}

/** Its place among others; an unreadable one comes last. */
function numberOf(entry: RunEntry): number {
  return entry.kind === 'run' ? entry.number : Number.POSITIVE_INFINITY;
}

export interface OpenCatalogOptions {
  /** Keeps the index in memory, for as long as the catalog is open: nothing is written anywhere. */
  readonly writesNothing?: boolean;
  /** Brings the whole index up to date in the background, so that the first filter waits for nothing. */
  readonly readsAhead?: boolean;
}

/**
 * Opens the catalog of a workspace.
 *
 * @throws RunledgerError `not-a-store`, `newer-format`, `unreadable`, `not-writable`, `disk-full`
 */
export async function openRunCatalog(workspaceFolder: string, options: OpenCatalogOptions = {}): Promise<RunCatalog> {
  const workspace = await openWorkspace(workspaceFolder);
  const catalog = new IndexedRunCatalog(
    workspace,
    await RunIndex.open(workspace.folder, options.writesNothing !== true),
  );
  if (options.readsAhead === true) {
    catalog.readAhead();
  }
  return catalog;
}
