/** Waiting for work that a test ends. */
import { watch } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from './sourceFolder.ts';
import { isThere } from './submittedRun.ts';
import { onCleanup } from './temporaryStore.ts';

/** Resolves when a file is in a folder. */
export async function appears(folder: string, name: string): Promise<void> {
  const watcher = watch(folder);
  onCleanup(() => watcher.close());
  while (!(await isThere(join(folder, name)))) {
    await new Promise((resolve) => watcher.once('change', resolve));
  }
}

/** Resolves when a process is gone, which nobody tells who is not its parent. */
export async function isGone(pid: number): Promise<void> {
  for (;;) {
    const { stdout } = await runProgram('ps', ['-o', 'stat=', '-p', String(pid)], '/');
    if (stdout.trim() === '' || stdout.trim().startsWith('Z')) {
      return;
    }
  }
}
