import { css, html, LitElement, nothing } from 'lit';
import type { FieldModel } from '../../src/protocol/experimentPage.ts';
import { baseStyles } from '../shared/baseStyles.ts';
import '../shared/popoverButton.ts';
import type { ExperimentStore } from './experimentStore.ts';
import { allFields, fieldKey, fullLabel } from './fields.ts';

/** Names that are listed at once; of more, the search finds them. */
const MOST_LISTED = 300;

/** Which columns the table has: a button, and a list to choose from with a search. */
export class ColumnPicker extends LitElement {
  static override properties = {
    store: { attribute: false },
    version: { attribute: false },
    isOpen: { state: true },
    search: { state: true },
  };
  declare store: ExperimentStore;
  declare version: number;
  declare isOpen: boolean;
  declare search: string;

  static override styles = [
    baseStyles,
    css`
      input[type='search'] {
        flex: none;
        height: calc(26 * var(--rl-unit));
        padding: 0 8px;
        font: inherit;
        font-size: calc(12 * var(--rl-unit));
        color: var(--vscode-input-foreground);
        background: var(--vscode-input-background);
        border: 1px solid var(--vscode-input-border, var(--rl-line));
        border-radius: var(--rl-radius);
      }
      .list {
        flex: 1;
        min-height: 0;
        overflow: auto;
      }
      label {
        display: flex;
        align-items: center;
        gap: 8px;
        min-height: calc(22 * var(--rl-unit));
        padding: 0 4px;
        font-size: calc(12 * var(--rl-unit));
      }
      label:hover {
        background: var(--vscode-list-hoverBackground, transparent);
      }
      .foot {
        display: flex;
        justify-content: space-between;
        font-size: calc(12 * var(--rl-unit));
      }
    `,
  ];

  constructor() {
    super();
    this.isOpen = false;
    this.search = '';
  }

  protected override render(): unknown {
    return html`<runledger-popover-button
      label="Columns"
      .icon=${'table'}
      @open-change=${(event: CustomEvent<boolean>) => {
        this.isOpen = event.detail;
        if (this.isOpen) {
          void this.updateComplete.then(() => this.renderRoot.querySelector('input')?.focus());
        }
      }}
    >${this.isOpen ? this.#panel() : nothing}</runledger-popover-button>`;
  }

  #panel(): unknown {
    const { store } = this;
    const shown = new Set(store.columns.map(fieldKey));
    const wanted = this.search.trim().toLowerCase();
    const fields = allFields(store.known).filter((field) => fullLabel(field).toLowerCase().includes(wanted));
    return html`<input
        type="search"
        aria-label="Search columns"
        placeholder="Search columns"
        .value=${this.search}
        @input=${(event: Event) => {
          this.search = event.target instanceof HTMLInputElement ? event.target.value : '';
        }}
      />
      <div class="list">
        ${fields.slice(0, MOST_LISTED).map(
          (field) => html`<label title=${fullLabel(field)}>
            <input type="checkbox" .checked=${shown.has(fieldKey(field))} @change=${() => this.#toggle(field)} />
            <span class="clip">${fullLabel(field)}</span>
          </label>`,
        )}
        ${fields.length === 0 ? html`<p class="secondary">Nothing has this name.</p>` : nothing}
      </div>
      <div class="foot">
        <span class="secondary">${shown.size} shown</span>
        <button class="link" @click=${() => void store.resetColumns()}>Reset</button>
      </div>`;
  }

  #toggle(field: FieldModel): void {
    const { columns } = this.store;
    const others = columns.filter((column) => fieldKey(column) !== fieldKey(field));
    void this.store.change({ columns: others.length < columns.length ? others : [...columns, field] });
  }
}

customElements.define('runledger-column-picker', ColumnPicker);
