import { css, html, LitElement, nothing } from 'lit';
import type { MetricModel } from '../../../src/protocol/runPage.ts';
import { baseStyles } from '../../shared/baseStyles.ts';
import { nameOrBlank } from '../../shared/best.ts';
import { formatCount } from '../../shared/formatNumbers.ts';
import '../../shared/popoverButton.ts';
import { matches } from './metricGroups.ts';

/** Names that are listed at once. More are found by the search. */
const MOST_LISTED = 200;

/** What is to be shown, or not any more. */
export interface ChartChoice {
  readonly names: readonly string[];
  readonly isShown: boolean;
}

/** A button with a list of all charts, each of which can be hidden. Fires `choose-charts`. */
export class MetricChooser extends LitElement {
  static override properties = {
    charts: { attribute: false },
    hiddenNames: { attribute: false },
    search: { type: String },
    isOpen: { state: true },
  };
  declare charts: readonly MetricModel[];
  declare hiddenNames: readonly string[];
  declare search: string;
  declare isOpen: boolean;

  static override styles = [
    baseStyles,
    css`
      .head {
        display: flex;
        gap: 12px;
        padding: 0 2px 6px;
        border-bottom: 1px solid var(--rl-line);
      }
      .head span {
        margin-inline-end: auto;
        color: var(--rl-secondary);
      }
      .list {
        overflow: auto;
      }
      label {
        display: flex;
        align-items: center;
        gap: 8px;
        height: calc(24 * var(--rl-unit));
        padding: 0 2px;
        cursor: pointer;
      }
      label:hover {
        background: var(--vscode-list-hoverBackground, transparent);
        outline: var(--rl-hover-outline);
        outline-offset: -1px;
      }
      input {
        flex: none;
        margin: 0;
        accent-color: var(--vscode-charts-blue);
      }
      .more {
        padding: 4px 2px;
        color: var(--rl-secondary);
      }
    `,
  ];

  constructor() {
    super();
    this.charts = [];
    this.hiddenNames = [];
    this.search = '';
    this.isOpen = false;
  }

  protected override render(): unknown {
    return html`<runledger-popover-button
      label="Choose charts"
      .panelLabel=${'Charts that are shown'}
      .icon=${'list-filter'}
      @open-change=${(event: CustomEvent<boolean>) => {
        this.isOpen = event.detail;
      }}
    >${this.isOpen ? this.#panel() : nothing}</runledger-popover-button>`;
  }

  #panel(): unknown {
    const found = this.charts.filter(({ name }) => matches(name, this.search));
    const names = found.map(({ name }) => name);
    const hidden = new Set(this.hiddenNames);
    const scope = this.search.trim() === '' ? '' : ' found';
    return html`<div class="head">
        <span>${formatCount(found.length)} ${found.length === 1 ? 'chart' : 'charts'}${scope}</span>
        <button class="link" @click=${() => this.#choose({ names, isShown: true })}>Show all</button>
        <button class="link" @click=${() => this.#choose({ names, isShown: false })}>Hide all</button>
      </div>
      <div class="list">
        ${found.slice(0, MOST_LISTED).map(
          ({ name }) => html`<label title=${name}>
            <input
              type="checkbox"
              .checked=${!hidden.has(name)}
              @change=${() => this.#choose({ names: [name], isShown: hidden.has(name) })}
            />
            <bdi class="clip">${nameOrBlank(name)}</bdi>
          </label>`,
        )}
        ${
          found.length > MOST_LISTED
            ? html`<div class="more">${formatCount(found.length - MOST_LISTED)} more: search for them above.</div>`
            : nothing
        }
      </div>`;
  }

  #choose(choice: ChartChoice): void {
    this.dispatchEvent(new CustomEvent<ChartChoice>('choose-charts', { detail: choice }));
  }
}

customElements.define('runledger-metric-chooser', MetricChooser);
