/** The files of one run as they come from another host: appended where they grow, whole or not at all where they do not. */
import { mkdir, open, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileError, RunledgerError } from '../../base/errors.ts';
import { pathExists } from '../../base/pathExists.ts';
import { artifactFile, listArtifactFolders, listArtifacts } from '../../store/artifacts.ts';
import { journalNames } from '../../store/journalReader.ts';
import { artifactsFolder, journalFolder } from '../../store/storeLayout.ts';
import type { Stamp } from '../dataPlace.ts';
import { type FilePart, FileParts, type PartStamp, partsBelow } from './fileParts.ts';

/** What is here already, as the host is told. */
export interface KnownFiles {
  readonly journals: Readonly<Record<string, number>>;
  readonly files: Readonly<Record<string, Stamp>>;
  readonly parts: Readonly<Record<string, PartStamp>>;
}

const journalName = /^[a-z]+-\d+-[0-9a-f]{8}\.jsonl$/;

export class GatheredRun {
  readonly folder: string;
  private readonly fileParts = new FileParts();

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Whether the run is still there; one that was deleted must not come back in parts. */
  exists(): Promise<boolean> {
    return pathExists(join(this.folder, 'run.json'));
  }

  async known(): Promise<KnownFiles> {
    const journals: Record<string, number> = {};
    for (const name of await journalNames(journalFolder(this.folder))) {
      journals[name] = (await stat(join(journalFolder(this.folder), name))).size;
    }
    const files: Record<string, Stamp> = {};
    for (const { path, bytes, modifiedTime } of await listArtifacts(this.folder)) {
      files[path] = [bytes, Math.floor(modifiedTime * 1000)];
    }
    const parts = await partsBelow(artifactsFolder(this.folder), await listArtifactFolders(this.folder));
    return { journals, files, parts };
  }

  /**
   * Adds bytes at the end of a journal or a log. From the beginning, they replace what is there.
   *
   * @param file `journal/<name>` or `artifacts/<path>`
   * @throws RunledgerError `invalid-state` where bytes before them are missing; `disk-full`, `not-writable`, `not-found`
   */
  async append(file: string, offset: number, data: Buffer): Promise<void> {
    const path = await this.pathOf(file);
    try {
      const handle = await open(path, 'a');
      try {
        const { size } = await handle.stat();
        if (size !== offset && offset === 0) {
          await handle.truncate(0);
        } else if (size !== offset) {
          throw new RunledgerError('invalid-state', `${path} has ${size} bytes, and what came begins at ${offset}.`);
        }
        await handle.appendFile(data);
      } finally {
        await handle.close();
      }
    } catch (error) {
      throw fileError(error, 'keep what the run wrote', path);
    }
  }

  private async pathOf(file: string): Promise<string> {
    if (file.startsWith('journal/')) {
      const name = file.slice('journal/'.length);
      if (!journalName.test(name)) {
        throw new RunledgerError('invalid-name', `"${name}" is no name of a journal.`);
      }
      return join(journalFolder(this.folder), name);
    }
    return this.artifactPath(file.slice('artifacts/'.length));
  }

  private async artifactPath(name: string): Promise<string> {
    const path = artifactFile(this.folder, name);
    const folder = dirname(path);
    if (!(await pathExists(folder))) {
      if (!(await this.exists())) {
        throw new RunledgerError('not-found', `The run's folder ${this.folder} is gone.`);
      }
      await mkdir(folder, { recursive: true }).catch((error: unknown) => {
        throw fileError(error, 'keep a file of the run', path);
      });
    }
    return path;
  }

  /** Takes a part of a file. Throws as {@link FileParts.take}; `not-found` where the run is gone. */
  async takePart(part: FilePart): Promise<void> {
    await this.fileParts.take(await this.artifactPath(part.path), part);
  }
}
