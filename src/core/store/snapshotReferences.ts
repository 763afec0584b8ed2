/** Which snapshots are named, wherever that is. */
import { open } from 'node:fs/promises';
import { isNotFound, RunledgerError } from '../base/errors.ts';

const chunkBytes = 1024 * 1024;
const hashLength = 64;

/**
 * Calls back for whatever could be the hash of a snapshot in a file: journals, also where their lines are torn, and JSON. More
 * may be told than are hashes, never fewer. A file that is gone names none; one that cannot be read rejects,
 * as does canceling.
 */
export async function forEachHash(path: string, onHash: (hash: string) => void, signal?: AbortSignal): Promise<void> {
  let file: Awaited<ReturnType<typeof open>>;
  try {
    file = await open(path, 'r');
  } catch (error) {
    if (isNotFound(error)) {
      return;
    }
    throw error;
  }
  try {
    const buffer = Buffer.allocUnsafe(chunkBytes);
    let before = '';
    for (;;) {
      if (signal?.aborted === true) {
        throw new RunledgerError('canceled', 'Looking for snapshots was canceled.');
      }
      const { bytesRead } = await file.read(buffer, 0, buffer.length, null);
      if (bytesRead === 0) {
        return;
      }
      // A hash is ASCII: what else the bytes stand for does not matter.
      const text = before + buffer.toString('latin1', 0, bytesRead);
      for (const [hash] of text.matchAll(/[0-9a-f]{64}/g)) {
        onHash(hash);
      }
      before = text.slice(-(hashLength - 1));
    }
  } finally {
    await file.close();
  }
}
