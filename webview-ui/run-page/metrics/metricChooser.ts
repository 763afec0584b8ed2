import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import type { MetricModel } from '../../../src/protocol/runPage.ts';
import { baseStyles } from '../../shared/baseStyles.ts';
import { nameOrBlank } from '../../shared/best.ts';
import { formatCount } from '../../shared/formatNumbers.ts';
import { icon } from '../../shared/icons.ts';
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
        width: min(300px, 88vw);
        max-height: min(420px, 70vh);
        color: var(--vscode-menu-foreground);
        background: var(--vscode-menu-background);
        border: 1px solid var(--vscode-menu-border, var(--rl-line));
        border-radius: calc(var(--rl-radius) + 2px);
        box-shadow: 0 2px 8px var(--vscode-widget-shadow, transparent);
        font-size: calc(12 * var(--rl-unit));
      }
      .head {
        display: flex;
        gap: 12px;
        padding: 8px 10px 6px;
        border-bottom: 1px solid var(--rl-line);
      }
      .head span {
        margin-inline-end: auto;
        color: var(--rl-secondary);
      }
      .list {
        overflow: auto;
        padding: 4px 0;
      }
      label {
        display: flex;
        align-items: center;
        gap: 8px;
        height: calc(24 * var(--rl-unit));
        padding: 0 10px;
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
        padding: 4px 10px;
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
    this.addEventListener('focusout', (event) => {
      const next = event.relatedTarget;
      if (next instanceof Node && next !== this && !this.renderRoot.contains(next)) {
        this.isOpen = false;
      }
    });
    this.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && this.isOpen) {
        event.preventDefault();
        event.stopPropagation();
        this.#close();
      }
    });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('pointerdown', this.#onPointerDown);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('pointerdown', this.#onPointerDown);
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('isOpen') && this.isOpen) {
      this.renderRoot.querySelector<HTMLElement>('.panel')?.focus();
    }
  }

  protected override render(): unknown {
    return html`
      <button
        class="icon-button"
        id="opener"
        title="Choose charts"
        aria-label="Choose charts"
        aria-haspopup="dialog"
        aria-expanded=${this.isOpen}
        @click=${() => {
          this.isOpen = !this.isOpen;
        }}
      >
        ${icon('list-filter')}
      </button>
      ${this.isOpen ? this.#panel() : nothing}
    `;
  }

  #panel(): unknown {
    const found = this.charts.filter(({ name }) => matches(name, this.search));
    const names = found.map(({ name }) => name);
    const hidden = new Set(this.hiddenNames);
    const scope = this.search.trim() === '' ? '' : ' found';
    return html`<div class="panel" role="dialog" aria-label="Charts that are shown" tabindex="-1">
      <div class="head">
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
      </div>
    </div>`;
  }

  #choose(choice: ChartChoice): void {
    this.dispatchEvent(new CustomEvent<ChartChoice>('choose-charts', { detail: choice }));
  }

  #close(): void {
    this.isOpen = false;
    this.renderRoot.querySelector<HTMLElement>('#opener')?.focus();
  }

  #onPointerDown = (event: PointerEvent): void => {
    if (this.isOpen && !event.composedPath().includes(this)) {
      this.isOpen = false;
    }
  };
}

customElements.define('runledger-metric-chooser', MetricChooser);
