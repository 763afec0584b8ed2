import { css, html, LitElement, nothing } from 'lit';
import { baseStyles } from './baseStyles.ts';
import { inlineStyle } from './inlineStyle.ts';
import { type MenuItem, menuButtons, menuItems, menuStyles, moveInMenu } from './menuItems.ts';

/** A menu at a place of the page. Arrows move, Enter chooses, Esc closes and gives the focus back. */
export class ContextMenu extends LitElement {
  static override properties = { items: { state: true }, place: { state: true } };
  declare items: readonly MenuItem[];
  declare place: { readonly x: number; readonly y: number };
  #giveBack: (() => void) | undefined;

  static override styles = [
    baseStyles,
    menuStyles,
    css`
      .menu {
        position: fixed;
        z-index: 40;
        min-width: 200px;
        max-width: calc(100vw - 16px);
      }
    `,
  ];

  constructor() {
    super();
    this.items = [];
    this.place = { x: 0, y: 0 };
    this.addEventListener('focusout', (event) => {
      const next = event.relatedTarget;
      if (!(next instanceof Node) || !this.renderRoot.contains(next)) {
        this.items = [];
      }
    });
  }

  /** @param giveBack focuses what had the focus before */
  async open(x: number, y: number, items: readonly MenuItem[], giveBack: () => void): Promise<void> {
    this.items = items;
    this.place = { x, y };
    this.#giveBack = giveBack;
    await this.updateComplete;
    const menu = this.renderRoot.querySelector('.menu')?.getBoundingClientRect();
    if (menu !== undefined) {
      // It stays on the page.
      this.place = {
        x: Math.max(8, Math.min(x, innerWidth - menu.width - 8)),
        y: Math.max(8, Math.min(y, innerHeight - menu.height - 8)),
      };
    }
    menuButtons(this.renderRoot)[0]?.focus();
  }

  protected override render(): unknown {
    return this.items.length === 0
      ? nothing
      : html`<div
          class="menu"
          role="menu"
          ${inlineStyle({ left: `${this.place.x}px`, top: `${this.place.y}px` })}
          @keydown=${this.#onKey}
        >
          ${menuItems(this.items, (item) => this.#choose(item))}
        </div>`;
  }

  #choose(item: MenuItem): void {
    this.#close();
    item.run();
  }

  #close(): void {
    this.items = [];
    this.#giveBack?.();
  }

  #onKey = (event: KeyboardEvent): void => {
    if (!moveInMenu(event, this.shadowRoot) && (event.key === 'Escape' || event.key === 'Tab')) {
      event.preventDefault();
      this.#close();
    }
  };
}

customElements.define('runledger-context-menu', ContextMenu);
