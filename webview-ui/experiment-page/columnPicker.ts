import { css, html, LitElement, nothing } from 'lit';
import type { FieldModel } from '../../src/protocol/experimentPage.ts';
import { baseStyles } from '../shared/baseStyles.ts';
import { icon } from '../shared/icons.ts';
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
      :host {
        position: relative;
        display: inline-flex;
      }
      .panel {
        position: absolute;
        z-index: 20;
        top: calc(100% + 4px);
        right: 0;
        display: flex;
        flex-direction: column;
        gap: 6px;
        width: min(320px, calc(100vw - 24px));
        max-height: min(420px, 60vh);
        padding: 8px;
        color: var(--vscode-menu-foreground);
        background: var(--vscode-menu-background);
        border: 1px solid var(--vscode-menu-border, var(--rl-line));
        border-radius: calc(var(--rl-radius) + 2px);
        box-shadow: 0 2px 8px var(--vscode-widget-shadow, transparent);
      }
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
    this.addEventListener('focusout', (event) => {
      const next = event.relatedTarget;
      if (next instanceof Node && !this.renderRoot.contains(next) && next !== this) {
        this.isOpen = false;
      }
    });
    this.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && this.isOpen) {
        event.stopPropagation();
        this.isOpen = false;
        this.renderRoot.querySelector('button')?.focus();
      }
    });
  }

  protected override render(): unknown {
    return html`<button
        class="icon-button"
        title="Columns"
        aria-label="Columns"
        aria-expanded=${this.isOpen}
        @click=${() => {
          this.isOpen = !this.isOpen;
          if (this.isOpen) {
            void this.updateComplete.then(() => this.renderRoot.querySelector('input')?.focus());
          }
        }}
      >${icon('table')}</button>
      ${this.isOpen ? this.#panel() : nothing}`;
  }

  #panel(): unknown {
    const { store } = this;
    const shown = new Set(store.columns.map(fieldKey));
    const wanted = this.search.trim().toLowerCase();
    const fields = allFields(store.known).filter((field) => fullLabel(field).toLowerCase().includes(wanted));
    return html`<div class="panel" role="dialog" aria-label="Columns">
      <input
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
      </div>
    </div>`;
  }

  #toggle(field: FieldModel): void {
    const { columns } = this.store;
    const others = columns.filter((column) => fieldKey(column) !== fieldKey(field));
    void this.store.change({ columns: others.length < columns.length ? others : [...columns, field] });
  }
}

customElements.define('runledger-column-picker', ColumnPicker);
