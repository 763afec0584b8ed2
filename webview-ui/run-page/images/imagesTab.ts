import { html, LitElement, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { ImageModel } from '../../../src/protocol/runPage.ts';
import { baseStyles } from '../../shared/baseStyles.ts';
import { formatCount } from '../../shared/formatNumbers.ts';
import { icon } from '../../shared/icons.ts';
import { segmented } from '../../shared/segmented.ts';
import { segmentedStyles } from '../../shared/segmentedStyles.ts';
import type { RunSession } from '../runSession.ts';
import './imageDialog.ts';
import { altOf, type ImageSeries, imageSeries, placeText } from './imageSeries.ts';
import { imagesStyles } from './imagesStyles.ts';

type View = 'series' | 'all';

const views: readonly (readonly [View, string])[] = [
  ['series', 'By name'],
  ['all', 'All steps'],
];

interface Opened {
  readonly images: readonly ImageModel[];
  readonly index: number;
  readonly isSideBySide: boolean;
}

/** The images of a run: one card for each name with a slider over its steps, or a card for each image. */
export class ImagesTab extends LitElement {
  static override properties = {
    images: { attribute: false },
    isOver: { attribute: false },
    session: { attribute: false },
    view: { state: true },
    chosen: { state: true },
    places: { state: true },
    opened: { state: true },
  };
  declare images: readonly ImageModel[];
  /** The run has ended, so there will be no more. */
  declare isOver: boolean;
  declare session: RunSession;
  declare view: View;
  /** Paths of the images to be shown side by side. */
  declare chosen: ReadonlySet<string>;
  /** Where the sliders stand, by name; one that was never moved stands at the end, and stays there. */
  declare places: ReadonlyMap<string, number>;
  declare opened: Opened | undefined;

  static override styles = [baseStyles, segmentedStyles, imagesStyles];

  constructor() {
    super();
    this.images = [];
    this.view = 'series';
    this.chosen = new Set();
    this.places = new Map();
    this.opened = undefined;
  }

  protected override render(): unknown {
    if (this.images.length === 0) {
      return html`<p class="empty">
        ${this.isOver ? 'No images were logged.' : 'No images yet.'} Call
        <span class="mono">run.log_image("name", plot=plt)</span> in the script to see plots here.
      </p>`;
    }
    const series = imageSeries(this.images);
    const hasSteps = series.some(({ images }) => images.length > 1);
    return html`
      ${this.images.length > 1 ? this.#toolbar(hasSteps) : nothing}
      <div class="grid">
        ${
          this.view === 'series' && hasSteps
            ? repeat(
                series,
                ({ name }) => name,
                (each) => this.#seriesCard(each),
              )
            : repeat(
                this.images,
                ({ path }) => path,
                (image, index) => this.#card(image, this.images, index),
              )
        }
      </div>
      ${
        this.opened === undefined
          ? nothing
          : html`<runledger-image-dialog
              .images=${this.opened.images}
              .index=${this.opened.index}
              .isSideBySide=${this.opened.isSideBySide}
              .session=${this.session}
              @close-images=${() => {
                this.opened = undefined;
              }}
            ></runledger-image-dialog>`
      }
    `;
  }

  #toolbar(hasSteps: boolean): unknown {
    const chosen = this.images.filter(({ path }) => this.chosen.has(path));
    return html`<div class="toolbar">
      ${
        hasSteps
          ? segmented('Images', views, this.view, (view) => {
              this.view = view;
            })
          : nothing
      }
      <span class="end">
        ${
          chosen.length === 0
            ? html`<span class="count">choose images to see them side by side</span>`
            : html`<button class="link" @click=${() => this.#choose(new Set())}>Clear</button>
                <button
                  class="button short"
                  @click=${() => {
                    this.opened = { images: chosen, index: 0, isSideBySide: true };
                  }}
                >
                  ${icon('arrow-swap')}Side by side (${formatCount(chosen.length)})
                </button>`
        }
      </span>
    </div>`;
  }

  #seriesCard({ name, images }: ImageSeries): unknown {
    const index = Math.min(this.places.get(name) ?? images.length - 1, images.length - 1);
    const image = images[index];
    if (image === undefined) {
      return nothing;
    }
    const text = placeText(image, index, images.length, formatCount);
    const slider =
      images.length === 1
        ? nothing
        : html`<div class="slider">
            <input
              type="range"
              min="0"
              max=${images.length - 1}
              step="1"
              aria-label="Step of ${name}"
              aria-valuetext=${text}
              .value=${String(index)}
              @input=${(event: InputEvent) => this.#move(name, Number((event.target as HTMLInputElement).value), images.length)}
            />
            <span class="count">${text}</span>
          </div>`;
    return this.#card(image, images, index, slider);
  }

  #card(image: ImageModel, list: readonly ImageModel[], index: number, below: unknown = nothing): unknown {
    const isChosen = this.chosen.has(image.path);
    return html`<div class="card ${isChosen ? 'chosen' : ''}">
      <button
        class="frame"
        title=${image.description ?? image.path}
        @click=${() => {
          this.opened = { images: list, index, isSideBySide: false };
        }}
      >
        <img src=${image.uri} alt=${altOf(image)} loading="lazy" decoding="async" />
      </button>
      <div class="caption">
        <span class="clip" title=${image.name}>${image.name}</span>
        ${below !== nothing || image.step === undefined ? nothing : html`<span class="count">step ${formatCount(image.step)}</span>`}
        <input
          type="checkbox"
          title="Show side by side"
          aria-label="Show ${altOf(image)} side by side"
          .checked=${isChosen}
          @change=${() => this.#toggle(image.path)}
        />
      </div>
      ${below}
    </div>`;
  }

  #move(name: string, index: number, count: number): void {
    const places = new Map(this.places);
    if (index === count - 1) {
      places.delete(name);
    } else {
      places.set(name, index);
    }
    this.places = places;
  }

  #toggle(path: string): void {
    const chosen = new Set(this.chosen);
    if (!chosen.delete(path)) {
      chosen.add(path);
    }
    this.#choose(chosen);
  }

  #choose(chosen: ReadonlySet<string>): void {
    this.chosen = chosen;
  }
}

customElements.define('runledger-images-tab', ImagesTab);
