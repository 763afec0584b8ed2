import { readdirSync } from 'node:fs';
import { CoalescedTask } from '../base/coalesce.ts';
import type { Disposable } from '../base/events.ts';
import { watchFolder } from '../base/folderWatcher.ts';
import { modelFolder, modelsFolder, modelVersionsFolder, storeFolder } from '../store/storeLayout.ts';

const coalesceMs = 50;

/**
 * Tells when a version of a model is registered, deleted or restored, from any program. What changes of a version itself, as
 * its tags, is not told: that would take a watch of each version.
 *
 * @param listener called soon after, and once for what happens together
 */
export function watchModels(workspaceFolder: string, listener: () => void): Disposable {
  const watcher = new ModelWatcher(workspaceFolder, listener);
  watcher.start();
  return watcher;
}

class ModelWatcher implements Disposable {
  private readonly workspaceFolder: string;
  private readonly task: CoalescedTask;
  private readonly watchers = new Map<string, Disposable>();

  constructor(workspaceFolder: string, listener: () => void) {
    this.workspaceFolder = workspaceFolder;
    this.task = new CoalescedTask(async () => {
      this.start();
      listener();
    }, coalesceMs);
  }

  /** Watches what is there: the first model makes the folder of models, and each its own. */
  start(): void {
    const models = modelsFolder(this.workspaceFolder);
    this.watch(storeFolder(this.workspaceFolder), (name) => name === undefined || name === 'models');
    this.watch(models, (name) => !name?.startsWith('.'));
    const keys = new Set(namesIn(models));
    for (const key of keys) {
      // The folder of versions is made after that of the model, and what is staged in it is no version yet.
      this.watch(modelFolder(this.workspaceFolder, key), () => true);
      this.watch(modelVersionsFolder(this.workspaceFolder, key), (name) => !name?.startsWith('.'));
    }
  }

  private watch(folder: string, isNews: (name: string | undefined) => boolean): void {
    if (this.watchers.has(folder)) {
      return;
    }
    const watcher = watchFolder(folder, (name) => {
      if (isNews(name)) {
        this.task.schedule();
      }
    });
    if (watcher.isWatching) {
      this.watchers.set(folder, watcher);
    }
  }

  dispose(): void {
    this.task.dispose();
    for (const watcher of this.watchers.values()) {
      watcher.dispose();
    }
    this.watchers.clear();
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => !name.startsWith('.'));
  } catch {
    return [];
  }
}
