/** Places within braces and brackets, as JSON is written, read from the first of them on. */
import type { NodePath, Span } from './yamlText.ts';

export interface FlowPlace {
  readonly path: NodePath;
  readonly place: 'key' | 'value';
  readonly typed: Span;
}

interface Level {
  readonly kind: 'map' | 'list';
  key: string | undefined;
  index: number;
}

/** @param start where the outermost bracket stands */
export function flowPlace(text: string, start: number, offset: number): FlowPlace {
  const levels: Level[] = [];
  let word: Span = { start: offset, end: offset };
  let at = start;
  while (at < offset) {
    const character = text[at] ?? '';
    const level = levels.at(-1);
    if (character === '{' || character === '[') {
      levels.push({ kind: character === '{' ? 'map' : 'list', key: undefined, index: 0 });
    } else if (character === '}' || character === ']') {
      levels.pop();
    } else if (character === ',' && level !== undefined) {
      level.key = undefined;
      level.index++;
    } else if (character === ':' && level?.kind === 'map' && level.key === undefined) {
      level.key = text.slice(word.start, word.end).replace(/^(["'])(.*)\1$/, '$2');
    } else if (!/\s/.test(character)) {
      word = { start: at, end: wordEnd(text, at) };
      if (word.end >= offset) {
        return placeOf(levels, word);
      }
      at = word.end;
      continue;
    }
    at++;
  }
  return placeOf(levels, { start: offset, end: offset });
}

function placeOf(levels: readonly Level[], typed: Span): FlowPlace {
  const last = levels.at(-1);
  const path = levels.flatMap(({ kind, key, index }, at): NodePath => {
    if (kind === 'list') {
      return [index];
    }
    return key === undefined || (at === levels.length - 1 && key === '') ? [] : [key];
  });
  return { path, place: last?.kind === 'map' && last.key === undefined ? 'key' : 'value', typed };
}

/** Behind a text in quotes, or a plain word. */
function wordEnd(text: string, start: number): number {
  const quote = text[start];
  if (quote === '"' || quote === "'") {
    for (let at = start + 1; at < text.length; at++) {
      if (text[at] === '\\') {
        at++;
      } else if (text[at] === quote) {
        return at + 1;
      } else if (text[at] === '\n') {
        return at;
      }
    }
    return text.length;
  }
  const length = /^(?:[^\s,:[\]{}]|:(?=\S)|[ \t](?=[^\s,:[\]{}#]))+/.exec(text.slice(start, start + 1000))?.[0].length;
  return start + Math.max(length ?? 1, 1);
}
