import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { defaultMetricsLayout, type MetricsLayout } from '../../../src/protocol/metricsLayout.ts';
import type { MetricModel, RunPageModel } from '../../../src/protocol/runPage.ts';
import { Crosshair } from '../../charts/crosshair.ts';
import { XRange } from '../../charts/xRange.ts';
import { baseStyles } from '../../shared/baseStyles.ts';
import { formatCount } from '../../shared/formatNumbers.ts';
import { icon } from '../../shared/icons.ts';
import { isTerminal } from '../../shared/statusLook.ts';
import type { ThemeWatcher } from '../../shared/theme.ts';
import type { RunSession } from '../runSession.ts';
import { type ChartPlace, foldKey, hide, moved, stepped, toggleFolded, togglePinned, xScaleOf } from './arrangement.ts';
import type { ChartSettings } from './chartCard.ts';
import './chartCard.ts';
import { CardWatch } from './cardWatch.ts';
import { ChartDrag } from './chartDrag.ts';
import { CARD_GAP, expectedGrid, NARROWEST_CARD } from './chartGrid.ts';
import { type CardCommand, MetricCard } from './metricCard.ts';
import { isCurveTable, layOut, type MetricGroup, type MetricsOnTab } from './metricGroups.ts';
import './metricsToolbar.ts';
import './tiles.ts';
import './xyCard.ts';

const KEEP_MS = 300;

/** Tiles of single values, and a chart for each series, arranged as the person likes. */
export class MetricsTab extends LitElement {
  static override properties = {
    model: { attribute: false },
    session: { attribute: false },
    theme: { attribute: false },
    search: { state: true },
    layout: { state: true },
    expanded: { state: true },
  };
  declare model: RunPageModel;
  declare session: RunSession;
  declare theme: ThemeWatcher;
  declare search: string;
  declare layout: MetricsLayout | undefined;
  /** The chart that takes the whole width. */
  declare expanded: string | undefined;

  readonly #crosshair = new Crosshair();
  readonly #range = new XRange();
  readonly #drag = new ChartDrag({
    move: (name, place) => this.#move(name, place),
    canMove: (name, place) => moved(this.#layout, this.#groups, name, place) !== undefined,
  });
  #settings: ChartSettings | undefined;
  #groups: readonly MetricGroup[] = [];
  #watch: CardWatch | undefined;
  #keeping: ReturnType<typeof setTimeout> | undefined;

  static override styles = [
    baseStyles,
    css`
      :host {
        display: block;
        padding: 0 var(--rl-pad) 20px;
      }
      .group {
        display: flex;
        align-items: center;
        gap: 6px;
        height: calc(32 * var(--rl-unit));
        padding: 0;
        background: none;
        border: 0;
        font-weight: 600;
      }
      .group .count {
        margin-inline-start: 2px;
      }
      .grid {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, ${NARROWEST_CARD}px), 1fr));
        gap: ${CARD_GAP}px;
      }
      .grid > [expanded] {
        grid-column: 1 / -1;
      }
      .first {
        margin-top: 4px;
      }
    `,
  ];

  constructor() {
    super();
    this.search = '';
    this.layout = undefined;
    this.expanded = undefined;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#watch = new CardWatch(this.parentElement);
    document.addEventListener('visibilitychange', this.#keepLayout);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#watch?.dispose();
    document.removeEventListener('visibilitychange', this.#keepLayout);
    this.#keepLayout();
  }

  protected override willUpdate(): void {
    const { xAxis, yScale, smoothing } = this.#layout;
    const xScale = xScaleOf(this.#layout);
    const before = this.#settings;
    const isSame =
      before?.xAxis === xAxis && before.xScale === xScale && before.yScale === yScale && before.smoothing === smoothing;
    if (!isSame) {
      this.#settings = { xAxis, xScale, yScale, smoothing };
    }
    if (before !== undefined && (before.xAxis !== xAxis || before.xScale !== xScale)) {
      this.#crosshair.clear();
      this.#range.set(undefined);
    }
  }

  protected override firstUpdated(): void {
    // What is near is told only after the page was laid out. The host can read meanwhile.
    for (const card of this.#cards().slice(0, expectedGrid().cards)) {
      card.setNearness('near');
    }
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('expanded') && this.expanded !== undefined) {
      void this.#reveal(this.expanded);
    }
  }

  protected override render(): unknown {
    const layout = this.#layout;
    const shown = layOut(this.model.metrics, layout, this.search);
    this.#groups = shown.groups;
    if (shown.total === 0 && shown.charts.length === 0) {
      return html`<p class="empty">
        ${isTerminal(this.model.state.status) ? 'No metrics were logged.' : 'No metrics yet.'} Call
        <span class="mono">run.log("loss", value)</span> in the script and each series becomes a chart here.
      </p>`;
    }
    return html`
      <runledger-metrics-toolbar
        .layout=${layout}
        .search=${this.search}
        .shown=${shown.shown}
        .total=${shown.total}
        .charts=${shown.charts}
        .range=${this.#range}
        .groupKeys=${shown.groups.map(foldKey)}
        @search=${(event: CustomEvent<string>) => {
          this.search = event.detail;
        }}
        @layout=${(event: CustomEvent<MetricsLayout>) => this.#arrange(event.detail)}
      ></runledger-metrics-toolbar>
      ${
        shown.tiles.length === 0
          ? nothing
          : html`<runledger-metric-tiles .metrics=${shown.tiles}></runledger-metric-tiles>`
      }
      <div
        @dragstart=${this.#drag.start}
        @dragover=${this.#drag.over}
        @drop=${this.#drag.drop}
        @dragend=${this.#drag.end}
        @card-connected=${this.#onConnected}
      >
        ${repeat(shown.groups, foldKey, (group) => this.#group(group, shown.groups.length === 1))}
      </div>
      ${this.#nothingShown(shown)}
    `;
  }

  #nothingShown({ groups, tiles }: MetricsOnTab): unknown {
    if (groups.length > 0 || tiles.length > 0) {
      return nothing;
    }
    return this.search === ''
      ? html`<p class="empty">
          All charts are hidden.
          <button class="link" @click=${() => this.#arrange({ ...this.#layout, hidden: [] })}>Show them</button>
        </p>`
      : html`<p class="empty">No metric that is shown has “${this.search}” in its name. Search for less.</p>`;
  }

  #group(group: MetricGroup, isOnly: boolean): unknown {
    const { kind, name, metrics } = group;
    const isFolded = this.#layout.folded.includes(foldKey(group));
    const hasHeader = kind !== 'prefix' || name !== '' || !isOnly;
    const prefixTitle = name === '' ? 'Without a group' : name;
    const title = kind === 'pinned' ? 'Pinned' : kind === 'system' ? 'System' : prefixTitle;
    return html`<section aria-label=${title}>
      ${
        hasHeader
          ? html`<button
              class="group"
              aria-expanded=${!isFolded}
              @click=${() => this.#arrange(toggleFolded(this.#layout, group))}
            >
              ${icon(isFolded ? 'chevron-right' : 'chevron-down')}<bdi>${title}</bdi>
              <span class="count">${formatCount(metrics.length)}</span>
            </button>`
          : html`<div class="first"></div>`
      }
      ${isFolded ? nothing : html`<div class="grid">${this.#charts(metrics)}</div>`}
    </section>`;
  }

  #charts(metrics: readonly MetricModel[]): unknown {
    return repeat(
      metrics,
      (metric) => metric.name,
      (metric) => (isCurveTable(metric) ? this.#xyCard(metric) : this.#chartCard(metric)),
    );
  }

  #chartCard(metric: MetricModel): unknown {
    const { state, identity } = this.model;
    return html`<runledger-chart-card
      tabindex="0"
      .metric=${metric}
      .session=${this.session}
      .theme=${this.theme}
      .crosshair=${this.#crosshair}
      .range=${this.#range}
      .settings=${this.#settings}
      .origin=${state.startTime ?? identity.createdTime}
      .isLive=${!isTerminal(state.status)}
      .isPinned=${this.#layout.pinned.includes(metric.name)}
      .isExpanded=${this.expanded === metric.name}
      @keydown=${this.#onKey}
      @card-command=${this.#onCommand}
    ></runledger-chart-card>`;
  }

  #xyCard(metric: MetricModel): unknown {
    return html`<runledger-xy-card
      tabindex="0"
      .metric=${metric}
      .session=${this.session}
      .theme=${this.theme}
      .isPinned=${this.#layout.pinned.includes(metric.name)}
      .isExpanded=${this.expanded === metric.name}
      @keydown=${this.#onKey}
      @card-command=${this.#onCommand}
    ></runledger-xy-card>`;
  }

  get #layout(): MetricsLayout {
    return this.layout ?? this.session.layout ?? defaultMetricsLayout;
  }

  /** A slider that moves arranges sixty times a second: the host is told when it rests. */
  #arrange(layout: MetricsLayout): void {
    this.layout = layout;
    clearTimeout(this.#keeping);
    this.#keeping = setTimeout(() => this.#keepLayout(), KEEP_MS);
  }

  #keepLayout = (): void => {
    if (this.#keeping !== undefined) {
      clearTimeout(this.#keeping);
      this.#keeping = undefined;
      this.session.keepLayout(this.#layout);
    }
  };

  #move(name: string, place: ChartPlace): void {
    const layout = moved(this.#layout, this.#groups, name, place);
    if (layout !== undefined) {
      this.#arrange(layout);
    }
  }

  #cards(): MetricCard[] {
    return [...this.renderRoot.querySelectorAll<MetricCard>('runledger-chart-card, runledger-xy-card')];
  }

  #onConnected = (event: Event): void => {
    if (event.target instanceof MetricCard) {
      this.#watch?.add(event.target);
    }
  };

  #onCommand = (event: CustomEvent<CardCommand>): void => {
    if (!(event.currentTarget instanceof MetricCard)) {
      return;
    }
    const card = event.currentTarget;
    const { name } = card.metric;
    switch (event.detail) {
      case 'pin':
        this.#arrange(togglePinned(this.#layout, name));
        void this.#focus(name);
        return;
      case 'expand':
        this.expanded = this.expanded === name ? undefined : name;
        return;
      case 'hide': {
        const cards = this.#cards();
        const neighbour = cards[cards.indexOf(card) + 1] ?? cards[cards.indexOf(card) - 1];
        this.#arrange(hide(this.#layout, [name]));
        this.#announce(`${name} is hidden. Choose charts shows it again.`);
        neighbour?.focus();
        return;
      }
      default:
        event.detail satisfies never;
    }
  };

  /** Ctrl with an arrow goes to the neighbouring chart; with Shift, too, the chart itself goes. */
  #onKey = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : undefined;
    const card = event.currentTarget;
    if (step === undefined || !(event.ctrlKey || event.metaKey) || !(card instanceof MetricCard)) {
      return;
    }
    event.preventDefault();
    if (!event.shiftKey) {
      const cards = this.#cards();
      cards[cards.indexOf(card) + step]?.focus();
      return;
    }
    const { name } = card.metric;
    const layout = stepped(this.#layout, this.#groups, name, step);
    if (layout !== undefined) {
      this.#arrange(layout);
      void this.#focus(name);
      this.#announce(`${name} moved ${step === 1 ? 'right' : 'left'}.`);
    }
  };

  /** The card is as wide as it will be only when it is drawn itself. */
  async #reveal(name: string): Promise<void> {
    const card = this.#cards().find(({ metric }) => metric.name === name);
    await card?.updateComplete;
    card?.scrollIntoView({ block: 'nearest' });
  }

  /** A card that was moved to another place of the document loses the focus. */
  async #focus(name: string): Promise<void> {
    await this.updateComplete;
    this.#cards()
      .find((card) => card.metric.name === name)
      ?.focus();
  }

  #announce(text: string): void {
    this.dispatchEvent(new CustomEvent('announce', { bubbles: true, composed: true, detail: text }));
  }
}

customElements.define('runledger-metrics-tab', MetricsTab);
