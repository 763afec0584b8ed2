import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { MetricModel, RunPageModel } from '../../../src/protocol/runPage.ts';
import type { AxisScale, XAxis } from '../../../src/protocol/series.ts';
import { Crosshair } from '../../charts/crosshair.ts';
import { XRange } from '../../charts/xRange.ts';
import { baseStyles } from '../../shared/baseStyles.ts';
import { formatCount } from '../../shared/formatNumbers.ts';
import { icon } from '../../shared/icons.ts';
import { segmented } from '../../shared/segmented.ts';
import { segmentedStyles } from '../../shared/segmentedStyles.ts';
import type { ThemeWatcher } from '../../shared/theme.ts';
import type { RunSession } from '../runSession.ts';
import { isTerminal } from '../statusLook.ts';
import { ChartCard, type ChartSettings } from './chartCard.ts';
import { layOut, type MetricGroup } from './metricGroups.ts';
import './tiles.ts';

/** How far outside of what is seen a chart is made ready, so that scrolling meets charts and not holes. */
const NEAR = '400px 0px';

const xAxes: readonly (readonly [XAxis, string])[] = [
  ['step', 'Step'],
  ['time', 'Time'],
  ['relative', 'Relative'],
];
const yScales: readonly (readonly [AxisScale, string])[] = [
  ['linear', 'Linear'],
  ['log', 'Log'],
];

/** Tiles of single values, and a chart for each series. */
export class MetricsTab extends LitElement {
  static override properties = {
    model: { attribute: false },
    session: { attribute: false },
    theme: { attribute: false },
    search: { state: true },
    xAxis: { state: true },
    yScale: { state: true },
    folded: { state: true },
  };
  declare model: RunPageModel;
  declare session: RunSession;
  declare theme: ThemeWatcher;
  declare search: string;
  declare xAxis: XAxis;
  declare yScale: AxisScale;
  declare folded: ReadonlySet<string>;

  readonly #crosshair = new Crosshair();
  readonly #range = new XRange();
  #settings: ChartSettings | undefined;
  #observer: IntersectionObserver | undefined;

  static override styles = [
    baseStyles,
    segmentedStyles,
    css`
      :host {
        display: block;
        padding: 0 var(--rl-pad) 20px;
      }
      .toolbar {
        position: sticky;
        z-index: 5;
        top: 0;
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px 12px;
        padding: 7px 0 8px;
        background: var(--rl-background);
        font-size: calc(12 * var(--rl-unit));
      }
      .search {
        position: relative;
        flex: 0 1 212px;
        min-width: 120px;
      }
      .search .icon {
        position: absolute;
        top: calc(5 * var(--rl-unit));
        left: 6px;
        color: var(--rl-secondary);
        pointer-events: none;
      }
      input {
        width: 100%;
        height: calc(26 * var(--rl-unit));
        padding: 0 8px 0 28px;
        font: inherit;
        color: var(--vscode-input-foreground);
        background: var(--vscode-input-background);
        border: 1px solid var(--vscode-input-border, var(--rl-line));
        border-radius: var(--rl-radius);
      }
      input::placeholder {
        color: var(--vscode-input-placeholderForeground);
        opacity: 1;
      }
      input:focus {
        outline: 1px solid var(--vscode-focusBorder);
        outline-offset: -1px;
      }
      .controls {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px 12px;
      }
      .labelled {
        display: flex;
        align-items: center;
        gap: 8px;
      }
      .shown {
        order: 1;
        margin-inline-start: auto;
        color: var(--rl-secondary);
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
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 296px), 1fr));
        gap: 12px;
      }
      .first {
        margin-top: 4px;
      }
      @media (max-width: 599px) {
        .search {
          flex: 1 1 auto;
        }
        .shown {
          order: 0;
        }
        .controls {
          flex-basis: 100%;
        }
        .labelled > span {
          display: none;
        }
      }
    `,
  ];

  constructor() {
    super();
    this.search = '';
    this.xAxis = 'step';
    this.yScale = 'linear';
    this.folded = new Set();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#observer = new IntersectionObserver((entries) => this.#onNear(entries), {
      root: this.parentElement,
      rootMargin: NEAR,
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#observer?.disconnect();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (this.#settings === undefined || changed.has('xAxis') || changed.has('yScale')) {
      this.#settings = { xAxis: this.xAxis, xScale: 'linear', yScale: this.yScale, smoothing: 0 };
    }
    if (changed.has('xAxis')) {
      this.#crosshair.clear();
      this.#range.set(undefined);
    }
  }

  protected override updated(): void {
    for (const card of this.#cards()) {
      // Observing one that is observed already does nothing.
      this.#observer?.observe(card);
    }
  }

  protected override render(): unknown {
    const layout = layOut(this.model.metrics, this.search);
    if (layout.total === 0 && layout.groups.length === 0) {
      return html`<p class="empty">
        ${isTerminal(this.model.state.status) ? 'No metrics were logged.' : 'No metrics yet.'} Call
        <span class="mono">run.log("loss", value)</span> in the script and each series becomes a chart here.
      </p>`;
    }
    return html`
      <div class="toolbar">
        <div class="search">
          ${icon('search')}
          <input
            type="search"
            placeholder="Search metrics"
            aria-label="Search metrics"
            .value=${this.search}
            @input=${(event: InputEvent) => {
              this.search = event.target instanceof HTMLInputElement ? event.target.value : '';
            }}
          />
        </div>
        <span class="shown numbers">${
          layout.shown === layout.total
            ? `${formatCount(layout.total)} shown`
            : `${formatCount(layout.shown)} of ${formatCount(layout.total)} shown`
        }</span>
        <div class="controls">
          <div class="labelled">
            <span>X axis</span>
            ${segmented('X axis', xAxes, this.xAxis, (axis) => {
              this.xAxis = axis;
            })}
          </div>
          ${segmented('Y scale', yScales, this.yScale, (scale) => {
            this.yScale = scale;
          })}
        </div>
      </div>
      ${
        layout.tiles.length === 0
          ? nothing
          : html`<runledger-metric-tiles .metrics=${layout.tiles}></runledger-metric-tiles>`
      }
      ${repeat(
        layout.groups,
        (group) => group.name,
        (group) => this.#group(group, layout.groups.length === 1),
      )}
      ${layout.shown === 0 ? html`<p class="empty">No metric has “${this.search}” in its name. Search for less.</p>` : nothing}
    `;
  }

  #group(group: MetricGroup, isOnly: boolean): unknown {
    const isFolded = this.folded.has(group.name);
    const hasHeader = group.name !== '' || !isOnly;
    return html`<section aria-label=${group.name || 'Metrics'}>
      ${
        hasHeader
          ? html`<button class="group" aria-expanded=${!isFolded} @click=${() => this.#fold(group.name)}>
              ${icon(isFolded ? 'chevron-right' : 'chevron-down')}${group.isSystem ? 'System' : group.name || 'Without a group'}
              <span class="count">${formatCount(group.metrics.length)}</span>
            </button>`
          : html`<div class="first"></div>`
      }
      ${isFolded ? nothing : html`<div class="grid">${this.#charts(group.metrics)}</div>`}
    </section>`;
  }

  #charts(metrics: readonly MetricModel[]): unknown {
    const { state } = this.model;
    return repeat(
      metrics,
      (metric) => metric.name,
      (metric) => html`<runledger-chart-card
        tabindex="0"
        .metric=${metric}
        .session=${this.session}
        .theme=${this.theme}
        .crosshair=${this.#crosshair}
        .range=${this.#range}
        .settings=${this.#settings}
        .origin=${state.startTime ?? this.model.identity.createdTime}
        .isLive=${!isTerminal(state.status)}
        @keydown=${this.#onKey}
      ></runledger-chart-card>`,
    );
  }

  #fold(name: string): void {
    const folded = new Set(this.folded);
    if (!folded.delete(name)) {
      folded.add(name);
    }
    this.folded = folded;
  }

  #cards(): ChartCard[] {
    return [...this.renderRoot.querySelectorAll<ChartCard>('runledger-chart-card')];
  }

  #onNear(entries: readonly IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting, boundingClientRect } of entries) {
      if (target instanceof ChartCard) {
        target.setNearness(isIntersecting ? 'near' : boundingClientRect.width === 0 ? 'hidden' : 'far');
      }
    }
  }

  /** Ctrl with an arrow goes to the neighbouring chart. */
  #onKey = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step !== 0 && (event.ctrlKey || event.metaKey) && event.currentTarget instanceof ChartCard) {
      event.preventDefault();
      const cards = this.#cards();
      cards[cards.indexOf(event.currentTarget) + step]?.focus();
    }
  };
}

customElements.define('runledger-metrics-tab', MetricsTab);
