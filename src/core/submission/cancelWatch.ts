import { basename } from 'node:path';
import type { Disposable } from '../base/events.ts';
import { watchFolder } from '../base/folderWatcher.ts';
import { pathExists } from '../base/pathExists.ts';
import { cancelFile } from '../store/storeLayout.ts';

/**
 * A signal that fires when somebody asks for a run to be canceled, by its id from anywhere or by `signal`, while there is no
 * supervisor yet to see it.
 */
export async function watchCancellation(
  runFolder: string,
  signal: AbortSignal | undefined,
): Promise<Disposable & { readonly signal: AbortSignal }> {
  const asked = new AbortController();
  const path = cancelFile(runFolder);
  const name = basename(path);
  const watcher = watchFolder(runFolder, (changed) => {
    if (changed === undefined || changed === name) {
      void check();
    }
  });
  const check = async (): Promise<void> => {
    if (await pathExists(path).catch(() => false)) {
      asked.abort();
    }
  };
  // It may have been asked for before the watching began.
  await check();
  return {
    signal: signal === undefined ? asked.signal : AbortSignal.any([signal, asked.signal]),
    dispose: () => watcher.dispose(),
  };
}
