/** A log by its lines: searching all of it, and reading a stretch in its midst. Lines count from 0. */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { stripVTControlCharacters } from 'node:util';
import { fileError, isNotFound } from '../base/errors.ts';
import { decodeUtf8, incompleteTailLength } from './utf8.ts';

const newline = 0x0a;
const chunkBytes = 1024 * 1024;
/** Of a longer line, the beginning is searched. */
const longestLine = 1024 * 1024;

export interface LogSearch {
  readonly text: string;
  readonly isCaseSensitive: boolean;
}

export interface LogMatches {
  /** The first lines that hold the text. */
  readonly lines: readonly number[];
  /** How many there are in all. */
  readonly count: number;
}

/** A stretch of a log, and which line of it comes first. */
export interface LogStretch {
  readonly start: number;
  readonly end: number;
  readonly firstLine: number;
  readonly text: string;
}

/**
 * Finds the lines of a log that hold a text as a reader sees it: without colours, and of a progress bar what stands there last.
 *
 * @throws RunledgerError `unreadable`; what the signal was aborted with
 */
export async function searchLog(
  file: string,
  { text, isCaseSensitive }: LogSearch,
  mostLines: number,
  signal?: AbortSignal,
): Promise<LogMatches> {
  const fold = (line: string): string => (isCaseSensitive ? line : line.toLowerCase());
  const wanted = fold(text);
  const lines: number[] = [];
  let count = 0;
  let number = 0;
  const look = (line: string): void => {
    if (fold(shownPart(line)).includes(wanted)) {
      count += 1;
      if (lines.length < mostLines) {
        lines.push(number);
      }
    }
    number += 1;
  };
  let rest = '';
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  await eachChunk(file, undefined, signal, (chunk) => {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = (parts.pop() ?? '').slice(0, longestLine);
    parts.forEach(look);
    return true;
  });
  if (rest !== '') {
    look(rest);
  }
  return { lines, count };
}

/** How many lines end before an offset: the number of the line that begins there. */
export async function countLines(file: string, end: number): Promise<number> {
  let count = 0;
  await eachChunk(file, end, undefined, (chunk) => {
    for (let place = chunk.indexOf(newline); place !== -1; place = chunk.indexOf(newline, place + 1)) {
      count += 1;
    }
    return true;
  });
  return count;
}

/**
 * The part of a log around a line: some lines before it, and as much after it as fits.
 *
 * @throws RunledgerError `unreadable`
 */
export async function readLogAround(
  file: string,
  line: number,
  linesBefore: number,
  maxBytes: number,
): Promise<LogStretch> {
  const firstLine = Math.max(0, line - linesBefore);
  const start = await offsetOfLine(file, firstLine);
  try {
    const handle = await open(file, 'r');
    try {
      const buffer = Buffer.alloc(maxBytes);
      const { bytesRead } = await handle.read(buffer, 0, maxBytes, start);
      const bytes = buffer.subarray(0, bytesRead);
      const lastLineEnd = bytes.lastIndexOf(newline);
      // Whole lines where there are any; one that is longer than all that is read is cut where a character ends.
      const length =
        bytesRead < maxBytes
          ? bytes.length - incompleteTailLength(bytes)
          : lastLineEnd === -1
            ? bytes.length - incompleteTailLength(bytes)
            : lastLineEnd + 1;
      return { start, end: start + length, firstLine, text: decodeUtf8(bytes.subarray(0, length)) };
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw isNotFound(error) ? error : fileError(error, 'read the log', file);
  }
}

async function offsetOfLine(file: string, line: number): Promise<number> {
  let left = line;
  let offset = 0;
  let lastStart = 0;
  if (line === 0) {
    return 0;
  }
  await eachChunk(file, undefined, undefined, (chunk) => {
    for (let place = chunk.indexOf(newline); place !== -1 && left > 0; place = chunk.indexOf(newline, place + 1)) {
      left -= 1;
      lastStart = offset + place + 1;
    }
    offset += chunk.length;
    return left > 0;
  });
  return lastStart;
}

/** What a terminal would show of the line in the end, colours apart. */
function shownPart(line: string): string {
  const withoutReturn = line.includes('\r') ? (line.split('\r').findLast((part) => part !== '') ?? '') : line;
  return withoutReturn.includes('\u001b') ? stripVTControlCharacters(withoutReturn) : withoutReturn;
}

/** Reads a file piece by piece until `read` answers false. A file that is not there has no pieces. */
async function eachChunk(
  file: string,
  end: number | undefined,
  signal: AbortSignal | undefined,
  read: (chunk: Buffer) => boolean,
): Promise<void> {
  if (end === 0) {
    return;
  }
  const stream = createReadStream(file, { highWaterMark: chunkBytes, ...(end !== undefined && { end: end - 1 }) });
  try {
    for await (const chunk of stream) {
      signal?.throwIfAborted();
      if (!read(chunk as Buffer)) {
        return;
      }
    }
  } catch (error) {
    if (signal?.aborted === true) {
      throw error;
    }
    if (!isNotFound(error)) {
      throw fileError(error, 'read the log', file);
    }
  }
}
