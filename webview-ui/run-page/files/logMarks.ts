import type { LogMatchesModel } from '../../../src/protocol/runPage.ts';
import type { LogBuffer, LogLine } from './logBuffer.ts';

export type RulerMarkKind = 'error' | 'warning' | 'match';

export interface RulerMark {
  /** 0 at the top, 1 at the end. */
  readonly at: number;
  readonly kind: RulerMarkKind;
}

/** More than this many places nobody can tell apart. */
const MOST_PLACES = 600;
/** Where errors and warnings begin, and the lines that were found, `matches` counted from the first of `lines`. */
export function rulerMarks(lines: readonly LogLine[], matches: readonly number[]): readonly RulerMark[] {
  const marks = new Map<string, RulerMark>();
  const add = (index: number, kind: RulerMarkKind): void => {
    const place = Math.floor((index / lines.length) * MOST_PLACES);
    marks.set(`${kind}${place}`, { at: place / MOST_PLACES, kind });
  };
  for (const index of matches) {
    if (index >= 0 && index < lines.length) {
      add(index, 'match');
    }
  }
  lines.forEach(({ level, startsBlock }, index) => {
    if (level !== undefined && startsBlock) {
      add(index, level);
    }
  });
  return [...marks.values()];
}

/** The marks of a log, looked for anew only when it or the result is another one: a reader who scrolls changes neither. */
export class LogMarks {
  #end = -1;
  #count = -1;
  #result: LogMatchesModel | undefined;
  #marks: readonly RulerMark[] = [];

  /** @param firstLine the number in the file of the first line that is loaded, where it is known */
  of(
    { end, lines }: LogBuffer,
    firstLine: number | undefined,
    result: LogMatchesModel | undefined,
  ): readonly RulerMark[] {
    if (end !== this.#end || lines.length !== this.#count || result !== this.#result) {
      this.#end = end;
      this.#count = lines.length;
      this.#result = result;
      this.#marks = rulerMarks(
        lines,
        firstLine === undefined ? [] : (result?.lines ?? []).map((line) => line - firstLine),
      );
    }
    return this.#marks;
  }
}
