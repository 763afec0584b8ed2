import { css } from 'lit';

export const compareStyles = css`
  :host {
    --rl-changed: var(--vscode-gitDecoration-modifiedResourceForeground, var(--vscode-charts-yellow));
    display: flex;
    flex-direction: column;
    height: 100vh;
  }
  .top,
  .tools {
    display: flex;
    flex: none;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px 12px;
    padding: 0 var(--rl-pad);
  }
  .top {
    padding-top: 14px;
  }
  .tools {
    margin: 8px 0;
    font-size: calc(12 * var(--rl-unit));
  }
  h1 {
    margin: 0;
    font-size: calc(18 * var(--rl-unit));
    line-height: calc(26 * var(--rl-unit));
    font-weight: 600;
  }
  .end select {
    max-width: 180px;
  }
  input[type='search'] {
    min-width: 190px;
  }
  .end {
    display: flex;
    gap: 8px;
    margin-inline-start: auto;
  }
  .tools label {
    display: inline-flex;
    align-items: center;
    gap: 6px;
  }
  input[type='search'],
  select {
    height: calc(24 * var(--rl-unit));
    padding: 0 8px;
    font: inherit;
    font-size: calc(12 * var(--rl-unit));
    color: var(--vscode-input-foreground);
    background: var(--vscode-input-background);
    border: 1px solid var(--vscode-input-border, var(--rl-line));
    border-radius: var(--rl-radius);
  }
  .scroll {
    flex: 1;
    min-height: 0;
    overflow: auto;
    border-top: 1px solid var(--rl-line);
  }
  table {
    min-width: 100%;
    border-collapse: separate;
    border-spacing: 0;
    table-layout: fixed;
    font-size: calc(12 * var(--rl-unit));
    font-variant-numeric: tabular-nums;
  }
  col.names {
    width: 190px;
  }
  col.run {
    width: 230px;
  }
  th,
  td {
    height: 24px;
    padding: 1px 8px;
    font-weight: 400;
    text-align: start;
    vertical-align: top;
    line-height: calc(20 * var(--rl-unit));
  }
  thead th {
    position: sticky;
    z-index: 3;
    top: 0;
    padding: 6px 8px;
    background: var(--rl-background);
    border-bottom: 1px solid var(--rl-line);
  }
  thead th:first-child {
    z-index: 4;
    left: 0;
    padding-inline-start: var(--rl-pad);
    vertical-align: bottom;
  }
  tbody th {
    position: sticky;
    z-index: 1;
    left: 0;
    max-width: 190px;
    padding-inline-start: calc(var(--rl-pad) + 14px);
    color: var(--rl-secondary);
    background: var(--rl-background);
  }
  tbody th.section {
    padding: 8px 0 4px var(--rl-pad);
    color: var(--vscode-foreground);
  }
  .section button {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    padding: 0;
    font-weight: 600;
    background: none;
    border: 0;
  }
  .run-head {
    display: flex;
    align-items: center;
    gap: 6px;
    min-width: 0;
  }
  .run-head .link {
    font-weight: 600;
    color: inherit;
  }
  .run-head .icon-button {
    margin-inline-start: auto;
  }
  .swatch {
    flex: none;
    width: 10px;
    height: 10px;
    border-radius: 2px;
    background: var(--swatch);
  }
  .status {
    display: inline-flex;
    color: var(--status);
  }
  .badge {
    flex: none;
    padding: 0 5px;
    font-size: calc(11 * var(--rl-unit));
    line-height: calc(16 * var(--rl-unit));
    color: var(--rl-secondary);
    border: 1px solid var(--rl-line);
    border-radius: var(--rl-radius);
  }
  td {
    max-width: 230px;
    overflow-wrap: anywhere;
    unicode-bidi: isolate;
  }
  td.table {
    max-width: none;
  }
  :host(.takes-runs) {
    outline: 2px solid var(--vscode-focusBorder);
    outline-offset: -2px;
  }
  td .text {
    display: -webkit-box;
    max-height: calc(80 * var(--rl-unit));
    overflow: hidden;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 4;
  }
  td.changed {
    background: color-mix(in srgb, var(--rl-changed) var(--rl-changed-fill, 11%), transparent);
    box-shadow: inset 2px 0 0 var(--rl-changed);
  }
  td.best {
    font-weight: 600;
  }
  .diamond {
    color: var(--vscode-charts-green);
    font-size: calc(10 * var(--rl-unit));
  }
  .difference {
    margin-inline-start: 6px;
    font-weight: 400;
    color: var(--rl-secondary);
  }
  /* The colours of charts are made for lines: text needs more contrast. */
  .difference.better {
    color: color-mix(in srgb, var(--vscode-charts-green) 78%, var(--vscode-foreground));
  }
  .difference.worse {
    color: color-mix(in srgb, var(--vscode-charts-red) 78%, var(--vscode-foreground));
  }
  .wide {
    padding: 4px var(--rl-pad) 12px;
  }
  runledger-compared-curves {
    position: sticky;
    left: var(--rl-pad);
    width: calc(100vw - 2 * var(--rl-pad));
  }
  .section label {
    margin-inline-start: 12px;
    font-weight: 400;
  }
  img {
    display: block;
    max-width: 100%;
    max-height: 320px;
    background: #fff;
    border-radius: 2px;
  }
  input[type='range'] {
    width: 130px;
    vertical-align: middle;
  }
`;
