import { VirtualizerController } from '@tanstack/lit-virtual';
import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import type { TableModel } from '../../../src/protocol/runPage.ts';
import type { WireScalar } from '../../../src/protocol/wire.ts';
import { baseStyles } from '../../shared/baseStyles.ts';
import { formatSeriesValue, isWholeSeries, scalarToNumber, scalarToText } from '../../shared/formatNumbers.ts';
import { icon } from '../../shared/icons.ts';
import { inlineStyle } from '../../shared/inlineStyle.ts';
import { isNumberColumn, nextSort, type SortKey, sortRows } from './sortRows.ts';

const ROW_HEIGHT = 24;
const MOST_HEIGHT = 420;

/** A table whose columns sort and whose header stays. Only the rows that are seen exist. */
export class DataTable extends LitElement {
  static override properties = {
    data: { attribute: false },
    label: { type: String },
    cells: { attribute: false },
    sort: { attribute: false },
  };
  declare data: TableModel;
  declare label: string;
  /** How the cells of a column are drawn, by its place; others show their value. Given the row, which may be longer than the columns. */
  declare cells: ReadonlyMap<number, (row: readonly WireScalar[]) => unknown>;
  declare sort: SortKey | undefined;

  #rows: TableModel['rows'] = [];
  #columns: { isNumber: boolean; isWhole: boolean }[] = [];
  readonly #virtual = new VirtualizerController<HTMLElement, HTMLElement>(this, {
    count: 0,
    getScrollElement: () => this.renderRoot?.querySelector<HTMLElement>('.scroll') ?? null,
    estimateSize: () => ROW_HEIGHT,
    overscan: 8,
  });

  constructor() {
    super();
    this.cells = new Map();
  }

  static override styles = [
    baseStyles,
    css`
      :host {
        display: block;
      }
      .scroll {
        max-height: var(--rl-table-height, ${MOST_HEIGHT}px);
        overflow: auto;
        border-top: 1px solid var(--rl-line);
      }
      table {
        width: 100%;
        border-collapse: separate;
        border-spacing: 0;
        font-size: calc(12 * var(--rl-unit));
        font-variant-numeric: tabular-nums;
      }
      th,
      td {
        height: ${ROW_HEIGHT}px;
        max-width: 320px;
        padding: 0 10px;
        text-align: left;
        font-weight: 400;
      }
      th.number,
      td.number {
        text-align: right;
      }
      th {
        position: sticky;
        z-index: 1;
        top: 0;
        padding: 0;
        color: var(--rl-secondary);
        background: var(--rl-background);
        border-bottom: 1px solid var(--rl-line);
      }
      th button {
        display: inline-flex;
        align-items: center;
        gap: 4px;
        width: 100%;
        height: 100%;
        padding: 0 10px;
        color: inherit;
        background: none;
        border: 0;
        white-space: nowrap;
      }
      th.number button {
        justify-content: flex-end;
      }
      th button:hover {
        color: var(--vscode-foreground);
        outline: var(--rl-hover-outline);
        outline-offset: -1px;
      }
      tbody tr:hover td {
        background: var(--vscode-list-hoverBackground, transparent);
      }
      .with-icon {
        display: inline-flex;
        align-items: center;
        gap: 6px;
        vertical-align: top;
      }
      .best {
        color: var(--rl-best);
      }
      .icon.up {
        transform: scaleY(-1);
      }
      .spacer td {
        padding: 0;
      }
    `,
  ];

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('data')) {
      this.#columns = this.data.columns.map((_, column) => {
        const numbers = this.data.rows
          .map((row) => scalarToNumber(row[column] ?? null))
          .filter((value) => value !== undefined);
        return { isNumber: isNumberColumn(this.data.rows, column), isWhole: isWholeSeries(numbers) };
      });
    }
    this.#rows = sortRows(this.data.rows, this.sort);
    const virtualizer = this.#virtual.getVirtualizer();
    virtualizer.setOptions({ ...virtualizer.options, count: this.#rows.length });
  }

  protected override firstUpdated(): void {
    // The scrolling element exists only now, so the rows that fit can be told only now.
    this.requestUpdate();
  }

  protected override render(): unknown {
    const virtualizer = this.#virtual.getVirtualizer();
    const items = virtualizer.getVirtualItems();
    const before = items[0]?.start ?? 0;
    const after = virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0);
    return html`<div class="scroll" tabindex="0" role="region" aria-label=${this.label}>
      <table aria-rowcount=${this.#rows.length + 1}>
        <thead>
          <tr>${this.data.columns.map((column, index) => this.#header(column, index))}</tr>
        </thead>
        <tbody>
          ${spacer(before)}
          ${items.map((item) => this.#row(this.#rows[item.index] ?? [], item.index))}
          ${spacer(after)}
        </tbody>
      </table>
    </div>`;
  }

  #header(column: string, index: number): unknown {
    const isSorted = this.sort?.column === index;
    const direction = isSorted ? (this.sort?.isDescending ? 'descending' : 'ascending') : 'none';
    return html`<th scope="col" class=${this.#columns[index]?.isNumber ? 'number' : ''} aria-sort=${direction}>
      <button
        @click=${() => {
          this.sort = nextSort(this.sort, index);
          this.dispatchEvent(new CustomEvent<SortKey | undefined>('sort-change', { detail: this.sort }));
        }}
      >
        ${column}${isSorted ? icon('arrow-down', direction === 'ascending' ? 'small up' : 'small') : nothing}
      </button>
    </th>`;
  }

  #row(row: readonly WireScalar[], index: number): unknown {
    return html`<tr aria-rowindex=${index + 2}>
      ${this.data.columns.map((_, column) => this.#cell(row, column))}
    </tr>`;
  }

  #cell(row: readonly WireScalar[], column: number): unknown {
    const value = row[column] ?? null;
    const { isNumber, isWhole } = this.#columns[column] ?? { isNumber: false, isWhole: false };
    const draw = this.cells.get(column);
    if (draw !== undefined) {
      return html`<td class="clip ${isNumber ? 'number' : ''}">${draw(row)}</td>`;
    }
    const number = typeof value === 'boolean' ? undefined : scalarToNumber(value);
    const full = scalarToText(value);
    const text = number === undefined ? full : formatSeriesValue(number, isWhole);
    return html`<td class="clip ${isNumber ? 'number' : ''} ${value === null ? 'secondary' : ''}" title=${full}>${text}</td>`;
  }
}

function spacer(height: number): unknown {
  return height <= 0
    ? nothing
    : html`<tr class="spacer" aria-hidden="true"><td ${inlineStyle({ height: `${height}px` })}></td></tr>`;
}

customElements.define('runledger-data-table', DataTable);
