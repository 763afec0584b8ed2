import { css } from 'lit';

export const sectionStyles = css`
  :host {
    display: block;
    padding: 12px var(--rl-pad) 24px;
    container-type: inline-size;
  }
  runledger-run-failure,
  runledger-traceback {
    margin-bottom: 8px;
  }
  .columns {
    display: grid;
    grid-template-columns: minmax(0, 1fr) minmax(0, 340px);
    gap: 0 32px;
    align-items: start;
  }
  section + section,
  * + runledger-run-tags,
  runledger-run-description + section,
  runledger-run-tags + section,
  runledger-traceback + runledger-run-description,
  runledger-traceback + section {
    margin-top: 10px;
    border-top: 1px solid var(--rl-line);
    padding-top: 6px;
  }
  .heading {
    display: flex;
    align-items: center;
    gap: 8px;
    height: calc(28 * var(--rl-unit));
  }
  .heading > .end {
    margin-inline-start: auto;
  }
  .heading .link {
    font-size: calc(12 * var(--rl-unit));
  }
  dl {
    display: grid;
    grid-template-columns: max-content minmax(0, 1fr);
    gap: 0 16px;
    margin: 0;
    font-size: calc(12 * var(--rl-unit));
    line-height: calc(24 * var(--rl-unit));
  }
  dt {
    max-width: 220px;
    color: var(--rl-secondary);
  }
  dd {
    margin: 0;
  }
  dd .mono,
  dt.mono {
    font-size: calc(11.5 * var(--rl-unit));
  }
  dd.with-icon {
    display: flex;
    align-items: center;
    gap: 6px;
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
  .tags {
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
    padding: 2px 0 4px;
  }
  .tag {
    max-width: 100%;
    padding: 0 6px;
    font-size: calc(11 * var(--rl-unit));
    line-height: calc(18 * var(--rl-unit));
    border: 1px solid var(--rl-line);
    border-radius: var(--rl-radius);
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
  .hint {
    margin: 0 0 6px;
    font-size: calc(12 * var(--rl-unit));
    line-height: calc(20 * var(--rl-unit));
    color: var(--rl-secondary);
  }
  .attributes {
    grid-template-columns: minmax(76px, max-content) minmax(0, 1fr);
  }
  .id {
    display: flex;
    align-items: center;
    gap: 4px;
  }
  @container (max-width: 760px) {
    .columns {
      grid-template-columns: minmax(0, 1fr);
    }
    .columns > div + div {
      margin-top: 10px;
      border-top: 1px solid var(--rl-line);
      padding-top: 6px;
    }
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
