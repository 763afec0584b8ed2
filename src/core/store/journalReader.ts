/** Reading journals as they grow: from a remembered offset to the last whole line. */
import { open, readdir } from 'node:fs/promises';
import { isNotFound } from '../base/errors.ts';

const chunkBytes = 256 * 1024;
const newline = 0x0a;
/** A longer line is no record that a program logged: it is counted as a problem and left out. */
export const maxLineBytes = 64 * 1024 * 1024;

export interface JournalLine {
  /** Undefined where the bytes are not valid UTF-8, or too many. */
  readonly text: string | undefined;
}

/** Remembers how far a journal was read. */
export class JournalTail {
  readonly path: string;
  private offset = 0;
  private unfinished = 0;
  private readonly decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

  constructor(path: string) {
    this.path = path;
  }

  /** How many bytes were read as whole lines, with their ends. */
  get wholeBytes(): number {
    return this.offset;
  }

  /** How many bytes were after the last line end when it was read last. */
  get unfinishedBytes(): number {
    return this.unfinished;
  }

  /**
   * Calls back for each whole line after the last one read. The event loop gets its turn between chunks.
   *
   * @returns false where the file is gone, or has shrunk: what was read of it no longer holds
   */
  async read(onLine: (line: JournalLine) => void): Promise<boolean> {
    let file: Awaited<ReturnType<typeof open>>;
    try {
      file = await open(this.path, 'r');
    } catch (error) {
      if (isNotFound(error)) {
        return false;
      }
      throw error;
    }
    try {
      const { size } = await file.stat();
      if (size < this.offset) {
        return false;
      }
      let rest: Buffer[] = [];
      let restLength = 0;
      let position = this.offset;
      while (position < size) {
        const buffer = Buffer.allocUnsafe(Math.min(chunkBytes, size - position));
        const { bytesRead } = await file.read(buffer, 0, buffer.length, position);
        if (bytesRead === 0) {
          break;
        }
        position += bytesRead;
        let start = 0;
        for (let end = buffer.indexOf(newline); end !== -1 && end < bytesRead; end = buffer.indexOf(newline, start)) {
          rest.push(buffer.subarray(start, end));
          this.emit(rest, restLength + end - start, onLine);
          this.offset += restLength + end - start + 1;
          rest = [];
          restLength = 0;
          start = end + 1;
        }
        if (start < bytesRead) {
          rest.push(buffer.subarray(start, bytesRead));
          restLength += bytesRead - start;
          if (restLength > maxLineBytes) {
            rest = [];
          }
        }
      }
      this.unfinished = position - this.offset;
      return true;
    } finally {
      await file.close();
    }
  }

  private emit(parts: readonly Buffer[], length: number, onLine: (line: JournalLine) => void): void {
    if (length === 0) {
      return;
    }
    if (length > maxLineBytes) {
      onLine({ text: undefined });
      return;
    }
    const bytes = parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
    let text: string | undefined;
    try {
      text = this.decoder.decode(bytes);
    } catch {
      text = undefined;
    }
    onLine({ text });
  }
}

/** The journals in a `journal` folder, as file names, in order; none where the folder is missing. */
export async function journalNames(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => name.endsWith('.jsonl') && !name.startsWith('.')).sort();
  } catch (error) {
    if (isNotFound(error)) {
      return [];
    }
    throw error;
  }
}
