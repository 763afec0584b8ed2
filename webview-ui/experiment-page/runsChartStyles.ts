import { css } from 'lit';

export const runsChartStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    min-width: 0;
    border: 1px solid var(--rl-line);
    border-radius: var(--rl-radius);
  }
  :host(:hover) {
    border-color: var(--rl-line-hover);
  }
  .head {
    display: flex;
    flex: none;
    align-items: center;
    gap: 8px;
    height: calc(28 * var(--rl-unit));
    padding: 0 10px;
    font-size: calc(12 * var(--rl-unit));
  }
  .head .secondary:last-child {
    flex: none;
    margin-inline-start: auto;
    font-size: calc(11 * var(--rl-unit));
  }
  .plot {
    position: relative;
    flex: 1;
    min-height: 120px;
    margin: 0 0 0 4px;
  }
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
