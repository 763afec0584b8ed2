/** A line of a journal that nests deeper is no record: no reader should run out of stack or memory on it. */
const maxDepth = 100;

const quote = 0x22;
const backslash = 0x5c;
const openers: readonly number[] = [0x5b, 0x7b];
const closers: readonly number[] = [0x5d, 0x7d];

/** Whether a text, taken as JSON, has more arrays and objects within each other than a record may have. It need not be valid. */
export function nestsTooDeep(text: string): boolean {
  // As many as are open at once, and as many that close them again.
  return text.length > 2 * maxDepth && hasManyOpeners(text) && depthOf(text) > maxDepth;
}

function hasManyOpeners(text: string): boolean {
  let count = 0;
  for (const opener of ['[', '{']) {
    for (let place = text.indexOf(opener); place !== -1; place = text.indexOf(opener, place + 1)) {
      if (++count > maxDepth) {
        return true;
      }
    }
  }
  return false;
}

/** The depth, or more than the maximum as soon as it is passed. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let isInString = false;
  for (let index = 0; index < text.length && deepest <= maxDepth; index++) {
    const unit = text.charCodeAt(index);
    if (unit === quote) {
      isInString = !isInString;
    } else if (isInString) {
      index += unit === backslash ? 1 : 0;
    } else if (openers.includes(unit)) {
      deepest = Math.max(deepest, ++depth);
    } else if (closers.includes(unit)) {
      depth--;
    }
  }
  return deepest;
}
