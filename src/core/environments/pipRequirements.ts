/** What a requirements file of pip asks for, with everything that it refers to. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { isNotFound, RunledgerError } from '../base/errors.ts';
import { expandHome } from '../base/homePath.ts';

export interface PipRequirements {
  /** Packages, one a line, sorted. Paths are absolute. */
  readonly packages: readonly string[];
  /** Options such as `--index-url …`, in their order, each once. Paths are absolute. */
  readonly options: readonly string[];
  /** Hashes of the content of local files that the lines name, in the order of their paths. */
  readonly contents: readonly string[];
}

/** Packages that Runledger stands for, or that it puts on the path itself: pip is not asked for them. */
const ownPackages = /^(azureml-.*|runledger)$/;
const archiveEnding = /\.(whl|zip|tar\.gz|tar\.bz2|tgz)$/i;
const skippedFolders: ReadonlySet<string> = new Set(['.git', '.runledger', '__pycache__', 'build', 'dist']);
const maxFiles = 10_000;

/**
 * Reads the lines of a requirements file, and the files that they include (`-r`).
 *
 * @param folder where relative paths start, absolute
 * @throws RunledgerError `invalid-run-configuration` where a file is named that cannot be read
 */
export async function readPipRequirements(lines: readonly string[], folder: string): Promise<PipRequirements> {
  const reading = new Reading();
  await reading.read(lines.join('\n'), folder);
  const contents: string[] = [];
  for (const path of [...reading.files].sort()) {
    contents.push(await contentHash(path));
  }
  return { packages: [...reading.packages].sort(), options: [...reading.options], contents };
}

class Reading {
  readonly packages = new Set<string>();
  readonly options = new Set<string>();
  readonly files = new Set<string>();
  private readonly included = new Set<string>();

  async read(text: string, folder: string): Promise<void> {
    for (const line of logicalLines(text)) {
      const [, option = '', value = ''] = /^(--?[A-Za-z][\w-]*)[\s=]*(.*)$/.exec(line) ?? [];
      switch (option) {
        case '':
          this.addPackage(line, folder);
          break;
        case '-r':
        case '--requirement':
          await this.include(value, folder, line);
          break;
        case '-c':
        case '--constraint':
          this.addPathOption('--constraint', value, folder, true);
          break;
        case '-f':
        case '--find-links':
          this.addPathOption('--find-links', value, folder, false);
          break;
        case '-e':
        case '--editable':
          this.packages.add(`--editable ${isLocalPath(value) ? absolute(value, folder) : value}`);
          break;
        default:
          this.options.add(line);
      }
    }
  }

  private addPackage(line: string, folder: string): void {
    const name = packageName(line);
    if (name !== undefined && isProvidedPackage(name)) {
      return;
    }
    if (!isLocalPath(line)) {
      this.packages.add(line);
      return;
    }
    const [, path = line, rest = ''] = /^(.*?)(\[[^\]]*\].*|\s+--.*|\s*;.*)?$/.exec(line) ?? [];
    const target = absolute(path.trim(), folder);
    this.files.add(target);
    this.packages.add(target + rest);
  }

  private addPathOption(option: string, value: string, folder: string, isContent: boolean): void {
    if (isUrl(value)) {
      this.options.add(`${option} ${value}`);
      return;
    }
    const path = absolute(unquoted(value), folder);
    if (isContent) {
      this.files.add(path);
    }
    // pip splits its options as a shell does.
    this.options.add(`${option} ${/\s/.test(path) ? JSON.stringify(path) : path}`);
  }

  private async include(value: string, folder: string, line: string): Promise<void> {
    if (isUrl(value)) {
      this.options.add(line);
      return;
    }
    const path = absolute(unquoted(value), folder);
    if (this.included.has(path)) {
      return;
    }
    this.included.add(path);
    let text: string;
    try {
      text = await readFile(path, 'utf8');
    } catch (error) {
      throw unreadable(path, error);
    }
    await this.read(text.replace(/^\uFEFF/, ''), dirname(path));
  }
}

/** Lines without comments, those that go on after a backslash put together. */
function logicalLines(text: string): readonly string[] {
  return text
    .replace(/\\\r?\n/g, ' ')
    .split(/\r?\n/)
    .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
    .filter((line) => line !== '');
}

/** Whether Runledger stands for a package, or puts it on the path itself. */
export function isProvidedPackage(name: string): boolean {
  return ownPackages.test(name);
}

/** The name of a package as pip compares names; undefined for a path or an address. */
export function packageName(line: string): string | undefined {
  if (isLocalPath(line)) {
    return undefined;
  }
  const name = /^([A-Za-z0-9][\w.-]*)\s*($|[[(=<>~!;@\s])/.exec(line)?.[1];
  return name?.toLowerCase().replace(/[-_.]+/g, '-');
}

function isUrl(text: string): boolean {
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(text);
}

function isLocalPath(text: string): boolean {
  const path = text.replace(/\s*(;|\s--).*$/, '').replace(/\[[^\]]*\]$/, '');
  return (
    !isUrl(path) && !/\s@\s/.test(path) && (/^[.~]?[\\/]|^\.{1,2}$|^\.\.[\\/]/.test(path) || archiveEnding.test(path))
  );
}

function absolute(path: string, folder: string): string {
  const expanded = expandHome(path);
  return isAbsolute(expanded) ? expanded : resolve(folder, expanded);
}

function unquoted(text: string): string {
  return /^(["']).*\1$/.test(text) ? text.slice(1, -1) : text;
}

/** Changes where a file changes, or any file of a folder. */
async function contentHash(path: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    if ((await stat(path)).isDirectory()) {
      for (const file of await filesBelow(path)) {
        const { size, mtimeMs } = await stat(file);
        hash.update(`${relative(path, file).split(sep).join('/')}\n${size}\n${mtimeMs}\n`);
      }
    } else {
      await pipeline(createReadStream(path), hash);
    }
  } catch (error) {
    throw unreadable(path, error);
  }
  return hash.digest('hex');
}

async function filesBelow(folder: string, found: string[] = []): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (found.length >= maxFiles) {
      break;
    }
    if (entry.isFile()) {
      found.push(path);
    } else if (entry.isDirectory() && !skippedFolders.has(entry.name) && !entry.name.endsWith('.egg-info')) {
      await filesBelow(path, found);
    }
  }
  return found;
}

function unreadable(path: string, error: unknown): RunledgerError {
  const problem = isNotFound(error) ? 'does not exist' : 'cannot be read';
  return new RunledgerError('invalid-run-configuration', `The environment asks pip for ${path}, which ${problem}.`, {
    advice: 'Paths start at the source folder, or at the requirements file that names them.',
    cause: error,
  });
}
