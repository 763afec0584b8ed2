import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { baseStyles } from './baseStyles.ts';
import { type IconName, icon } from './icons.ts';

export interface MenuItem {
  readonly label: string;
  readonly icon?: IconName;
  /** The key that does the same, as `P`. */
  readonly key?: string;
  /** Of something that is on or off. */
  readonly isChecked?: boolean;
  readonly separatorBefore?: boolean;
  readonly run: () => void;
}

/** A "more" button with a menu under it. Arrows move, Enter chooses, Esc closes. */
export class MenuButton extends LitElement {
  static override properties = {
    label: { type: String },
    items: { attribute: false },
    isTabStop: { attribute: false },
    isOpen: { state: true },
    opensUp: { state: true },
  };
  declare label: string;
  declare items: readonly MenuItem[];
  /** Without, Tab passes over it: something around it opens the menu by a key of its own. */
  declare isTabStop: boolean;
  declare isOpen: boolean;
  declare opensUp: boolean;

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
      .menu.up {
        top: auto;
        bottom: calc(100% + 2px);
      }
      .key {
        margin-inline-start: auto;
        padding-inline-start: 24px;
        opacity: 0.8;
      }
      .menu .icon:empty {
        width: calc(16 * var(--rl-unit));
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
    this.isTabStop = true;
    this.isOpen = false;
    this.opensUp = false;
    this.addEventListener('focusout', (event) => {
      const next = event.relatedTarget;
      if (!(next instanceof Node) || (next !== this && !this.renderRoot.contains(next))) {
        this.isOpen = false;
      }
    });
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('isOpen')) {
      const menu = this.renderRoot.querySelector('.menu')?.getBoundingClientRect();
      const { top } = this.getBoundingClientRect();
      this.opensUp = menu !== undefined && menu.bottom > window.innerHeight && top > menu.height;
    }
    if (changed.has('isOpen') && this.isOpen) {
      this.#buttons()[0]?.focus({ preventScroll: true });
    }
  }

  /** Opens the menu as a click does. */
  open(): void {
    this.isOpen = true;
  }

  protected override render(): unknown {
    return html`
      <button
        class="icon-button"
        id="opener"
        title=${this.label}
        aria-label=${this.label}
        tabindex=${this.isTabStop ? 0 : -1}
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
          ? html`<div class="menu ${this.opensUp ? 'up' : ''}" role="menu" aria-label=${this.label} @keydown=${this.#onKey}>
              ${this.items.map(
                (item) => html`
                  ${item.separatorBefore ? html`<div class="separator" role="separator"></div>` : nothing}
                  <button
                    role=${item.isChecked === undefined ? 'menuitem' : 'menuitemcheckbox'}
                    aria-checked=${item.isChecked ?? nothing}
                    aria-keyshortcuts=${item.key ?? nothing}
                    tabindex="-1"
                    @click=${() => this.#choose(item)}
                  >
                    ${this.#mark(item)}<span>${item.label}</span>
                    ${item.key === undefined ? nothing : html`<span class="key" aria-hidden="true">${item.key}</span>`}
                  </button>
                `,
              )}
            </div>`
          : nothing
      }
    `;
  }

  /** Where some items have icons or marks, all labels begin at the same place. */
  #mark({ icon: name, isChecked }: MenuItem): unknown {
    if (isChecked === true) {
      return icon('check');
    }
    if (name !== undefined) {
      return icon(name);
    }
    return this.items.some((item) => item.isChecked !== undefined) ? html`<span class="icon"></span>` : nothing;
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
