/** What is looked for in a log. */
export interface FindQuery {
  readonly text: string;
  readonly isCaseSensitive: boolean;
}

export interface TextRange {
  readonly from: number;
  readonly to: number;
}

/** Where a line holds what is looked for, from left to right. */
export function matchesIn(line: string, { text, isCaseSensitive }: FindQuery): readonly TextRange[] {
  if (text === '') {
    return [];
  }
  const [haystack, needle] = isCaseSensitive ? [line, text] : [line.toLowerCase(), text.toLowerCase()];
  // Letters that are longer in lower case would shift what follows: then the line is marked as a whole.
  if (haystack.length !== line.length) {
    return haystack.includes(needle) ? [{ from: 0, to: line.length }] : [];
  }
  const found: TextRange[] = [];
  for (let at = haystack.indexOf(needle); at !== -1; at = haystack.indexOf(needle, at + needle.length)) {
    found.push({ from: at, to: at + needle.length });
  }
  return found;
}

/** Cuts pieces of text where ranges begin and end, and changes those that are inside. Ranges are in order and apart. */
export function cutPieces<T extends { readonly text: string }>(
  pieces: readonly T[],
  ranges: readonly TextRange[],
  change: (piece: T) => T,
): readonly T[] {
  if (ranges.length === 0) {
    return pieces;
  }
  const cut: T[] = [];
  let place = 0;
  for (const piece of pieces) {
    const end = place + piece.text.length;
    let at = place;
    for (const { from, to } of ranges) {
      if (to <= at || from >= end) {
        continue;
      }
      const [start, stop] = [Math.max(from, at), Math.min(to, end)];
      if (start > at) {
        cut.push({ ...piece, text: piece.text.slice(at - place, start - place) });
      }
      cut.push(change({ ...piece, text: piece.text.slice(start - place, stop - place) }));
      at = stop;
    }
    if (at < end) {
      cut.push({ ...piece, text: piece.text.slice(at - place) });
    }
    place = end;
  }
  return cut;
}

const TIMESTAMP =
  /^\s*[[(]?(?:\d{4}[-/]\d{2}[-/]\d{2}[T ])?\d{1,2}:\d{2}:\d{2}(?:[.,]\d{1,9})?(?: ?(?:Z|UTC|[+-]\d{2}:?\d{2}))?[\])]?[\s:|-]*/;

/** How long the time is with which a line begins; 0 where it begins with none. */
export function timestampLength(line: string): number {
  return TIMESTAMP.exec(line)?.[0].length ?? 0;
}
