import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { ImageModel } from '../../../src/protocol/runPage.ts';
import { baseStyles } from '../../shared/baseStyles.ts';
import { formatCount } from '../../shared/formatNumbers.ts';
import { icon } from '../../shared/icons.ts';
import { fileTools } from '../files/fileTools.ts';
import type { RunSession } from '../runSession.ts';
import { altOf } from './imageSeries.ts';

/** Images over the page: one in full, or several side by side. Tells of its end with a `close-images` event. */
export class ImageDialog extends LitElement {
  static override properties = {
    images: { attribute: false },
    index: { type: Number },
    isSideBySide: { type: Boolean },
    session: { attribute: false },
    isActualSize: { state: true },
  };
  /** What the arrow keys go through, or what is shown side by side. */
  declare images: readonly ImageModel[];
  /** Of the image that is shown. */
  declare index: number;
  declare isSideBySide: boolean;
  declare session: RunSession;
  declare isActualSize: boolean;

  static override styles = [
    baseStyles,
    css`
      dialog {
        display: flex;
        flex-direction: column;
        min-width: min(360px, 90vw);
        max-width: calc(100vw - 24px);
        max-height: calc(100vh - 24px);
        padding: 0;
        color: inherit;
        background: var(--rl-background);
        border: 1px solid var(--rl-line);
        border-radius: calc(var(--rl-radius) + 2px);
      }
      dialog.wide {
        width: calc(100vw - 24px);
        height: calc(100vh - 24px);
      }
      dialog::backdrop {
        background: color-mix(in srgb, var(--vscode-editor-background) 80%, transparent);
      }
      header {
        display: flex;
        flex: none;
        align-items: center;
        gap: 8px;
        height: calc(36 * var(--rl-unit));
        padding: 0 8px 0 14px;
      }
      header .end {
        display: flex;
        gap: 2px;
        margin-inline-start: auto;
      }
      .full {
        flex: 1;
        min-height: 0;
        overflow: auto;
        text-align: center;
        background: var(--rl-fill);
      }
      .full img {
        max-width: 100%;
        max-height: calc(100vh - 110px);
        min-width: min(320px, 80vw);
        object-fit: contain;
        vertical-align: top;
      }
      .full.actual img {
        max-width: none;
        max-height: none;
        min-width: 0;
      }
      p {
        flex: none;
        margin: 0;
        padding: 8px 14px;
        font-size: calc(12 * var(--rl-unit));
        color: var(--rl-secondary);
      }
      .sides {
        display: grid;
        flex: 1;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 300px), 1fr));
        grid-auto-rows: minmax(220px, 1fr);
        gap: 8px;
        min-height: 0;
        padding: 0 12px 12px;
        overflow: auto;
      }
      figure {
        display: flex;
        flex-direction: column;
        min-width: 0;
        min-height: 0;
        margin: 0;
      }
      figure img {
        flex: 1;
        min-height: 0;
        object-fit: contain;
        background: var(--rl-fill);
      }
      figcaption {
        display: flex;
        flex: none;
        gap: 8px;
        font-size: calc(12 * var(--rl-unit));
        line-height: calc(24 * var(--rl-unit));
      }
    `,
  ];

  constructor() {
    super();
    this.index = 0;
    this.isSideBySide = false;
    this.isActualSize = false;
  }

  protected override firstUpdated(): void {
    this.renderRoot.querySelector('dialog')?.showModal();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('index')) {
      this.isActualSize = false;
    }
  }

  protected override render(): unknown {
    const image = this.images[this.index];
    const title = this.isSideBySide ? `${formatCount(this.images.length)} images` : (image?.name ?? '');
    return html`<dialog
      class=${this.isSideBySide ? 'wide' : ''}
      aria-label=${title}
      @close=${() => this.dispatchEvent(new CustomEvent('close-images'))}
      @keydown=${this.#onKey}
      @click=${(event: MouseEvent) => {
        if (event.target instanceof HTMLDialogElement) {
          event.target.close();
        }
      }}
    >
      <header>
        <h2 class="clip">${title}</h2>
        ${this.isSideBySide || image?.step === undefined ? nothing : html`<span class="count">step ${formatCount(image.step)}</span>`}
        <span class="end">
          ${this.isSideBySide || image === undefined ? nothing : this.#tools(image)}
          <button class="icon-button" aria-label="Close" title="Close (Esc)" @click=${this.#close}>${icon('close')}</button>
        </span>
      </header>
      ${this.isSideBySide ? this.#sides() : image === undefined ? nothing : this.#full(image)}
    </dialog>`;
  }

  #tools(image: ImageModel): unknown {
    return html`<button
        class="icon-button"
        title="Show in actual size"
        aria-label="Show in actual size"
        aria-pressed=${this.isActualSize}
        @click=${() => {
          this.isActualSize = !this.isActualSize;
        }}
      >
        ${icon('zoom-in')}
      </button>
      ${fileTools(this.session, image.path)}`;
  }

  #full(image: ImageModel): unknown {
    return html`<div class="full ${this.isActualSize ? 'actual' : ''}" tabindex="0" role="group" aria-label=${image.name}>
        <img src=${image.uri} alt=${altOf(image)} />
      </div>
      <p>${image.description ?? image.path}</p>`;
  }

  #sides(): unknown {
    return html`<div class="sides" tabindex="0" role="group" aria-label="Images side by side">
      ${repeat(
        this.images,
        ({ path }) => path,
        (image) => html`<figure>
          <figcaption>
            <span class="clip" title=${image.description ?? image.path}>${image.name}</span>
            ${image.step === undefined ? nothing : html`<span class="count">step ${formatCount(image.step)}</span>`}
          </figcaption>
          <img src=${image.uri} alt=${altOf(image)} />
        </figure>`,
      )}
    </div>`;
  }

  #close = (): void => {
    this.renderRoot.querySelector('dialog')?.close();
  };

  #onKey = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step !== 0 && !this.isSideBySide && !this.isActualSize) {
      event.preventDefault();
      this.index = (this.index + step + this.images.length) % this.images.length;
    }
  };
}

customElements.define('runledger-image-dialog', ImageDialog);
