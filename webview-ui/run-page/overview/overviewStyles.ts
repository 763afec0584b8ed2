import { css } from 'lit';

/** What the overview has beside its sections (sectionStyles). */
export const overviewStyles = css`
  :host {
    padding: 12px var(--rl-pad) 24px;
    container-type: inline-size;
  }
  runledger-run-failure,
  runledger-traceback {
    margin-bottom: 8px;
  }
  section + section,
  * + runledger-run-tags,
  runledger-markdown-section + section,
  runledger-markdown-section + runledger-markdown-section,
  runledger-run-tags + section,
  runledger-traceback + runledger-markdown-section,
  runledger-traceback + section {
    margin-top: 10px;
    border-top: 1px solid var(--rl-line);
    padding-top: 6px;
  }
  .pairs {
    columns: 2;
    column-gap: 24px;
    margin: 0;
  }
  .pairs > div {
    display: grid;
    grid-template-columns: minmax(90px, 34%) minmax(0, 1fr);
    gap: 12px;
    font-size: calc(12 * var(--rl-unit));
    line-height: calc(24 * var(--rl-unit));
    break-inside: avoid;
  }
  .metric {
    display: grid;
    grid-template-columns: minmax(80px, 154px) 145px 64px minmax(0, 1fr);
    align-items: center;
    gap: 0 16px;
    height: calc(26 * var(--rl-unit));
  }
  .metric .value {
    text-align: right;
    font-variant-numeric: tabular-nums;
  }
  .metric .extreme {
    font-size: calc(11 * var(--rl-unit));
    color: var(--rl-secondary);
    font-variant-numeric: tabular-nums;
  }
  pre {
    margin: 2px 0 4px;
    padding: 8px 10px;
    font-family: var(--rl-mono);
    font-size: calc(11.5 * var(--rl-unit));
    line-height: calc(18 * var(--rl-unit));
    white-space: pre-wrap;
    overflow-wrap: anywhere;
    background: var(--rl-fill);
    border: 1px solid var(--rl-box-line);
    border-radius: var(--rl-radius);
  }
  .argument {
    display: inline-block;
    max-width: 100%;
  }
  .warning {
    display: flex;
    gap: 10px;
    margin-bottom: 8px;
    padding: 6px 12px;
    font-size: calc(12 * var(--rl-unit));
    line-height: calc(20 * var(--rl-unit));
    background: var(--rl-warning-fill);
    border: 1px solid color-mix(in srgb, var(--vscode-charts-yellow) 45%, transparent);
    border-radius: var(--rl-radius);
    overflow-wrap: anywhere;
  }
  .warning .icon {
    margin-top: 2px;
    color: var(--vscode-charts-yellow);
  }
  @container (max-width: 560px) {
    .pairs {
      columns: 1;
    }
    .metric {
      grid-template-columns: minmax(0, 1fr) 90px 60px;
    }
    .metric .extreme {
      display: none;
    }
    runledger-sparkline {
      width: 90px;
      overflow: hidden;
    }
  }
`;
