import { css } from 'lit';

/** Sections with a heading: below each other, or in two columns of a container that is wide. */
export const sectionStyles = css`
  :host {
    display: block;
  }
  .columns {
    display: grid;
    grid-template-columns: minmax(0, 1fr) minmax(0, 340px);
    gap: 0 32px;
    align-items: start;
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
  .hint {
    margin: 0 0 6px;
    font-size: calc(12 * var(--rl-unit));
    line-height: calc(20 * var(--rl-unit));
    color: var(--rl-secondary);
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
`;
