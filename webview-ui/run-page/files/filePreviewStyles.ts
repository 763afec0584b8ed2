import { css } from 'lit';

export const previewLineHeight = 18;

export const filePreviewStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    min-width: 0;
    min-height: 0;
    --rl-table-height: 100%;
  }
  .bar {
    display: flex;
    flex: none;
    align-items: center;
    gap: 10px;
    height: calc(38 * var(--rl-unit));
    padding: 0 8px 0 12px;
    font-size: calc(12 * var(--rl-unit));
    border-bottom: 1px solid var(--rl-line);
  }
  .tools {
    display: flex;
    flex: none;
    gap: 4px;
    margin-inline-start: auto;
  }
  .notice {
    flex: none;
    padding: 0 14px;
    font-size: calc(11 * var(--rl-unit));
    line-height: calc(24 * var(--rl-unit));
    color: var(--rl-secondary);
    border-bottom: 1px solid var(--rl-line);
  }
  .body {
    flex: 1;
    min-height: 0;
    overflow: auto;
  }
  .lines {
    padding-block: 4px;
    font-family: var(--rl-mono);
    font-size: calc(12 * var(--rl-unit));
    line-height: ${previewLineHeight}px;
    tab-size: 4;
  }
  .canvas {
    position: relative;
    min-width: max-content;
  }
  .line {
    position: absolute;
    top: 0;
    left: 0;
    padding-inline: 14px;
    white-space: pre;
  }
  .page {
    padding: 12px var(--rl-pad);
  }
  .markdown {
    max-width: 760px;
  }
  .picture {
    display: flex;
    padding: 12px;
    background: var(--rl-fill);
  }
  .picture img {
    max-width: 100%;
    max-height: 100%;
    margin: auto;
    object-fit: contain;
  }
  runledger-data-table {
    flex: 1;
    min-height: 0;
  }
`;
