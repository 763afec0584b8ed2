import { type FSWatcher, readdirSync, statSync, watch } from 'node:fs';
import { type Disposable, toDisposable } from './events.ts';
import { isOnNetwork } from './fileSystemKind.ts';

/** How often a folder is looked at that the platform tells nothing of: what other machines write is seen within two seconds. */
export const pollingIntervalMs = 1000;

export interface FolderWatcher extends Disposable {
  /** False where nothing will ever be told: the folder is missing, or the platform cannot watch it. */
  readonly isWatching: boolean;
}

/**
 * Watches one folder, not what is below it: what comes, goes or is written in it. By file events, or by looking every second
 * where those do not tell what other machines do (a network file system), or where `RUNLEDGER_WATCH` is `polling`.
 *
 * @param listener is given the name of the entry that changed, where the platform tells
 */
export function watchFolder(folder: string, listener: (name: string | undefined) => void): FolderWatcher {
  return needsPolling(folder) ? pollFolder(folder, listener) : watchEvents(folder, listener);
}

/** Whether what changes at a path has to be looked for, since no file events tell of it. */
export function needsPolling(path: string): boolean {
  const { RUNLEDGER_WATCH: chosen } = process.env;
  return chosen === 'polling' || (chosen !== 'events' && isOnNetwork(path));
}

function watchEvents(folder: string, listener: (name: string | undefined) => void): FolderWatcher {
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

function pollFolder(folder: string, listener: (name: string) => void): FolderWatcher {
  let known = stampsIn(folder);
  const timer = setInterval(() => {
    const now = stampsIn(folder);
    const changed = [...now].filter(([name, stamp]) => known.get(name) !== stamp).map(([name]) => name);
    const gone = [...known.keys()].filter((name) => !now.has(name));
    known = now;
    for (const name of [...changed, ...gone]) {
      listener(name);
    }
  }, pollingIntervalMs);
  const { dispose } = toDisposable(() => clearInterval(timer));
  return { isWatching: true, dispose };
}

/** What tells a changed entry from the same one: its size and its time. */
function stampsIn(folder: string): ReadonlyMap<string, string> {
  const stamps = new Map<string, string>();
  try {
    for (const name of readdirSync(folder)) {
      const stat = statSync(`${folder}/${name}`, { throwIfNoEntry: false });
      if (stat !== undefined) {
        stamps.set(name, `${stat.size} ${stat.mtimeMs} ${stat.ino}`);
      }
    }
  } catch {
    // Gone, or out of reach for now: it is empty, and what comes back is told of.
  }
  return stamps;
}
