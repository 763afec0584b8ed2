/** The catalog that reads the store's files themselves. */
import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileError, isNotFound, RunledgerError } from '../base/errors.ts';
import { type Disposable, DisposableStore, type Event, toDisposable } from '../base/events.ts';
import { pathExists } from '../base/pathExists.ts';
import type { SeriesSlice, TableData } from '../domain/metric.ts';
import type { ArtifactFile, RunDetails, RunEntry } from '../domain/run.ts';
import type { ExperimentSummary, WorkspaceInfo } from '../domain/workspace.ts';
import { listArtifacts } from '../store/artifacts.ts';
import { claimedId, highestClaim } from '../store/claims.ts';
import { experimentName } from '../store/experiments.ts';
import { isRunId } from '../store/names.ts';
import { RunReader } from '../store/runReader.ts';
import {
  childrenFolder,
  entriesOf,
  experimentsFolder,
  findExperimentOfRun,
  numbersFolder,
  runFolder,
  runsFolder,
  trashFolder,
} from '../store/storeLayout.ts';
import { openWorkspace } from '../store/workspaces.ts';
import { CatalogWatcher } from './catalogWatcher.ts';
import type { CatalogChange, Page, RunCatalog, RunDelta, RunsQuery, SeriesQuery } from './runCatalog.ts';
import { followRun } from './runFollower.ts';
import { thinOut } from './thinOut.ts';

/** Runs whose points stay in memory when nobody follows them. */
const keptDetailsReaders = 3;
/** Run records that stay in memory: about a kilobyte each. */
const keptSummaryReaders = 2000;

class FileRunCatalog implements RunCatalog {
  readonly workspace: WorkspaceInfo;
  readonly onDidChange: Event<CatalogChange>;
  private readonly summaryReaders = new Map<string, Promise<RunReader>>();
  private readonly detailsReaders = new Map<string, Promise<RunReader>>();
  /** How often each run is followed. */
  private readonly followed = new Map<string, number>();
  private readonly disposables = new DisposableStore();

  constructor(workspace: WorkspaceInfo) {
    this.workspace = workspace;
    const watcher = this.disposables.add(
      new CatalogWatcher(workspace.folder, {
        entry: (experimentKey, runId) => this.entry(experimentKey, runId),
        findExperiment: (runId) => findExperimentOfRun(workspace.folder, runId),
      }),
    );
    this.onDidChange = watcher.onDidChange;
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
      const folder = runFolder(this.workspace.folder, experimentKey, runId);
      const reader = await this.reader(this.summaryReaders, keptSummaryReaders, folder, experimentKey, false);
      await reader.refresh();
      await stat(folder);
      return await reader.summary();
    } catch (error) {
      if (isNotFound(error) || RunledgerError.is(error, 'not-found') || RunledgerError.is(error, 'invalid-name')) {
        return this.unreadableWhereThere(experimentKey, runId);
      }
      const problem = fileError(error, 'read the run', runId).fullMessage;
      return { kind: 'unreadable', id: runId, experimentKey, problem };
    }
  }

  /** A run's folder without its record is a damaged run; no folder is no run. */
  private async unreadableWhereThere(experimentKey: string, runId: string): Promise<RunEntry | undefined> {
    try {
      await stat(runFolder(this.workspace.folder, experimentKey, runId));
      return { kind: 'unreadable', id: runId, experimentKey, problem: 'Its record, run.json, is missing.' };
    } catch {
      return undefined;
    }
  }

  private reader(
    cache: Map<string, Promise<RunReader>>,
    limit: number,
    folder: string,
    experimentKey: string,
    withMetrics: boolean,
  ): Promise<RunReader> {
    const known = cache.get(folder);
    cache.delete(folder);
    const reader = known ?? RunReader.open({ folder, experimentKey, withMetrics });
    cache.set(folder, reader);
    for (const oldest of cache.keys()) {
      if (cache.size - (withMetrics ? this.followed.size : 0) <= limit) {
        break;
      }
      if (!(withMetrics && this.followed.has(basename(oldest)))) {
        cache.delete(oldest);
      }
    }
    reader.catch(() => cache.delete(folder));
    return reader;
  }

  private async detailsReader(runId: string): Promise<RunReader> {
    const experimentKey = await findExperimentOfRun(this.workspace.folder, runId);
    if (experimentKey === undefined) {
      throw new RunledgerError('not-found', `There is no run ${runId} in the workspace ${this.workspace.name}.`, {
        advice: 'It may have been deleted: see "Runledger: Restore Run".',
      });
    }
    const folder = runFolder(this.workspace.folder, experimentKey, runId);
    const reader = await this.reader(this.detailsReaders, keptDetailsReaders, folder, experimentKey, true);
    await reader.refresh();
    return reader;
  }

  async details(runId: string): Promise<RunDetails> {
    return (await this.detailsReader(runId)).details();
  }

  async series(query: SeriesQuery): Promise<SeriesSlice> {
    const series = (await this.detailsReader(query.runId)).metrics.series(query.metric);
    if (series === undefined) {
      throw new RunledgerError('not-found', `The run ${query.runId} has no series "${query.metric}".`);
    }
    return thinOut(within(series, query.from, query.to), query.maxPoints);
  }

  async table(runId: string, metric: string): Promise<TableData> {
    const table = (await this.detailsReader(runId)).metrics.table(metric);
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
    this.followed.set(runId, (this.followed.get(runId) ?? 0) + 1);
    const following = followRun(runId, () => this.detailsReader(runId), listener);
    return this.disposables.add(
      toDisposable(() => {
        following.dispose();
        const count = (this.followed.get(runId) ?? 1) - 1;
        if (count > 0) {
          this.followed.set(runId, count);
        } else {
          this.followed.delete(runId);
        }
      }),
    );
  }

  dispose(): void {
    this.disposables.dispose();
    this.summaryReaders.clear();
    this.detailsReaders.clear();
  }
}

/** Its place among others; an unreadable one comes last. */
function numberOf(entry: RunEntry): number {
  return entry.kind === 'run' ? entry.number : Number.POSITIVE_INFINITY;
}

function within(series: SeriesSlice, from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY): SeriesSlice {
  const start = series.x.findIndex((x) => x >= from);
  const end = series.x.findLastIndex((x) => x <= to) + 1;
  if (start === 0 && end === series.x.length) {
    return series;
  }
  const [first, last] = start === -1 ? [0, 0] : [start, end];
  return {
    x: series.x.slice(first, last),
    times: series.times.slice(first, last),
    values: series.values.slice(first, last),
    totalCount: Math.max(0, last - first),
  };
}

/**
 * Opens the catalog of a workspace.
 *
 * @throws RunledgerError `not-a-store`, `newer-format`, `unreadable`
 */
export async function openRunCatalog(workspaceFolder: string): Promise<RunCatalog> {
  return new FileRunCatalog(await openWorkspace(workspaceFolder));
}
