import { css } from 'lit';

export const parallelStyles = css`
  :host {
    display: block;
    padding: 30px 0 14px;
    overflow: hidden;
  }
  .plot {
    position: relative;
  }
  canvas {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
  }
  .axis {
    position: absolute;
    top: 0;
    bottom: 0;
    width: 24px;
    margin-inline-start: -12px;
    cursor: crosshair;
    touch-action: none;
    user-select: none;
  }
  .axis::before {
    content: '';
    position: absolute;
    inset: 0 auto 0 11.5px;
    border-inline-start: 1px solid var(--rl-faint);
  }
  .axis:hover::before {
    border-color: var(--vscode-foreground);
  }
  .axis:focus-visible {
    outline: 1px solid var(--vscode-focusBorder);
  }
  .name {
    position: absolute;
    bottom: calc(100% + 8px);
    left: 50%;
    max-width: 104px;
    transform: translateX(-50%);
    font-size: calc(11 * var(--rl-unit));
    line-height: calc(16 * var(--rl-unit));
  }
  .tick {
    position: absolute;
    right: 16px;
    max-width: 72px;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    transform: translateY(50%);
    font-size: calc(10 * var(--rl-unit));
    line-height: calc(13 * var(--rl-unit));
    color: var(--rl-secondary);
    /* Lines run below the numbers. */
    background: color-mix(in srgb, var(--rl-background) 70%, transparent);
    pointer-events: none;
  }
  .best {
    position: absolute;
    left: 17px;
    max-width: 52px;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    transform: translateY(50%);
    font-size: calc(10 * var(--rl-unit));
    line-height: calc(13 * var(--rl-unit));
    color: var(--rl-best);
    pointer-events: none;
  }
  .range {
    position: absolute;
    left: 7px;
    right: 7px;
    background: color-mix(in srgb, var(--vscode-focusBorder) 30%, transparent);
    border: 1px solid var(--vscode-focusBorder);
    border-radius: 2px;
    pointer-events: none;
  }
  .text {
    position: absolute;
    left: 20px;
    z-index: 1;
    padding: 0 4px;
    white-space: nowrap;
    font-size: calc(10 * var(--rl-unit));
    line-height: calc(14 * var(--rl-unit));
    background: var(--rl-background);
    pointer-events: none;
  }
  .last .text {
    left: auto;
    right: 20px;
  }
`;
