import { css } from 'lit';

/** The frame of a chart: a line around it, a head with its name, and the place of the plot. */
export const chartFrameStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    min-width: 0;
    border: 1px solid var(--rl-line);
    border-radius: var(--rl-radius);
  }
  :host(:hover) {
    border-color: var(--rl-line-hover);
  }
  .head {
    display: flex;
    flex: none;
    align-items: center;
    gap: 8px;
    height: calc(28 * var(--rl-unit));
    padding: 0 10px;
    font-size: calc(12 * var(--rl-unit));
  }
  .head .secondary:last-child {
    flex: none;
    margin-inline-start: auto;
    font-size: calc(11 * var(--rl-unit));
  }
  .plot {
    position: relative;
    flex: 1;
    min-height: 120px;
    margin: 0 0 0 4px;
  }
`;
