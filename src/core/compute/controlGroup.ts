/** The control group (cgroup of version 2) that a supervisor has made for a script; see docs/store-format.md, "Control groups". */
import { readdir, readFile, realpath, rmdir, statfs, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { RecordedProcess } from '../store/journalRecords.ts';

/** What Linux calls a file system of control groups of version 2 (`CGROUP2_SUPER_MAGIC`). */
const controlGroupFileSystem = 0x63677270;

export class ControlGroup {
  private readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /**
   * The group of a script of this machine's present boot. A journal can say anything, so what is not a group by the name of the
   * run is none.
   */
  static async of({ cgroup }: RecordedProcess, runId: string): Promise<ControlGroup | undefined> {
    if (cgroup === undefined || basename(cgroup) !== `runledger-${runId}`) {
      return undefined;
    }
    try {
      const isGroup = (await realpath(cgroup)) === cgroup && (await statfs(cgroup)).type === controlGroupFileSystem;
      return isGroup ? new ControlGroup(cgroup) : undefined;
    } catch {
      // Whoever made it has removed it.
      return undefined;
    }
  }

  /** The living members, and those of the groups below. */
  async pids(): Promise<number[]> {
    const lists = await Promise.all((await this.folders()).map(membersOf));
    // Those of another namespace have the number 0.
    return lists.flat().filter((pid) => pid > 0);
  }

  /** Ends all members at once, also those that are being born meanwhile, where the kernel can do so (5.14). */
  async kill(): Promise<void> {
    if (!(await this.pids()).includes(process.pid)) {
      await writeFile(join(this.folder, 'cgroup.kill'), '1', { flag: 'r+' }).catch(() => {});
    }
  }

  /** Removes the group with those below, as far as they are empty. */
  async remove(): Promise<void> {
    for (const folder of (await this.folders()).reverse()) {
      await rmdir(folder).catch(() => {});
    }
  }

  /** Each before those below it. */
  private async folders(): Promise<string[]> {
    const below = await readdir(this.folder, { recursive: true, withFileTypes: true }).catch(() => []);
    const paths = below.filter((entry) => entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
    return [this.folder, ...paths.sort((a, b) => a.length - b.length)];
  }
}

async function membersOf(folder: string): Promise<number[]> {
  const text = await readFile(join(folder, 'cgroup.procs'), 'utf8').catch(() => '');
  return text.split('\n').filter(Boolean).map(Number);
}
