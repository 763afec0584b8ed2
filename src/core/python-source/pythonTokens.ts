/**
 * The words of a part of a Python file. A tokenizer and no parser: what is looked for (calls of some names and their first
 * arguments) is told by words and parentheses alone, also while a line is being typed.
 */

export const tokenKind = { name: 1, string: 2, number: 3, operator: 4 } as const;

/** Parallel arrays, since a file has many thousands. Comments and white space are left out; operators are single characters. */
export class PythonTokens {
  readonly text: string;
  readonly kinds: number[] = [];
  /** In UTF-16 units. */
  readonly starts: number[] = [];
  readonly ends: number[] = [];

  constructor(text: string) {
    this.text = text;
  }

  get length(): number {
    return this.kinds.length;
  }

  add(kind: number, start: number, end: number): void {
    this.kinds.push(kind);
    this.starts.push(start);
    this.ends.push(end);
  }

  /** Empty beyond the last. */
  textAt(index: number): string {
    return this.text.slice(this.starts[index] ?? 0, this.ends[index] ?? 0);
  }

  isName(index: number): boolean {
    return this.kinds[index] === tokenKind.name;
  }

  isString(index: number): boolean {
    return this.kinds[index] === tokenKind.string;
  }

  isOperator(index: number, character: string): boolean {
    return this.kinds[index] === tokenKind.operator && this.text[this.starts[index] ?? -1] === character;
  }

  /** Whether nothing but white space stands before a token on its line. */
  isFirstOfLine(index: number): boolean {
    const start = this.starts[index] ?? 0;
    const previousEnd = this.ends[index - 1] ?? 0;
    return index === 0 || this.text.slice(previousEnd, start).includes('\n');
  }
}

const newline = 10;
const backslash = 92;
const hash = 35;
const doubleQuote = 34;
const singleQuote = 39;
const prefixes = /^(?:[rbuft]|[bft]r|r[bft])$/i;

/** @param isEnd asked after each token whether it was the last that is wanted */
export function tokenize(text: string, from: number, isEnd: (tokens: PythonTokens) => boolean): PythonTokens {
  const tokens = new PythonTokens(text);
  let at = from;
  let count = 0;
  while (at < text.length) {
    if (tokens.length > count) {
      count = tokens.length;
      if (isEnd(tokens)) {
        break;
      }
    }
    const code = text.charCodeAt(at);
    if (code <= 32 || code === backslash) {
      at++;
    } else if (code === hash) {
      const end = text.indexOf('\n', at);
      at = end === -1 ? text.length : end;
    } else if (code === doubleQuote || code === singleQuote) {
      const end = endOfString(text, at);
      tokens.add(tokenKind.string, at, end);
      at = end;
    } else if (isNameStart(code)) {
      let end = at + 1;
      while (end < text.length && isNamePart(text.charCodeAt(end))) {
        end++;
      }
      const isPrefix = isQuote(text.charCodeAt(end)) && end - at <= 2 && prefixes.test(text.slice(at, end));
      const stringEnd = isPrefix ? endOfString(text, end) : end;
      tokens.add(isPrefix ? tokenKind.string : tokenKind.name, at, stringEnd);
      at = stringEnd;
    } else if (isDigit(code)) {
      let end = at + 1;
      while (end < text.length && isNumberPart(text, end)) {
        end++;
      }
      tokens.add(tokenKind.number, at, end);
      at = end;
    } else {
      tokens.add(tokenKind.operator, at, at + 1);
      at++;
    }
  }
  return tokens;
}

/** Of a string that is not closed: the end of its line, or of the file where it would go over several. */
function endOfString(text: string, quoteAt: number): number {
  const quote = text[quoteAt] ?? '';
  const isTriple = text.startsWith(quote.repeat(3), quoteAt);
  const closing = isTriple ? quote.repeat(3) : quote;
  for (let at = quoteAt + closing.length; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === backslash) {
      at++;
    } else if (code === newline && !isTriple) {
      return at;
    } else if (text[at] === quote && text.startsWith(closing, at)) {
      return at + closing.length;
    }
  }
  return text.length;
}

function isQuote(code: number): boolean {
  return code === doubleQuote || code === singleQuote;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** Every character beyond ASCII is taken for a letter: which are, makes no difference here. */
function isNameStart(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95 || code >= 128;
}

function isNamePart(code: number): boolean {
  return isNameStart(code) || isDigit(code);
}

function isNumberPart(text: string, at: number): boolean {
  const character = text[at] ?? '';
  return /[\w.]/.test(character) || (/[+-]/.test(character) && /[eE]/.test(text[at - 1] ?? ''));
}
