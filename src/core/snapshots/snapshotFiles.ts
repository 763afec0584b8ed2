/** Reading single files of stored snapshots, as an editor does: many, soon after each other, of few snapshots. */
import { buffer } from 'node:stream/consumers';
import { RunledgerError } from '../base/errors.ts';
import type { Disposable } from '../base/events.ts';
import { type ExtractOptions, type ZipEntry, ZipReader } from '../base/zipReader.ts';
import { snapshotFile } from '../store/storeLayout.ts';

/** Code that is stored in a workspace. */
export interface SnapshotReference {
  readonly workspaceFolder: string;
  /** As `RunDetails.snapshot` names it. */
  readonly hash: string;
}

/** Zips kept open. Comparing two snapshots while others are shown needs no more. */
const mostOpen = 4;
/** An open zip cannot be deleted on Windows, and the trash is emptied by other programs. */
const idleMs = 10_000;

interface OpenZip {
  readonly zip: Promise<ZipReader>;
  users: number;
  isDropped: boolean;
}

/** Snapshots by their files. Keeps the last few zips open for a while, so that a tree or a diff reads each table of contents once. */
export class SnapshotFiles implements Disposable {
  /** In the order of their use, the last one last. */
  private readonly open = new Map<string, OpenZip>();
  private idle: NodeJS.Timeout | undefined;

  /**
   * The files of a snapshot, by path.
   *
   * @throws RunledgerError `not-found` where the zip is gone, `unreadable`
   */
  async list(snapshot: SnapshotReference): Promise<readonly ZipEntry[]> {
    return await this.use(snapshot, async (zip) => zip.entries);
  }

  /**
   * The bytes of one file.
   *
   * @throws RunledgerError `not-found` where the snapshot has no such file, `unreadable`
   */
  async read(snapshot: SnapshotReference, path: string): Promise<Buffer> {
    return await this.use(snapshot, async (zip) => {
      assertHolds(zip, snapshot, path);
      return await buffer(await zip.content(path));
    });
  }

  /** Unpacks one file to a path where nothing is. Throws as {@link read} does, or `canceled`. */
  async extract(snapshot: SnapshotReference, entry: ZipEntry, target: string, options?: ExtractOptions): Promise<void> {
    await this.use(snapshot, async (zip) => await zip.extract(entry, target, options));
  }

  dispose(): void {
    clearTimeout(this.idle);
    this.dropAllBut(0);
  }

  private async use<T>(snapshot: SnapshotReference, read: (zip: ZipReader) => Promise<T>): Promise<T> {
    const path = snapshotFile(snapshot.workspaceFolder, snapshot.hash);
    const known = this.open.get(path);
    const entry = known ?? { zip: openSnapshot(path), users: 0, isDropped: false };
    this.open.delete(path);
    this.open.set(path, entry);
    entry.users++;
    this.dropAllBut(mostOpen);
    try {
      return await read(await entry.zip);
    } catch (error) {
      // What could not be opened or read is looked at anew the next time.
      this.drop(path, entry);
      throw error;
    } finally {
      entry.users--;
      closeUnused(entry);
      clearTimeout(this.idle);
      this.idle = setTimeout(() => this.dropAllBut(0), idleMs);
      this.idle.unref();
    }
  }

  private dropAllBut(count: number): void {
    for (const [path, entry] of [...this.open].slice(0, Math.max(this.open.size - count, 0))) {
      this.drop(path, entry);
    }
  }

  private drop(path: string, entry: OpenZip): void {
    if (this.open.get(path) === entry) {
      this.open.delete(path);
    }
    entry.isDropped = true;
    closeUnused(entry);
  }
}

/** Closes a zip that was dropped as soon as nobody reads it. */
function closeUnused(entry: OpenZip): void {
  if (entry.isDropped && entry.users === 0) {
    entry.zip.then(
      (zip) => zip.close(),
      () => {},
    );
  }
}

async function openSnapshot(path: string): Promise<ZipReader> {
  try {
    // It was made here, of files that were there: it may be of any size.
    return await ZipReader.open(path, { isAnySizeAllowed: true });
  } catch (error) {
    if (RunledgerError.is(error, 'not-found')) {
      throw new RunledgerError('not-found', `The snapshot is not in the workspace any more: there is no ${path}.`, {
        advice: 'It was deleted by hand, or the run was copied here without it.',
        cause: error,
      });
    }
    throw error;
  }
}

function assertHolds(zip: ZipReader, snapshot: SnapshotReference, path: string): void {
  if (!zip.entries.some((entry) => entry.path === path)) {
    throw new RunledgerError('not-found', `The snapshot ${snapshot.hash.slice(0, 12)} holds no ${path}.`);
  }
}
