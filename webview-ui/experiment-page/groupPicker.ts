import { css, html, LitElement, nothing } from 'lit';
import type { FieldModel } from '../../src/protocol/experimentPage.ts';
import { baseStyles } from '../shared/baseStyles.ts';
import { icon } from '../shared/icons.ts';
import type { ExperimentStore } from './experimentStore.ts';
import { allFields, canGroupBy, fieldKey, fullLabel } from './fields.ts';

/** What the runs are grouped by: fields one after the other, each of which can be taken away, and a choice of one more. */
export class GroupPicker extends LitElement {
  static override properties = {
    store: { attribute: false },
    version: { attribute: false },
  };
  declare store: ExperimentStore;
  declare version: number;

  static override styles = [
    baseStyles,
    css`
      :host {
        display: inline-flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 6px;
        min-height: calc(26 * var(--rl-unit));
        font-size: calc(12 * var(--rl-unit));
        color: var(--rl-secondary);
      }
      .chosen {
        display: inline-flex;
        align-items: center;
        max-width: 180px;
        height: calc(22 * var(--rl-unit));
        padding-inline-start: 8px;
        color: var(--vscode-foreground);
        border: 1px solid var(--rl-line);
        border-radius: var(--rl-radius);
      }
      select {
        height: calc(26 * var(--rl-unit));
        max-width: 160px;
        font: inherit;
        color: var(--vscode-dropdown-foreground, inherit);
        background: var(--vscode-dropdown-background, transparent);
        border: 1px solid var(--vscode-dropdown-border, var(--rl-line));
        border-radius: var(--rl-radius);
      }
    `,
  ];

  protected override render(): unknown {
    const { groupBy } = this.store.layout;
    const chosen = new Set(groupBy.map(fieldKey));
    const fields = allFields(this.store.known).filter((field) => canGroupBy(field) && !chosen.has(fieldKey(field)));
    return html`<span>Group by</span>
      ${groupBy.map((field) => this.#chosen(field))}
      ${
        fields.length === 0
          ? nothing
          : html`<select
              aria-label=${groupBy.length === 0 ? 'Group by' : 'Group also by'}
              @change=${(event: Event) => {
                if (event.target instanceof HTMLSelectElement) {
                  const key = event.target.value;
                  event.target.value = '';
                  void this.store.change({
                    groupBy: [...groupBy, ...fields.filter((field) => fieldKey(field) === key)],
                  });
                }
              }}
            >
              <option value="">${groupBy.length === 0 ? 'None' : 'Then by…'}</option>
              ${fields.map((field) => html`<option value=${fieldKey(field)}>${fullLabel(field)}</option>`)}
            </select>`
      }`;
  }

  #chosen(field: FieldModel): unknown {
    const label = fullLabel(field);
    return html`<span class="chosen">
      <span class="clip" title=${label}>${label}</span>
      <button
        class="icon-button"
        title="Do not group by it"
        aria-label="Do not group by ${label}"
        @click=${() => {
          const { groupBy } = this.store.layout;
          void this.store.change({ groupBy: groupBy.filter((other) => fieldKey(other) !== fieldKey(field)) });
        }}
      >${icon('close', 'small')}</button>
    </span>`;
  }
}

customElements.define('runledger-group-picker', GroupPicker);
