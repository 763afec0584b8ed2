import { QueryError } from './queryError.ts';

/**
 * - `word`: what stands between blanks and symbols: a keyword, a field, a number, a value.
 * - `text`: between quotes. `name`: between backticks.
 * - `symbol`: an operator, a parenthesis or a comma.
 */
export interface Token {
  readonly kind: 'word' | 'text' | 'name' | 'symbol' | 'end';
  /** Without quotes. */
  readonly text: string;
  readonly position: number;
  readonly length: number;
}

const longestQuery = 10_000;
const blank = /\s+/uy;
const symbol = /<=|>=|!=|<>|==|[=<>(),]/y;
const word = /[^\s()<>=!,"'`]+/uy;

/**
 * Splits a query. The last token is of the kind `end`.
 *
 * @throws QueryError
 */
export function queryTokens(query: string): Token[] {
  if (query.length > longestQuery) {
    const message = `A filter has at most ${longestQuery.toLocaleString('en')} characters.`;
    throw new QueryError(message, { query, position: longestQuery, length: 0 });
  }
  const nul = query.indexOf('\0');
  if (nul !== -1) {
    throw new QueryError('A filter has no NUL characters.', { query, position: nul, length: 1 });
  }
  const tokens: Token[] = [];
  let position = 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = position;
    return pattern.exec(query)?.[0];
  };
  while (position < query.length) {
    const blanks = take(blank);
    if (blanks !== undefined) {
      position += blanks.length;
      continue;
    }
    const token = quoted(query, position) ?? simple(take(symbol), 'symbol') ?? simple(take(word), 'word');
    if (token === undefined) {
      throw new QueryError('"!" alone means nothing here: write "not" before a condition, or "!=".', {
        query,
        position,
        length: 1,
      });
    }
    tokens.push({ ...token, position });
    position += token.length;
  }
  tokens.push({ kind: 'end', text: '', position: query.length, length: 0 });
  return tokens;
}

function simple(text: string | undefined, kind: 'symbol' | 'word'): Omit<Token, 'position'> | undefined {
  return text === undefined ? undefined : { kind, text, length: text.length };
}

/** A text in quotes: a backslash before the quote or another backslash stands for that character alone. */
function quoted(query: string, position: number): Omit<Token, 'position'> | undefined {
  const quote = query.charAt(position);
  if (quote !== '"' && quote !== "'" && quote !== '`') {
    return undefined;
  }
  let text = '';
  for (let index = position + 1; index < query.length; index += 1) {
    const character = query.charAt(index);
    const next = query.charAt(index + 1);
    if (character === quote) {
      return { kind: quote === '`' ? 'name' : 'text', text, length: index + 1 - position };
    }
    if (character === '\\' && (next === quote || next === '\\')) {
      text += next;
      index += 1;
    } else {
      text += character;
    }
  }
  throw new QueryError(`The text that begins here has no ${quote} at its end.`, {
    query,
    position,
    length: query.length - position,
  });
}
