import { existsSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as vscode from 'vscode';
import { RunledgerError } from '../../core/base/errors.ts';
import type { Disposable } from '../../core/base/events.ts';
import { watchFolder } from '../../core/base/folderWatcher.ts';
import type { RunCatalog } from '../../core/catalog/runCatalog.ts';
import { WorkerCatalogs } from '../../core/catalog/workerCatalogs.ts';
import type { WorkspaceInfo } from '../../core/domain/workspace.ts';
import { storeFolderName, workspaceFile } from '../../core/store/storeLayout.ts';
import { findWorkspace, openWorkspace, registeredWorkspaces } from '../../core/store/workspaces.ts';
import type { WorkspaceEntry } from '../tree/experimentTree.ts';

const openedKey = 'runledger.openedWorkspaces';

/** The workspaces that this window shows, and the one catalog of each. Nothing is looked for before it is asked for. */
export class WorkspaceService implements vscode.Disposable {
  private readonly memento: vscode.Memento;
  private readonly changeEmitter = new vscode.EventEmitter<void>();
  private readonly workerCatalogs: WorkerCatalogs;
  private readonly catalogs = new Map<string, Promise<RunCatalog>>();
  private readonly disposables: vscode.Disposable[] = [this.changeEmitter];
  private readonly folderWatchers: Disposable[] = [];
  private open: Promise<readonly WorkspaceEntry[]> | undefined;
  private isDisposed = false;

  /** The set of workspaces changed. */
  readonly onDidChange = this.changeEmitter.event;

  /** @param workerFile the program of the worker that reads the stores */
  constructor(memento: vscode.Memento, workerFile: string, log: vscode.LogOutputChannel) {
    this.memento = memento;
    this.workerCatalogs = new WorkerCatalogs(workerFile);
    this.workerCatalogs.onDidStop((error) => {
      log.error(error instanceof Error ? error : `The worker that reads the runs ended: ${String(error)}`);
      this.catalogs.clear();
      this.invalidate();
    });
    this.disposables.push(
      vscode.workspace.onDidChangeWorkspaceFolders(() => {
        this.watchFolders();
        this.invalidate();
      }),
    );
    this.watchFolders();
  }

  /** Those of the open folders (the nearest at or above each), then those that were opened by hand. */
  async openWorkspaces(): Promise<readonly WorkspaceEntry[]> {
    this.open ??= this.findOpen();
    return await this.open;
  }

  /** Workspaces of this machine that are not open, by name. */
  async otherWorkspaces(): Promise<readonly WorkspaceInfo[]> {
    const open = new Set<string>();
    for (const entry of await this.openWorkspaces()) {
      open.add(await realFolder(entry.kind === 'workspace' ? entry.info.folder : entry.folder));
    }
    const others: WorkspaceInfo[] = [];
    for (const info of await registeredWorkspaces()) {
      if (!open.has(await realFolder(info.folder))) {
        others.push(info);
      }
    }
    return others;
  }

  /** The workspace that runs of a script belong to: the nearest at or above its folder. */
  async workspaceOf(scriptPath: string): Promise<WorkspaceInfo | undefined> {
    return await findWorkspace(dirname(scriptPath));
  }

  /** The one catalog of a workspace, opened by the first call. A failed opening is tried again by the next. */
  async catalog(workspaceFolder: string): Promise<RunCatalog> {
    if (this.isDisposed) {
      throw new RunledgerError('canceled', 'The extension is shutting down.');
    }
    let catalog = this.catalogs.get(workspaceFolder);
    if (catalog === undefined) {
      // In Restricted Mode nothing is written, anywhere.
      catalog = this.workerCatalogs.open(workspaceFolder, {
        writesNothing: !vscode.workspace.isTrusted,
        readsAhead: vscode.workspace.isTrusted,
      });
      this.catalogs.set(workspaceFolder, catalog);
      catalog.catch(() => this.catalogs.delete(workspaceFolder));
    }
    return await catalog;
  }

  /** Where a run is, by its id alone: in the open workspaces, then in the others. */
  async findRun(runId: string): Promise<{ workspace: WorkspaceInfo; runId: string } | undefined> {
    const open = (await this.openWorkspaces()).flatMap((entry) => (entry.kind === 'workspace' ? [entry.info] : []));
    for (const workspace of [...open, ...(await this.otherWorkspaces())]) {
      const catalog = await this.catalog(workspace.folder);
      if ((await catalog.run(runId)) !== undefined) {
        return { workspace, runId };
      }
    }
    return undefined;
  }

  /** Shows a workspace in this window from now on, wherever it is. */
  async add(folder: string): Promise<WorkspaceInfo> {
    const info = await openWorkspace(folder);
    this.invalidate();
    const isShown = (await this.openWorkspaces()).some(
      (entry) => entry.kind === 'workspace' && entry.info.folder === info.folder,
    );
    if (!isShown) {
      await this.memento.update(openedKey, [...this.openedFolders(), info.folder]);
      this.invalidate();
    }
    return info;
  }

  /** Looks again, at the next call, which workspaces there are. */
  invalidate(): void {
    this.open = undefined;
    this.changeEmitter.fire();
  }

  dispose(): void {
    this.isDisposed = true;
    for (const disposable of [...this.folderWatchers, ...this.disposables]) {
      disposable.dispose();
    }
    this.catalogs.clear();
    this.workerCatalogs.dispose();
  }

  private async findOpen(): Promise<readonly WorkspaceEntry[]> {
    const entries = new Map<string, WorkspaceEntry>();
    const note = async (folder: string, find: () => Promise<WorkspaceInfo | undefined>): Promise<void> => {
      try {
        const info = await find();
        if (info !== undefined) {
          entries.set(info.folder, { kind: 'workspace', info });
        }
      } catch (error) {
        const message = error instanceof RunledgerError ? error.fullMessage : String(error);
        entries.set(folder, { kind: 'problem', folder, message });
      }
    };
    for (const folder of vscode.workspace.workspaceFolders ?? []) {
      if (folder.uri.scheme === 'file') {
        await note(folder.uri.fsPath, () => findWorkspace(folder.uri.fsPath));
      }
    }
    for (const folder of this.openedFolders()) {
      await note(folder, () => openIfThere(folder));
    }
    return [...entries.values()];
  }

  private openedFolders(): readonly string[] {
    const value = this.memento.get<unknown>(openedKey);
    return Array.isArray(value) ? value.filter((folder): folder is string => typeof folder === 'string') : [];
  }

  /**
   * A script, or the command line, may create the workspace. Only the folder's own entries are watched, which costs one
   * watch; VS Code's watchers tell nothing of `.runledger`, which the manifest excludes from them.
   */
  private watchFolders(): void {
    for (const watcher of this.folderWatchers.splice(0)) {
      watcher.dispose();
    }
    for (const folder of vscode.workspace.workspaceFolders ?? []) {
      if (folder.uri.scheme === 'file') {
        this.folderWatchers.push(this.watchForStore(folder.uri.fsPath));
      }
    }
  }

  private watchForStore(folder: string): Disposable {
    let hadStore = hasStore(folder);
    return watchFolder(folder, (name) => {
      if (name !== undefined && name !== storeFolderName) {
        return;
      }
      const hasOne = hasStore(folder);
      if (hasOne !== hadStore) {
        hadStore = hasOne;
        if (!hasOne) {
          this.closeCatalog(folder);
        }
        this.invalidate();
      }
    });
  }

  private closeCatalog(folder: string): void {
    const catalog = this.catalogs.get(folder);
    this.catalogs.delete(folder);
    catalog?.then(
      (opened) => opened.dispose(),
      () => {},
    );
  }
}

function hasStore(folder: string): boolean {
  return existsSync(workspaceFile(folder));
}

/** A workspace that was opened by hand once and is gone now is no news. */
async function openIfThere(folder: string): Promise<WorkspaceInfo | undefined> {
  try {
    return await openWorkspace(folder);
  } catch (error) {
    if (RunledgerError.is(error, 'not-a-store')) {
      return undefined;
    }
    throw error;
  }
}

async function realFolder(folder: string): Promise<string> {
  try {
    return await realpath(folder);
  } catch {
    return folder;
  }
}
