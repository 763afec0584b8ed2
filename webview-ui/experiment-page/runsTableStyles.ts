import { css } from 'lit';

/** Rows are a grid whose columns the table sets once, so that a row is laid out without looking at the others. */
export const runsTableStyles = css`
  :host {
    position: relative;
    display: block;
    min-height: 0;
    contain: strict;
  }
  .scroll {
    position: absolute;
    inset: 0;
    overflow: auto;
    overscroll-behavior: contain;
    outline: none;
    font-size: calc(12 * var(--rl-unit));
    font-variant-numeric: tabular-nums;
  }
  .scroll:focus-visible {
    outline: none;
  }
  .head,
  .line {
    display: grid;
    grid-template-columns: var(--rl-columns);
    width: var(--rl-width);
    min-width: 100%;
    background: var(--rl-background);
  }
  .head {
    position: sticky;
    z-index: 3;
    top: 0;
    color: var(--rl-secondary);
    border-bottom: 1px solid var(--rl-line);
  }
  .head .cell {
    position: relative;
    height: 26px;
    padding: 0;
  }
  .head .dragged {
    opacity: 0.5;
  }
  .head .drop-before {
    box-shadow: inset 2px 0 0 var(--vscode-focusBorder);
  }
  .head .drop-after {
    box-shadow: inset -2px 0 0 var(--vscode-focusBorder);
  }
  .edge {
    position: absolute;
    inset-block: 0;
    right: 0;
    width: 7px;
    cursor: col-resize;
    touch-action: none;
  }
  .edge:hover,
  .edge:active {
    border-inline-end: 2px solid var(--vscode-sash-hoverBorder, var(--vscode-focusBorder));
  }
  .head button {
    touch-action: none;
  }
  .line.hidden .cell {
    color: var(--rl-secondary);
    font-style: italic;
  }
  .line.hidden .status,
  .line.hidden .dot {
    opacity: 0.5;
  }
  .head button {
    display: flex;
    align-items: center;
    gap: 3px;
    width: 100%;
    height: 100%;
    padding: 0 8px;
    color: inherit;
    text-align: start;
    background: none;
    border: 0;
  }
  .head .check button {
    justify-content: center;
    padding: 0;
  }
  .head .number button {
    justify-content: flex-end;
  }
  .head button:hover {
    color: var(--vscode-foreground);
    outline: var(--rl-hover-outline);
    outline-offset: -1px;
  }
  .head .icon {
    font-size: calc(12 * var(--rl-unit));
  }
  .rank,
  .part {
    font-size: calc(10 * var(--rl-unit));
  }
  .icon.up {
    transform: scaleY(-1);
  }
  .body {
    position: relative;
    width: var(--rl-width);
    min-width: 100%;
  }
  .line {
    position: absolute;
    top: 0;
    left: 0;
    height: 24px;
    cursor: default;
  }
  /* One box for each value: thousands of them come and go while the table is scrolled. */
  .cell {
    min-width: 0;
    height: 24px;
    padding: 0 8px;
    overflow: hidden;
    line-height: 24px;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .cell.number {
    text-align: end;
  }
  .cell.check,
  .cell.swatch,
  .cell.name {
    display: flex;
    align-items: center;
    gap: 6px;
  }
  .cell.starts {
    border-inline-start: 1px solid var(--rl-line);
  }
  .stays {
    display: grid;
    grid-column: 1 / 4;
    grid-template-columns: subgrid;
  }
  /* What sticks is drawn on a layer of its own, in each row: only where the table is scrolled sideways. */
  [data-sideways] .stays {
    position: sticky;
    z-index: 1;
    left: 0;
    background: inherit;
  }
  .cell.check {
    justify-content: center;
    padding: 0 0 0 8px;
  }
  .cell.swatch {
    justify-content: center;
    padding: 0;
  }
  .line:hover {
    background: color-mix(in srgb, var(--vscode-foreground) 4%, var(--rl-background));
    outline: var(--rl-hover-outline);
    outline-offset: -1px;
  }
  .line.selected {
    background: color-mix(in srgb, var(--vscode-list-inactiveSelectionBackground, transparent) 100%, var(--rl-background));
    background-image: linear-gradient(var(--rl-selected-fill), var(--rl-selected-fill));
    outline: var(--rl-selected-outline);
    outline-offset: -1px;
  }
  .line.group {
    background: var(--rl-fill);
  }
  /* The lines are drawn by the cells: those that stay at the left would cover a border of the row. */
  .line.last-pinned .cell {
    box-shadow: inset 0 -1px 0 var(--rl-line-hover);
  }
  .scroll:focus .line.active .cell {
    box-shadow:
      inset 0 1px 0 var(--vscode-focusBorder),
      inset 0 -1px 0 var(--vscode-focusBorder);
  }
  .scroll:focus .line.active .cell.active {
    outline: 1px solid var(--vscode-focusBorder);
    outline-offset: -2px;
  }
  .box {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    width: 14px;
    height: 14px;
    border: 1px solid var(--vscode-checkbox-border, var(--rl-faint));
    border-radius: 3px;
    background: var(--vscode-checkbox-background, transparent);
    color: var(--vscode-checkbox-foreground, inherit);
  }
  .box .icon {
    font-size: 12px;
  }
  .dot {
    width: 10px;
    height: 10px;
    border: 1px solid var(--rl-faint);
    border-radius: 2px;
  }
  .dot.drawn {
    background: var(--dot);
    border-color: var(--dot);
  }
  .status {
    display: inline-flex;
    flex: none;
    color: var(--status);
  }
  .clip {
    unicode-bidi: isolate;
  }
  .in-group {
    padding-inline-start: 26px;
  }
  .pin {
    margin-inline-start: auto;
    color: var(--rl-secondary);
    font-size: calc(13 * var(--rl-unit));
  }
  .best {
    font-weight: 600;
  }
  .diamond {
    color: var(--vscode-charts-green);
    font-size: calc(10 * var(--rl-unit));
  }
  .missing {
    color: var(--rl-secondary);
  }
  .range {
    display: inline-block;
    width: 56px;
    height: 8px;
    margin-inline-start: 8px;
    vertical-align: middle;
    overflow: visible;
  }
  .range line {
    vector-effect: non-scaling-stroke;
    stroke: var(--rl-axis);
    stroke-width: 1px;
  }
  .range .spread {
    stroke: var(--vscode-foreground);
    stroke-width: 2px;
  }
  .range .mean {
    stroke: var(--vscode-foreground);
    stroke-width: 2px;
  }
  @media (max-width: 599px) {
    .cell.name {
      padding-inline-end: 4px;
    }
  }
`;
