import { css } from 'lit';

export const plotStyles = css`
  :host {
    position: relative;
    display: block;
    min-width: 0;
  }
  canvas {
    position: absolute;
    inset: 0;
    touch-action: pan-y;
  }
  /* The browser hands every canvas that is visible over to the compositor in each frame, also one that lies outside of it. */
  canvas[data-away] {
    visibility: hidden;
  }
  .line,
  .dot,
  .tip,
  .selection {
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
    border: 1px solid var(--rl-background);
    border-radius: 50%;
  }
  .selection {
    background: color-mix(in srgb, var(--vscode-focusBorder) 16%, transparent);
    border: solid var(--vscode-focusBorder);
    border-width: 0 1px;
  }
  .tip {
    z-index: 10;
    max-width: min(420px, 92vw);
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
  .row .name {
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .row b {
    font-weight: 600;
    margin-inline-start: auto;
    padding-inline-start: 16px;
  }
  .row.raw,
  .row.raw b {
    font-weight: 400;
    color: var(--rl-secondary);
  }
  .row.focused .name {
    font-weight: 600;
  }
  .swatch {
    flex: none;
    width: 10px;
    border-top: 2px solid;
  }
  .swatch.dashed {
    border-top-style: dashed;
  }
  .swatch.dotted {
    border-top-style: dotted;
  }
  .raw .swatch {
    border-top-width: 1px;
    opacity: 0.6;
  }
`;
