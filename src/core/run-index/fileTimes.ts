import { statSync } from 'node:fs';

/** A folder that changed less than this before it was read may change again without a new time: file systems count in steps. */
const settledAfterMs = 2000;

/**
 * When a folder last gained or lost an entry, in milliseconds, to tell later whether it did again: 0, which no folder has, where
 * it is too recent to tell, or where there is none.
 */
export function trustedTime(folder: string): number {
  const time = statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return Date.now() - time > settledAfterMs ? time : 0;
}
