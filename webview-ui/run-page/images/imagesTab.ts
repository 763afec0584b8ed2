import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { ImageModel } from '../../../src/protocol/runPage.ts';
import { baseStyles } from '../../shared/baseStyles.ts';
import { formatCount } from '../../shared/formatNumbers.ts';
import { icon } from '../../shared/icons.ts';

/** Images in the order in which they were logged; a click shows one in full. */
export class ImagesTab extends LitElement {
  static override properties = {
    images: { attribute: false },
    isOver: { attribute: false },
    enlarged: { state: true },
  };
  declare images: readonly ImageModel[];
  /** The run has ended, so there will be no more. */
  declare isOver: boolean;
  declare enlarged: number | undefined;

  static override styles = [
    baseStyles,
    css`
      :host {
        display: block;
        padding: 12px var(--rl-pad) 20px;
      }
      .grid {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 232px), 1fr));
        gap: 12px;
      }
      .card {
        display: block;
        min-width: 0;
        padding: 0;
        background: none;
        border: 1px solid var(--rl-line);
        border-radius: var(--rl-radius);
        cursor: zoom-in;
        text-align: start;
        overflow: hidden;
      }
      .card:hover {
        border-color: var(--rl-line-hover);
      }
      .frame {
        display: flex;
        align-items: center;
        justify-content: center;
        height: 160px;
        padding: 8px;
        background: var(--rl-fill);
      }
      .frame img {
        max-width: 100%;
        max-height: 100%;
        object-fit: contain;
      }
      .caption {
        display: flex;
        gap: 8px;
        height: calc(28 * var(--rl-unit));
        align-items: center;
        padding: 0 10px;
        font-size: calc(12 * var(--rl-unit));
      }
      .step {
        flex: none;
        margin-inline-start: auto;
        font-size: calc(11 * var(--rl-unit));
        color: var(--rl-secondary);
        font-variant-numeric: tabular-nums;
      }
      dialog {
        max-width: calc(100vw - 24px);
        max-height: calc(100vh - 24px);
        padding: 0;
        color: inherit;
        background: var(--rl-background);
        border: 1px solid var(--rl-line);
        border-radius: calc(var(--rl-radius) + 2px);
      }
      dialog::backdrop {
        background: color-mix(in srgb, var(--vscode-editor-background) 80%, transparent);
      }
      dialog header {
        display: flex;
        align-items: center;
        gap: 8px;
        height: calc(36 * var(--rl-unit));
        padding: 0 8px 0 14px;
      }
      dialog header .end {
        display: flex;
        gap: 2px;
        margin-inline-start: auto;
      }
      dialog img {
        display: block;
        max-width: calc(100vw - 50px);
        max-height: calc(100vh - 110px);
        min-width: min(320px, 80vw);
        margin: 0 auto;
        object-fit: contain;
        background: var(--rl-fill);
      }
      dialog p {
        margin: 0;
        padding: 8px 14px;
        font-size: calc(12 * var(--rl-unit));
        color: var(--rl-secondary);
      }
    `,
  ];

  constructor() {
    super();
    this.images = [];
    this.enlarged = undefined;
  }

  protected override updated(changed: PropertyValues): void {
    const dialog = this.renderRoot.querySelector('dialog');
    if (changed.has('enlarged') && dialog !== null && this.enlarged !== undefined && !dialog.open) {
      dialog.showModal();
    }
  }

  protected override render(): unknown {
    if (this.images.length === 0) {
      return html`<p class="empty">
        ${this.isOver ? 'No images were logged.' : 'No images yet.'} Call
        <span class="mono">run.log_image("name", plot=plt)</span> in the script to see plots here.
      </p>`;
    }
    const image = this.enlarged === undefined ? undefined : this.images[this.enlarged];
    return html`
      <div class="grid">
        ${repeat(
          this.images,
          ({ path }) => path,
          (entry, index) => this.#card(entry, index),
        )}
      </div>
      ${image === undefined ? nothing : this.#dialog(image)}
    `;
  }

  #card(image: ImageModel, index: number): unknown {
    return html`<button
      class="card"
      title=${image.description ?? image.path}
      @click=${() => {
        this.enlarged = index;
      }}
    >
      <span class="frame"><img src=${image.uri} alt=${altOf(image)} loading="lazy" decoding="async" /></span>
      <span class="caption">
        <span class="clip">${image.name}</span>
        ${image.step === undefined ? nothing : html`<span class="step">step ${formatCount(image.step)}</span>`}
      </span>
    </button>`;
  }

  #dialog(image: ImageModel): unknown {
    return html`<dialog
      aria-label=${image.name}
      @close=${() => {
        this.enlarged = undefined;
      }}
      @keydown=${this.#onKey}
      @click=${(event: MouseEvent) => {
        if (event.target instanceof HTMLDialogElement) {
          event.target.close();
        }
      }}
    >
      <header>
        <h2 class="clip">${image.name}</h2>
        ${image.step === undefined ? nothing : html`<span class="count">step ${formatCount(image.step)}</span>`}
        <span class="end">
          <button class="icon-button" aria-label="Close" title="Close (Esc)" @click=${this.#close}>${icon('close')}</button>
        </span>
      </header>
      <img src=${image.uri} alt=${altOf(image)} />
      <p>${image.description ?? image.path}</p>
    </dialog>`;
  }

  #close = (): void => {
    this.renderRoot.querySelector('dialog')?.close();
  };

  #onKey = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step !== 0 && this.enlarged !== undefined) {
      event.preventDefault();
      this.enlarged = (this.enlarged + step + this.images.length) % this.images.length;
    }
  };
}

function altOf(image: ImageModel): string {
  const step = image.step === undefined ? '' : ` at step ${image.step}`;
  return `${image.description ?? image.name}${step}`;
}

customElements.define('runledger-images-tab', ImagesTab);
