import { css, html, LitElement, nothing } from 'lit';
import type { TableModel } from '../../../src/protocol/runPage.ts';
import { baseStyles } from '../../shared/baseStyles.ts';
import { formatCount, scalarToText } from '../../shared/formatNumbers.ts';
import { icon } from '../../shared/icons.ts';
import { inputStyles } from '../../shared/inputStyles.ts';
import type { RunSession } from '../runSession.ts';
import './dataTable.ts';
import { type SortKey, sortRows } from './sortRows.ts';

/** A logged table with its name, a filter over its cells, and its rows as CSV. */
export class TableSection extends LitElement {
  static override properties = {
    name: { type: String },
    data: { attribute: false },
    session: { attribute: false },
    filter: { state: true },
    sort: { state: true },
  };
  declare name: string;
  declare data: TableModel;
  declare session: RunSession;
  declare filter: string;
  declare sort: SortKey | undefined;

  #filtered: { readonly data: TableModel; readonly filter: string; readonly shown: TableModel } | undefined;

  static override styles = [
    baseStyles,
    inputStyles,
    css`
      :host {
        display: block;
      }
      .heading {
        display: flex;
        align-items: center;
        gap: 8px;
        height: calc(32 * var(--rl-unit));
      }
      .tools {
        display: flex;
        flex: none;
        gap: 4px;
        margin-inline-start: auto;
      }
      .input {
        width: 180px;
      }
      @media (max-width: 599px) {
        .input {
          width: 110px;
        }
      }
    `,
  ];

  constructor() {
    super();
    this.filter = '';
    this.sort = undefined;
  }

  protected override render(): unknown {
    const shown = this.#shown();
    const [count, all] = [shown.rows.length, this.data.rows.length];
    return html`
      <div class="heading">
        <h2 class="clip" title=${this.name}>${this.name}</h2>
        <span class="count" role="status">
          ${count === all ? nothing : `${formatCount(count)} of `}${formatCount(all)} ${all === 1 ? 'row' : 'rows'}
        </span>
        <span class="tools">
          <input
            class="input short"
            type="text"
            aria-label="Filter the rows of ${this.name}"
            placeholder="Filter rows"
            autocomplete="off"
            spellcheck="false"
            .value=${this.filter}
            @input=${(event: InputEvent) => {
              this.filter = (event.target as HTMLInputElement).value;
            }}
          />
          <button
            class="icon-button"
            title="Copy the rows as CSV"
            aria-label="Copy the rows of ${this.name} as CSV"
            @click=${() => this.session.act({ action: 'copyTable', table: this.#ordered() })}
          >
            ${icon('copy')}
          </button>
          <button
            class="icon-button"
            title="Export the rows as CSV…"
            aria-label="Export the rows of ${this.name} as CSV"
            @click=${() => this.session.act({ action: 'exportTable', name: this.name, table: this.#ordered() })}
          >
            ${icon('export')}
          </button>
        </span>
      </div>
      <runledger-data-table
        .data=${shown}
        .label=${this.name}
        @sort-change=${(event: CustomEvent<SortKey | undefined>) => {
          this.sort = event.detail;
        }}
      ></runledger-data-table>
    `;
  }

  /** As they are seen. */
  #ordered(): TableModel {
    const { columns, rows } = this.#shown();
    return { columns, rows: sortRows(rows, this.sort) };
  }

  /** The same object as long as nothing changes: the table need not look at it again. */
  #shown(): TableModel {
    const { data } = this;
    const filter = this.filter.trim().toLowerCase();
    if (this.#filtered?.data !== data || this.#filtered.filter !== filter) {
      const shown = filter === '' ? data : { ...data, rows: rowsWith(data.rows, filter) };
      this.#filtered = { data, filter, shown };
    }
    return this.#filtered.shown;
  }
}

/** Rows of which a cell holds the text, in lower case. */
export function rowsWith(rows: TableModel['rows'], text: string): TableModel['rows'] {
  return rows.filter((row) => row.some((cell) => scalarToText(cell).toLowerCase().includes(text)));
}

customElements.define('runledger-table-section', TableSection);
