import { css, html, LitElement, nothing } from 'lit';
import type { MetricModel } from '../../../src/protocol/runPage.ts';
import { baseStyles } from '../../shared/baseStyles.ts';
import { formatStep, formatTile, scalarToNumber, scalarToText } from '../../shared/formatNumbers.ts';

/** Metrics with one value, or whose values can't be drawn, in one strip. */
export class MetricTiles extends LitElement {
  static override properties = { metrics: { attribute: false } };
  declare metrics: readonly MetricModel[];

  static override styles = [
    baseStyles,
    css`
      :host {
        display: block;
        overflow: hidden;
        border: 1px solid var(--rl-line);
        border-radius: var(--rl-radius);
      }
      /* The lines between tiles belong to the tiles; the outermost are pushed under the edge of the strip. */
      .strip {
        display: flex;
        flex-wrap: wrap;
        margin: 0 -1px -1px 0;
      }
      .tile {
        flex: 1 1 calc(150 * var(--rl-unit));
        min-width: calc(110 * var(--rl-unit));
        padding: 7px 12px 8px;
        border-right: 1px solid var(--rl-line);
        border-bottom: 1px solid var(--rl-line);
      }
      .label {
        font-size: calc(11 * var(--rl-unit));
        line-height: calc(16 * var(--rl-unit));
        color: var(--rl-secondary);
      }
      .value {
        font-size: calc(18 * var(--rl-unit));
        line-height: calc(24 * var(--rl-unit));
        font-variant-numeric: tabular-nums;
      }
      .value.text {
        font-size: calc(13 * var(--rl-unit));
      }
      .unit {
        font-size: calc(11 * var(--rl-unit));
        color: var(--rl-secondary);
      }
      @media (max-width: 599px) {
        .tile {
          flex-basis: calc(110 * var(--rl-unit));
        }
      }
    `,
  ];

  protected override render(): unknown {
    return html`<div class="strip" role="list">${this.metrics.map((metric) => tile(metric))}</div>`;
  }
}

function tile(metric: MetricModel): unknown {
  const number = typeof metric.last === 'boolean' ? undefined : scalarToNumber(metric.last);
  const full = scalarToText(metric.last);
  const { text, unit } = number === undefined ? { text: full, unit: '' } : formatTile(number);
  const more =
    unit !== ''
      ? unit
      : metric.count > 1
        ? `last of ${metric.count}`
        : metric.lastX !== undefined && metric.lastX > 0
          ? `at ${formatStep(metric.lastX)}`
          : '';
  const title = metric.description === undefined ? full : `${full}\n${metric.description}`;
  return html`<div class="tile" role="listitem" title=${title}>
    <div class="label clip" title=${metric.name}>${metric.name}</div>
    <div class="value clip ${number === undefined ? 'text' : ''}">
      ${text}${more === '' ? nothing : html` <span class="unit">${more}</span>`}
    </div>
  </div>`;
}

customElements.define('runledger-metric-tiles', MetricTiles);
