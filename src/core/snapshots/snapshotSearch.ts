/** Looking for a text in the code that a run ran. */
import type { SnapshotFiles, SnapshotReference } from './snapshotFiles.ts';

/** A line that holds the text. */
export interface SnapshotMatch {
  /** Of the file, relative, with `/`. */
  readonly path: string;
  /** From 0. */
  readonly line: number;
  /** Where the text begins in the line, from 0. */
  readonly column: number;
  readonly text: string;
}

export interface SnapshotSearchOptions {
  readonly signal: AbortSignal;
  /** Matches that are enough. */
  readonly limit: number;
}

/** Larger files are data more often than code. */
const largestFile = 2_000_000;

/**
 * The lines with a text, whatever its case, file by file in the order of their paths. Binary and very large files are passed over.
 *
 * @throws RunledgerError `not-found`, `unreadable`
 */
export async function* searchSnapshot(
  files: SnapshotFiles,
  snapshot: SnapshotReference,
  wanted: string,
  { signal, limit }: SnapshotSearchOptions,
): AsyncGenerator<SnapshotMatch> {
  const text = wanted.toLowerCase();
  const entries = [...(await files.list(snapshot))].sort((a, b) => (a.path < b.path ? -1 : 1));
  let found = 0;
  for (const { path, bytes } of entries) {
    if (signal.aborted || found >= limit) {
      return;
    }
    if (bytes > largestFile) {
      continue;
    }
    for (const match of matchesIn(path, await files.read(snapshot, path), text)) {
      yield match;
      found += 1;
      if (found >= limit) {
        return;
      }
    }
  }
}

function* matchesIn(path: string, bytes: Buffer, wanted: string): Generator<SnapshotMatch> {
  if (wanted === '' || bytes.includes(0)) {
    return;
  }
  for (const [line, text] of bytes.toString('utf8').split(/\r?\n/).entries()) {
    const column = text.toLowerCase().indexOf(wanted);
    if (column !== -1) {
      yield { path, line, column, text };
    }
  }
}
