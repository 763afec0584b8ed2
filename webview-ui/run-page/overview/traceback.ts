/** A call of a Python traceback. */
export interface Frame {
  /** The path as the traceback gives it. */
  readonly path: string;
  /** The path for reading: relative to the run's code where it lies in it. */
  readonly shown: string;
  readonly line: number;
  readonly scope: string;
  readonly code: readonly string[];
  /** In the run's own code, and not in a library. */
  readonly isOwn: boolean;
}

export type TracebackPart =
  | { readonly kind: 'own'; readonly frame: Frame }
  | { readonly kind: 'library'; readonly frames: readonly Frame[]; readonly library: string }
  | { readonly kind: 'text'; readonly lines: readonly string[] };

const FRAME = /^\s*File "(.+?)", line (\d+)(?:, in (.+))?$/;
const HEADING = /^Traceback \(most recent call last\):$/;
const LIBRARY = /(?:site-packages|dist-packages)[\\/]([^\\/]+)/;
const STANDARD_LIBRARY = /[\\/]lib[\\/]python\d[^\\/]*[\\/]|^<frozen |[\\/]Lib[\\/]/;

/** The path without the folder of the run or of its source. Runs work in a folder named `.work`. */
export function shownPath(path: string, sourceDirectory: string | undefined): string {
  const work = /[\\/]\.work[\\/](.+)$/.exec(path);
  if (work?.[1] !== undefined) {
    return work[1];
  }
  const folder = sourceDirectory?.replace(/[\\/]$/, '');
  if (folder !== undefined && path.startsWith(folder) && /^[\\/]/.test(path.slice(folder.length))) {
    return path.slice(folder.length + 1);
  }
  return path;
}

function toFrame(
  path: string,
  line: number,
  scope: string,
  code: readonly string[],
  source: string | undefined,
): Frame {
  const shown = shownPath(path, source);
  const isLibrary = LIBRARY.test(path) || STANDARD_LIBRARY.test(path) || /^<.*>$/.test(path);
  return { path, shown, line, scope, code, isOwn: !isLibrary };
}

function libraryOf(frame: Frame): string {
  return LIBRARY.exec(frame.path)?.[1]?.replace(/\.py$/, '') ?? 'the standard library';
}

/** Takes a traceback to parts: own frames, runs of library frames, and the text between and after. */
export function parseTraceback(text: string, sourceDirectory: string | undefined): TracebackPart[] {
  const parts: TracebackPart[] = [];
  const lines = text.replaceAll('\r\n', '\n').replace(/\n+$/, '').split('\n');
  for (let index = 0; index < lines.length; ) {
    const line = lines[index] ?? '';
    const match = FRAME.exec(line);
    if (match === null) {
      index++;
      const last = parts.at(-1);
      if (HEADING.test(line) && parts.length === 0) {
        continue;
      }
      if (last?.kind === 'text') {
        parts[parts.length - 1] = { kind: 'text', lines: [...last.lines, line] };
      } else {
        parts.push({ kind: 'text', lines: [line] });
      }
      continue;
    }
    const code: string[] = [];
    for (index++; /^\s{4}/.test(lines[index] ?? '') && !FRAME.test(lines[index] ?? ''); index++) {
      code.push((lines[index] ?? '').trim());
    }
    const frame = toFrame(match[1] ?? '', Number(match[2]), match[3] ?? '', code.filter(isCode), sourceDirectory);
    const last = parts.at(-1);
    if (frame.isOwn) {
      parts.push({ kind: 'own', frame });
    } else if (last?.kind === 'library' && last.library === libraryOf(frame)) {
      parts[parts.length - 1] = { ...last, frames: [...last.frames, frame] };
    } else {
      parts.push({ kind: 'library', frames: [frame], library: libraryOf(frame) });
    }
  }
  return parts;
}

/** Python 3.11 and later underline the expression; the marks say little once the lines are aligned anew. */
function isCode(line: string): boolean {
  return line !== '' && !/^[~^]+$/.test(line);
}

/** Where a person should look first: the innermost frame of their own code. */
export function blamedFrame(parts: readonly TracebackPart[]): Frame | undefined {
  return parts.findLast((part) => part.kind === 'own')?.frame;
}
