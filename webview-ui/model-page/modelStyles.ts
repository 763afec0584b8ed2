import { css } from 'lit';

/** What lies below the table of versions, beside its sections (sectionStyles). */
export const modelStyles = css`
  :host {
    padding: 10px var(--rl-pad) 24px;
    container-type: inline-size;
  }
  .title,
  .actions {
    display: flex;
    align-items: center;
    gap: 8px;
  }
  .title {
    min-height: calc(30 * var(--rl-unit));
    margin-bottom: 6px;
  }
  .title {
    flex-wrap: wrap;
  }
  .actions {
    flex-wrap: wrap;
    margin-inline-start: auto;
  }
  section + section,
  section + runledger-markdown-section,
  section + runledger-run-tags,
  runledger-markdown-section + section,
  runledger-run-tags + section {
    margin-top: 10px;
    border-top: 1px solid var(--rl-line);
    padding-top: 6px;
  }
  dl {
    grid-template-columns: minmax(76px, max-content) minmax(0, 1fr);
  }
  dt {
    max-width: 160px;
  }
  .with-icon {
    display: flex;
    align-items: center;
    gap: 6px;
    min-width: 0;
    max-width: 100%;
  }
  .files {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .files li {
    display: flex;
    align-items: center;
    gap: 8px;
    height: calc(22 * var(--rl-unit));
  }
  .files .link {
    color: inherit;
  }
  .files .size {
    flex: none;
    margin-inline-start: auto;
    font-size: calc(11 * var(--rl-unit));
    color: var(--rl-secondary);
    font-variant-numeric: tabular-nums;
  }
  .lineage {
    display: flex;
    align-items: stretch;
    margin: 4px 0;
    padding: 0 0 4px;
    list-style: none;
  }
  .lineage li {
    display: flex;
    align-items: center;
    min-width: 0;
  }
  .step {
    display: flex;
    flex-direction: column;
    gap: 2px;
    min-width: 0;
    max-width: calc(260 * var(--rl-unit));
    padding: 6px 10px;
    border: 1px solid var(--rl-line);
    border-radius: var(--rl-radius);
  }
  .step.here {
    border-color: var(--rl-line-hover);
  }
  .step .secondary {
    font-size: calc(11 * var(--rl-unit));
    line-height: calc(16 * var(--rl-unit));
  }
  .step .status {
    display: inline-flex;
    color: var(--status);
  }
  .arrow {
    flex: none;
    width: calc(72 * var(--rl-unit));
    margin: 0 6px;
    color: var(--rl-secondary);
    font-size: calc(11 * var(--rl-unit));
    text-align: center;
    border-bottom: 1px solid var(--rl-axis);
    position: relative;
  }
  .arrow::after {
    content: '';
    position: absolute;
    right: 0;
    bottom: -4px;
    width: 6px;
    height: 6px;
    border: solid var(--rl-axis);
    border-width: 1px 1px 0 0;
    rotate: 45deg;
  }
  .by-version {
    display: block;
    width: 100%;
    max-width: 480px;
  }
  .by-version .grid {
    stroke: var(--rl-grid);
  }
  .by-version .line {
    fill: none;
    stroke: var(--vscode-charts-blue);
    stroke-width: 1.5;
  }
  .by-version .point {
    fill: var(--vscode-charts-blue);
  }
  .by-version .best {
    fill: var(--rl-background);
    stroke: var(--vscode-charts-green);
    stroke-width: 1.5;
  }
  .by-version .ring {
    fill: none;
    stroke: var(--rl-line-hover);
  }
  .by-version .tick {
    font-size: 10px;
    fill: var(--rl-secondary);
  }
  .by-version .selected .tick {
    fill: var(--vscode-foreground);
    font-weight: 600;
  }
  @container (max-width: 560px) {
    .lineage {
      flex-direction: column;
      align-items: flex-start;
    }
    .lineage li {
      flex-direction: column;
      align-items: flex-start;
      max-width: 100%;
    }
    .step {
      max-width: 100%;
    }
    .arrow {
      width: auto;
      margin: 4px 0 4px 14px;
      padding-inline-start: 10px;
      border: 0;
      border-inline-start: 1px solid var(--rl-axis);
    }
    .arrow::after {
      display: none;
    }
  }
`;
