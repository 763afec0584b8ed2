import { css } from 'lit';

export const experimentPageStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    height: 100vh;
    min-height: 0;
    /* Of a low window, as beside an open terminal: charts and table do not fit together. */
    overflow: hidden auto;
  }
  header {
    flex: none;
    padding: 14px var(--rl-pad) 0;
  }
  .top {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px;
  }
  h1 {
    margin: 0;
    font-size: calc(18 * var(--rl-unit));
    line-height: calc(26 * var(--rl-unit));
    font-weight: 600;
  }
  .actions {
    display: flex;
    align-items: center;
    gap: 8px;
    margin-inline-start: auto;
  }
  .facts {
    display: flex;
    flex-wrap: wrap;
    gap: 0 16px;
    margin-top: 2px;
    font-size: calc(12 * var(--rl-unit));
    line-height: calc(22 * var(--rl-unit));
    color: var(--rl-secondary);
  }
  .fact {
    display: inline-flex;
    align-items: center;
    gap: 5px;
    white-space: nowrap;
    font-variant-numeric: tabular-nums;
  }
  .status {
    color: var(--status);
  }
  .query {
    display: flex;
    flex-wrap: wrap;
    align-items: flex-start;
    gap: 8px;
    margin-top: 6px;
  }
  .choice {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    font-size: calc(12 * var(--rl-unit));
    color: var(--rl-secondary);
  }
  select {
    height: calc(26 * var(--rl-unit));
    max-width: 160px;
    font: inherit;
    font-size: calc(12 * var(--rl-unit));
    color: var(--vscode-dropdown-foreground, inherit);
    background: var(--vscode-dropdown-background, transparent);
    border: 1px solid var(--vscode-dropdown-border, var(--rl-line));
    border-radius: var(--rl-radius);
  }
  .toolbar {
    display: flex;
    flex: none;
    flex-wrap: wrap;
    align-items: center;
    gap: 2px 10px;
    min-height: calc(36 * var(--rl-unit));
    margin-top: 6px;
    padding: 2px var(--rl-pad);
    font-size: calc(12 * var(--rl-unit));
    border-block: 1px solid var(--rl-line);
  }
  .rest {
    flex: 1;
  }
  .bar {
    display: inline-flex;
    flex-wrap: wrap;
    gap: 2px;
    padding-inline-start: 8px;
    border-inline-start: 1px solid var(--rl-line);
  }
  .flat {
    display: inline-flex;
    align-items: center;
    gap: 5px;
    height: calc(22 * var(--rl-unit));
    padding: 0 7px;
    background: none;
    border: 0;
    border-radius: var(--rl-radius);
  }
  .flat:hover {
    background: var(--rl-hover-fill);
    outline: var(--rl-hover-outline);
    outline-offset: -1px;
  }
  .pending {
    display: inline-flex;
    align-items: center;
    gap: 4px;
  }
  .failure {
    margin: 0;
    padding: 6px var(--rl-pad);
    font-size: calc(12 * var(--rl-unit));
    background: var(--rl-error-fill);
  }
  runledger-runs-table {
    flex: 1 0 auto;
    min-height: min(320px, 70vh);
  }
  .loading {
    animation: appear 0s 600ms both;
  }
  @keyframes appear {
    from {
      visibility: hidden;
    }
  }
`;
