import { css } from 'lit';

/** What every component of a page shares: boxes, icons, buttons, links, focus. */
export const baseStyles = css`
  :host {
    box-sizing: border-box;
  }
  :host([hidden]) {
    display: none !important;
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  [hidden] {
    display: none !important;
  }
  .icon {
    font: normal calc(16 * var(--rl-unit)) / 1 codicon;
    display: inline-block;
    flex: none;
    user-select: none;
    text-align: center;
    -webkit-font-smoothing: antialiased;
  }
  .icon.small {
    font-size: calc(14 * var(--rl-unit));
  }
  .icon.spin {
    animation: spin 1.5s steps(30) infinite;
  }
  @keyframes spin {
    to {
      transform: rotate(360deg);
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .icon.spin {
      animation: none;
    }
  }
  button {
    font: inherit;
    color: inherit;
    cursor: pointer;
  }
  a,
  .link {
    color: var(--vscode-textLink-foreground);
    background: none;
    border: 0;
    padding: 0;
    text-align: start;
    text-decoration: none;
    cursor: pointer;
  }
  a:hover,
  .link:hover {
    color: var(--vscode-textLink-activeForeground, var(--vscode-textLink-foreground));
    text-decoration: underline;
  }
  :focus-visible {
    outline: 1px solid var(--vscode-focusBorder);
    outline-offset: -1px;
  }
  .link:focus-visible,
  a:focus-visible {
    outline-offset: 1px;
  }
  .button {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    height: calc(26 * var(--rl-unit));
    padding: 0 10px;
    font-size: calc(12 * var(--rl-unit));
    white-space: nowrap;
    color: var(--vscode-button-secondaryForeground, var(--vscode-foreground));
    background: var(--vscode-button-secondaryBackground, transparent);
    border: 1px solid var(--vscode-button-secondaryBorder, var(--vscode-button-border, var(--rl-line)));
    border-radius: var(--rl-radius);
  }
  .button.short {
    height: calc(22 * var(--rl-unit));
    padding: 0 8px;
  }
  .button .icon {
    font-size: calc(14 * var(--rl-unit));
  }
  .button:hover {
    background: var(--vscode-button-secondaryHoverBackground, var(--vscode-button-secondaryBackground, transparent));
    outline: var(--rl-hover-outline);
  }
  .button:focus-visible {
    outline: 1px solid var(--vscode-focusBorder);
    outline-offset: 1px;
  }
  .button.primary {
    color: var(--vscode-button-foreground);
    background: var(--vscode-button-background);
    border-color: var(--vscode-button-border, transparent);
  }
  .button.primary:hover {
    background: var(--vscode-button-hoverBackground, var(--vscode-button-background));
  }
  .button[aria-pressed='true'] {
    background: var(--rl-selected-fill);
    outline: var(--rl-selected-outline);
    outline-offset: -1px;
  }
  .icon-button {
    display: inline-flex;
    flex: none;
    align-items: center;
    justify-content: center;
    width: calc(22 * var(--rl-unit));
    height: calc(22 * var(--rl-unit));
    padding: 0;
    color: var(--vscode-icon-foreground, inherit);
    background: none;
    border: 0;
    border-radius: var(--rl-radius);
  }
  .icon-button:hover {
    background: var(--rl-hover-fill);
    outline: var(--rl-hover-outline);
    outline-offset: -1px;
  }
  .icon-button[aria-pressed='true'] {
    background: var(--rl-selected-fill);
    outline: var(--rl-selected-outline);
    outline-offset: -1px;
  }
  .icon-button:focus-visible {
    outline: 1px solid var(--vscode-focusBorder);
    outline-offset: -1px;
  }
  input[type='range'] {
    appearance: none;
    height: 16px;
    margin: 0;
    background: none;
    cursor: pointer;
  }
  input[type='range']::-webkit-slider-runnable-track {
    height: 2px;
    background: var(--rl-faint);
  }
  input[type='range']::-webkit-slider-thumb {
    appearance: none;
    width: 10px;
    height: 10px;
    margin-top: -4px;
    background: var(--vscode-foreground);
    border-radius: 50%;
  }
  input[type='range']:focus-visible {
    outline-offset: 2px;
    border-radius: var(--rl-radius);
  }
  .secondary {
    color: var(--rl-secondary);
  }
  .mono {
    font-family: var(--rl-mono);
    font-size: calc(11.5 * var(--rl-unit));
  }
  .numbers {
    font-variant-numeric: tabular-nums;
  }
  .clip {
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  h2,
  h3 {
    margin: 0;
    font-size: calc(13 * var(--rl-unit));
    line-height: calc(18 * var(--rl-unit));
    font-weight: 600;
  }
  .count {
    font-size: calc(11 * var(--rl-unit));
    font-weight: 400;
    color: var(--rl-secondary);
    font-variant-numeric: tabular-nums;
  }
  .empty {
    max-width: 460px;
    margin: calc(48 * var(--rl-unit)) auto;
    padding: 0 var(--rl-pad);
    color: var(--rl-secondary);
    text-align: center;
  }
  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
`;
