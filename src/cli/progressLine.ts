import { oneLine } from './text.ts';

const barWidth = 20;

/**
 * A line on a terminal that is written over as work goes on, and goes away at its end. Where the stream is no terminal,
 * nothing is written: a log file needs no bar.
 */
export class ProgressLine {
  private readonly stream: NodeJS.WritableStream;
  readonly isTerminal: boolean;
  private shown = '';

  constructor(stream: NodeJS.WritableStream) {
    this.stream = stream;
    this.isTerminal = 'isTTY' in stream && stream.isTTY === true;
  }

  /** @param fraction the part of the work that is done, from 0 to 1, where it is known */
  show(message: string, fraction?: number): void {
    const text = fraction === undefined ? `${oneLine(message)}…` : `${oneLine(message)} ${bar(fraction)}`;
    if (this.isTerminal && text !== this.shown) {
      this.shown = text;
      this.stream.write(`\r\u001b[K${text}`);
    }
  }

  clear(): void {
    if (this.shown !== '') {
      this.shown = '';
      this.stream.write('\r\u001b[K');
    }
  }
}

function bar(fraction: number): string {
  const filled = Math.round(fraction * barWidth);
  return `[${'#'.repeat(filled)}${' '.repeat(barWidth - filled)}] ${Math.floor(fraction * 100)} %`;
}
