import { html, type TemplateResult } from 'lit';
import { inlineStyle } from '../../shared/inlineStyle.ts';
import { type LinePiece, type LineReading, type LogLine, readLine } from './logBuffer.ts';

/** The text of a line: colours from the theme, the place in a source file as a link, and what is looked for marked. */
export function lineText(
  line: LogLine,
  reading: LineReading,
  open: (path: string, line: number) => void,
): TemplateResult[] {
  const { pieces, link } = readLine(line, reading);
  return pieces.map((piece) =>
    piece.isLink && link !== undefined
      ? html`<button class="link" title="Open ${link.path}:${link.line}" @click=${() => open(link.path, link.line)}>${pieceText(piece)}</button>`
      : pieceText(piece),
  );
}

function pieceText(piece: LinePiece): TemplateResult {
  const classes = [
    ...(piece.isMatch ? ['match'] : []),
    ...piece.decorations,
    ...(isNamed(piece.colour) ? [`fg-${piece.colour}`] : []),
    ...(isNamed(piece.background) ? [`bg-${piece.background}`] : []),
  ];
  const colours = {
    ...(piece.colour !== undefined && !isNamed(piece.colour) ? { color: piece.colour } : {}),
    ...(piece.background !== undefined && !isNamed(piece.background) ? { background: piece.background } : {}),
  };
  if (classes.length === 0 && Object.keys(colours).length === 0) {
    return html`${piece.text}`;
  }
  return html`<span class=${classes.join(' ')} ${inlineStyle(colours)}>${piece.text}</span>`;
}

function isNamed(colour: string | undefined): colour is string {
  return colour !== undefined && !colour.startsWith('rgb(');
}
