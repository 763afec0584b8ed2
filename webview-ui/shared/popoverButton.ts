import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { baseStyles } from './baseStyles.ts';
import { type IconName, icon } from './icons.ts';

/**
 * An icon button with a panel under it, which holds what is slotted and takes the focus. Esc closes it, and so does a focus that
 * leaves it, or a press beside it. Fires `open-change` with whether it is open: what the panel shows need not be there before.
 */
export class PopoverButton extends LitElement {
  static override properties = {
    label: { type: String },
    panelLabel: { type: String },
    icon: { attribute: false },
    isOpen: { state: true },
  };
  declare label: string;
  /** Of the panel, where that has another name than the button. */
  declare panelLabel: string;
  declare icon: IconName;
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
    `,
  ];

  constructor() {
    super();
    this.label = '';
    this.panelLabel = '';
    this.isOpen = false;
    this.addEventListener('focusout', (event) => {
      const next = event.relatedTarget;
      if (next instanceof Node && next !== this && !this.contains(next)) {
        this.#set(false);
      }
    });
    this.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && this.isOpen) {
        event.stopPropagation();
        this.#set(false);
        this.renderRoot.querySelector('button')?.focus();
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
    return html`<button
        class="icon-button"
        title=${this.label}
        aria-label=${this.label}
        aria-haspopup="dialog"
        aria-expanded=${this.isOpen}
        @click=${() => this.#set(!this.isOpen)}
      >${icon(this.icon)}</button>
      ${
        this.isOpen
          ? html`<div class="panel" role="dialog" aria-label=${this.panelLabel || this.label} tabindex="-1"><slot></slot></div>`
          : nothing
      }`;
  }

  #onPointerDown = (event: PointerEvent): void => {
    if (!event.composedPath().includes(this)) {
      this.#set(false);
    }
  };

  #set(isOpen: boolean): void {
    if (isOpen !== this.isOpen) {
      this.isOpen = isOpen;
      this.dispatchEvent(new CustomEvent('open-change', { detail: isOpen }));
    }
  }
}

customElements.define('runledger-popover-button', PopoverButton);
