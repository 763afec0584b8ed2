import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import {
  type CurveSettings,
  defaultCurveSettings,
  type SeriesModel,
  type SeriesRange,
} from '../../src/protocol/series.ts';
import { baseStyles } from '../shared/baseStyles.ts';
import { splitName } from '../shared/best.ts';
import type { ThemeWatcher } from '../shared/theme.ts';
import { chartFrameStyles } from './chartFrameStyles.ts';
import type { Crosshair } from './crosshair.ts';
import { type Curve, curveLook } from './curves.ts';
import type { ChartView } from './lineChart.ts';
import { MetricCurve } from './metricCurve.ts';
import { pixelGridOf } from './pixelGrid.ts';
import './linePlot.ts';
import type { LinePlot } from './linePlot.ts';
import type { SeriesView } from './seriesView.ts';
import type { XRange } from './xRange.ts';

/** A run whose curve is drawn. */
export interface OverlaidRun {
  readonly id: string;
  readonly label: string;
  /** Its place in the series colours: a run has the same in all charts. */
  readonly slot: number;
  /** Where its relative time begins, Unix seconds. */
  readonly origin: number;
  readonly isLive: boolean;
}

/** Asks for the points of one run. Rejects where the run does not have the metric. */
export type RequestSeries = (
  runId: string,
  metric: string,
  range: SeriesRange,
  signal: AbortSignal,
) => Promise<SeriesModel>;

interface DrawnCurve {
  readonly curve: MetricCurve;
  origin: number;
  reload: () => void;
  hasFailed: boolean;
}

/**
 * One metric of several runs in one chart, with its header. Runs that do not have the metric are left out.
 *
 * Fires `curve-focus` with the id of the run under the pointer or undefined.
 */
export class OverlaidChart extends LitElement {
  static override properties = {
    metric: { type: String },
    runs: { attribute: false },
    request: { attribute: false },
    theme: { attribute: false },
    crosshair: { attribute: false },
    range: { attribute: false },
    settings: { attribute: false },
    focused: { attribute: false },
    dataVersion: { type: Number },
    count: { state: true },
  };
  declare metric: string;
  declare runs: readonly OverlaidRun[];
  declare request: RequestSeries;
  declare theme: ThemeWatcher;
  declare crosshair: Crosshair;
  declare range: XRange;
  declare settings: CurveSettings;
  declare focused: string | undefined;
  /** Another number says that runs that go on may have new points. */
  declare dataVersion: number;
  /** Curves that have points: another number draws anew. */
  declare count: number;

  readonly #curves = new Map<string, DrawnCurve>();
  #view: ChartView | undefined;
  readonly #stops: (() => void)[] = [];
  #shown: readonly Curve[] = [];

  static override styles = [
    baseStyles,
    chartFrameStyles,
    css`
      :host {
        outline: none;
      }
      :host(:focus-visible) {
        border-color: var(--vscode-focusBorder);
      }
      runledger-line-plot {
        position: absolute;
        inset: 0;
      }
      .unused {
        visibility: hidden;
      }
      .none {
        margin: 0;
        padding: 12px;
        font-size: calc(12 * var(--rl-unit));
        color: var(--rl-secondary);
      }
    `,
  ];

  constructor() {
    super();
    this.runs = [];
    this.settings = defaultCurveSettings;
    this.dataVersion = 0;
    this.count = 0;
    this.focused = undefined;
    this.addEventListener('keydown', (event) => {
      if (this.#plot?.pressKey(event) === true) {
        event.preventDefault();
        event.stopPropagation();
      }
    });
  }

  get #plot(): LinePlot | null {
    return this.renderRoot.querySelector('runledger-line-plot');
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.tabIndex = 0;
    this.setAttribute('role', 'group');
    this.#stops.push(
      this.range.onChange(() => {
        for (const { curve, origin } of this.#curves.values()) {
          curve.setView(this.#seriesView(origin));
        }
        this.requestUpdate();
      }),
      // The curves have their colours from here.
      this.theme.onChange(() => this.requestUpdate()),
    );
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const stop of this.#stops.splice(0)) {
      stop();
    }
    this.#dropAll();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('metric') && changed.get('metric') !== undefined) {
      this.#dropAll();
    }
    this.ariaLabel = `${this.metric} of ${this.runs.length} runs`;
    const wanted = new Set(this.runs.map(({ id }) => id));
    for (const [id, { curve }] of this.#curves) {
      if (!wanted.has(id)) {
        curve.stop();
        this.#curves.delete(id);
      }
    }
    for (const { id, isLive, origin } of this.runs) {
      const known = this.#curves.get(id);
      if (known === undefined) {
        this.#add(id, origin);
      } else if (changed.has('settings') || known.origin !== origin) {
        known.origin = origin;
        known.curve.setView(this.#seriesView(origin));
      }
      if (known !== undefined && changed.has('dataVersion') && isLive) {
        known.reload();
      }
    }
    const { current } = this.range;
    if (this.#view?.range !== current || changed.has('settings')) {
      const { xAxis, xScale, yScale } = this.settings;
      this.#view = { xKind: xAxis, xScale, yScale, range: current };
    }
  }

  protected override render(): unknown {
    const { prefix, rest } = splitName(this.metric);
    const curves = this.#shownCurves();
    return html`<div class="head">
        <span class="clip" title=${this.metric}><span class="secondary">${prefix}</span>${rest}</span>
        <span class="secondary">${this.#note(curves.length)}</span>
      </div>
      <div class="plot">
        ${
          this.runs.length === 0
            ? html`<p class="none">No run is chosen. Click on the square before a run to draw its curve.</p>`
            : curves.length === 0 && this.#hasAllAnswers()
              ? html`<p class="none">None of the runs has a curve of this metric.</p>`
              : nothing
        }
        <runledger-line-plot
          class=${curves.length === 0 ? 'unused' : ''}
          .name=${this.metric}
          .curves=${curves}
          .view=${this.#view}
          .origin=${this.runs.find(({ id }) => id === curves[0]?.id)?.origin ?? 0}
          .theme=${this.theme}
          .crosshair=${this.crosshair}
          .range=${this.range}
          .focused=${this.focused}
          @plot-drawn=${this.#onDrawn}
        ></runledger-line-plot>
      </div>`;
  }

  #note(count: number): string {
    const { xAxis, yScale } = this.settings;
    const runs = count === 1 ? '1 run' : `${count} runs`;
    return `${runs}, ${xAxis === 'relative' ? 'relative time' : xAxis}${yScale === 'log' ? ', log' : ''}`;
  }

  #hasAllAnswers(): boolean {
    return [...this.#curves.values()].every(({ hasFailed, curve }) => hasFailed || curve.points.length > 0);
  }

  /** The same list for as long as its curves are the same: a plot draws anew for another. */
  #shownCurves(): readonly Curve[] {
    const curves = this.#drawnCurves();
    const isSame = (curve: Curve, index: number): boolean => {
      const shown = this.#shown[index];
      return (
        shown !== undefined &&
        shown.points === curve.points &&
        shown.raw === curve.raw &&
        shown.label === curve.label &&
        shown.colour === curve.colour &&
        shown.dash === curve.dash &&
        shown.isLive === curve.isLive
      );
    };
    if (curves.length !== this.#shown.length || !curves.every(isSame)) {
      this.#shown = curves;
    }
    return this.#shown;
  }

  #drawnCurves(): readonly Curve[] {
    const colours = this.theme.current.series;
    return this.runs.flatMap(({ id, label, slot, isLive }) => {
      const curve = this.#curves.get(id)?.curve;
      if (curve === undefined || curve.points.length === 0) {
        return [];
      }
      return [{ id, label, ...curveLook(slot, colours), points: curve.points, raw: curve.raw, isLive }];
    });
  }

  #add(id: string, origin: number): void {
    let reload: () => void = () => {};
    const drawn: DrawnCurve = {
      origin,
      curve: new MetricCurve(
        {
          request: (range, signal) => this.request(id, this.metric, range, signal),
          onPoints: () => () => {},
          onReload: (listener) => {
            reload = listener;
            return () => {
              reload = () => {};
            };
          },
        },
        this.#seriesView(origin),
        (change) => {
          drawn.hasFailed = change.kind === 'failed';
          this.count = this.#drawnCurves().length;
          this.requestUpdate();
          this.#plot?.pointsChanged();
        },
      ),
      reload: () => reload(),
      hasFailed: false,
    };
    this.#curves.set(id, drawn);
    drawn.curve.start();
  }

  #dropAll(): void {
    for (const { curve } of this.#curves.values()) {
      curve.stop();
    }
    this.#curves.clear();
  }

  #onDrawn = (): void => {
    const chart = this.#plot?.chart;
    if (chart !== undefined) {
      const grid = pixelGridOf(chart.plot(), devicePixelRatio);
      for (const { curve } of this.#curves.values()) {
        curve.setGrid(grid, chart.view.range);
      }
    }
  };

  #seriesView(origin: number): SeriesView {
    const { xAxis, xScale, yScale, smoothing } = this.settings;
    const width = Math.max(200, this.clientWidth) * devicePixelRatio;
    return {
      axis: xAxis,
      xScale,
      yScale,
      origin,
      smoothing,
      width,
      range: this.range.current,
    };
  }
}

customElements.define('runledger-overlaid-chart', OverlaidChart);
