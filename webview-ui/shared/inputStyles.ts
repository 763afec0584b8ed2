import { css } from 'lit';

/** Text fields as VS Code has them. */
export const inputStyles = css`
  .input {
    min-width: 0;
    height: calc(26 * var(--rl-unit));
    padding: 0 8px;
    font: inherit;
    font-size: calc(12 * var(--rl-unit));
    color: var(--vscode-input-foreground);
    background: var(--vscode-input-background);
    border: 1px solid var(--vscode-input-border, var(--rl-line));
    border-radius: var(--rl-radius);
  }
  .input::placeholder {
    color: var(--vscode-input-placeholderForeground, var(--rl-secondary));
  }
  .input:focus {
    outline: 1px solid var(--vscode-focusBorder);
    outline-offset: -1px;
  }
  .input.short {
    height: calc(22 * var(--rl-unit));
    padding: 0 6px;
  }
  textarea.input {
    height: auto;
    padding: 6px 8px;
    line-height: calc(18 * var(--rl-unit));
    resize: vertical;
  }
  .problem {
    margin: 4px 0 0;
    font-size: calc(12 * var(--rl-unit));
    line-height: calc(18 * var(--rl-unit));
    padding: 2px 8px;
    background: var(--rl-error-fill);
    border-inline-start: 2px solid var(--vscode-charts-red);
    overflow-wrap: anywhere;
  }
`;
