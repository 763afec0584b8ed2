import { css, html, LitElement, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { TableModel } from '../../../../src/protocol/runPage.ts';
import '../../../charts/basicChart.ts';
import type { BasicChartModel } from '../../../charts/basicChart.ts';
import { curveLook } from '../../../charts/curves.ts';
import { baseStyles } from '../../../shared/baseStyles.ts';
import { formatMetric } from '../../../shared/formatNumbers.ts';
import { icon } from '../../../shared/icons.ts';
import { inlineStyle } from '../../../shared/inlineStyle.ts';
import type { ThemeWatcher } from '../../../shared/theme.ts';
import '../dataTable.ts';

/** An entry of the legend, in the colour of the series of the same place. */
export interface LegendEntry {
  readonly label: string;
  readonly value: number | undefined;
}

/** A logged document as a chart with its legend, or the same as a table. */
export class DocumentCard extends LitElement {
  static override properties = {
    name: { type: String },
    note: { type: String },
    chart: { attribute: false },
    legend: { attribute: false },
    theme: { attribute: false },
    focused: { state: true },
    showsTable: { state: true },
  };
  declare name: string;
  /** What the chart shows, in a few words. */
  declare note: string;
  declare chart: BasicChartModel;
  declare legend: readonly LegendEntry[];
  declare theme: ThemeWatcher;
  declare focused: string | undefined;
  declare showsTable: boolean;

  static override styles = [
    baseStyles,
    css`
      :host {
        display: block;
        width: 400px;
        max-width: 100%;
        border: 1px solid var(--rl-line);
        border-radius: var(--rl-radius);
      }
      :host(:hover) {
        border-color: var(--rl-line-hover);
      }
      header {
        display: flex;
        align-items: center;
        gap: 8px;
        min-height: calc(28 * var(--rl-unit));
        padding: 3px 4px 0 10px;
        font-size: calc(12 * var(--rl-unit));
      }
      header .icon-button {
        margin-inline-start: auto;
      }
      .body {
        padding: 4px 10px 8px;
      }
      runledger-basic-chart {
        height: 190px;
      }
      runledger-data-table {
        --rl-table-height: 220px;
      }
      ul {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(110px, 1fr));
        gap: 0 14px;
        max-height: calc(84 * var(--rl-unit));
        margin: 4px 0 0;
        padding: 0;
        overflow: auto;
        list-style: none;
        font-size: calc(11 * var(--rl-unit));
        line-height: calc(16 * var(--rl-unit));
      }
      li {
        display: flex;
        align-items: center;
        gap: 6px;
        min-width: 0;
      }
      li:hover {
        background: var(--vscode-list-hoverBackground, transparent);
      }
      .swatch {
        flex: none;
        width: 12px;
        height: 0;
        border-top: 2px solid;
      }
      .value {
        margin-inline-start: auto;
        font-variant-numeric: tabular-nums;
        color: var(--rl-secondary);
      }
    `,
  ];

  constructor() {
    super();
    this.note = '';
    this.legend = [];
    this.focused = undefined;
    this.showsTable = false;
  }

  protected override render(): unknown {
    return html`
      <header>
        <span class="clip" title=${this.name}>${this.name}</span><span class="count clip">${this.note}</span>
        <button
          class="icon-button"
          title="Show as a table"
          aria-label="Show ${this.name} as a table"
          aria-pressed=${this.showsTable}
          @click=${() => {
            this.showsTable = !this.showsTable;
          }}
        >
          ${icon('table')}
        </button>
      </header>
      <div class="body">
        ${
          this.showsTable
            ? html`<runledger-data-table .data=${tableOf(this.chart)} .label=${this.name}></runledger-data-table>`
            : html`<runledger-basic-chart .model=${this.chart} .theme=${this.theme} .focused=${this.focused}></runledger-basic-chart>
                ${this.legend.length === 0 ? nothing : this.#legend()}`
        }
      </div>
    `;
  }

  #legend(): unknown {
    const names = this.theme.current.series.map((_, index) => `var(--rl-series-${index + 1})`);
    return html`<ul tabindex="0" aria-label="Legend of ${this.name}">
      ${repeat(
        this.legend,
        (_, index) => index,
        ({ label, value }, index) => {
          const { colour, dash } = curveLook(index, names);
          return html`<li
            @pointerenter=${() => {
              this.focused = label;
            }}
            @pointerleave=${() => {
              this.focused = undefined;
            }}
          >
            <span class="swatch" ${inlineStyle({ 'border-top-color': colour, 'border-top-style': dash })}></span>
            <span class="clip" title=${label}>${label}</span>
            <span class="value">${value === undefined ? 'none' : formatMetric(value)}</span>
          </li>`;
        },
      )}
    </ul>`;
  }
}

/** The points of all series, one a row. */
function tableOf({ series, xTitle, yTitle }: BasicChartModel): TableModel {
  return {
    columns: ['series', xTitle, yTitle],
    rows: series.flatMap(({ label, points }) => points.map(({ x, y }) => [label, x, y])),
  };
}

customElements.define('runledger-document-card', DocumentCard);
