/** Names that are put together when the program runs: f-strings. */
import type { ModuleConstants } from './moduleConstants.ts';
import type { PythonTokens } from './pythonTokens.ts';
import { contentRange, isClosedString, literalText } from './stringLiteral.ts';

/** Text as it is, or something that nobody knows yet. */
type Part = string | undefined;

/**
 * What the names look like that some string tokens one after the other can give; undefined where one of them is no string, and where nothing
 * of the name is known.
 */
export function namePattern(
  tokens: PythonTokens,
  from: number,
  to: number,
  constants: ModuleConstants,
): RegExp | undefined {
  const parts: Part[] = [];
  for (let index = from; index < to; index++) {
    const literal = literalText(tokens, index, index + 1);
    const found = literal === undefined ? partsOf(tokens, index, constants) : [literal];
    if (found === undefined) {
      return undefined;
    }
    parts.push(...found);
  }
  if (!parts.some((part) => part !== undefined && /\w/.test(part))) {
    return undefined;
  }
  const source = parts.map((part) => (part === undefined ? '[^]+' : part.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')));
  return new RegExp(`^${source.join('')}$`, 'u');
}

/** Of a token that is an f-string. */
function partsOf(tokens: PythonTokens, index: number, constants: ModuleConstants): readonly Part[] | undefined {
  const token = tokens.textAt(index);
  const prefix = token.slice(0, Math.max(0, token.search(/["']/))).toLowerCase();
  if (!tokens.isString(index) || !prefix.includes('f') || !isClosedString(tokens, index)) {
    return undefined;
  }
  const { start, end } = contentRange(tokens, index);
  const content = tokens.text.slice(start, end);
  // What escapes stand for is not worth reading in a name that is known in part.
  if (content.includes('\\')) {
    return undefined;
  }
  const parts: Part[] = [];
  for (let at = 0; at < content.length; ) {
    const two = content.slice(at, at + 2);
    if (two === '{{' || two === '}}') {
      parts.push(two[0]);
      at += 2;
    } else if (content[at] === '{') {
      const closing = closingOf(content, at);
      if (closing === undefined) {
        return undefined;
      }
      parts.push(constants.valueOf(content.slice(at + 1, closing).trim()));
      at = closing + 1;
    } else {
      const next = content.slice(at + 1).search(/[{}]/);
      const stop = next === -1 ? content.length : at + 1 + next;
      parts.push(content.slice(at, stop));
      at = stop;
    }
  }
  return parts;
}

/** Where a replacement ends that begins at `opening`. */
function closingOf(content: string, opening: number): number | undefined {
  let depth = 0;
  for (let at = opening; at < content.length; at++) {
    if ('{[('.includes(content[at] ?? ' ')) {
      depth++;
    } else if ('}])'.includes(content[at] ?? ' ')) {
      depth--;
      if (depth === 0) {
        return at;
      }
    }
  }
  return undefined;
}
