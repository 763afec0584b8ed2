import { html, nothing, type PropertyDeclarations, type PropertyValues } from 'lit';
import type { AxisScale, XAxis } from '../../../src/protocol/series.ts';
import type { Crosshair } from '../../charts/crosshair.ts';
import { type Curve, curveLook } from '../../charts/curves.ts';
import type { ChartView } from '../../charts/lineChart.ts';
import { type CurveChange, MetricCurve } from '../../charts/metricCurve.ts';
import { pixelGridOf } from '../../charts/pixelGrid.ts';
import type { SeriesView } from '../../charts/seriesView.ts';
import type { XRange } from '../../charts/xRange.ts';
import { bestPoint, extremes, isWhole } from '../../shared/best.ts';
import {
  formatCount,
  formatMetricLong,
  formatSeriesValue,
  formatStep,
  scalarToNumber,
  scalarToText,
} from '../../shared/formatNumbers.ts';
import type { MenuItem } from '../../shared/menuItems.ts';
import { motion } from '../../shared/motion.ts';
import { expectedGrid } from './chartGrid.ts';
import { MetricCard, type Nearness } from './metricCard.ts';
import { runSeries } from './runSeries.ts';
import './seriesTable.ts';

/** How all charts of the tab are drawn. */
export interface ChartSettings {
  readonly xAxis: XAxis;
  readonly xScale: AxisScale;
  readonly yScale: AxisScale;
  readonly smoothing: number;
}

/** One series: name, last value, curve or table, and its extremes. Exists on the canvas only while near. */
export class ChartCard extends MetricCard {
  static override properties: PropertyDeclarations = {
    crosshair: { attribute: false },
    range: { attribute: false },
    settings: { attribute: false },
    origin: { attribute: false },
    isLive: { attribute: false },
    version: { state: true },
  };
  declare crosshair: Crosshair;
  declare range: XRange;
  declare settings: ChartSettings;
  declare origin: number;
  declare isLive: boolean;
  /** Of the points: another one tells that there are others. */
  declare version: number;

  #curve: MetricCurve | undefined;
  /** What the plot was given: others are given only where something differs. */
  #drawn: { readonly curves: readonly Curve[]; readonly view: ChartView; readonly key: string } | undefined;
  #hasMissedDrawing = false;
  readonly #stops: (() => void)[] = [];

  constructor() {
    super();
    this.version = 0;
  }

  override setNearness(nearness: Nearness): void {
    super.setNearness(nearness);
    if (nearness === 'far') {
      this.#curve?.stop();
    } else if (nearness !== 'hidden') {
      this.#follow(nearness === 'ready');
      if (nearness === 'near' && this.#hasMissedDrawing) {
        this.#hasMissedDrawing = false;
        this.version++;
        this.plot?.pointsChanged();
      }
    }
  }

  /** @param isPausing it is asked for what is missing now, and for no more */
  #follow(isPausing: boolean): void {
    this.#curve ??= new MetricCurve(runSeries(this.session, this.metric.name), this.#seriesView(), this.#onCurve);
    this.#curve.setView(this.#seriesView());
    this.#curve.start();
    if (isPausing) {
      this.#curve.pause();
    }
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stops.push(
      this.range.onChange(() => this.#onRange()),
      // The curve has its colour from here.
      this.theme.onChange(() => this.requestUpdate()),
    );
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const stop of this.#stops.splice(0)) {
      stop();
    }
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('settings') || changed.has('origin')) {
      this.#curve?.setView(this.#seriesView());
    }
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    if (changed.has('isExpanded')) {
      // A wider chart needs more points, and knows its width when it is laid out.
      requestAnimationFrame(() => this.#curve?.setView(this.#seriesView()));
    }
  }

  protected override renderLast(): unknown {
    const last = scalarToNumber(this.metric.last);
    const text = last === undefined ? scalarToText(this.metric.last) : formatSeriesValue(last, isWhole(this.metric));
    return html`<span title=${scalarToText(this.metric.last)}>${text}</span>`;
  }

  protected override renderPlot(): unknown {
    const { curves, view } = this.#plotted();
    return html`<runledger-line-plot
      .name=${this.metric.name}
      .curves=${curves}
      .view=${view}
      .origin=${this.origin}
      .theme=${this.theme}
      .crosshair=${this.crosshair}
      .range=${this.range}
      .isNear=${this.nearness !== 'far' && !this.showsTable}
      .isSeen=${this.nearness !== 'ready'}
      .isWhole=${isWhole(this.metric)}
      @plot-drawn=${this.#onDrawn}
    ></runledger-line-plot>`;
  }

  protected override renderTable(): unknown {
    return this.#curve === undefined
      ? nothing
      : html`<runledger-series-table
          class="table"
          .label=${this.metric.name}
          .buffer=${this.#curve.buffer}
          .origin=${this.origin}
          .version=${this.version}
        ></runledger-series-table>`;
  }

  protected override renderFooter(): unknown {
    const whole = isWhole(this.metric);
    const last = scalarToNumber(this.metric.last);
    const facts = extremes(this.metric);
    return html`
      ${
        this.isExpanded && last !== undefined
          ? this.#fact('last', formatSeriesValue(last, whole), formatStep(this.metric.lastX ?? 0))
          : nothing
      }
      ${facts.map(({ label, value, at }) => this.#fact(label, value, at))}
      <span class="note">${this.#note()}</span>
    `;
  }

  #fact(label: string, value: string, at: string): unknown {
    return html`<span><span class="secondary">${label}</span> ${value} <span class="secondary">at ${at}</span></span>`;
  }

  #note(): string {
    const buffer = this.#curve?.buffer;
    if (this.showsTable && buffer !== undefined && buffer.length < buffer.totalCount) {
      return `${formatCount(buffer.length)} of ${formatCount(buffer.totalCount)} points`;
    }
    if (this.metric.min === undefined) {
      return 'no number to draw';
    }
    const y = this.#canBeLogarithmic() ? 'log' : 'linear: no value above 0';
    return this.settings.yScale === 'linear' ? '' : y;
  }

  protected override describe(): string {
    const last = scalarToNumber(this.metric.last);
    const parts = extremes(this.metric).map(({ label, value, at }) => `${label} ${value} at ${at}`);
    return [this.metric.name, last === undefined ? '' : `last ${formatMetricLong(last)}`, ...parts]
      .filter(Boolean)
      .join(', ');
  }

  protected override exportItems(): MenuItem[] {
    const { name } = this.metric;
    return [{ label: 'Export data as CSV…', run: () => this.session.act({ action: 'exportMetric', metric: name }) }];
  }

  #canBeLogarithmic(): boolean {
    return this.metric.max === undefined || this.metric.max.value > 0;
  }

  #yScale(): AxisScale {
    return this.settings.yScale === 'log' && this.#canBeLogarithmic() ? 'log' : 'linear';
  }

  #seriesView(): SeriesView {
    const { xAxis: axis, xScale, smoothing } = this.settings;
    const area = this.plot?.chart?.area;
    const width = (area === undefined ? expectedGrid().plotWidth : area.right - area.left) * devicePixelRatio;
    return { axis, xScale, yScale: this.#yScale(), smoothing, origin: this.origin, width, range: this.range.current };
  }

  /** What the plot draws: the same objects as long as nothing differs but the points. */
  #plotted(): { readonly curves: readonly Curve[]; readonly view: ChartView } {
    const { xAxis: xKind, xScale } = this.settings;
    const curve = this.#curve;
    const bestStep = bestPoint(this.metric)?.x;
    const colours = this.theme.current.series;
    const range = this.range.current;
    const yScale = this.#yScale();
    const lines = curve === undefined ? 0 : curve.raw === undefined ? 1 : 2;
    const key = [xKind, xScale, yScale, range?.min, range?.max, this.isLive, bestStep, colours[0], lines].join(' ');
    if (this.#drawn?.key !== key) {
      const { name } = this.metric;
      const curves =
        curve === undefined
          ? []
          : [
              {
                id: name,
                label: name,
                ...curveLook(0, colours),
                points: curve.points,
                raw: curve.raw,
                isLive: this.isLive,
                bestStep,
              },
            ];
      this.#drawn = { curves, view: { xKind, xScale, yScale, range }, key };
    }
    return this.#drawn;
  }

  #onRange(): void {
    if (this.nearness === 'ready') {
      motion.atRest(this.#followRange);
    } else {
      this.#followRange();
    }
  }

  readonly #followRange = (): void => {
    if (this.nearness === 'ready') {
      this.#follow(true);
    } else {
      this.#curve?.setView(this.#seriesView());
    }
    const { plot } = this;
    if (plot !== undefined && (this.nearness === 'near' || this.nearness === 'ready')) {
      // Nothing else of the card depends on the range, which may change sixty times a second.
      const { curves, view } = this.#plotted();
      plot.curves = curves;
      plot.view = view;
    }
  };

  #onDrawn = (): void => {
    const chart = this.plot?.chart;
    if (chart !== undefined) {
      this.#curve?.setGrid(pixelGridOf(chart.plot(), devicePixelRatio), chart.view.range);
    }
  };

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
    this.plot?.pointsChanged();
  };
}

customElements.define('runledger-chart-card', ChartCard);
