/** Brings the whole index up to date: finds the runs that came, went or changed, wherever they were changed. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fileError, isNotFound, RunledgerError } from '../base/errors.ts';
import type { ReadingProgress } from '../catalog/runCatalog.ts';
import { isTerminal } from '../domain/runStatus.ts';
import { isRunId } from '../store/names.ts';
import { derivedState } from '../store/runDescription.ts';
import { experimentsFolder, journalFolder, runFolder, runsFolder } from '../store/storeLayout.ts';
import { trustedTime } from './fileTimes.ts';
import type { IndexDatabase, Row } from './indexDatabase.ts';
import { limitsAtRest, limitsWhileReading, type SettlingLimits, settleMetrics } from './metricColumns.ts';
import type { RunIngestion } from './runIngestion.ts';

/** How long others wait for their turn. */
const turnMs = 25;
/** How many runs are read until it is looked whether enough wait to be sorted by metric. */
const runsBetweenSettling = 100;

export interface ScanOptions {
  /** Of all experiments where it is not given. */
  readonly experimentKey?: string | undefined;
  /** Looks at runs that have ended too, which others may have changed: a tag, a copy that goes on. */
  readonly isThorough: boolean;
  readonly onProgress?: (progress: ReadingProgress) => void;
  readonly signal?: AbortSignal | undefined;
}

interface RunPlace {
  readonly experimentKey: string;
  readonly runId: string;
}

export class StoreScan {
  private readonly database: IndexDatabase;
  private readonly workspaceFolder: string;
  private readonly ingestion: RunIngestion;

  constructor(database: IndexDatabase, workspaceFolder: string, ingestion: RunIngestion) {
    this.database = database;
    this.workspaceFolder = workspaceFolder;
    this.ingestion = ingestion;
  }

  /** @throws RunledgerError `canceled`, `unreadable`, `disk-full` */
  async run(options: ScanOptions): Promise<void> {
    const turns = new Turns(options.signal);
    try {
      const keys = options.experimentKey === undefined ? this.experimentKeys() : [options.experimentKey];
      const stale: RunPlace[] = [];
      // As they are before they are listed: what comes later is found by the next scan.
      const times = keys.map((key) => trustedTime(runsFolder(this.workspaceFolder, key)));
      for (const key of keys) {
        stale.push(...(await this.findStale(key, options.isThorough, turns)));
      }
      await this.ingest(stale, turns, options.onProgress);
      for (const [index, key] of keys.entries()) {
        this.database.run(
          'INSERT OR REPLACE INTO scans (experiment, runs_changed) VALUES (?, ?)',
          key,
          times[index] ?? 0,
        );
      }
      await this.deriveStates(turns);
      await this.settle(limitsAtRest, turns);
    } catch (error) {
      throw fileError(error, 'read the runs', experimentsFolder(this.workspaceFolder));
    }
  }

  private experimentKeys(): string[] {
    const there = namesIn(experimentsFolder(this.workspaceFolder));
    const known = this.database
      .rows('SELECT DISTINCT experiment FROM runs')
      .map(({ experiment }) => String(experiment));
    return [...new Set([...there, ...known])];
  }

  /** The runs of an experiment whose files may say more than the index. Those that are gone are taken out. */
  private async findStale(experimentKey: string, isThorough: boolean, turns: Turns): Promise<RunPlace[]> {
    const folder = runsFolder(this.workspaceFolder, experimentKey);
    const sql = 'SELECT runs_changed FROM scans WHERE experiment = ?';
    const changed = this.database.row(sql, experimentKey)?.runs_changed;
    const hasSameRuns = changed !== undefined && changed === statSync(folder, { throwIfNoEntry: false })?.mtimeMs;
    if (hasSameRuns && !isThorough) {
      return this.unsettled(experimentKey);
    }
    const rows = this.database.rows(
      'SELECT id, is_open, problem, journals_changed, record_changed FROM runs WHERE experiment = ?',
      experimentKey,
    );
    const known = new Map(rows.map((row) => [String(row.id), row]));
    const there = hasSameRuns ? [...known.keys()] : namesIn(folder).filter(isRunId);
    const stale: RunPlace[] = [];
    for (const runId of there) {
      const row = known.get(runId);
      const isStale =
        row === undefined ||
        row.is_open === 1 ||
        row.problem !== null ||
        (isThorough && this.hasChanged(experimentKey, runId, row));
      if (isStale) {
        stale.push({ experimentKey, runId });
      }
      known.delete(runId);
      await turns.next();
    }
    if (!hasSameRuns && known.size > 0) {
      this.database.transaction(() => {
        for (const runId of known.keys()) {
          this.ingestion.remove(runId);
        }
      });
    }
    return stale;
  }

  /** The runs of an experiment that may change without a word: those that go on, and those that could not be read. */
  private unsettled(experimentKey: string): RunPlace[] {
    const select = (condition: string): Row[] =>
      this.database.rows(`SELECT id FROM runs WHERE ${condition} AND experiment = ?`, experimentKey);
    return [...select('is_open'), ...select('problem IS NOT NULL')].map(({ id }) => ({
      experimentKey,
      runId: String(id),
    }));
  }

  private hasChanged(experimentKey: string, runId: string, row: Row): boolean {
    const folder = runFolder(this.workspaceFolder, experimentKey, runId);
    const time = (path: string): number | undefined => statSync(path, { throwIfNoEntry: false })?.mtimeMs;
    return (
      time(journalFolder(folder)) !== row.journals_changed || time(join(folder, 'run.json')) !== row.record_changed
    );
  }

  /** Reads runs, as many in one transaction as fit into a turn. */
  private async ingest(
    stale: readonly RunPlace[],
    turns: Turns,
    onProgress: ((progress: ReadingProgress) => void) | undefined,
  ): Promise<void> {
    let done = 0;
    let settled = 0;
    while (done < stale.length) {
      try {
        done = this.database.transaction(() => {
          let next = done;
          do {
            const place = stale[next] as RunPlace;
            next +=
              this.ingestion.isCurrent(place.experimentKey, place.runId) ||
              !this.ingestion.ingest(place.experimentKey, place.runId)
                ? 1
                : 0;
          } while (next < stale.length && !turns.isOver);
          return next;
        });
      } catch (error) {
        this.ingestion.forget();
        throw error;
      }
      onProgress?.({ done, total: stale.length });
      await turns.next();
      if (done - settled >= runsBetweenSettling) {
        settled = done;
        await this.settle(limitsWhileReading, turns);
      }
    }
  }

  private async settle(limits: SettlingLimits, turns: Turns): Promise<void> {
    while (this.database.transaction(() => settleMetrics(this.database.database, limits))) {
      await turns.next();
    }
  }

  /** Writes the states of runs that go on as they are now: a process may have died without a word. */
  private async deriveStates(turns: Turns): Promise<void> {
    for (const { id } of this.database.rows('SELECT id FROM runs WHERE is_open AND problem IS NULL')) {
      const state = this.ingestion.find(String(id));
      if (state?.kind === 'run') {
        const { status, endTime } = await derivedState(state.fold);
        const ended = isTerminal(status) ? (endTime ?? null) : null;
        this.database.run(
          'UPDATE runs SET status = ?, ended = ? WHERE run = ? AND status <> ?',
          status,
          ended,
          state.run,
          status,
        );
      }
      await turns.next();
    }
  }
}

/** Lets others have their turn in time. */
class Turns {
  private readonly signal: AbortSignal | undefined;
  private started = performance.now();

  constructor(signal: AbortSignal | undefined) {
    this.signal = signal;
  }

  get isOver(): boolean {
    return performance.now() - this.started > turnMs;
  }

  /** @throws RunledgerError `canceled` */
  async next(): Promise<void> {
    if (this.isOver) {
      await nextTurn();
      this.started = performance.now();
      if (this.signal?.aborted === true) {
        throw new RunledgerError('canceled', 'The reading of the runs was canceled.');
      }
    }
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => !name.startsWith('.'));
  } catch (error) {
    if (isNotFound(error)) {
      return [];
    }
    throw error;
  }
}
