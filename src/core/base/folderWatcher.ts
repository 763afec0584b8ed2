import { type FSWatcher, watch } from 'node:fs';
import type { Disposable } from './events.ts';

/**
 * Watches one folder, not what is below it. A folder that is missing, or that the platform cannot watch, gives no events.
 *
 * @param listener is given the name of the entry that changed, where the platform tells
 */
export function watchFolder(
  folder: string,
  listener: (name: string | undefined) => void,
): Disposable & { readonly isWatching: boolean } {
  let watcher: FSWatcher | undefined;
  try {
    watcher = watch(folder, (_event, name) => listener(name ?? undefined));
    // The folder was deleted under the watcher, or the platform's limit was reached.
    watcher.on('error', () => watcher?.close());
  } catch {
    watcher = undefined;
  }
  return { isWatching: watcher !== undefined, dispose: () => watcher?.close() };
}
