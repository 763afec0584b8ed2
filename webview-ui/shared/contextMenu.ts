import { css, html, LitElement, nothing } from 'lit';
import { baseStyles } from './baseStyles.ts';
import { icon } from './icons.ts';
import { inlineStyle } from './inlineStyle.ts';
import type { MenuItem } from './menuButton.ts';

/** A menu at a place of the page. Arrows move, Enter chooses, Esc closes and gives the focus back. */
export class ContextMenu extends LitElement {
  static override properties = { items: { state: true }, place: { state: true } };
  declare items: readonly MenuItem[];
  declare place: { readonly x: number; readonly y: number };
  #giveBack: (() => void) | undefined;

  static override styles = [
    baseStyles,
    css`
      .menu {
        position: fixed;
        z-index: 40;
        min-width: 200px;
        max-width: calc(100vw - 16px);
        padding: 4px;
        background: var(--vscode-menu-background);
        color: var(--vscode-menu-foreground);
        border: 1px solid var(--vscode-menu-border, var(--rl-line));
        border-radius: calc(var(--rl-radius) + 2px);
        box-shadow: 0 2px 8px var(--vscode-widget-shadow, transparent);
      }
      button {
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
      button:focus,
      button:hover {
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
    this.#buttons()[0]?.focus();
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
          ${this.items.map(
            (item) => html`
              ${item.separatorBefore ? html`<div class="separator" role="separator"></div>` : nothing}
              <button role="menuitem" tabindex="-1" @click=${() => this.#choose(item)}>
                ${item.icon === undefined ? nothing : icon(item.icon)}<span class="clip">${item.label}</span>
              </button>
            `,
          )}
        </div>`;
  }

  #buttons(): HTMLButtonElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLButtonElement>('button')];
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
    } else if (event.key === 'Escape' || event.key === 'Tab') {
      event.preventDefault();
      this.#close();
    }
  };
}

customElements.define('runledger-context-menu', ContextMenu);
