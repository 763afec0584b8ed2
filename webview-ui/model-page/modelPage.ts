import { css, html, LitElement, nothing } from 'lit';
import type { ModelPageModel, ModelVersionModel } from '../../src/protocol/modelPage.ts';
import { baseStyles } from '../shared/baseStyles.ts';
import { icon } from '../shared/icons.ts';
import { readable } from './chosenMetrics.ts';
import './modelHeader.ts';
import { ModelSession } from './modelSession.ts';
import './versionComparison.ts';
import './versionDetail.ts';
import './versionTable.ts';

const NARROW = '(max-width: 599px)';

/** The page of one model: its versions, and below them the one that is chosen or the two that are compared. */
export class ModelPage extends LitElement {
  static override properties = {
    model: { state: true },
    gone: { state: true },
    version: { state: true },
    marked: { state: true },
    isComparing: { state: true },
    isNarrow: { state: true },
    announcement: { state: true },
  };
  declare model: ModelPageModel | undefined;
  declare gone: string | undefined;
  declare version: number | undefined;
  /** Marked for a comparison, the latest mark last. */
  declare marked: ReadonlySet<number>;
  declare isComparing: boolean;
  declare isNarrow: boolean;
  declare announcement: string;

  readonly #session: ModelSession;
  readonly #narrow = matchMedia(NARROW);

  static override styles = [
    baseStyles,
    css`
      :host {
        display: flex;
        flex-direction: column;
        height: 100vh;
      }
      main {
        display: contents;
      }
      runledger-version-table {
        flex: none;
        max-height: 40vh;
        border-bottom: 1px solid var(--rl-line);
      }
      .detail {
        flex: 1;
        min-height: 0;
        overflow: auto;
        overscroll-behavior: contain;
      }
      .gone {
        display: flex;
        flex-direction: column;
        align-items: center;
        gap: 12px;
      }
      .gone .icon {
        font-size: 24px;
      }
      /* A model is there within a moment: words that flash by help nobody. */
      .loading {
        animation: appear 0s 600ms both;
      }
      @keyframes appear {
        from {
          visibility: hidden;
        }
      }
      /* In a low window one scroll bar is enough. */
      @media (max-height: 560px) {
        :host {
          display: block;
          overflow: auto;
        }
        runledger-version-table {
          max-height: none;
        }
        .detail {
          overflow: visible;
        }
      }
    `,
  ];

  constructor() {
    super();
    this.model = undefined;
    this.gone = undefined;
    this.marked = new Set();
    this.isComparing = false;
    this.announcement = '';
    this.isNarrow = this.#narrow.matches;
    this.#narrow.addEventListener('change', ({ matches }) => {
      this.isNarrow = matches;
    });
    this.#session = new ModelSession({
      modelChanged: () => this.#takeModel(),
      versionWanted: (version) => this.#choose(version),
    });
    this.version = this.#session.version;
    this.addEventListener('announce', (event) => {
      if (event instanceof CustomEvent && typeof event.detail === 'string') {
        this.announcement = event.detail;
      }
    });
    this.#session.start();
  }

  protected override render(): unknown {
    return html`
      <div class="visually-hidden" role="status" aria-live="polite">${this.announcement}</div>
      <main>${this.#content()}</main>
    `;
  }

  #content(): unknown {
    if (this.gone !== undefined) {
      return html`<div class="empty gone" role="alert">${icon('info')}<span>${this.gone}</span></div>`;
    }
    const { model } = this;
    if (model === undefined) {
      return html`<p class="empty loading">Loading the model…</p>`;
    }
    const compared = this.isComparing ? this.#compared(model) : undefined;
    return html`
      <runledger-model-header
        .model=${model}
        .session=${this.#session}
        .isComparing=${compared !== undefined}
        @compare=${this.#toggleComparison}
      ></runledger-model-header>
      <runledger-version-table
        .model=${model}
        .selected=${this.version}
        .marked=${this.marked}
        @choose-version=${(event: CustomEvent<number>) => this.#choose(event.detail)}
        @mark-version=${(event: CustomEvent<number>) => this.#mark(event.detail)}
      ></runledger-version-table>
      <div class="detail">${compared === undefined ? this.#detail(model) : this.#comparison(compared)}</div>
    `;
  }

  #detail(model: ModelPageModel): unknown {
    const version = model.versions.find((candidate) => candidate.version === this.version);
    if (version === undefined) {
      return nothing;
    }
    return version.kind === 'unreadable'
      ? html`<div class="empty gone" role="alert">${icon('warning')}<span>Version ${version.version} cannot be read. ${version.problem}</span></div>`
      : html`<runledger-version-detail
          .model=${model}
          .version=${version}
          .session=${this.#session}
          .isNarrow=${this.isNarrow}
        ></runledger-version-detail>`;
  }

  #comparison([left, right]: readonly [ModelVersionModel, ModelVersionModel]): unknown {
    return html`<runledger-version-comparison
      .left=${left}
      .right=${right}
      .session=${this.#session}
      @close-comparison=${this.#toggleComparison}
    ></runledger-version-comparison>`;
  }

  /** Those that are marked, else the one that is shown and the next older one: the older one first. */
  #compared(model: ModelPageModel): readonly [ModelVersionModel, ModelVersionModel] | undefined {
    const versions = readable(model);
    const marked = versions.filter(({ version }) => this.marked.has(version));
    const place = Math.max(
      versions.findIndex(({ version }) => version === (marked[0]?.version ?? this.version)),
      0,
    );
    const [newer, older] =
      marked.length === 2
        ? marked
        : place + 1 < versions.length
          ? [versions[place], versions[place + 1]]
          : [versions[place - 1], versions[place]];
    return newer === undefined || older === undefined ? undefined : [older, newer];
  }

  #choose(version: number): void {
    this.version = version;
    this.isComparing = false;
    this.#session.rememberVersion(version);
  }

  /** Two can be compared: a third mark takes the place of the first. */
  #mark(version: number): void {
    const marked = [...this.marked].filter((other) => other !== version);
    this.marked = new Set(this.marked.has(version) ? marked : [...marked.slice(-1), version]);
    this.isComparing = this.marked.size === 2;
    this.announcement = this.isComparing
      ? `Comparing the versions ${[...this.marked].sort((a, b) => a - b).join(' and ')}.`
      : '';
  }

  #toggleComparison = (): void => {
    this.isComparing = !this.isComparing;
    if (!this.isComparing) {
      this.marked = new Set();
    }
  };

  #takeModel(): void {
    this.model = this.#session.model;
    this.gone = this.#session.gone;
    const versions = this.model?.versions ?? [];
    if (!versions.some(({ version }) => version === this.version)) {
      // The newest, also where the one that was shown was deleted.
      this.version = versions[0]?.version;
    }
    const there = new Set(versions.map(({ version }) => version));
    if ([...this.marked].some((version) => !there.has(version))) {
      this.marked = new Set([...this.marked].filter((version) => there.has(version)));
      this.isComparing = this.isComparing && this.marked.size === 2;
    }
  }
}

customElements.define('runledger-model-page', ModelPage);
