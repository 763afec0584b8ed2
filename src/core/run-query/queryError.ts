import { RunledgerError } from '../base/errors.ts';

/** A filter that cannot be understood, and where in it. */
export class QueryError extends RunledgerError {
  /** The whole filter. */
  readonly query: string;
  /** Where the problem is, in UTF-16 units from 0; the query's length where something is missing at its end. */
  readonly position: number;
  /** 0 where something is missing. */
  readonly length: number;

  constructor(message: string, place: { readonly query: string; readonly position: number; readonly length: number }) {
    super('invalid-argument', message);
    this.query = place.query;
    this.position = place.position;
    this.length = place.length;
  }

  /** The line of the query with the problem, and below it a line that points at it: for a terminal. */
  get pointer(): string {
    const lineStart = this.query.lastIndexOf('\n', this.position - 1) + 1;
    const nextLine = this.query.indexOf('\n', this.position);
    const lineEnd = nextLine === -1 ? this.query.length : nextLine;
    const line = oneColumnEach(this.query.slice(lineStart, lineEnd));
    const before = oneColumnEach(this.query.slice(lineStart, this.position));
    const marked = oneColumnEach(this.query.slice(this.position, Math.min(this.position + this.length, lineEnd)));
    return `${line.join('')}\n${' '.repeat(before.length)}^${'~'.repeat(Math.max(0, marked.length - 1))}`;
  }
}

/** The characters that a terminal shows in about one column each. A tab, or what could steer the terminal, is a space. */
function oneColumnEach(text: string): string[] {
  return [...text].map((character) => (/[\p{Cc}\p{Zl}\p{Zp}\p{Cf}]/u.test(character) ? ' ' : character));
}
