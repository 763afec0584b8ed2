import { basename } from 'node:path';
import { CoalescedTask } from '../base/coalesce.ts';
import type { Disposable } from '../base/events.ts';
import { watchFolder } from '../base/folderWatcher.ts';
import { computeFolder, storeFolder } from '../store/storeLayout.ts';

const coalesceMs = 50;

/**
 * Tells when the definition of a compute target is made, changed or deleted, by any program.
 *
 * @param listener called soon after, and once for what happens together
 */
export function watchComputeTargets(workspaceFolder: string, listener: () => void): Disposable {
  const folder = computeFolder(workspaceFolder);
  let targets: Disposable | undefined;
  const watchTargets = (): void => {
    if (targets === undefined) {
      const watcher = watchFolder(folder, () => task.schedule());
      targets = watcher.isWatching ? watcher : undefined;
    }
  };
  const task = new CoalescedTask(async () => {
    // The first target makes the folder.
    watchTargets();
    listener();
  }, coalesceMs);
  const store = watchFolder(storeFolder(workspaceFolder), (name) => {
    if (name === undefined || name === basename(folder)) {
      task.schedule();
    }
  });
  watchTargets();
  return {
    dispose() {
      task.dispose();
      store.dispose();
      targets?.dispose();
    },
  };
}
