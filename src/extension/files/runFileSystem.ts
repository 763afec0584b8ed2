import type { Stats } from 'node:fs';
import { lstat, readdir, readFile } from 'node:fs/promises';
import { relative, sep } from 'node:path';
import * as vscode from 'vscode';
import { isNotFound, RunledgerError } from '../../core/base/errors.ts';
import { artifactFile } from '../../core/store/artifacts.ts';
import { artifactsFolder } from '../../core/store/storeLayout.ts';
import { parseRunFileAddress, type RunFileAddress, runFileParts } from './runFileAddress.ts';
import type { RunFiles } from './runFiles.ts';
import { entriesOfFolder } from './runFileTree.ts';
import { watchRunFiles } from './runFileWatches.ts';

/** Times of folders of a snapshot, which zips do not record. */
const noTime = 0;

/**
 * The files of runs as a read-only file system, so that the editor's own diff, notebooks, images and the previews of other
 * extensions open them: what a run wrote, live from the disk, and the code that it ran, out of its snapshot.
 */
export class RunFileSystem implements vscode.FileSystemProvider, vscode.Disposable {
  private readonly files: RunFiles;
  private readonly log: vscode.LogOutputChannel;
  private readonly emitter = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.emitter.event;

  constructor(files: RunFiles, log: vscode.LogOutputChannel) {
    this.files = files;
    this.log = log;
  }

  /** Artifacts change while a run goes on, and when people change them. A snapshot never does. */
  watch(uri: vscode.Uri, options: { readonly recursive: boolean }): vscode.Disposable {
    const address = addressOf(uri);
    if (address.part !== 'artifacts') {
      return new vscode.Disposable(() => {});
    }
    let watch: { dispose(): void } | undefined;
    let isDisposed = false;
    this.artifactPath(address).then(
      ({ root, path }) => {
        if (!isDisposed) {
          const onChange = (changed: string): void => {
            const parts = relative(root, changed).split(sep).join('/');
            this.tell(this.files.artifactUri(address, parts), changed);
          };
          watch = watchRunFiles(path, { isRecursive: options.recursive, onChange });
        }
      },
      (error: unknown) => this.log.debug(`${uri.toString()} is not watched: ${String(error)}`),
    );
    return new vscode.Disposable(() => {
      isDisposed = true;
      watch?.dispose();
    });
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const address = addressOf(uri);
    if (address.part === undefined) {
      return folderStat();
    }
    return await orFileSystemError(uri, () =>
      isSnapshot(address) ? this.statCode(uri, address) : this.statArtifact(address),
    );
  }

  async readDirectory(uri: vscode.Uri): Promise<[string, vscode.FileType][]> {
    const address = addressOf(uri);
    if (address.part === undefined) {
      return runFileParts.map((part) => [part, vscode.FileType.Directory]);
    }
    return await orFileSystemError(uri, async () => {
      if (!isSnapshot(address)) {
        const { path } = await this.artifactPath(address);
        return (await readdir(path, { withFileTypes: true })).map((entry) => [entry.name, typeOf(entry)]);
      }
      const entries = entriesOfFolder(
        (await this.files.listSnapshot(address)).map(({ path }) => path),
        address.path,
      );
      if (entries === undefined) {
        throw vscode.FileSystemError.FileNotFound(uri);
      }
      return entries.map(({ name, isFolder }) => [name, isFolder ? vscode.FileType.Directory : vscode.FileType.File]);
    });
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    const address = addressOf(uri);
    if (address.part === undefined || address.path === '') {
      throw vscode.FileSystemError.FileIsADirectory(uri);
    }
    return await orFileSystemError(uri, async () => {
      if (isSnapshot(address)) {
        return await this.files.readSnapshotFile(address, address.path);
      }
      const { path } = await this.artifactPath(address);
      // A link could lead anywhere, and is not shown as a file of the run either.
      if (!(await lstat(path)).isFile()) {
        throw vscode.FileSystemError.FileIsADirectory(uri);
      }
      return await readFile(path);
    });
  }

  createDirectory(uri: vscode.Uri): never {
    throw readOnly(uri);
  }

  writeFile(uri: vscode.Uri): never {
    throw readOnly(uri);
  }

  delete(uri: vscode.Uri): never {
    throw readOnly(uri);
  }

  rename(uri: vscode.Uri): never {
    throw readOnly(uri);
  }

  dispose(): void {
    this.emitter.dispose();
  }

  private async statCode(uri: vscode.Uri, address: RunFileAddress): Promise<vscode.FileStat> {
    const entries = await this.files.listSnapshot(address);
    const file = entries.find(({ path }) => path === address.path);
    if (file !== undefined) {
      const time = file.modifiedTime.getTime();
      const { File } = vscode.FileType;
      return { type: File, ctime: time, mtime: time, size: file.bytes, permissions: vscode.FilePermission.Readonly };
    }
    if (
      entriesOfFolder(
        entries.map(({ path }) => path),
        address.path,
      ) === undefined
    ) {
      throw vscode.FileSystemError.FileNotFound(uri);
    }
    return folderStat();
  }

  private async statArtifact(address: RunFileAddress): Promise<vscode.FileStat> {
    const { path } = await this.artifactPath(address);
    const status = await lstat(path);
    return {
      type: typeOf(status),
      ctime: status.birthtimeMs,
      mtime: status.mtimeMs,
      size: status.size,
      permissions: vscode.FilePermission.Readonly,
    };
  }

  private async artifactPath(address: RunFileAddress): Promise<{ readonly root: string; readonly path: string }> {
    const runFolder = await this.files.runFolder(address);
    const root = artifactsFolder(runFolder);
    return { root, path: address.path === '' ? root : artifactFile(runFolder, address.path) };
  }

  private tell(uri: vscode.Uri, path: string): void {
    lstat(path).then(
      () => this.emitter.fire([{ type: vscode.FileChangeType.Changed, uri }]),
      () => this.emitter.fire([{ type: vscode.FileChangeType.Deleted, uri }]),
    );
  }
}

function isSnapshot(address: RunFileAddress): boolean {
  return address.part === 'snapshot';
}

function addressOf(uri: vscode.Uri): RunFileAddress {
  const address = parseRunFileAddress(uri);
  if (address === undefined) {
    throw vscode.FileSystemError.FileNotFound(uri);
  }
  return address;
}

function folderStat(): vscode.FileStat {
  const { Directory } = vscode.FileType;
  return { type: Directory, ctime: noTime, mtime: noTime, size: 0, permissions: vscode.FilePermission.Readonly };
}

function typeOf(entry: Pick<Stats, 'isDirectory' | 'isFile' | 'isSymbolicLink'>): vscode.FileType {
  if (entry.isDirectory()) {
    return vscode.FileType.Directory;
  }
  if (entry.isFile()) {
    return vscode.FileType.File;
  }
  return entry.isSymbolicLink() ? vscode.FileType.SymbolicLink : vscode.FileType.Unknown;
}

function readOnly(uri: vscode.Uri): vscode.FileSystemError {
  return vscode.FileSystemError.NoPermissions(vscode.l10n.t('{0} is kept as the run left it.', uri.path));
}

/** VS Code tells a missing file from other trouble by the class of the error alone. */
async function orFileSystemError<T>(uri: vscode.Uri, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof vscode.FileSystemError) {
      throw error;
    }
    if (isNotFound(error) || RunledgerError.is(error, 'not-found') || RunledgerError.is(error, 'invalid-name')) {
      throw vscode.FileSystemError.FileNotFound(RunledgerError.is(error) ? error.fullMessage : uri);
    }
    throw vscode.FileSystemError.Unavailable(RunledgerError.is(error) ? error.fullMessage : String(error));
  }
}
