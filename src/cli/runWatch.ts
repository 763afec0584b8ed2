/** Watching a run from the terminal until it ends. */
import { join } from 'node:path';
import { CoalescedTask } from '../core/base/coalesce.ts';
import { DisposableStore } from '../core/base/events.ts';
import { watchFolder } from '../core/base/folderWatcher.ts';
import type { RunCatalog } from '../core/catalog/runCatalog.ts';
import type { RunEntry } from '../core/domain/run.ts';
import { isTerminal } from '../core/domain/runStatus.ts';
import { followLog, readLogFrom } from '../core/logs/logFollower.ts';
import { scriptLogArtifact } from '../core/logs/mainLog.ts';
import { artifactsFolder, journalFolder } from '../core/store/storeLayout.ts';

const checkIntervalMs = 50;

/**
 * Resolves when the run has ended, or at once where it has already; with undefined when `signal` says so.
 *
 * @throws RunledgerError where the run cannot be read (any more)
 */
export function waitForEnd(
  catalog: RunCatalog,
  run: { readonly id: string; readonly folder: string },
  signal: AbortSignal,
): Promise<RunEntry | undefined> {
  const watching = new DisposableStore();
  const ended = new Promise<RunEntry | undefined>((resolve, reject) => {
    const check = watching.add(
      new CoalescedTask(
        async () => {
          const entry = await catalog.run(run.id);
          if (entry === undefined || entry.kind === 'unreadable' || isTerminal(entry.status)) {
            resolve(entry);
          }
        },
        checkIntervalMs,
        reject,
      ),
    );
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
    // The catalog tells what changes after it has read the run; the journal's own events cover the time until then.
    watching.add(watchFolder(journalFolder(run.folder), () => check.schedule()));
    watching.add(catalog.follow(run.id, () => check.schedule()));
    check.schedule();
  });
  return ended.finally(() => watching.dispose());
}

/**
 * Writes a log of the run to a stream, as it grows, until `end` settles.
 *
 * @param artifact the log: by default what the script prints
 * @returns what `end` resolves with, after the last of the log
 */
export async function streamLog<T>(
  runFolder: string,
  stream: NodeJS.WritableStream,
  end: Promise<T>,
  artifact: string = scriptLogArtifact,
): Promise<T> {
  const path = join(artifactsFolder(runFolder), artifact);
  let position = 0;
  const follower = followLog(path, 0, (chunk) => {
    position = chunk.end;
    stream.write(chunk.text);
  });
  try {
    return await end;
  } finally {
    follower.dispose();
    const rest = await readLogFrom(path, position);
    if (rest.text !== '') {
      stream.write(rest.text);
    }
  }
}
