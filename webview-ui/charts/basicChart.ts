import {
  Chart,
  type ChartConfiguration,
  type ChartDataset,
  Filler,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  type Scale,
  Tooltip,
} from 'chart.js';
import { css, html, LitElement, type PropertyValues } from 'lit';
import { formatMetric } from '../shared/formatNumbers.ts';
import type { CanvasTheme, ThemeWatcher } from '../shared/theme.ts';
import { type CurveDash, dashPatterns } from './curves.ts';

Chart.register(Filler, LinearScale, LineController, LineElement, LogarithmicScale, PointElement, Tooltip);

export interface BasicPoint {
  readonly x: number;
  readonly y: number;
}

/** One curve, cloud of points or histogram. */
export interface BasicSeries {
  readonly label: string;
  readonly points: readonly BasicPoint[];
  /** `best` marks a point with a diamond. `steps` holds each value until the next point, and is filled down to zero. */
  readonly look: 'line' | 'points' | 'best' | 'steps';
  /** Place in the colours of series, from 0; `faint` for what only guides the eye, and has no tooltip. */
  readonly colour: number | 'faint';
  readonly dash?: CurveDash;
  /** Fills what lies between this one and the series before it. */
  readonly isBand?: boolean;
}

export interface BasicChartModel {
  /** For screen readers. */
  readonly label: string;
  readonly series: readonly BasicSeries[];
  readonly xTitle: string;
  readonly yTitle: string;
  readonly x?: { readonly min: number; readonly max: number };
  readonly xScale?: 'linear' | 'log';
  /** In place of ticks at even distances. */
  readonly xTicks?: readonly { readonly x: number; readonly label: string }[];
  /** Something beside the chart names the axes. */
  readonly isBare?: boolean;
  readonly y?: { readonly min: number; readonly max: number };
}

/** A chart that stays as it is once it is drawn: what a run logged as a document, or a metric over a parameter. */
export class BasicChart extends LitElement {
  static override properties = {
    model: { attribute: false },
    theme: { attribute: false },
    focused: { type: String },
  };
  declare model: BasicChartModel;
  declare theme: ThemeWatcher;
  /** The label of the series that stands out; the others fade. */
  declare focused: string | undefined;

  #chart: Chart<'line', BasicPoint[]> | undefined;
  #stopWatching: (() => void) | undefined;

  static override styles = css`
    :host {
      position: relative;
      display: block;
      min-width: 0;
      height: 160px;
    }
    canvas {
      position: absolute;
      inset: 0;
    }
  `;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stopWatching = this.theme.onChange(() => this.#draw());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stopWatching?.();
    this.#chart?.destroy();
    this.#chart = undefined;
  }

  protected override render(): unknown {
    return html`<canvas role="img" aria-label=${this.model.label}></canvas>`;
  }

  protected override updated(_changed: PropertyValues): void {
    this.#draw();
  }

  #draw(): void {
    const canvas = this.renderRoot.querySelector('canvas');
    if (canvas === null || !this.isConnected) {
      return;
    }
    const configuration = configurationOf(this.model, this.theme.current, this.focused);
    if (this.#chart === undefined) {
      this.#chart = new Chart(canvas, configuration);
    } else {
      this.#chart.data = configuration.data;
      this.#chart.options = configuration.options ?? {};
      this.#chart.update('none');
    }
  }
}

const FADED = '55';
const FILLED = '2e';

function configurationOf(
  model: BasicChartModel,
  theme: CanvasTheme,
  focused: string | undefined,
): ChartConfiguration<'line', BasicPoint[]> {
  const font = { family: theme.fontFamily, size: theme.fontSize * (10 / 13) };
  const axis = (title: string, range: BasicChartModel['x'], hasGrid: boolean) => ({
    ...range,
    title: { display: model.isBare !== true, text: title, color: theme.secondary, font, padding: 0 },
    ticks: { color: theme.secondary, font, maxTicksLimit: hasGrid ? 5 : 6, maxRotation: 0 },
    grid: { display: hasGrid, color: theme.grid, drawTicks: false },
    border: { color: theme.axis, display: !hasGrid },
  });
  const x = axis(model.xTitle, model.x, false);
  const { xTicks } = model;
  const ticked = xTicks && {
    ticks: {
      ...x.ticks,
      autoSkip: true,
      callback: (value: string | number) => xTicks.find((tick) => tick.x === Number(value))?.label ?? '',
    },
    afterBuildTicks: (scale: Scale) => {
      scale.ticks = xTicks.map((tick) => ({ value: tick.x }));
    },
  };
  return {
    type: 'line',
    data: { datasets: model.series.map((series) => datasetOf(series, theme, focused)) },
    options: {
      animation: false,
      parsing: false,
      responsive: true,
      maintainAspectRatio: false,
      interaction: { mode: 'nearest', axis: 'x', intersect: false },
      scales: {
        x: { type: model.xScale === 'log' ? 'logarithmic' : 'linear', ...x, ...ticked },
        y: { type: 'linear', ...axis(model.yTitle, model.y, true) },
      },
      plugins: {
        tooltip: {
          backgroundColor: theme.background,
          borderColor: theme.axis,
          borderWidth: 1,
          titleColor: theme.secondary,
          bodyColor: theme.secondary,
          titleFont: font,
          bodyFont: font,
          boxWidth: 8,
          boxHeight: 8,
          filter: ({ datasetIndex }) => model.series[datasetIndex]?.colour !== 'faint',
          callbacks: {
            title: ([first]) =>
              first === undefined ? '' : `${model.xTitle} ${xText(model, first.parsed.x ?? Number.NaN)}`,
            label: ({ dataset, parsed }) => `${dataset.label ?? ''} ${formatMetric(parsed.y ?? Number.NaN)}`,
          },
        },
      },
    },
  };
}

function xText({ xTicks }: BasicChartModel, x: number): string {
  return xTicks?.find((tick) => tick.x === x)?.label ?? formatMetric(x);
}

function datasetOf(
  series: BasicSeries,
  theme: CanvasTheme,
  focused: string | undefined,
): ChartDataset<'line', BasicPoint[]> {
  const { colour, look, label } = series;
  const full =
    look === 'best'
      ? theme.best
      : colour === 'faint'
        ? theme.axis
        : (theme.series[colour % theme.series.length] ?? theme.secondary);
  const isFaded = focused !== undefined && focused !== label && colour !== 'faint';
  const line = isFaded ? `${full}${FADED}` : full;
  const isPoints = look === 'points' || look === 'best';
  return {
    label,
    data: [...series.points],
    showLine: !isPoints,
    borderColor: line,
    backgroundColor:
      look === 'best' ? 'transparent' : isPoints ? line : colour === 'faint' ? theme.grid : `${full}${FILLED}`,
    borderWidth: colour === 'faint' ? 1 : focused === label ? 2 : 1.5,
    borderDash: [...dashPatterns[series.dash ?? 'solid']],
    pointRadius: look === 'best' ? 6 : isPoints ? 2.5 : 0,
    pointStyle: look === 'best' ? 'rectRot' : 'circle',
    pointHitRadius: 0,
    pointHoverRadius: colour === 'faint' ? 0 : 3,
    stepped: look === 'steps',
    fill: look === 'steps' ? 'origin' : series.isBand ? '-1' : false,
  };
}

customElements.define('runledger-basic-chart', BasicChart);
