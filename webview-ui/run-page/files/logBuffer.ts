import type { LogModel } from '../../../src/protocol/runPage.ts';
import { carriedColours, colouredPieces, plainText, type TextPiece, withoutCommands } from './ansi.ts';
import { cutPieces, type FindQuery, matchesIn, timestampLength } from './textMatches.ts';

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
  /** The number of the file's line with which it begins, from 0; undefined where nobody counted. */
  firstLine: number | undefined = 0;
  #end = 0;
  #tail = '';
  #hasTailLine = false;
  #carried = '';
  #isInTraceback = false;

  /** Where the next byte of the file would lie. */
  get end(): number {
    return this.#end;
  }

  replace(log: LogModel): void {
    this.lines.length = 0;
    this.droppedLines = 0;
    this.errorCount = 0;
    this.warningCount = 0;
    this.start = log.start;
    this.firstLine = log.start === 0 ? 0 : log.firstLine;
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
  readonly isMatch: boolean;
}

export interface ReadLine {
  readonly pieces: readonly LinePiece[];
  /** A place in a source file that the line names. */
  readonly link: { readonly path: string; readonly line: number } | undefined;
}

export interface LineReading {
  /** What to mark. */
  readonly find?: FindQuery | undefined;
  /** Leave out the time with which the line begins. */
  readonly hidesTime?: boolean;
}

const PLACE = /File "([^"]+)", line (\d+)/;

/** A line as it is shown: pieces of one look, the place it names as a link, and what is looked for. */
export function readLine(line: LogLine, { find, hidesTime = false }: LineReading = {}): ReadLine {
  const all = colouredPieces(line.carried, line.text).map((piece) => ({ ...piece, isLink: false, isMatch: false }));
  const textOf = (pieces: readonly TextPiece[]): string => pieces.map(({ text }) => text).join('');
  const whole = textOf(all);
  const time = hidesTime ? timestampLength(whole) : 0;
  const pieces =
    time === 0
      ? all
      : cutPieces(all, [{ from: 0, to: time }], (piece) => ({ ...piece, text: '' })).filter(({ text }) => text !== '');
  const plain = whole.slice(time);
  const matched =
    find === undefined ? pieces : cutPieces(pieces, matchesIn(plain, find), (piece) => ({ ...piece, isMatch: true }));
  const place = line.level === undefined ? null : PLACE.exec(plain);
  if (place === null) {
    return { pieces: matched, link: undefined };
  }
  const range = { from: place.index + 'File '.length, to: place.index + place[0].length };
  return {
    pieces: cutPieces(matched, [range], (piece) => ({ ...piece, isLink: true })),
    link: { path: place[1] ?? '', line: Number(place[2]) },
  };
}

/** Whether lines of the log begin with a time: most of those at its beginning that say something do. */
export function hasTimestamps(lines: readonly LogLine[]): boolean {
  const said = lines
    .slice(0, 50)
    .map(({ text }) => plainText(text))
    .filter((text) => text.trim() !== '');
  return said.length > 0 && said.filter((text) => timestampLength(text) > 0).length * 2 >= said.length;
}
