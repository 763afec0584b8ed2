/** The whole lines of a journal from an offset on, as bytes. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { isNotFound } from '../base/errors.ts';
import { maxLineBytes } from '../store/journalReader.ts';

const newline = 0x0a;
const readBytes = 1024 * 1024;

/** So many bytes before the offset tell whether what was read is still there. */
const proofBytes = 64;

export interface JournalPart {
  /** Where reading goes on: after the last whole line that was read. */
  readonly end: number;
  /** Whether there may be more whole lines after it. */
  readonly hasMore: boolean;
  /** The last bytes before `end`. */
  readonly proof: Uint8Array;
  /** When the file was last written, in milliseconds. */
  readonly changedTime: number;
}

/** How far a journal was read. */
export interface JournalPosition {
  readonly bytes: number;
  readonly lines: number;
  /** The last bytes that were read: other ones there mean that the journal was replaced. */
  readonly proof: Uint8Array;
}

export interface LineListener {
  /**
   * Is offered what begins at a place in `bytes`: most lines can be read without looking for their end first.
   *
   * @param end of what was read of the file so far
   * @returns where the newline of the line is that was taken; -1 where it was not
   */
  take(bytes: Buffer, start: number, end: number): number;
  /** Is called with the place of any other line in `bytes`, and in the file. One of over 64 MB comes as `undefined`. */
  line(bytes: Buffer | undefined, start: number, end: number, offset: number): void;
}

/**
 * Calls back for each whole line after the position, without its newline; empty ones are left out. Bytes after the last newline
 * are no line yet. Stops after the line in which `atMost` bytes are reached.
 *
 * @param position undefined: from the start
 * @returns undefined where the file is gone or was replaced: what was read of it no longer holds
 */
export function readJournalPart(
  path: string,
  position: JournalPosition | undefined,
  atMost: number,
  listener: LineListener,
): JournalPart | undefined {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    if (isNotFound(error)) {
      return undefined;
    }
    throw error;
  }
  try {
    const { size, mtimeMs } = fstatSync(file);
    const start = position?.bytes ?? 0;
    if (size < start || (position !== undefined && !proofOf(file, start).equals(position.proof))) {
      return undefined;
    }
    const part = readLines(file, start, size, atMost, listener);
    return { ...part, proof: proofOf(file, part.end), changedTime: mtimeMs };
  } finally {
    closeSync(file);
  }
}

function proofOf(file: number, end: number): Buffer {
  const proof = Buffer.alloc(Math.min(end, proofBytes));
  readSync(file, proof, 0, proof.length, end - proof.length);
  return proof;
}

let sharedBuffer: Buffer | undefined;

function readLines(
  file: number,
  start: number,
  size: number,
  atMost: number,
  listener: LineListener,
): Pick<JournalPart, 'end' | 'hasMore'> {
  sharedBuffer ??= Buffer.allocUnsafe(readBytes);
  let buffer = sharedBuffer;
  /** Where `buffer` begins in the file, and how much of it is filled. */
  let base = start;
  let filled = 0;
  /** Where the line begins that is being skipped since it is too long. */
  let skippedFrom: number | undefined;
  while (base + filled < size && (base - start < atMost || skippedFrom !== undefined)) {
    if (filled === buffer.length) {
      if (buffer.length >= maxLineBytes) {
        skippedFrom ??= base;
        base += filled;
        filled = 0;
      } else {
        const larger = Buffer.allocUnsafe(buffer.length * 2);
        buffer.copy(larger, 0, 0, filled);
        buffer = larger;
      }
    }
    const count = readSync(file, buffer, filled, Math.min(buffer.length - filled, size - base - filled), base + filled);
    if (count === 0) {
      break;
    }
    let scanFrom = filled;
    filled += count;
    let lineStart = 0;
    for (;;) {
      const taken = skippedFrom === undefined ? listener.take(buffer, lineStart, filled) : -1;
      if (taken >= 0) {
        lineStart = taken + 1;
        continue;
      }
      const lineEnd = buffer.indexOf(newline, Math.max(scanFrom, lineStart));
      if (lineEnd === -1 || lineEnd >= filled) {
        break;
      }
      scanFrom = lineEnd;
      if (skippedFrom !== undefined) {
        listener.line(undefined, 0, 0, skippedFrom);
        skippedFrom = undefined;
      } else if (lineEnd > lineStart) {
        listener.line(buffer, lineStart, lineEnd, base + lineStart);
      }
      lineStart = lineEnd + 1;
    }
    if (lineStart > 0) {
      buffer.copy(buffer, 0, lineStart, filled);
      base += lineStart;
      filled -= lineStart;
    }
  }
  // A line that is not whole yet is read again from its start when there is more of it.
  return { end: skippedFrom ?? base, hasMore: base + filled < size };
}
