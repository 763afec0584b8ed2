import { css, html, LitElement, type PropertyValues } from 'lit';
import { directionOf } from '../../src/protocol/metricDirection.ts';
import { defaultCurveSettings } from '../../src/protocol/series.ts';
import { chartFrameStyles } from '../charts/chartFrameStyles.ts';
import { CurvePoints } from '../charts/chartPoints.ts';
import type { Crosshair } from '../charts/crosshair.ts';
import type { Curve } from '../charts/curves.ts';
import type { ChartView } from '../charts/lineChart.ts';
import '../charts/linePlot.ts';
import type { LinePlot } from '../charts/linePlot.ts';
import { SeriesBuffer } from '../charts/seriesBuffer.ts';
import type { XRange } from '../charts/xRange.ts';
import { baseStyles } from '../shared/baseStyles.ts';
import { nameOrBlank, splitName } from '../shared/best.ts';
import { formatSeriesValue, isWholeSeries } from '../shared/formatNumbers.ts';
import type { ThemeWatcher } from '../shared/theme.ts';
import type { CurveModel } from './runSummary.ts';

/** One metric of a run as a chart, as on the run's page, with the points that the notebook holds. */
export class MetricPlot extends LitElement {
  static override properties = {
    model: { attribute: false },
    origin: { attribute: false },
    isLive: { attribute: false },
    theme: { attribute: false },
    crosshair: { attribute: false },
    range: { attribute: false },
  };
  declare model: CurveModel;
  /** Where relative time begins, Unix seconds. */
  declare origin: number;
  declare isLive: boolean;
  declare theme: ThemeWatcher;
  declare crosshair: Crosshair;
  declare range: XRange;

  readonly #buffer = new SeriesBuffer();
  #curves: readonly Curve[] = [];
  #view: ChartView = { xKind: 'step', xScale: 'linear', yScale: 'linear', range: undefined };
  readonly #stops: (() => void)[] = [];

  static override styles = [
    baseStyles,
    chartFrameStyles,
    css`
      .name {
        flex: 1;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .name .secondary {
        margin: 0;
        font-size: inherit;
        color: var(--rl-secondary);
      }
      .head .last {
        flex: none;
        font-variant-numeric: tabular-nums;
        font-weight: 600;
      }
      .plot {
        flex: none;
        height: 132px;
      }
      runledger-line-plot {
        position: absolute;
        inset: 0;
      }
      .foot {
        padding: 2px 10px 6px;
        font-size: calc(11 * var(--rl-unit));
        line-height: calc(16 * var(--rl-unit));
        color: var(--rl-secondary);
        font-variant-numeric: tabular-nums;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stops.push(
      this.range.onChange(() => {
        this.#view = { ...this.#view, range: this.range.current };
        this.requestUpdate();
      }),
      this.theme.onChange(() => this.#take()),
    );
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const stop of this.#stops.splice(0)) {
      stop();
    }
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('model') || changed.has('isLive')) {
      this.#take();
    }
  }

  protected override render(): unknown {
    const { values } = this.#buffer;
    const finite = values.filter(Number.isFinite);
    const isWhole = isWholeSeries(finite);
    const { prefix, rest } = splitName(nameOrBlank(this.model.name));
    const last = formatSeriesValue(values.at(-1) ?? Number.NaN, isWhole);
    return html`<div class="head">
        <span class="name" title=${this.model.name}><span class="secondary">${prefix}</span>${rest}</span>
        <span class="last">${last}</span>
      </div>
      <div
        class="plot"
        tabindex="0"
        role="group"
        aria-label=${`Chart of ${this.model.name}, last value ${last}. Arrow keys move along the curve.`}
        @keydown=${this.#onKey}
      >
        <runledger-line-plot
          .name=${this.model.name}
          .curves=${this.#curves}
          .view=${this.#view}
          .origin=${this.origin}
          .theme=${this.theme}
          .crosshair=${this.crosshair}
          .range=${this.range}
          .isWhole=${isWhole}
        ></runledger-line-plot>
      </div>
      <div class="foot">${this.#extremes(finite, isWhole)}</div>`;
  }

  #extremes(finite: readonly number[], isWhole: boolean): string {
    if (finite.length === 0) {
      return 'no number';
    }
    const low = `min ${formatSeriesValue(
      finite.reduce((a, b) => Math.min(a, b)),
      isWhole,
    )}`;
    const high = `max ${formatSeriesValue(
      finite.reduce((a, b) => Math.max(a, b)),
      isWhole,
    )}`;
    return (directionOf(this.model.name) === 'higher' ? [high, low] : [low, high]).join(' · ');
  }

  #take(): void {
    this.#buffer.replace(this.model.series, 'step');
    const points = new CurvePoints();
    points.replace(this.#buffer, { ...defaultCurveSettings, origin: this.origin });
    const [colour = 'currentcolor'] = this.theme.current.series;
    this.#curves = [
      { id: this.model.name, label: this.model.name, colour, dash: 'solid', points, isLive: this.isLive },
    ];
    this.requestUpdate();
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    if (this.renderRoot.querySelector<LinePlot>('runledger-line-plot')?.pressKey(event) === true) {
      event.preventDefault();
      // The notebook has keys of its own.
      event.stopPropagation();
    }
  };
}

customElements.define('runledger-metric-plot', MetricPlot);
