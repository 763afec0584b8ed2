/** What a token can be in the grammar. */
import { type Comparison, comparisons } from './query.ts';
import type { Token } from './queryTokens.ts';
import { isKeyword, type Keyword, splitReference } from './queryWords.ts';

export function keywordOf(token: Token): Keyword | undefined {
  const text = token.kind === 'word' ? token.text.toLowerCase() : '';
  return isKeyword(text) ? text : undefined;
}

export function comparisonOf(token: Token): Comparison | undefined {
  if (token.kind !== 'symbol') {
    return undefined;
  }
  const text = token.text === '==' ? '=' : token.text === '<>' ? '!=' : token.text;
  return comparisons.find((comparison) => comparison === text);
}

export function isSymbol(token: Token, text: string): boolean {
  return token.kind === 'symbol' && token.text === text;
}

/** Whether a word can only be a field: `metrics.loss`. */
export function isReference(token: Token): boolean {
  return token.kind === 'word' && splitReference(token.text) !== undefined;
}

export function isAdjacent(before: Token, after: Token): boolean {
  return before.position + before.length === after.position;
}
