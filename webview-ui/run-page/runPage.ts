import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import type { RunPageModel, RunPageTab, RunStatusName } from '../../src/protocol/runPage.ts';
import { baseStyles } from '../shared/baseStyles.ts';
import { icon } from '../shared/icons.ts';
import { ThemeWatcher } from '../shared/theme.ts';
import './children/childrenTab.ts';
import './files/filesTab.ts';
import type { LogRequest } from './files/filesTab.ts';
import './header.ts';
import './images/imagesTab.ts';
import './metrics/metricsTab.ts';
import './overview/overviewTab.ts';
import { pageSession } from './pageSession.ts';
import './snapshot/snapshotTab.ts';
import { isTerminal, statusLook } from '../shared/statusLook.ts';
import './tables/tablesTab.ts';
import './tabs.ts';
import { firstTab, tabsOf, tabTitle } from './tabs.ts';

/** Tabs that fill the panel and scroll inside. */
const fixedTabs: ReadonlySet<RunPageTab> = new Set(['files', 'children', 'snapshot']);
const NARROW = '(max-width: 599px)';

/** The page of one run. */
export class RunPage extends LitElement {
  static override properties = {
    model: { state: true },
    gone: { state: true },
    tab: { state: true },
    isNarrow: { state: true },
    announcement: { state: true },
    logToShow: { state: true },
  };
  declare model: RunPageModel | undefined;
  declare gone: string | undefined;
  declare tab: RunPageTab;
  declare isNarrow: boolean;
  declare announcement: string;
  declare logToShow: LogRequest | undefined;

  readonly #session = pageSession;
  readonly #theme = new ThemeWatcher();
  readonly #narrow = matchMedia(NARROW);
  /** Tabs that were opened stay, so that their charts and places are kept. */
  readonly #opened = new Set<RunPageTab>();
  readonly #scrollTops = new Map<RunPageTab, number>();
  #lastStatus: RunStatusName | undefined;

  static override styles = [
    baseStyles,
    css`
      :host {
        display: flex;
        flex-direction: column;
        height: 100vh;
      }
      .panel {
        flex: 1;
        min-height: 0;
        overflow: auto;
        overscroll-behavior: contain;
        outline: none;
      }
      .panel.fixed {
        overflow: hidden;
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
      /* A run is there within a moment: words that flash by help nobody. */
      .loading {
        animation: appear 0s 600ms both;
      }
      @keyframes appear {
        from {
          visibility: hidden;
        }
      }
    `,
  ];

  constructor() {
    super();
    this.model = undefined;
    this.gone = undefined;
    this.tab = this.#session.tab ?? 'overview';
    this.isNarrow = this.#narrow.matches;
    this.announcement = '';
    this.logToShow = undefined;
    this.#narrow.addEventListener('change', (event) => {
      this.isNarrow = event.matches;
    });
    this.addEventListener('announce', (event) => {
      if (event instanceof CustomEvent && typeof event.detail === 'string') {
        this.announcement = event.detail;
      }
    });
    this.#session.onModel(() => this.#takeModel());
    this.#session.onShowTab(({ tab, path }) => {
      this.#askForLog(path);
      this.#show(tab);
    });
  }

  protected override willUpdate(): void {
    // Which tab a page opens with may depend on the run.
    if (this.model !== undefined) {
      this.#opened.add(this.tab);
    }
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('tab')) {
      const panel = this.renderRoot.querySelector(`#panel-${this.tab}`);
      panel?.scrollTo({ top: this.#scrollTops.get(this.tab) ?? 0 });
    }
  }

  protected override render(): unknown {
    return html`
      <div class="visually-hidden" role="status" aria-live="polite">${this.announcement}</div>
      ${this.#content()}
    `;
  }

  #content(): unknown {
    if (this.gone !== undefined) {
      return html`<div class="empty gone" role="alert">${icon('info')}<span>${this.gone}</span></div>`;
    }
    const model = this.model;
    if (model === undefined) {
      return html`<p class="empty loading">Loading the run…</p>`;
    }
    return html`
      <runledger-run-header .model=${model} .session=${this.#session} .isNarrow=${this.isNarrow}></runledger-run-header>
      <runledger-run-tabs
        .model=${model}
        .active=${this.tab}
        .isNarrow=${this.isNarrow}
        @choose-tab=${(event: CustomEvent<RunPageTab>) => this.#show(event.detail)}
      ></runledger-run-tabs>
      ${tabsOf(model).map((tab) =>
        this.#opened.has(tab)
          ? html`<div
              class="panel ${fixedTabs.has(tab) ? 'fixed' : ''}"
              id="panel-${tab}"
              role="tabpanel"
              aria-label=${tabTitle(tab)}
              ?hidden=${tab !== this.tab}
            >${this.#panel(tab, model)}</div>`
          : nothing,
      )}
    `;
  }

  #panel(tab: RunPageTab, model: RunPageModel): unknown {
    const session = this.#session;
    switch (tab) {
      case 'overview':
        return html`<runledger-overview-tab
          .model=${model}
          .session=${session}
          @show-tab=${(event: CustomEvent<{ tab: RunPageTab; path?: string }>) => {
            this.#askForLog(event.detail.path);
            this.#show(event.detail.tab);
          }}
        ></runledger-overview-tab>`;
      case 'metrics':
        return html`<runledger-metrics-tab .model=${model} .session=${session} .theme=${this.#theme}></runledger-metrics-tab>`;
      case 'images':
        return html`<runledger-images-tab
          .images=${model.annotations.images}
          .isOver=${isTerminal(model.state.status)}
          .session=${session}
        ></runledger-images-tab>`;
      case 'tables':
        return html`<runledger-tables-tab .model=${model} .session=${session} .theme=${this.#theme}></runledger-tables-tab>`;
      case 'children':
        return html`<runledger-children-tab .model=${model} .session=${session} .theme=${this.#theme}></runledger-children-tab>`;
      case 'files':
        return html`<runledger-files-tab
          .files=${model.files}
          .state=${model.state}
          .session=${session}
          .isNarrow=${this.isNarrow}
          .isShown=${this.tab === 'files'}
          .logToShow=${this.logToShow}
        ></runledger-files-tab>`;
      case 'snapshot':
        return html`<runledger-snapshot-tab .model=${model} .session=${session}></runledger-snapshot-tab>`;
      default:
        return tab satisfies never;
    }
  }

  #askForLog(path: string | undefined): void {
    if (path !== undefined) {
      this.logToShow = { path };
    }
  }

  #show(tab: RunPageTab): void {
    const panel = this.renderRoot.querySelector(`#panel-${this.tab}`);
    if (panel !== null) {
      this.#scrollTops.set(this.tab, panel.scrollTop);
    }
    this.tab = tab;
    this.#session.rememberTab(tab);
  }

  #takeModel(): void {
    const isFirst = this.model === undefined;
    this.gone = this.#session.gone;
    this.model = this.#session.model;
    if (isFirst && this.model !== undefined && this.#session.tab === undefined) {
      this.tab = firstTab(this.model);
    }
    const status = this.model?.state.status;
    if (status !== undefined && this.#lastStatus !== undefined && status !== this.#lastStatus) {
      this.announcement = `Run ${this.model?.identity.number}: ${statusLook(status).label}`;
    }
    this.#lastStatus = status;
  }
}

customElements.define('runledger-run-page', RunPage);
