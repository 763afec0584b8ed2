import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { baseStyles } from './baseStyles.ts';
import { icon } from './icons.ts';
import { type MenuItem, menuButtons, menuItems, menuStyles, moveInMenu } from './menuItems.ts';

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
    menuStyles,
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
      }
      .menu.up {
        top: auto;
        bottom: calc(100% + 2px);
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
    // To look where things are makes the browser lay out the page: a page has many of these buttons.
    if (changed.has('isOpen') && this.isOpen) {
      const menu = this.renderRoot.querySelector('.menu')?.getBoundingClientRect();
      const { top } = this.getBoundingClientRect();
      this.opensUp = menu !== undefined && menu.bottom > window.innerHeight && top > menu.height;
    }
    if (changed.has('isOpen') && this.isOpen) {
      menuButtons(this.renderRoot)[0]?.focus({ preventScroll: true });
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
              ${menuItems(this.items, (item) => this.#choose(item))}
            </div>`
          : nothing
      }
    `;
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
    if (!moveInMenu(event, this.shadowRoot) && event.key === 'Escape') {
      event.preventDefault();
      this.#close();
    }
  };
}

customElements.define('runledger-menu-button', MenuButton);
