import { lowerFunction } from '../run-index/searchTexts.ts';
import type { MatchOperator } from './query.ts';
import { fragment, type SqlFragment } from './sqlFragment.ts';

/** `like` looks at case, as SQL's and MLflow's does; `ilike` and `contains` do not. */
export function textMatch(column: string, operator: MatchOperator, pattern: string): SqlFragment {
  if (operator === 'like') {
    return fragment(`${column} GLOB ?`, globOf(pattern));
  }
  const like = operator === 'contains' ? `%${literalLike(pattern)}%` : patternParts(pattern).map(likePart).join('');
  // SQLite's LIKE takes ASCII letters of either case as the same, at a third of the cost of a function of ours.
  return isAscii(pattern)
    ? fragment(`${column} LIKE ? ESCAPE '\\'`, like)
    : fragment(`${lowerFunction}(${column}) LIKE ? ESCAPE '\\'`, like.toLowerCase());
}

type PatternPart = { readonly kind: 'any' | 'one' } | { readonly kind: 'literal'; readonly text: string };

/** `%` is any text, `_` one character; a backslash before them, or before a backslash, makes them what they look like. */
function patternParts(pattern: string): PatternPart[] {
  return [...pattern.matchAll(/\\[%_\\]|[\s\S]/gu)].map(([text]): PatternPart => {
    if (text === '%' || text === '_') {
      return { kind: text === '%' ? 'any' : 'one' };
    }
    return { kind: 'literal', text: text.length === 2 && text.startsWith('\\') ? text.charAt(1) : text };
  });
}

function likePart(part: PatternPart): string {
  return part.kind === 'literal' ? literalLike(part.text) : part.kind === 'any' ? '%' : '_';
}

function literalLike(text: string): string {
  return text.replaceAll(/[\\%_]/g, '\\$&');
}

function globOf(pattern: string): string {
  return patternParts(pattern)
    .map((part) => (part.kind === 'literal' ? part.text.replaceAll(/[*?[]/g, '[$&]') : part.kind === 'any' ? '*' : '?'))
    .join('');
}

function isAscii(text: string): boolean {
  return [...text].every((character) => character <= '~');
}
