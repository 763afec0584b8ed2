import { css } from 'lit';

/** What the chart of runs has in its frame (chartFrameStyles). */
export const runsChartStyles = css`
  canvas {
    position: absolute;
    inset: 0;
  }
  canvas.unused {
    visibility: hidden;
  }
  .tip {
    position: absolute;
    z-index: 10;
    top: 0;
    left: 0;
    padding: 3px 8px;
    font-size: calc(11 * var(--rl-unit));
    line-height: calc(16 * var(--rl-unit));
    white-space: nowrap;
    color: var(--vscode-editorHoverWidget-foreground);
    background: var(--vscode-editorHoverWidget-background);
    border: 1px solid var(--vscode-editorHoverWidget-border);
    border-radius: var(--rl-radius);
    pointer-events: none;
  }
  .none {
    position: absolute;
    inset: 0;
    margin: 0;
    padding: 12px;
    font-size: calc(12 * var(--rl-unit));
    color: var(--rl-secondary);
  }
`;
