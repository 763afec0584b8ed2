/** Files that come in parts, and appear with the last one: a connection may be cut at any of them. */
import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { fileError, isNotFound, RunledgerError } from '../../base/errors.ts';

/** Of a file that did not come whole: the {@link Stamp} of the whole, and how much is here. */
export type PartStamp = readonly [size: number, mtime: number, have: number];

export interface FilePart {
  readonly path: string;
  readonly total: number;
  readonly mtime: number;
  readonly offset: number;
  readonly data: Buffer;
  /** Of the whole file; only with the last part. */
  readonly sha256: string | undefined;
}

const partName = /^\.(.+)\.(\d+)-(\d+)\.tmp$/;
/** In bytes; a name of a file has at most 255. */
const longestPartName = 180;

/** What lies in a folder of files that did not come whole, by name. */
export async function partsIn(folder: string): Promise<ReadonlyMap<string, PartStamp>> {
  const parts = new Map<string, PartStamp>();
  const names = await readdir(folder).catch((error: unknown) => {
    if (isNotFound(error)) {
      return [];
    }
    throw error;
  });
  for (const name of names) {
    const match = partName.exec(name);
    if (match !== null) {
      const { size } = await stat(join(folder, name));
      parts.set(match[1] ?? '', [Number(match[3]), Number(match[2]), size]);
    }
  }
  return parts;
}

/** What lies in several folders below `root`, by path below that, with `/`. */
export async function partsBelow(root: string, folders: readonly string[]): Promise<Record<string, PartStamp>> {
  const parts: Record<string, PartStamp> = {};
  for (const folder of folders) {
    for (const [name, stamp] of await partsIn(folder)) {
      parts[relative(root, join(folder, name)).replaceAll('\\', '/')] = stamp;
    }
  }
  return parts;
}

export class FileParts {
  private readonly digests = new Map<string, Hash>();

  /**
   * Takes a part of the file `target`, whose folder is there.
   *
   * @throws RunledgerError `invalid-state` where the parts do not make the file; `disk-full`, `not-writable`
   */
  async take(target: string, part: FilePart): Promise<void> {
    const shortName = Buffer.from(basename(target)).subarray(0, longestPartName).toString();
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
