/** The files of one run as they come from another host: appended where they grow, whole or not at all where they do not. */
import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileError, isNotFound, RunledgerError } from '../../base/errors.ts';
import { pathExists } from '../../base/pathExists.ts';
import { artifactFile, listArtifactFolders, listArtifacts } from '../../store/artifacts.ts';
import { journalNames } from '../../store/journalReader.ts';
import { artifactsFolder, journalFolder } from '../../store/storeLayout.ts';

/** Size and milliseconds of the last change: what tells one state of a file from another. */
type Stamp = readonly [size: number, mtime: number];

/** What is here already, as the host is told. */
export interface KnownFiles {
  readonly journals: Readonly<Record<string, number>>;
  readonly files: Readonly<Record<string, Stamp>>;
  /** Of files that did not come whole: the stamp of the whole, and how much is here. */
  readonly parts: Readonly<Record<string, readonly [size: number, mtime: number, have: number]>>;
}

export interface FilePart {
  readonly path: string;
  readonly total: number;
  readonly mtime: number;
  readonly offset: number;
  readonly data: Buffer;
  /** Of the whole file; only with the last part. */
  readonly sha256: string | undefined;
}

const journalName = /^[a-z]+-\d+-[0-9a-f]{8}\.jsonl$/;
const partName = /^\.(.+)\.(\d+)-(\d+)\.tmp$/;
/** In bytes; a name of a file has at most 255. */
const longestPartName = 180;

export class GatheredRun {
  readonly folder: string;
  private readonly digests = new Map<string, Hash>();

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
    return { journals, files, parts: await this.parts() };
  }

  private async parts(): Promise<KnownFiles['parts']> {
    const parts: Record<string, readonly [number, number, number]> = {};
    const root = artifactsFolder(this.folder);
    for (const folder of await listArtifactFolders(this.folder)) {
      const names = await readdir(folder).catch((error: unknown) => {
        if (isNotFound(error)) {
          return [];
        }
        throw error;
      });
      for (const name of names) {
        const match = partName.exec(name);
        if (match !== null) {
          const path = join(folder, match[1] ?? '').slice(root.length + 1);
          const { size } = await stat(join(folder, name));
          parts[path.replaceAll('\\', '/')] = [Number(match[3]), Number(match[2]), size];
        }
      }
    }
    return parts;
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

  /**
   * Takes a part of a file. It appears with the last one, if its content is what was sent.
   *
   * @throws RunledgerError `invalid-state` where the parts do not make the file; `disk-full`, `not-writable`, `not-found`
   */
  async takePart(part: FilePart): Promise<void> {
    const target = await this.artifactPath(part.path);
    const name = basename(target);
    const shortName = Buffer.from(name).subarray(0, longestPartName).toString();
    const draft = join(dirname(target), `.${shortName}.${part.mtime}-${part.total}.tmp`);
    try {
      const digest = await this.digestUpTo(part, draft);
      await writeAt(draft, part.offset, part.data);
      digest.update(part.data);
      if (part.sha256 === undefined) {
        return;
      }
      this.digests.delete(draft);
      if (digest.digest('hex') !== part.sha256) {
        await rm(draft, { force: true });
        throw new RunledgerError('invalid-state', `${part.path} did not arrive as it was sent.`);
      }
      await utimes(draft, part.mtime / 1000, part.mtime / 1000);
      await rename(draft, target);
    } catch (error) {
      throw fileError(error, 'keep a file of the run', target);
    }
  }

  /** The hash of what is before a part. */
  private async digestUpTo(part: FilePart, draft: string): Promise<Hash> {
    const known = part.offset === 0 ? undefined : this.digests.get(draft);
    if (known !== undefined) {
      return known;
    }
    const digest = createHash('sha256');
    if (part.offset > 0) {
      for await (const bytes of createReadStream(draft, { end: part.offset - 1 })) {
        digest.update(bytes as Buffer);
      }
    }
    this.digests.set(draft, digest);
    return digest;
  }
}

async function writeAt(path: string, offset: number, data: Buffer): Promise<void> {
  const handle = await open(path, offset === 0 ? 'w' : 'r+');
  try {
    await handle.write(data, 0, data.length, offset);
  } finally {
    await handle.close();
  }
}
