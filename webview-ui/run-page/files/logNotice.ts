import { html, nothing, type TemplateResult } from 'lit';
import { formatCount } from '../../shared/formatNumbers.ts';
import { countOf, formatSize } from '../../shared/formatSizes.ts';
import type { LogBuffer } from './logBuffer.ts';

export interface LogNotice {
  readonly problem: string | undefined;
  readonly isLoaded: boolean;
  /** The number of the first line, from 0, where a part in the midst of the log is shown. */
  readonly firstLineOfPart: number | undefined;
  readonly openFile: () => void;
  readonly goToEnd: () => void;
}

/** Why a log is not shown, or which part of it is. */
export function logNotice(buffer: LogBuffer, notice: LogNotice): TemplateResult | typeof nothing {
  const { start, droppedLines, lines } = buffer;
  if (notice.problem !== undefined) {
    return html`<div class="notice">${notice.problem}</div>`;
  }
  if (notice.firstLineOfPart !== undefined) {
    const first = notice.firstLineOfPart + 1;
    return html`<div class="notice numbers">
      Lines ${formatCount(first)} to ${formatCount(first + lines.length - 1)} are shown.
      <button class="link" @click=${notice.goToEnd}>Go to the end</button>
    </div>`;
  }
  const missing =
    start > 0
      ? `The first ${formatSize(start)}`
      : droppedLines > 0
        ? `The first ${countOf(droppedLines, 'line')}`
        : undefined;
  if (missing === undefined) {
    return notice.isLoaded && lines.length === 0 ? html`<div class="notice">The log is empty so far.</div>` : nothing;
  }
  return html`<div class="notice">
    ${missing} of this log are not loaded: scroll up or search to come to them.
    <button class="link" @click=${notice.openFile}>Open the whole file</button>
  </div>`;
}
