import type { PythonTokens } from './pythonTokens.ts';

const simpleEscapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '\n': '',
};

/** Where the text of a string token stands: behind its first quote, before its last where it has one. */
export function contentRange(tokens: PythonTokens, index: number): { readonly start: number; readonly end: number } {
  const token = tokens.textAt(index);
  const { start, quotes, isClosed } = quotesOf(token);
  const offset = tokens.starts[index] ?? 0;
  return { start: offset + start, end: offset + token.length - (isClosed ? quotes.length : 0) };
}

export function isClosedString(tokens: PythonTokens, index: number): boolean {
  return quotesOf(tokens.textAt(index)).isClosed;
}

function quotesOf(token: string): { readonly start: number; readonly quotes: string; readonly isClosed: boolean } {
  const prefixLength = token.search(/["']/);
  const quote = token[prefixLength] ?? '"';
  const triple = quote.repeat(3);
  const quotes = token.startsWith(triple, prefixLength) ? triple : quote;
  const start = prefixLength + quotes.length;
  return { start, quotes, isClosed: token.length >= start + quotes.length && token.endsWith(quotes) };
}

/**
 * The text of some tokens that are string literals one after the other. Undefined where one is none, or is only known when the
 * program runs (f-strings), or is of bytes.
 */
export function literalText(tokens: PythonTokens, from: number, to: number): string | undefined {
  let text = '';
  for (let index = from; index < to; index++) {
    const token = tokens.textAt(index);
    const prefix = token.slice(0, token.search(/["']/)).toLowerCase();
    if (!tokens.isString(index) || /[bft]/.test(prefix)) {
      return undefined;
    }
    const { start, end } = contentRange(tokens, index);
    const content = tokens.text.slice(start, end);
    text += prefix.includes('r') ? content : unescaped(content);
  }
  return from < to ? text : undefined;
}

function unescaped(content: string): string {
  return content.replace(
    /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([\s\S]))/g,
    (whole, byte?: string, short?: string, long?: string, character?: string) => {
      const code = byte ?? short ?? long;
      if (code !== undefined) {
        const point = Number.parseInt(code, 16);
        return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
      }
      return simpleEscapes[character ?? ''] ?? whole;
    },
  );
}
