import { css } from 'lit';

export const chartCardStyles = css`
  :host {
    position: relative;
    display: block;
    min-width: 0;
    /* Of its header, plot and footer, also while it is empty. */
    min-height: calc(28 * var(--rl-unit) + var(--plot-height, 132px) + 24 * var(--rl-unit) + 2px);
    border: 1px solid var(--rl-line);
    border-radius: var(--rl-radius);
    outline: none;
  }
  :host {
    /* Below the toolbar, which stays. */
    scroll-margin: calc(52 * var(--rl-unit)) 0 12px;
  }
  :host([expanded]) {
    --plot-height: clamp(240px, calc(100vh - 240px), 560px);
    --rl-table-height: var(--plot-height);
  }
  :host {
    --rl-table-height: 132px;
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
  :host(:hover) .last:has(+ .tools),
  :host(:focus-within) .last:has(+ .tools),
  :host(:focus) .last:has(+ .tools) {
    display: none;
  }
  :host([data-drop])::after {
    content: '';
    position: absolute;
    top: 0;
    bottom: 0;
    width: 2px;
    background: var(--vscode-focusBorder);
  }
  :host([data-drop='before'])::after {
    left: -7px;
  }
  :host([data-drop='after'])::after {
    right: -7px;
  }
  header[draggable='true'] {
    cursor: grab;
  }
  .plot {
    position: relative;
    height: var(--plot-height, 132px);
    margin: 0 0 0 4px;
  }
  runledger-line-plot {
    height: 100%;
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
    height: var(--plot-height, 132px);
    overflow: hidden;
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
