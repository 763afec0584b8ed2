import type { Dirent, Stats } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { errorCode, fileError, isNotFound, RunledgerError } from '../base/errors.ts';
import { type IgnoreRules, isNeverTaken, loadIgnoreRules } from './ignoreRules.ts';

/** A file that belongs to the source. */
export interface SourceFile {
  /** Relative to the source folder, with `/`. */
  readonly path: string;
  readonly absolutePath: string;
  readonly bytes: number;
}

export interface SourceListing {
  /** Sorted by the bytes of the path. */
  readonly files: readonly SourceFile[];
  /** Things that were left out though no rule says so, as sentences for a person. */
  readonly warnings: readonly string[];
}

/** Whether `path` is `folder` or lies in it. Both absolute. */
export function isInside(folder: string, path: string): boolean {
  const rest = relative(folder, path);
  return rest === '' || (rest !== '..' && !rest.startsWith(`..${sep}`) && !isAbsolute(rest));
}

/** An error for a file of the source that cannot be read. */
export function unreadableSource(error: unknown, path: string): RunledgerError {
  const code = errorCode(error);
  if (code === 'EACCES' || code === 'EPERM') {
    return new RunledgerError('unreadable', `Cannot take the snapshot: ${path} cannot be read.`, {
      advice: 'Give yourself permission to read it, or name it in .amlignore.',
      cause: error,
    });
  }
  return fileError(error, 'take the snapshot', path);
}

/**
 * Lists the files that a snapshot of a folder holds. Links are followed where they lead to another place in the folder.
 *
 * @param givenRules in place of those that are in the folder
 *
 * @throws RunledgerError `not-found`, `unreadable` for a folder that cannot be listed, `canceled`
 */
export async function listSourceFiles(
  sourceDirectory: string,
  signal?: AbortSignal,
  givenRules?: IgnoreRules,
): Promise<SourceListing> {
  const rules = givenRules ?? (await loadIgnoreRules(sourceDirectory));
  let root: string;
  try {
    root = await realpath(sourceDirectory);
  } catch (error) {
    throw unreadableSource(error, sourceDirectory);
  }
  const walk = new SourceWalk(root, rules, signal);
  await walk.folder(root, '', [root]);
  walk.files.sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
  return { files: walk.files, warnings: walk.warnings };
}

class SourceWalk {
  readonly files: SourceFile[] = [];
  readonly warnings: string[] = [];
  private readonly root: string;
  private readonly rules: IgnoreRules;
  private readonly signal: AbortSignal | undefined;

  constructor(root: string, rules: IgnoreRules, signal: AbortSignal | undefined) {
    this.root = root;
    this.rules = rules;
    this.signal = signal;
  }

  /** @param realParents real paths of the folder and of those above it, so that no link leads back into them */
  async folder(absolutePath: string, path: string, realParents: readonly string[]): Promise<void> {
    if (this.signal?.aborted === true) {
      throw new RunledgerError('canceled', 'The snapshot was canceled.');
    }
    let entries: Dirent[];
    try {
      entries = await readdir(absolutePath, { withFileTypes: true });
    } catch (error) {
      if (path !== '' && isNotFound(error)) {
        return;
      }
      throw unreadableSource(error, absolutePath);
    }
    for (const entry of entries) {
      const entryPath = path === '' ? entry.name : `${path}/${entry.name}`;
      if (!isNeverTaken(entry.name)) {
        await this.entry(entry, join(absolutePath, entry.name), entryPath, realParents);
      }
    }
  }

  private async entry(
    entry: Dirent,
    absolutePath: string,
    path: string,
    realParents: readonly string[],
  ): Promise<void> {
    if (!entry.isSymbolicLink()) {
      if (this.rules.isIgnored(path, entry.isDirectory())) {
        return;
      }
      if (entry.isDirectory()) {
        await this.folder(absolutePath, path, [...realParents, absolutePath]);
      } else if (entry.isFile()) {
        await this.file(absolutePath, path);
      } else {
        this.warnings.push(`${path} was left out of the snapshot: it is neither a file nor a folder.`);
      }
      return;
    }
    await this.link(absolutePath, path, realParents);
  }

  private async link(absolutePath: string, path: string, realParents: readonly string[]): Promise<void> {
    // Git matches a link as a file; a rule for folders (`data/`) that leaves out its target's kind is honoured too.
    if (this.rules.isIgnored(path, false)) {
      return;
    }
    let target: string;
    let status: Stats;
    try {
      target = await realpath(absolutePath);
      status = await stat(target);
    } catch (error) {
      const code = errorCode(error);
      if (isNotFound(error) || code === 'ELOOP') {
        this.warnings.push(`${path} was left out of the snapshot: it is a link that leads nowhere.`);
        return;
      }
      throw unreadableSource(error, absolutePath);
    }
    if (status.isDirectory() && this.rules.isIgnored(path, true)) {
      return;
    }
    if (!isInside(this.root, target) || relative(this.root, target).split(sep).some(isNeverTaken)) {
      this.warnings.push(`${path} was left out of the snapshot: it is a link to ${target}, outside the source folder.`);
    } else if (status.isDirectory()) {
      if (realParents.some((parent) => isInside(target, parent))) {
        this.warnings.push(`${path} was left out of the snapshot: it is a link to a folder that holds it.`);
      } else {
        await this.folder(absolutePath, path, [...realParents, target]);
      }
    } else if (status.isFile()) {
      await this.file(absolutePath, path);
    }
  }

  private async file(absolutePath: string, path: string): Promise<void> {
    // A zip's names use "/" alone and know no drives: such a name would unpack as another one.
    if (path.includes('\\') || /^[^/]*:/.test(path) || /[\0\r\n]/.test(path)) {
      this.warnings.push(`${JSON.stringify(path)} was left out of the snapshot: a zip file cannot hold such a name.`);
      return;
    }
    try {
      const { size } = await stat(absolutePath);
      this.files.push({ path, absolutePath, bytes: size });
    } catch (error) {
      if (!isNotFound(error)) {
        throw unreadableSource(error, absolutePath);
      }
      // A name that is no UTF-8 arrives mangled, and cannot be opened by what arrived; others have just been deleted.
      if (path.includes('\uFFFD')) {
        this.warnings.push(`${path} was left out of the snapshot: its name is not valid UTF-8.`);
      }
    }
  }
}
