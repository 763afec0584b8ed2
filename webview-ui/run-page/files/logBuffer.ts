import type { LogModel } from '../../../src/protocol/runPage.ts';
import { carriedColours, colouredPieces, plainText, type TextPiece, withoutCommands } from './ansi.ts';

export type LogLevel = 'error' | 'warning';

export interface LogLine {
  readonly text: string;
  /** Colour commands that hold where the line begins. */
  readonly carried: string;
  readonly level: LogLevel | undefined;
  /** The first of lines that follow one another with the same level: an error and its traceback are one. */
  readonly startsBlock: boolean;
}

/** Lines that the page keeps: the oldest are let go, and are in the file. */
export const MOST_LINES = 200_000;

export type AppendResult = 'appended' | 'known' | 'gap';

const TRACEBACK = /Traceback \(most recent call last\):\s*$/;
const ERROR = /\b(?:ERROR|CRITICAL|FATAL)\b|^(?:[\w.]+\.)?[A-Z]\w*(?:Error|Exception|Interrupt|Exit)(?::|$)/;
const WARNING = /\bWARN(?:ING)?\b|\b[A-Z]\w*Warning:/;
/** A level stands near the start of a line; further on it is part of what is said. */
const LEVEL_REACH = 80;

/** What a terminal would show of a line that was written over: progress bars return to its start. */
export function overwritten(line: string): string {
  const parts = line.split('\r').filter((part) => part !== '');
  const last = parts.at(-1) ?? '';
  if (parts.length < 2 || last.includes('\u001b')) {
    return last;
  }
  return parts.reduce((shown, part) => part + shown.slice(part.length), '');
}

/** The lines of a log that is being read, from the part of the file that the host sent. */
export class LogBuffer {
  readonly lines: LogLine[] = [];
  /** Lines that were let go from the front since the log was opened. */
  droppedLines = 0;
  errorCount = 0;
  warningCount = 0;
  /** Where the first byte lies in the file: above 0 when the beginning was left out. */
  start = 0;
  #end = 0;
  #tail = '';
  #hasTailLine = false;
  #carried = '';
  #isInTraceback = false;

  replace(log: LogModel): void {
    this.lines.length = 0;
    this.droppedLines = 0;
    this.errorCount = 0;
    this.warningCount = 0;
    this.start = log.start;
    this.#end = log.start;
    this.#tail = '';
    this.#hasTailLine = false;
    this.#carried = '';
    this.#isInTraceback = false;
    this.append(log);
  }

  /** Adds what was appended to the file. `gap` asks for the log to be read again. */
  append(log: LogModel): AppendResult {
    if (log.start !== this.#end) {
      return log.end <= this.#end && log.start > 0 ? 'known' : 'gap';
    }
    this.#end = log.end;
    const parts = (this.#tail + log.text).split('\n');
    this.#tail = parts.pop() ?? '';
    if (this.#hasTailLine) {
      this.#drop(this.lines.pop());
      this.#hasTailLine = false;
    }
    for (const part of parts) {
      this.#commit(part);
    }
    if (this.#tail !== '') {
      this.#addLine(this.#readLine(this.#tail).line);
      this.#hasTailLine = true;
    }
    const excess = this.lines.length - MOST_LINES;
    if (excess > 0) {
      this.lines.splice(0, excess).forEach((line) => {
        this.#drop(line);
      });
      this.droppedLines += excess;
    }
    return 'appended';
  }

  #commit(raw: string): void {
    const { line, isInTraceback } = this.#readLine(raw);
    this.#addLine(line);
    this.#carried = carriedColours(this.#carried, line.text);
    this.#isInTraceback = isInTraceback;
  }

  #readLine(raw: string): { line: LogLine; isInTraceback: boolean } {
    const text = withoutCommands(overwritten(raw));
    const plain = plainText(text);
    const { level, isInTraceback } = readLevel(plain, this.#isInTraceback);
    const startsBlock = level !== undefined && this.lines.at(-1)?.level !== level;
    return { line: { text, carried: this.#carried, level, startsBlock }, isInTraceback };
  }

  #addLine(line: LogLine): void {
    this.lines.push(line);
    this.#count(line, 1);
  }

  #drop(line: LogLine | undefined): void {
    if (line !== undefined) {
      this.#count(line, -1);
    }
  }

  #count(line: LogLine, sign: number): void {
    if (!line.startsBlock) {
      return;
    }
    if (line.level === 'error') {
      this.errorCount += sign;
    } else {
      this.warningCount += sign;
    }
  }
}

function readLevel(plain: string, wasInTraceback: boolean): { level: LogLevel | undefined; isInTraceback: boolean } {
  if (TRACEBACK.test(plain)) {
    return { level: 'error', isInTraceback: true };
  }
  if (wasInTraceback) {
    return { level: 'error', isInTraceback: plain === '' || /^\s/.test(plain) };
  }
  const start = plain.slice(0, LEVEL_REACH);
  const level = ERROR.test(start) ? 'error' : WARNING.test(plain.slice(0, 2 * LEVEL_REACH)) ? 'warning' : undefined;
  return { level, isInTraceback: false };
}

export interface LinePiece extends TextPiece {
  readonly isLink: boolean;
}

export interface ReadLine {
  readonly pieces: readonly LinePiece[];
  /** A place in a source file that the line names. */
  readonly link: { readonly path: string; readonly line: number } | undefined;
}

const PLACE = /File "([^"]+)", line (\d+)/;

/** A line as it is shown: pieces of one look, and the place it names as a link. */
export function readLine(line: LogLine): ReadLine {
  const pieces = colouredPieces(line.carried, line.text);
  const plain = pieces.map(({ text }) => text).join('');
  const match = line.level === undefined ? null : PLACE.exec(plain);
  if (match === null) {
    return { pieces: pieces.map((piece) => ({ ...piece, isLink: false })), link: undefined };
  }
  const from = match.index + 'File '.length;
  const to = match.index + match[0].length;
  const split: LinePiece[] = [];
  let place = 0;
  for (const piece of pieces) {
    const cuts = [0, from - place, to - place, piece.text.length].map((cut) =>
      Math.max(0, Math.min(piece.text.length, cut)),
    );
    for (let index = 0; index < 3; index++) {
      const text = piece.text.slice(cuts[index], cuts[index + 1]);
      if (text !== '') {
        split.push({ ...piece, text, isLink: index === 1 });
      }
    }
    place += piece.text.length;
  }
  return { pieces: split, link: { path: match[1] ?? '', line: Number(match[2]) } };
}
