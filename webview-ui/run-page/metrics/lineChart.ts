import {
  Chart,
  type ChartConfiguration,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  type Scale,
} from 'chart.js';
import { formatLogTick, formatTicks } from '../../shared/formatNumbers.ts';
import { FrameScheduler } from '../../shared/frames.ts';
import { leaveMark } from '../../shared/marks.ts';
import type { CanvasTheme } from '../../shared/theme.ts';
import {
  addPoints,
  type ChartPoint,
  linearTicks,
  logTicks,
  nearestPoint,
  type PointRules,
  xTimeTicks,
  yBounds,
} from './chartPoints.ts';
import type { SeriesBuffer } from './seriesBuffer.ts';

Chart.register(LineController, LineElement, PointElement, LinearScale, LogarithmicScale);

/** CSS pixels from the canvas's corner. */
interface Pixel {
  readonly x: number;
  readonly y: number;
}

const FREE_SHARE = 0.05;
const MOST_Y_TICKS = 5;

export interface ChartView extends PointRules {
  /** The curve is still growing: it ends in a dot, with room to grow. */
  readonly isLive: boolean;
  /** Step of the best value, marked by a diamond. */
  readonly bestX: number | undefined;
}

/** One curve on a canvas. Data changes in place; the canvas is drawn at most once a frame. */
export class LineChart {
  readonly #points: ChartPoint[] = [];
  readonly #chart: Chart<'line', ChartPoint[]>;
  readonly #buffer: SeriesBuffer;
  readonly #frames = new FrameScheduler(() => this.#draw());
  readonly #onDrawn: () => void;
  #theme: CanvasTheme;
  #view: ChartView;

  constructor(
    canvas: HTMLCanvasElement,
    options: { metric: string; buffer: SeriesBuffer; theme: CanvasTheme; view: ChartView; onDrawn: () => void },
  ) {
    this.#buffer = options.buffer;
    this.#theme = options.theme;
    this.#view = options.view;
    this.#onDrawn = options.onDrawn;
    addPoints(this.#points, this.#buffer, 0, this.#view);
    this.#chart = new Chart(canvas, this.#configuration());
    leaveMark('runledger:chart-created', options.metric);
  }

  get points(): readonly ChartPoint[] {
    return this.#points;
  }

  /** The box of the plot within the canvas, in CSS pixels. */
  get area(): { left: number; right: number; top: number; bottom: number } {
    return this.#chart.chartArea;
  }

  /** Points were added to the buffer. */
  append(from: number): void {
    addPoints(this.#points, this.#buffer, from, this.#view);
    this.#frames.schedule();
  }

  /** The buffer holds other points, or the axes mean something else. */
  refresh(view: ChartView): void {
    this.#view = view;
    this.#points.length = 0;
    addPoints(this.#points, this.#buffer, 0, view);
    this.#frames.schedule();
  }

  /** Only the marks differ. */
  setView(view: ChartView): void {
    this.#view = view;
    this.#frames.schedule();
  }

  setTheme(theme: CanvasTheme): void {
    this.#theme = theme;
    this.#frames.schedule();
  }

  pixelOf(place: number): Pixel | undefined {
    return this.#pixelOn(this.#chart, place);
  }

  /** Chart.js draws while it is being made, before this object has it. */
  #pixelOn(chart: Chart, place: number): Pixel | undefined {
    const point = this.#points[place];
    const { x, y } = chart.scales;
    if (point === undefined || x === undefined || y === undefined) {
      return undefined;
    }
    return { x: x.getPixelForValue(point.x), y: y.getPixelForValue(point.y) };
  }

  xAt(pixel: number): number {
    return this.#chart.scales.x?.getValueForPixel(pixel) ?? 0;
  }

  nearest(x: number): number | undefined {
    return nearestPoint(this.#points, x);
  }

  destroy(): void {
    this.#frames.cancel();
    this.#chart.destroy();
  }

  #draw(): void {
    const { options, data } = this.#chart;
    const fresh = this.#configuration();
    options.scales = fresh.options?.scales ?? {};
    const [dataset] = data.datasets;
    if (dataset !== undefined) {
      dataset.borderColor = this.#theme.series[0] ?? this.#theme.secondary;
    }
    this.#chart.update('none');
    leaveMark('runledger:chart-updated');
    this.#onDrawn();
  }

  #configuration(): ChartConfiguration<'line', ChartPoint[]> {
    const { xAxis, yScale } = this.#view;
    const theme = this.#theme;
    const font = { family: theme.fontFamily, size: (theme.fontSize * 10) / 13 };
    const first = this.#points[0]?.x ?? 0;
    const last = this.#points.at(-1)?.x ?? 1;
    const yRange = yBounds(this.#points, yScale);
    const span = last - first || 1;
    const max = last === first ? first + 1 : last + (this.#view.isLive ? span * FREE_SHARE : span * 0.01);
    return {
      type: 'line',
      data: {
        datasets: [
          {
            data: this.#points,
            parsing: false,
            normalized: true,
            borderColor: theme.series[0] ?? theme.secondary,
            borderWidth: 1.5,
            borderJoinStyle: 'round',
            pointRadius: (context) => (this.#isAlone(context.dataIndex) ? 2 : 0),
            pointBackgroundColor: theme.series[0] ?? theme.secondary,
            pointBorderWidth: 0,
            spanGaps: false,
          },
        ],
      },
      options: {
        animation: false,
        responsive: true,
        maintainAspectRatio: false,
        events: [],
        layout: { padding: { top: 6, right: 8 } },
        scales: {
          x: {
            type: 'linear',
            min: first,
            max,
            grid: { display: false },
            border: { color: theme.axis },
            afterBuildTicks: (scale) => this.#buildTimeTicks(scale),
            ticks: {
              font,
              color: theme.secondary,
              includeBounds: false,
              maxTicksLimit: 6,
              maxRotation: 0,
              autoSkipPadding: 16,
              padding: 2,
              ...(xAxis === 'step' ? { precision: 0 } : {}),
              callback: (_value, index, ticks) =>
                this.#xLabels(
                  xAxis,
                  ticks.map((tick) => tick.value),
                  max,
                  first,
                )[index] ?? '',
            },
          },
          y: {
            type: yScale === 'log' ? 'logarithmic' : 'linear',
            border: { display: false },
            grid: { color: theme.grid, drawTicks: false },
            ...(yRange === undefined ? {} : yRange),
            afterFit: (scale) => {
              scale.width = Math.max(scale.width, 34);
            },
            afterBuildTicks: (scale) => {
              const { min: low, max: high } = scale;
              const values = yScale === 'log' && low > 0 ? logTicks(low, high) : linearTicks(low, high, MOST_Y_TICKS);
              scale.ticks = values.map((value) => ({ value }));
            },
            ticks: {
              font,
              color: theme.secondary,
              padding: 6,
              autoSkip: false,
              callback: (_value, index, ticks) =>
                yScale === 'log'
                  ? formatLogTick(ticks[index]?.value ?? 0)
                  : (formatTicks(ticks.map((tick) => tick.value))[index] ?? ''),
            },
          },
        },
      },
      plugins: [{ id: 'marks', afterDatasetsDraw: (chart) => this.#drawMarks(chart) }],
    };
  }

  #buildTimeTicks(scale: Scale): void {
    const { xAxis } = this.#view;
    if (xAxis !== 'step') {
      const count = Math.max(2, Math.floor(scale.width / 56));
      scale.ticks = xTimeTicks(xAxis, scale.min, scale.max, count).values.map((value) => ({ value }));
    }
  }

  #xLabels(axis: PointRules['xAxis'], values: number[], max: number, min: number): readonly string[] {
    if (axis === 'step') {
      return formatTicks(values);
    }
    const span = (values[1] ?? max) - (values[0] ?? min);
    return xTimeTicks(axis, values[0] ?? min, (values.at(-1) ?? max) + span / 2, values.length + 1).labels;
  }

  /** A point between two gaps has no line to show it. */
  #isAlone(place: number): boolean {
    const isGap = (index: number): boolean => !Number.isFinite(this.#points[index]?.y ?? Number.NaN);
    return !isGap(place) && isGap(place - 1) && isGap(place + 1);
  }

  #drawMarks(chart: Chart): void {
    const context = chart.ctx;
    const colour = this.#theme.series[0] ?? this.#theme.secondary;
    const lastPlace = this.#points.findLastIndex((point) => Number.isFinite(point.y));
    const last = this.#pixelOn(chart, lastPlace);
    context.save();
    const best = this.#bestPixel(chart, lastPlace);
    if (best !== undefined) {
      const size = 4.5;
      context.beginPath();
      context.moveTo(best.x, best.y - size);
      context.lineTo(best.x + size, best.y);
      context.lineTo(best.x, best.y + size);
      context.lineTo(best.x - size, best.y);
      context.closePath();
      context.fillStyle = this.#theme.background;
      context.fill();
      context.lineWidth = 1.25;
      context.strokeStyle = colour;
      context.stroke();
    }
    if (this.#view.isLive && last !== undefined) {
      context.fillStyle = colour;
      context.globalAlpha = 0.28;
      context.beginPath();
      context.arc(last.x, last.y, 6, 0, 2 * Math.PI);
      context.fill();
      context.globalAlpha = 1;
      context.beginPath();
      context.arc(last.x, last.y, 3, 0, 2 * Math.PI);
      context.fill();
    }
    context.restore();
  }

  #bestPixel(chart: Chart, lastPlace: number): Pixel | undefined {
    const { bestX } = this.#view;
    const place = bestX === undefined ? -1 : this.#points.findIndex((point) => this.#buffer.x[point.index] === bestX);
    const isDrawn = place !== -1 && place !== lastPlace && Number.isFinite(this.#points[place]?.y ?? Number.NaN);
    return isDrawn ? this.#pixelOn(chart, place) : undefined;
  }
}
