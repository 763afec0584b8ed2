import { css, html, LitElement, nothing } from 'lit';
import type { ComparedTableRows } from '../../src/protocol/comparePage.ts';
import type { WireScalar } from '../../src/protocol/wire.ts';
import { baseStyles } from '../shared/baseStyles.ts';
import { formatCount, formatMetric, scalarToNumber, scalarToText } from '../shared/formatNumbers.ts';

/** A table of one run, with what is not as in the baseline's marked. */
export class ComparedTable extends LitElement {
  static override properties = {
    label: { type: String },
    table: { attribute: false },
    base: { attribute: false },
  };
  declare label: string;
  declare table: ComparedTableRows;
  /** Undefined for the baseline itself. */
  declare base: ComparedTableRows | undefined;

  static override styles = [
    baseStyles,
    css`
      :host {
        display: block;
      }
      .scroll {
        max-height: calc(224 * var(--rl-unit));
        overflow: auto;
      }
      table {
        border-collapse: collapse;
        font-size: calc(11 * var(--rl-unit));
        line-height: calc(20 * var(--rl-unit));
        font-variant-numeric: tabular-nums;
      }
      th {
        position: sticky;
        top: 0;
        font-weight: 400;
        color: var(--rl-secondary);
        text-align: start;
        background: var(--rl-background);
      }
      th,
      td {
        max-width: 160px;
        padding: 0 8px 0 0;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
        unicode-bidi: isolate;
      }
      .number {
        text-align: end;
      }
      .changed {
        background: color-mix(in srgb, var(--rl-changed) var(--rl-changed-fill, 11%), transparent);
        box-shadow: inset 2px 0 0 var(--rl-changed);
      }
      td,
      th {
        padding-inline-start: 6px;
      }
    `,
  ];

  protected override render(): unknown {
    const { columns, rows, rowCount } = this.table;
    return html`<div class="scroll" tabindex="0" role="region" aria-label=${this.label}>
        <table>
          <thead>
            <tr>${columns.map((name, column) => html`<th scope="col" class=${this.#isNumeric(column) ? 'number' : ''} title=${name}>${name}</th>`)}</tr>
          </thead>
          <tbody>
            ${rows.map((row, place) => html`<tr>${columns.map((name, column) => this.#cell(row[column] ?? null, place, column, name))}</tr>`)}
          </tbody>
        </table>
      </div>
      <span class="count">${rowCount > rows.length ? `${formatCount(rows.length)} of ${formatCount(rowCount)} rows` : `${formatCount(rowCount)} ${rowCount === 1 ? 'row' : 'rows'}`}</span>`;
  }

  #cell(value: WireScalar, place: number, column: number, name: string): unknown {
    const number = typeof value === 'number' ? scalarToNumber(value) : undefined;
    const text = value === null ? 'none' : scalarToText(value);
    const { base } = this;
    const inBase = base?.columns.indexOf(name) ?? -1;
    const isChanged =
      base !== undefined && JSON.stringify(base.rows[place]?.[inBase] ?? null) !== JSON.stringify(value);
    const isNumber = this.#isNumeric(column);
    return html`<td class="${isNumber ? 'number' : ''} ${isChanged ? 'changed' : ''} ${value === null ? 'secondary' : ''}" title=${text}>
      ${number !== undefined && !Number.isInteger(number) ? formatMetric(number) : text}${isChanged ? html`<span class="visually-hidden"> differs from the baseline</span>` : nothing}
    </td>`;
  }

  #isNumeric(column: number): boolean {
    return this.table.rows.some((row) => typeof row[column] === 'number');
  }
}

customElements.define('runledger-compared-table', ComparedTable);
