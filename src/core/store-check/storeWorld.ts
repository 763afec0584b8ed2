/** What parts of a check must know of the rest of the store. */
import { join } from 'node:path';
import { isNotFound } from '../base/errors.ts';
import { pathExists } from '../base/pathExists.ts';
import { forEachHash } from '../store/snapshotReferences.ts';
import {
  activeFolder,
  entriesOf,
  journalFolder,
  runFolder,
  snapshotsFolder,
  storeFolder,
  trashFolder,
} from '../store/storeLayout.ts';
import type { CheckSession } from './checkSession.ts';

export class StoreWorld {
  /** The runs that `active/` names. */
  readonly marked: ReadonlySet<string>;
  /** The hashes of all snapshots. */
  readonly snapshots: ReadonlySet<string>;
  /** Those that nothing was found to name so far. */
  readonly unnamedSnapshots: Set<string>;
  /** The experiment of each run that was met so far. */
  readonly experimentOfRun = new Map<string, string>();
  private readonly workspaceFolder: string;

  private constructor(workspaceFolder: string, marked: readonly string[], snapshots: readonly string[]) {
    this.workspaceFolder = workspaceFolder;
    this.marked = new Set(marked);
    this.snapshots = new Set(snapshots);
    this.unnamedSnapshots = new Set(snapshots);
  }

  static async read(session: CheckSession): Promise<StoreWorld> {
    const { workspaceFolder } = session;
    const zips = await session.entries(snapshotsFolder(workspaceFolder));
    const snapshots = zips.flatMap((name) => /^([0-9a-f]{64})\.zip$/.exec(name)?.[1] ?? []);
    return new StoreWorld(workspaceFolder, await session.entries(activeFolder(workspaceFolder)), snapshots);
  }

  /** Notes what a file names. */
  async noteSnapshotsOf(path: string, signal?: AbortSignal): Promise<void> {
    await forEachHash(path, (hash) => this.unnamedSnapshots.delete(hash), signal);
  }

  /** Notes what is named beside the runs: by what is in the trash, and by published pipelines. */
  async noteOtherSnapshots(session: CheckSession): Promise<void> {
    const trash = trashFolder(this.workspaceFolder);
    for (const experiment of await session.entries(trash)) {
      for (const run of await session.entries(join(trash, experiment))) {
        const folder = join(trash, experiment, run);
        for (const journal of await session.entries(journalFolder(folder))) {
          await this.note(session, join(journalFolder(folder), journal));
        }
        await this.note(session, join(folder, 'orchestration.json'));
      }
    }
    const pipelines = join(storeFolder(this.workspaceFolder), 'pipelines');
    for (const name of await session.entries(pipelines)) {
      await this.note(session, join(pipelines, name));
    }
  }

  private async note(session: CheckSession, path: string): Promise<void> {
    await session.orReported(path, () => this.noteSnapshotsOf(path, session.signal), ['EISDIR']);
  }

  /** Whether a run is there, or in the trash, from where it can come back. */
  async hasRun(experimentKey: string, runId: string): Promise<boolean> {
    const isThere = await pathExists(runFolder(this.workspaceFolder, experimentKey, runId));
    return isThere || (await pathExists(join(trashFolder(this.workspaceFolder), experimentKey, runId)));
  }

  /** The run of the same experiment that marks another as its child. */
  async parentOf(experimentRuns: string, runId: string): Promise<string | undefined> {
    for (const parent of await entriesOf(experimentRuns)) {
      try {
        if (await pathExists(join(experimentRuns, parent, 'children', runId))) {
          return parent;
        }
      } catch (error) {
        if (!isNotFound(error)) {
          throw error;
        }
      }
    }
    return undefined;
  }
}
