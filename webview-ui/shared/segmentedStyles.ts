import { css } from 'lit';

export const segmentedStyles = css`
  .segmented {
    display: inline-flex;
    flex: none;
  }
  .segmented button {
    height: calc(24 * var(--rl-unit));
    padding: 0 9px;
    margin-inline-start: -1px;
    font-size: calc(12 * var(--rl-unit));
    color: inherit;
    background: none;
    border: 1px solid var(--rl-segment-line);
  }
  .segmented button:first-child {
    margin: 0;
    border-start-start-radius: var(--rl-radius);
    border-end-start-radius: var(--rl-radius);
  }
  .segmented button:last-child {
    border-start-end-radius: var(--rl-radius);
    border-end-end-radius: var(--rl-radius);
  }
  .segmented button:hover {
    background: var(--rl-hover-fill);
    outline: var(--rl-hover-outline);
    outline-offset: -2px;
  }
  .segmented button[aria-checked='true'] {
    background: var(--rl-selected-fill);
    outline: var(--rl-selected-outline);
    outline-offset: -1px;
  }
  .segmented button:focus-visible {
    position: relative;
    outline: 1px solid var(--vscode-focusBorder);
    outline-offset: -1px;
  }
`;
