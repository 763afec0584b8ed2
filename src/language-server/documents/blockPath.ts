/** Paths by indentation alone, for texts that no parser takes yet. */
import type { NodePath } from './yamlText.ts';

export interface LineElement {
  readonly kind: 'dash' | 'key' | 'scalar';
  readonly column: number;
  readonly key: string;
}

/** The dashes of a line, and the key or the scalar behind them. */
export function lineElements(line: string): {
  readonly elements: readonly LineElement[];
  readonly content: string;
  readonly contentStart: number;
} {
  const elements: LineElement[] = [];
  let column = /^\s*/.exec(line)?.[0].length ?? 0;
  for (let dash = /^-(\s+|$)/.exec(line.slice(column)); dash !== null; dash = /^-(\s+|$)/.exec(line.slice(column))) {
    elements.push({ kind: 'dash', column, key: '' });
    column += dash[0].length;
  }
  const content = line.slice(column);
  const key = /^("[^"]*"|'[^']*'|[^\s"'#][^#]*?)\s*:(?=\s|$)/.exec(content)?.[1];
  if (key !== undefined) {
    elements.push({ kind: 'key', column, key: key.replace(/^(["'])(.*)\1$/, '$2') });
  } else if (content !== '' && !content.startsWith('#')) {
    elements.push({ kind: 'scalar', column, key: '' });
  }
  return { elements, content, contentStart: column };
}

/** The path of the map or list that the last of `elements` stands in, which are those of the line at `lineStart`. */
export function blockPath(text: string, lineStart: number, elements: readonly LineElement[]): NodePath {
  const path: (string | number)[] = [];
  const last = elements.at(-1);
  // What is looked for: whatever holds an entry, or a dash, at this column.
  let wanted: LineElement['kind'] = last?.kind === 'dash' ? 'dash' : 'key';
  let column = last?.column ?? 0;
  let index = 0;
  const look = (line: readonly LineElement[], from: number): void => {
    for (let at = Math.min(from, line.length - 1); at >= 0; at--) {
      const element = line[at];
      if (element === undefined) {
        continue;
      }
      if (element.kind === 'dash') {
        const isOfItem = line[at + 1]?.column === column || (at === line.length - 1 && element.column < column);
        if (wanted === 'dash' && element.column === column) {
          index++;
        } else if (element.column < column && isOfItem) {
          if (wanted === 'dash') {
            path.unshift(index);
          }
          // The item that the entry is of; how many come before it is counted from here on.
          wanted = 'dash';
          column = element.column;
          index = 0;
        }
      } else if (element.kind === 'key' && (wanted === 'dash' ? element.column <= column : element.column < column)) {
        if (wanted === 'dash') {
          path.unshift(index);
        }
        path.unshift(element.key);
        wanted = 'key';
        column = element.column;
      }
    }
  };
  look(elements, elements.length - 2);
  for (let end = lineStart - 1; end >= 0; ) {
    const start = text.lastIndexOf('\n', end - 1) + 1;
    look(lineElements(text.slice(start, end)).elements, Number.MAX_SAFE_INTEGER);
    if (start === 0) {
      break;
    }
    end = start - 1;
  }
  if (wanted === 'dash') {
    path.unshift(index);
  }
  return path;
}
