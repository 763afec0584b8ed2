import Anser from 'anser';

/** A piece of a line with one look. */
export interface TextPiece {
  readonly text: string;
  /** Names of the theme's terminal colours, as `red` or `bright-red`, or an `rgb(…)`. */
  readonly colour: string | undefined;
  readonly background: string | undefined;
  readonly decorations: readonly string[];
}

const ESCAPE = '\u001b';
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that a terminal acts on.
const SGR = /\u001b\[([\d;:]*)m/g;
/** Titles and links, which write nothing. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above.
const SYSTEM_COMMANDS = /\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)/g;
/** Moves of the cursor and the like. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above.
const CURSOR_COMMANDS = /\u001b(?:\[[\d;?]*[A-HJKSTfhlnsu]|[()][A-Z0-9]|[=>78])/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above.
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001a\u001c-\u001f\u007f]/g;
const MOST_CARRIED = 16;

/** The line without what a terminal would act on, colours apart. */
export function withoutCommands(line: string): string {
  return line.replace(SYSTEM_COMMANDS, '').replace(CURSOR_COMMANDS, '').replace(CONTROLS, '');
}

export function plainText(line: string): string {
  return line.includes(ESCAPE) ? line.replace(SGR, '').replaceAll(ESCAPE, '') : line;
}

/** The colour commands that still hold at a line's end, given those that held at its start. */
export function carriedColours(carried: string, line: string): string {
  if (!line.includes(ESCAPE)) {
    return carried;
  }
  let codes: string[] = [...carried.matchAll(SGR)].map(([code]) => code);
  for (const [code, parameters = ''] of line.matchAll(SGR)) {
    codes = /^0*$/.test(parameters) ? [] : [...codes, code];
  }
  return codes.slice(-MOST_CARRIED).join('');
}

/** Takes a line to pieces of one look each. */
export function colouredPieces(carried: string, line: string): readonly TextPiece[] {
  if (carried === '' && !line.includes(ESCAPE)) {
    return [{ text: line, colour: undefined, background: undefined, decorations: [] }];
  }
  return Anser.ansiToJson(carried + line, { json: true, use_classes: true, remove_empty: true }).map((entry) => ({
    text: entry.content,
    colour: colourOf(entry.fg, entry.fg_truecolor),
    background: colourOf(entry.bg, entry.bg_truecolor),
    decorations: entry.decorations,
  }));
}

function colourOf(name: string | null, trueColour: string | null): string | undefined {
  if (!name) {
    return undefined;
  }
  if (name === 'ansi-truecolor') {
    return trueColour ? `rgb(${trueColour})` : undefined;
  }
  const palette = /^ansi-palette-(\d+)$/.exec(name);
  return palette === null ? name.replace(/^ansi-/, '') : paletteColour(Number(palette[1]));
}

const BASIC = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];

/** The 256 colours of xterm: 16 of the theme, a cube of 6 × 6 × 6, and 24 greys. */
function paletteColour(index: number): string {
  if (index < 16) {
    return `${index < 8 ? '' : 'bright-'}${BASIC[index % 8]}`;
  }
  if (index >= 232) {
    const grey = 8 + 10 * (index - 232);
    return `rgb(${grey}, ${grey}, ${grey})`;
  }
  const level = (part: number): number => (part === 0 ? 0 : 55 + 40 * part);
  const place = index - 16;
  return `rgb(${level(Math.floor(place / 36))}, ${level(Math.floor(place / 6) % 6)}, ${level(place % 6)})`;
}
