import { lstatSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Disposable, DisposableStore } from '../../core/base/events.ts';
import { watchFolder } from '../../core/base/folderWatcher.ts';

export interface WatchOptions {
  /** Folders in the folder too. */
  readonly isRecursive: boolean;
  /** Told the absolute path of what came, went or was written. */
  readonly onChange: (path: string) => void;
}

/** Watches a file, or what is in a folder, that the run may still write. What is not there yet is seen when its folder is. */
export function watchRunFiles(path: string, { isRecursive, onChange }: WatchOptions): Disposable {
  const watches = new DisposableStore();
  if (!isFolder(path)) {
    // Watching the folder sees a file that is replaced by another one, too.
    const name = basename(path);
    watches.add(watchFolder(dirname(path), (changed) => changed === name && onChange(path)));
    return watches;
  }
  const watched = new Set<string>();
  const watch = (folder: string): void => {
    if (watched.has(folder)) {
      return;
    }
    watched.add(folder);
    watches.add(
      watchFolder(folder, (name) => {
        const changed = name === undefined ? folder : join(folder, name);
        if (isRecursive && name !== undefined && isFolder(changed)) {
          watch(changed);
        }
        onChange(changed);
      }),
    );
    if (isRecursive) {
      for (const name of foldersIn(folder)) {
        watch(join(folder, name));
      }
    }
  };
  watch(path);
  return watches;
}

/** A link is none: it could lead anywhere. */
function isFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function foldersIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
  } catch {
    return [];
  }
}
