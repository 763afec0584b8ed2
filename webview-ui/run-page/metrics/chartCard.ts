import { html, LitElement, nothing, type PropertyValues } from 'lit';
import type { MetricModel, XAxis, YScale } from '../../../src/protocol/runPage.ts';
import { baseStyles } from '../../shared/baseStyles.ts';
import {
  formatCount,
  formatMetricLong,
  formatSeriesValue,
  scalarToNumber,
  scalarToText,
} from '../../shared/formatNumbers.ts';
import { icon } from '../../shared/icons.ts';
import type { ThemeWatcher } from '../../shared/theme.ts';
import type { RunSession } from '../runSession.ts';
import { bestPoint, extremes, isWhole, splitName } from './best.ts';
import { chartCardStyles } from './chartCardStyles.ts';
import { ChartOverlay } from './chartOverlay.ts';
import { describeX, hasPositive } from './chartPoints.ts';
import type { Crosshair } from './crosshair.ts';
import { type ChartView, LineChart } from './lineChart.ts';
import { type FeedChange, SeriesFeed, type SeriesView } from './seriesFeed.ts';
import { seriesTable } from './seriesTable.ts';

/** `near`: in or close to what is seen. `hidden`: its tab is not shown. `far`: scrolled away. */
export type Nearness = 'near' | 'hidden' | 'far';

const ASSUMED_WIDTH = 300;

/** One series: name, last value, curve or table, and its extremes. Exists on the canvas only while near. */
export class ChartCard extends LitElement {
  static override properties = {
    metric: { attribute: false },
    session: { attribute: false },
    theme: { attribute: false },
    crosshair: { attribute: false },
    xAxis: { attribute: false },
    yScale: { attribute: false },
    origin: { attribute: false },
    isLive: { attribute: false },
    showsTable: { state: true },
    problem: { state: true },
    tableVersion: { state: true },
  };
  declare metric: MetricModel;
  declare session: RunSession;
  declare theme: ThemeWatcher;
  declare crosshair: Crosshair;
  declare xAxis: XAxis;
  declare yScale: YScale;
  declare origin: number;
  declare isLive: boolean;
  declare showsTable: boolean;
  declare problem: string | undefined;
  declare tableVersion: number;

  #nearness: Nearness = 'far';
  #feed: SeriesFeed | undefined;
  #chart: LineChart | undefined;
  #overlay: ChartOverlay | undefined;
  #hasMissedDrawing = false;
  readonly #stops: (() => void)[] = [];

  static override styles = [baseStyles, chartCardStyles];

  constructor() {
    super();
    this.showsTable = false;
    this.problem = undefined;
    this.tableVersion = 0;
    this.addEventListener('keydown', this.#onKey);
  }

  /** Told by the tab, which watches what is seen. */
  setNearness(nearness: Nearness): void {
    this.#nearness = nearness;
    if (nearness === 'far') {
      this.#dropChart();
      this.#feed?.stop();
      return;
    }
    if (nearness === 'near') {
      this.#feed ??= new SeriesFeed(this.session, this.metric.name, this.#seriesView(), this.#onFeed);
      this.#feed.setView(this.#seriesView());
      this.#feed.start();
      this.#ensureChart();
      if (this.#hasMissedDrawing) {
        this.#hasMissedDrawing = false;
        this.#chart?.refresh(this.#view());
      }
    }
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stops.push(
      this.theme.onChange(() => this.#chart?.setTheme(this.theme.current)),
      this.crosshair.onMove(() => this.#drawOverlay()),
    );
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const stop of this.#stops.splice(0)) {
      stop();
    }
    this.setNearness('far');
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('metric')) {
      this.setAttribute('role', 'group');
      this.setAttribute('aria-roledescription', 'chart');
      this.setAttribute('aria-keyshortcuts', 'T');
      this.setAttribute('aria-label', this.#description());
    }
    if (changed.has('xAxis') || changed.has('yScale') || changed.has('origin')) {
      this.#feed?.setView(this.#seriesView());
      this.#chart?.refresh(this.#view());
    } else if (changed.has('isLive') || changed.has('metric')) {
      this.#chart?.setView(this.#view());
    }
    this.#ensureChart();
  }

  protected override render(): unknown {
    const { prefix, rest } = splitName(this.metric.name);
    const last = scalarToNumber(this.metric.last);
    return html`
      <header title=${this.metric.description ?? this.metric.name}>
        <span class="clip"><span class="secondary">${prefix}</span>${rest}</span>
        <span class="last numbers" title=${scalarToText(this.metric.last)}>
          ${last === undefined ? scalarToText(this.metric.last) : formatSeriesValue(last, isWhole(this.metric))}
        </span>
        <span class="tools">
          <button
            class="icon-button"
            tabindex="-1"
            title="${this.showsTable ? 'Show as chart' : 'Show as table'} (T)"
            aria-label="Show as table"
            aria-pressed=${this.showsTable}
            @click=${this.#toggleTable}
          >
            ${icon('table')}
          </button>
        </span>
      </header>
      <div class="plot" ?hidden=${this.showsTable}>
        <canvas
          aria-hidden="true"
          @pointermove=${this.#onPointer}
          @pointerleave=${() => this.crosshair.hover(undefined)}
          @click=${this.#onClick}
        ></canvas>
        <div class="line" hidden></div>
        <div class="dot" hidden></div>
        <div class="tip" hidden></div>
        ${this.problem === undefined ? nothing : html`<p class="problem">${this.problem}</p>`}
      </div>
      ${
        this.showsTable && this.#feed !== undefined
          ? html`<div class="table">${seriesTable(this.#feed.buffer, this.origin)}</div>`
          : nothing
      }
      <footer class="numbers">${this.#footer()}</footer>
    `;
  }

  #footer(): unknown {
    const buffer = this.#feed?.buffer;
    const note =
      this.showsTable && buffer !== undefined && buffer.length < buffer.totalCount
        ? `${formatCount(buffer.length)} of ${formatCount(buffer.totalCount)} points`
        : this.yScale === 'linear'
          ? ''
          : this.#canBeLogarithmic()
            ? 'log'
            : 'linear: no value above 0';
    return html`
      ${extremes(this.metric).map(
        ({ label, value, at }) =>
          html`<span><span class="secondary">${label}</span> ${value} <span class="secondary">at ${at}</span></span>`,
      )}
      <span class="note">${note}</span>
    `;
  }

  #description(): string {
    const last = scalarToNumber(this.metric.last);
    const parts = extremes(this.metric).map(({ label, value, at }) => `${label} ${value} at ${at}`);
    return [this.metric.name, last === undefined ? '' : `last ${formatMetricLong(last)}`, ...parts]
      .filter(Boolean)
      .join(', ');
  }

  #canBeLogarithmic(): boolean {
    const buffer = this.#feed?.buffer;
    return buffer === undefined || buffer.length === 0 || hasPositive(buffer.values);
  }

  #seriesView(): SeriesView {
    const width = (this.clientWidth || ASSUMED_WIDTH) * window.devicePixelRatio;
    return { axis: this.xAxis, yScale: this.yScale, origin: this.origin, width };
  }

  #view(): ChartView {
    return {
      xAxis: this.xAxis,
      yScale: this.yScale === 'log' && this.#canBeLogarithmic() ? 'log' : 'linear',
      origin: this.origin,
      isLive: this.isLive,
      bestX: bestPoint(this.metric)?.x,
    };
  }

  #onFeed = (change: FeedChange): void => {
    this.problem = change.kind === 'failed' ? change.message : undefined;
    if (this.showsTable) {
      this.tableVersion++;
    }
    if (this.#nearness === 'hidden') {
      this.#hasMissedDrawing = true;
    } else if (change.kind === 'appended' && this.#chart !== undefined) {
      this.#chart.append(change.from);
    } else if (this.#chart !== undefined) {
      this.#chart.refresh(this.#view());
    } else {
      this.#ensureChart();
    }
  };

  #ensureChart(): void {
    const canvas = this.renderRoot.querySelector('canvas');
    const buffer = this.#feed?.buffer;
    if (this.#chart !== undefined || this.#nearness !== 'near' || canvas === null || this.showsTable) {
      return;
    }
    if (buffer !== undefined && buffer.length > 0) {
      this.#chart = new LineChart(canvas, {
        metric: this.metric.name,
        buffer,
        theme: this.theme.current,
        view: this.#view(),
        onDrawn: () => this.#drawOverlay(),
      });
      this.#overlay = new ChartOverlay(this.renderRoot, this.#chart);
    }
  }

  #dropChart(): void {
    this.#overlay?.hide();
    this.#chart?.destroy();
    this.#chart = undefined;
    this.#overlay = undefined;
  }

  #toggleTable = (): void => {
    this.showsTable = !this.showsTable;
  };

  #onPointer = (event: PointerEvent): void => {
    const place = this.#chart?.nearest(this.#chart.xAt(event.offsetX));
    const point = place === undefined ? undefined : this.#chart?.points[place];
    if (point !== undefined) {
      this.crosshair.hover({ x: point.x, source: this });
    }
  };

  #onClick = (event: PointerEvent): void => {
    this.crosshair.toggleKept();
    this.#onPointer(event);
  };

  #onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    if (event.key === 't' || event.key === 'T') {
      this.#toggleTable();
      return;
    }
    if (event.key === 'Escape') {
      this.crosshair.clear();
      return;
    }
    const chart = this.#chart;
    if (chart === undefined || this.showsTable) {
      return;
    }
    const end = chart.points.length - 1;
    const shared = this.crosshair.place;
    const current = shared === undefined ? undefined : chart.nearest(shared.x);
    const step = event.shiftKey ? 10 : 1;
    const moves: Record<string, number> = {
      ArrowRight: current === undefined ? 0 : Math.min(end, current + step),
      ArrowLeft: current === undefined ? end : Math.max(0, current - step),
      Home: 0,
      End: end,
    };
    const point = chart.points[moves[event.key] ?? -1];
    if (point !== undefined) {
      event.preventDefault();
      this.crosshair.move({ x: point.x, source: this });
      this.dispatchEvent(
        new CustomEvent('announce', { bubbles: true, composed: true, detail: this.#words(point.index).join(', ') }),
      );
    }
  };

  #words(index: number): [where: string, value: string] {
    const buffer = this.#feed?.buffer;
    const x = buffer?.x[index] ?? 0;
    const time = buffer?.times[index] ?? 0;
    return [describeX(this.xAxis, { x, time }, this.origin), formatMetricLong(buffer?.values[index] ?? Number.NaN)];
  }

  #drawOverlay(): void {
    const shared = this.crosshair.place;
    const place = shared === undefined ? undefined : this.#chart?.nearest(shared.x);
    const point = place === undefined ? undefined : this.#chart?.points[place];
    if (shared === undefined || place === undefined || point === undefined || this.#nearness !== 'near') {
      this.#overlay?.hide();
      return;
    }
    const [where, value] = this.#words(point.index);
    const short = formatSeriesValue(this.#feed?.buffer.values[point.index] ?? Number.NaN, isWhole(this.metric));
    const isSource = shared.source === this;
    this.#overlay?.show(
      place,
      isSource ? { kind: 'full', where, name: this.metric.name, value } : { kind: 'value', value: short },
    );
  }
}

customElements.define('runledger-chart-card', ChartCard);
