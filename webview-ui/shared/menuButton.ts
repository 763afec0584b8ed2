import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { baseStyles } from './baseStyles.ts';
import { type IconName, icon } from './icons.ts';

export interface MenuItem {
  readonly label: string;
  readonly icon?: IconName;
  readonly separatorBefore?: boolean;
  readonly run: () => void;
}

/** A "more" button with a menu under it. Arrows move, Enter chooses, Esc closes. */
export class MenuButton extends LitElement {
  static override properties = {
    label: { type: String },
    items: { attribute: false },
    isOpen: { state: true },
  };
  declare label: string;
  declare items: readonly MenuItem[];
  declare isOpen: boolean;

  static override styles = [
    baseStyles,
    css`
      :host {
        position: relative;
        display: inline-flex;
      }
      .menu {
        position: absolute;
        z-index: 20;
        top: calc(100% + 2px);
        right: 0;
        min-width: 180px;
        padding: 4px;
        background: var(--vscode-menu-background);
        color: var(--vscode-menu-foreground);
        border: 1px solid var(--vscode-menu-border, var(--rl-line));
        border-radius: calc(var(--rl-radius) + 2px);
        box-shadow: 0 2px 8px var(--vscode-widget-shadow, transparent);
      }
      .menu button {
        display: flex;
        align-items: center;
        gap: 8px;
        width: 100%;
        height: calc(24 * var(--rl-unit));
        padding: 0 10px;
        white-space: nowrap;
        background: none;
        border: 0;
        border-radius: var(--rl-radius);
      }
      .menu button:focus,
      .menu button:hover {
        color: var(--vscode-menu-selectionForeground, inherit);
        background: var(--vscode-menu-selectionBackground, transparent);
        outline: var(--rl-menu-selected-outline);
        outline-offset: -1px;
      }
      .separator {
        height: 1px;
        margin: 4px 0;
        background: var(--vscode-menu-separatorBackground, var(--rl-line));
      }
    `,
  ];

  constructor() {
    super();
    this.label = 'More';
    this.items = [];
    this.isOpen = false;
    this.addEventListener('focusout', (event) => {
      const next = event.relatedTarget;
      if (!(next instanceof Node) || (next !== this && !this.renderRoot.contains(next))) {
        this.isOpen = false;
      }
    });
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('isOpen') && this.isOpen) {
      this.#buttons()[0]?.focus();
    }
  }

  protected override render(): unknown {
    return html`
      <button
        class="icon-button"
        id="opener"
        title=${this.label}
        aria-label=${this.label}
        aria-haspopup="menu"
        aria-expanded=${this.isOpen}
        @click=${() => {
          this.isOpen = !this.isOpen;
        }}
      >
        ${icon('ellipsis')}
      </button>
      ${
        this.isOpen
          ? html`<div class="menu" role="menu" aria-label=${this.label} @keydown=${this.#onKey}>
              ${this.items.map(
                (item) => html`
                  ${item.separatorBefore ? html`<div class="separator" role="separator"></div>` : nothing}
                  <button role="menuitem" tabindex="-1" @click=${() => this.#choose(item)}>
                    ${item.icon === undefined ? nothing : icon(item.icon)} ${item.label}
                  </button>
                `,
              )}
            </div>`
          : nothing
      }
    `;
  }

  #buttons(): HTMLButtonElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLButtonElement>('.menu button')];
  }

  #choose(item: MenuItem): void {
    this.#close();
    item.run();
  }

  #close(): void {
    this.isOpen = false;
    this.renderRoot.querySelector<HTMLButtonElement>('#opener')?.focus();
  }

  #onKey = (event: KeyboardEvent): void => {
    const buttons = this.#buttons();
    const focused = this.shadowRoot?.activeElement;
    const index = focused instanceof HTMLButtonElement ? buttons.indexOf(focused) : -1;
    const moves: Record<string, number> = {
      ArrowDown: (index + 1) % buttons.length,
      ArrowUp: (index - 1 + buttons.length) % buttons.length,
      Home: 0,
      End: buttons.length - 1,
    };
    const target = moves[event.key];
    if (target !== undefined) {
      event.preventDefault();
      buttons[target]?.focus();
    } else if (event.key === 'Escape') {
      event.preventDefault();
      this.#close();
    }
  };
}

customElements.define('runledger-menu-button', MenuButton);
