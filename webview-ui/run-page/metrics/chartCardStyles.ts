import { css } from 'lit';

export const chartCardStyles = css`
  :host {
    position: relative;
    display: block;
    min-width: 0;
    border: 1px solid var(--rl-line);
    border-radius: var(--rl-radius);
    outline: none;
  }
  :host(:hover) {
    border-color: var(--rl-line-hover);
  }
  :host(:focus-visible) {
    border-color: var(--vscode-focusBorder);
  }
  header {
    display: flex;
    align-items: center;
    gap: 8px;
    height: calc(28 * var(--rl-unit));
    padding: 0 10px;
    font-size: calc(12 * var(--rl-unit));
  }
  .last,
  .tools {
    flex: none;
    margin-inline-start: auto;
  }
  .tools {
    display: none;
    margin-inline-end: -4px;
  }
  :host(:hover) .tools,
  :host(:focus-within) .tools,
  :host(:focus) .tools {
    display: flex;
  }
  :host(:hover) .last,
  :host(:focus-within) .last,
  :host(:focus) .last {
    display: none;
  }
  .plot {
    position: relative;
    height: 132px;
    margin: 0 0 0 4px;
  }
  canvas {
    position: absolute;
    inset: 0;
  }
  .line,
  .dot,
  .tip {
    position: absolute;
    top: 0;
    left: 0;
    pointer-events: none;
  }
  .line {
    width: 1px;
    background: var(--rl-faint);
  }
  .dot {
    width: 7px;
    height: 7px;
    margin: -3.5px 0 0 -3.5px;
    background: var(--rl-series-1);
    border: 1px solid var(--rl-background);
    border-radius: 50%;
  }
  .tip {
    z-index: 10;
    padding: 1px 6px;
    font-size: calc(11 * var(--rl-unit));
    line-height: calc(16 * var(--rl-unit));
    white-space: nowrap;
    font-variant-numeric: tabular-nums;
    color: var(--vscode-editorHoverWidget-foreground, var(--vscode-foreground));
    background: var(--vscode-editorHoverWidget-background);
    border: 1px solid var(--vscode-editorHoverWidget-border, var(--rl-line));
    border-radius: var(--rl-radius);
  }
  .tip.full {
    min-width: 150px;
    padding: 4px 8px;
    box-shadow: 0 2px 8px var(--vscode-widget-shadow, transparent);
  }
  .where {
    color: var(--rl-secondary);
    white-space: pre;
  }
  .row {
    display: flex;
    align-items: center;
    gap: 6px;
  }
  .row b {
    font-weight: 600;
    margin-inline-start: auto;
    padding-inline-start: 16px;
  }
  .swatch {
    width: 8px;
    height: 2px;
    background: var(--rl-series-1);
  }
  .problem {
    position: absolute;
    inset: 0;
    margin: 0;
    padding: 12px;
    font-size: calc(12 * var(--rl-unit));
    color: var(--rl-secondary);
  }
  .table {
    height: 132px;
    overflow: auto;
  }
  .table:focus-visible {
    outline: none;
  }
  table {
    width: 100%;
    border-collapse: collapse;
    font-size: calc(12 * var(--rl-unit));
    font-variant-numeric: tabular-nums;
  }
  th,
  td {
    height: calc(20 * var(--rl-unit));
    padding: 0 10px;
    font-weight: 400;
    text-align: right;
    white-space: nowrap;
  }
  th {
    position: sticky;
    top: 0;
    color: var(--rl-secondary);
    background: var(--rl-background);
    box-shadow: inset 0 -1px var(--rl-line);
  }
  footer {
    display: flex;
    gap: 12px;
    height: calc(24 * var(--rl-unit));
    padding: 2px 10px 0;
    font-size: calc(11 * var(--rl-unit));
    line-height: calc(16 * var(--rl-unit));
    white-space: nowrap;
    overflow: hidden;
  }
  .note {
    margin-inline-start: auto;
    color: var(--rl-secondary);
  }
`;
