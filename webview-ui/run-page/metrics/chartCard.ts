import { html, LitElement, nothing, type PropertyValues } from 'lit';
import type { MetricModel } from '../../../src/protocol/runPage.ts';
import type { AxisScale, XAxis } from '../../../src/protocol/series.ts';
import type { Crosshair } from '../../charts/crosshair.ts';
import { type Curve, curveLook } from '../../charts/curves.ts';
import type { ChartView } from '../../charts/lineChart.ts';
import '../../charts/linePlot.ts';
import type { LinePlot } from '../../charts/linePlot.ts';
import type { SeriesView } from '../../charts/seriesFeed.ts';
import type { XRange } from '../../charts/xRange.ts';
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
import { type CurveChange, MetricCurve } from './metricCurve.ts';
import { runSeries } from './runSeries.ts';
import './seriesTable.ts';

/** `near`: in or close to what is seen. `hidden`: its tab is not shown. `far`: scrolled away. */
export type Nearness = 'near' | 'hidden' | 'far';

/** How all charts of the tab are drawn. */
export interface ChartSettings {
  readonly xAxis: XAxis;
  readonly xScale: AxisScale;
  readonly yScale: AxisScale;
  readonly smoothing: number;
}

const ASSUMED_WIDTH = 300;

/** One series: name, last value, curve or table, and its extremes. Exists on the canvas only while near. */
export class ChartCard extends LitElement {
  static override properties = {
    metric: { attribute: false },
    session: { attribute: false },
    theme: { attribute: false },
    crosshair: { attribute: false },
    range: { attribute: false },
    settings: { attribute: false },
    origin: { attribute: false },
    isLive: { attribute: false },
    showsTable: { state: true },
    problem: { state: true },
    version: { state: true },
    nearness: { state: true },
  };
  declare metric: MetricModel;
  declare session: RunSession;
  declare theme: ThemeWatcher;
  declare crosshair: Crosshair;
  declare range: XRange;
  declare settings: ChartSettings;
  declare origin: number;
  declare isLive: boolean;
  declare showsTable: boolean;
  declare problem: string | undefined;
  /** Of the points: another one tells that there are others. */
  declare version: number;
  declare nearness: Nearness;

  #curve: MetricCurve | undefined;
  /** What the plot was given: others are given only where something differs. */
  #drawn: { readonly curves: readonly Curve[]; readonly view: ChartView; readonly key: string } | undefined;
  #hasMissedDrawing = false;
  readonly #stops: (() => void)[] = [];

  static override styles = [baseStyles, chartCardStyles];

  constructor() {
    super();
    this.showsTable = false;
    this.problem = undefined;
    this.version = 0;
    this.nearness = 'far';
    this.addEventListener('keydown', this.#onKey);
  }

  /** Told by the tab, which watches what is seen. */
  setNearness(nearness: Nearness): void {
    this.nearness = nearness;
    if (nearness === 'far') {
      this.#curve?.stop();
    } else if (nearness === 'near') {
      this.#curve ??= new MetricCurve(runSeries(this.session, this.metric.name), this.#seriesView(), this.#onCurve);
      this.#curve.setView(this.#seriesView());
      this.#curve.start();
      if (this.#hasMissedDrawing) {
        this.#hasMissedDrawing = false;
        this.version++;
        this.#plot?.pointsChanged();
      }
    }
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stops.push(this.range.onChange(() => this.#onRange()));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const stop of this.#stops.splice(0)) {
      stop();
    }
    this.setNearness('far');
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('settings') || changed.has('origin')) {
      this.#curve?.setView(this.#seriesView());
    }
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('metric')) {
      this.setAttribute('role', 'group');
      this.setAttribute('aria-roledescription', 'chart');
      this.setAttribute('aria-keyshortcuts', 'T');
      this.setAttribute('aria-label', this.#description());
    }
  }

  protected override render(): unknown {
    const { prefix, rest } = splitName(this.metric.name);
    const last = scalarToNumber(this.metric.last);
    const { curves, view } = this.#plotted();
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
        <runledger-line-plot
          .name=${this.metric.name}
          .curves=${curves}
          .view=${view}
          .origin=${this.origin}
          .theme=${this.theme}
          .crosshair=${this.crosshair}
          .range=${this.range}
          .isNear=${this.nearness !== 'far' && !this.showsTable}
          .isWhole=${isWhole(this.metric)}
        ></runledger-line-plot>
        ${this.problem === undefined ? nothing : html`<p class="problem">${this.problem}</p>`}
      </div>
      ${
        this.showsTable && this.#curve !== undefined
          ? html`<runledger-series-table
              class="table"
              .label=${this.metric.name}
              .buffer=${this.#curve.buffer}
              .origin=${this.origin}
              .version=${this.version}
            ></runledger-series-table>`
          : nothing
      }
      <footer class="numbers">${this.#footer()}</footer>
    `;
  }

  #footer(): unknown {
    const buffer = this.#curve?.buffer;
    const note =
      this.showsTable && buffer !== undefined && buffer.length < buffer.totalCount
        ? `${formatCount(buffer.length)} of ${formatCount(buffer.totalCount)} points`
        : this.settings.yScale === 'linear'
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

  get #plot(): LinePlot | undefined {
    return this.renderRoot.querySelector<LinePlot>('runledger-line-plot') ?? undefined;
  }

  #canBeLogarithmic(): boolean {
    return this.metric.max === undefined || this.metric.max.value > 0;
  }

  #yScale(): AxisScale {
    return this.settings.yScale === 'log' && this.#canBeLogarithmic() ? 'log' : 'linear';
  }

  #seriesView(): SeriesView {
    const { xAxis: axis, xScale, smoothing } = this.settings;
    const area = this.#plot?.chart?.area;
    const width = (area === undefined ? this.clientWidth || ASSUMED_WIDTH : area.right - area.left) * devicePixelRatio;
    return { axis, xScale, yScale: this.#yScale(), smoothing, origin: this.origin, width, range: this.range.current };
  }

  /** What the plot draws: the same objects as long as nothing differs but the points. */
  #plotted(): { readonly curves: readonly Curve[]; readonly view: ChartView } {
    const { xAxis: xKind, xScale } = this.settings;
    const curve = this.#curve;
    const bestStep = bestPoint(this.metric)?.x;
    const colours = this.theme.current.series;
    const range = this.range.current;
    const key = [
      xKind,
      xScale,
      this.#yScale(),
      range?.min,
      range?.max,
      this.isLive,
      bestStep,
      colours[0],
      curve !== undefined,
      curve?.raw !== undefined,
    ].join(' ');
    if (this.#drawn?.key !== key) {
      const curves =
        curve === undefined
          ? []
          : [
              {
                id: this.metric.name,
                label: this.metric.name,
                ...curveLook(0, colours),
                points: curve.points,
                raw: curve.raw,
                isLive: this.isLive,
                bestStep,
              },
            ];
      this.#drawn = { curves, view: { xKind, xScale, yScale: this.#yScale(), range }, key };
    }
    return this.#drawn;
  }

  #onRange(): void {
    this.#curve?.setView(this.#seriesView());
    if (this.nearness === 'near') {
      this.requestUpdate();
    }
  }

  #onCurve = (change: CurveChange): void => {
    this.problem = change.kind === 'failed' ? change.message : undefined;
    if (change.kind === 'lines') {
      this.requestUpdate();
    }
    if (this.nearness === 'hidden') {
      this.#hasMissedDrawing = true;
      return;
    }
    if (this.showsTable) {
      this.version++;
    }
    this.#plot?.pointsChanged();
  };

  #toggleTable = (): void => {
    this.showsTable = !this.showsTable;
  };

  #onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    if (event.key === 't' || event.key === 'T') {
      this.#toggleTable();
      return;
    }
    if (!this.showsTable && this.#plot?.pressKey(event) === true) {
      event.preventDefault();
    }
  };
}

customElements.define('runledger-chart-card', ChartCard);
