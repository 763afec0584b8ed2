import { BasicPlatform, Chart, type ChartConfiguration } from 'chart.js';
import type { AxisScale } from '../../src/protocol/series.ts';
import { leaveMark } from '../shared/marks.ts';
import { motion } from '../shared/motion.ts';
import type { CanvasTheme } from '../shared/theme.ts';
import { type AxisTicks, type Bounds, pixelScale, type XKind, xTicks, yTicks } from './axes.ts';
import { type AxisSource, CurveAxis, setAxisSource } from './curveAxis.ts';
import { isDense, type Plot, paintCurves } from './curvePainter.ts';
import { type Curve, xExtent, yBounds } from './curves.ts';
import type { Drawable } from './drawQueue.ts';
import { drawQueue } from './pageDrawQueue.ts';

Chart.register(CurveAxis);

const FREE_SHARE = 0.05;
const FEWEST_Y_TICKS = 5;
/** CSS pixels between the labels of a tall y axis. */
const Y_LABEL_HEIGHT = 56;
/** CSS pixels that a label of the x axis takes, with the air around it. */
const X_LABEL_WIDTH = 56;

export interface ChartView {
  readonly xKind: XKind;
  readonly xScale: AxisScale;
  readonly yScale: AxisScale;
  /** The part of the x axis that is shown; undefined: all. */
  readonly range: Bounds | undefined;
}

/** In CSS pixels. */
export interface ChartSize {
  readonly width: number;
  readonly height: number;
}

/** How long after it was drawn while the page moved a chart looks whether it does so still. */
const REST_MS = 150;

/**
 * Curves on a canvas. Chart.js lays out the axes and says when they are drawn. The curves are drawn by `curvePainter`, since the points are
 * thinned out already, and an element of Chart.js for each would take more time than all else.
 */
export class LineChart implements Drawable {
  readonly #chart: Chart<'line', number[]>;
  readonly #onDrawn: () => void;
  #theme: CanvasTheme;
  #view: ChartView;
  #curves: readonly Curve[];
  #focused: string | undefined;
  #bounds: { x: Bounds; y: Bounds };
  /** There may be other bounds, and with them other axes. */
  #isStale = false;
  /** Until it is drawn as it is at rest. */
  #rest: ReturnType<typeof setTimeout> | undefined;
  /** To paint what was drawn last takes the browser longer than it took to draw it. */
  #isDear = false;
  #ticks: { x: AxisTicks; y: AxisTicks } = { x: { values: [], labels: [] }, y: { values: [], labels: [] } };
  readonly #axes: AxisSource = {
    bounds: (axis) => this.#bounds[axis],
    scale: (axis) => (axis === 'x' ? this.#view.xScale : this.#view.yScale),
    ticks: (axis, length) => {
      const { xKind, xScale, yScale } = this.#view;
      const { x, y } = this.#bounds;
      const ticks =
        axis === 'x'
          ? xTicks(xKind, xScale, x, Math.max(2, Math.min(12, Math.floor(length / X_LABEL_WIDTH))))
          : yTicks(yScale, y, Math.max(FEWEST_Y_TICKS, Math.floor(length / Y_LABEL_HEIGHT)));
      this.#ticks[axis] = ticks;
      return ticks;
    },
    theme: () => this.#theme,
  };

  constructor(
    canvas: HTMLCanvasElement,
    options: {
      /** For the timeline. */
      name: string;
      curves: readonly Curve[];
      theme: CanvasTheme;
      view: ChartView;
      size: ChartSize;
      onDrawn: () => void;
    },
  ) {
    this.#curves = options.curves;
    this.#theme = options.theme;
    this.#view = options.view;
    this.#onDrawn = options.onDrawn;
    this.#bounds = this.#newBounds();
    // Chart.js takes the size from here: to look at the page itself, it would have it laid out for each chart.
    canvas.width = options.size.width;
    canvas.height = options.size.height;
    setAxisSource(canvas, this.#axes);
    this.#chart = new Chart(canvas, this.#configuration());
    leaveMark('runledger:chart-created', options.name);
  }

  get curves(): readonly Curve[] {
    return this.#curves;
  }

  get view(): ChartView {
    return this.#view;
  }

  /** The bounds of the axes as they were drawn last. */
  get bounds(): { readonly x: Bounds; readonly y: Bounds } {
    return this.#bounds;
  }

  /** Ticks and labels as they were drawn last. */
  get ticks(): { readonly x: AxisTicks; readonly y: AxisTicks } {
    return this.#ticks;
  }

  /** The box of the plot within the canvas, in CSS pixels. */
  get area(): Plot['area'] {
    return this.#chart.chartArea;
  }

  get canvas(): HTMLCanvasElement {
    return this.#chart.canvas;
  }

  get size(): ChartSize {
    return { width: this.#chart.width, height: this.#chart.height };
  }

  /** Other curves or another view. What changed within the points of a curve needs `redraw`. */
  show(curves: readonly Curve[], view: ChartView, isUrgent = false): void {
    this.#curves = curves;
    this.#view = view;
    this.redraw(isUrgent);
  }

  /** @param isUrgent before other charts: the reader's hand is on this one */
  redraw(isUrgent = false): void {
    this.#isStale = true;
    drawQueue.add(this, isUrgent);
  }

  resize({ width, height }: ChartSize): void {
    this.#chart.options.devicePixelRatio = devicePixelRatio;
    this.#chart.resize(width, height);
    this.#onDrawn();
  }

  setTheme(theme: CanvasTheme): void {
    this.#theme = theme;
    this.redraw();
  }

  /** Fades all curves but one. */
  focus(curveId: string | undefined): void {
    if (this.#focused !== curveId) {
      this.#focused = curveId;
      drawQueue.add(this, true);
    }
  }

  /** How values become pixels now. */
  plot(): Plot {
    const { chartArea: area } = this.#chart;
    const { x, y } = this.#bounds;
    return {
      area,
      x: pixelScale(x, this.#view.xScale, area.left, area.right),
      y: pixelScale(y, this.#view.yScale, area.bottom, area.top),
      inSight: x,
    };
  }

  xAt(pixel: number): number {
    return this.plot().x.toValue(pixel);
  }

  destroy(): void {
    drawQueue.delete(this);
    clearTimeout(this.#rest);
    this.#chart.destroy();
  }

  draw(): boolean {
    if (!this.#isStale) {
      // Only what stands out has changed: the axes stay.
      this.#chart.draw();
      return this.#isDear;
    }
    this.#isStale = false;
    this.#bounds = this.#newBounds();
    // For Chart.js to lay all out again takes as long as the rest of a drawing, and mostly the bounds alone differ.
    if ([this.#chart.scales.y, this.#chart.scales.x].every((axis) => axis instanceof CurveAxis && axis.refit())) {
      this.#chart.draw();
    } else {
      this.#chart.update('none');
    }
    this.#onDrawn();
    return this.#isDear;
  }

  #newBounds(): { x: Bounds; y: Bounds } {
    const { range, xScale, yScale } = this.#view;
    const x = range ?? this.#wholeX();
    const isLogarithmic = xScale === 'log';
    return {
      x: isLogarithmic && x.min <= 0 ? { min: x.max / 1000 || 1e-3, max: Math.max(x.max, 1) } : x,
      y: yBounds(this.#curves, yScale, range) ?? (yScale === 'log' ? { min: 0.1, max: 10 } : { min: 0, max: 1 }),
    };
  }

  #wholeX(): Bounds {
    const { xScale } = this.#view;
    const { min, max } = xExtent(this.#curves) ?? { min: xScale === 'log' ? 1 : 0, max: 10 };
    if (min === max) {
      return { min, max: xScale === 'log' ? min * 10 : min + 1 };
    }
    const share = this.#curves.some(({ isLive }) => isLive) ? FREE_SHARE : 0.01;
    return { min, max: xScale === 'log' ? max * (max / min) ** share : max + (max - min) * share };
  }

  #configuration(): ChartConfiguration<'line', number[]> {
    return {
      type: 'line',
      data: { datasets: [] },
      platform: BasicPlatform,
      options: {
        animation: false,
        // Whoever makes the chart says how large it is.
        responsive: false,
        maintainAspectRatio: false,
        devicePixelRatio,
        events: [],
        layout: { padding: { top: 6, right: 8 } },
        // The line of the x axis lies over a line of the grid at the same place.
        scales: { x: { type: 'curve' }, y: { type: 'curve', ticks: { z: -1 } } },
      },
      plugins: [{ id: 'curves', afterDatasetsDraw: (chart) => this.#paint(chart) }],
    };
  }

  /** Chart.js draws while it is being made, before this object has it. */
  #paint({ ctx, chartArea: area }: Chart): void {
    const { xScale, yScale } = this.#view;
    const { x, y } = this.#bounds;
    const plot: Plot = {
      area,
      x: pixelScale(x, xScale, area.left, area.right),
      y: pixelScale(y, yScale, area.bottom, area.top),
      inSight: x,
      isMoving: motion.isMoving,
    };
    paintCurves(ctx, this.#curves, plot, { background: this.#theme.background, focused: this.#focused });
    const hasDense = this.#curves.some(({ points }) => isDense(points, plot));
    this.#isDear = hasDense && plot.isMoving !== true;
    if (hasDense && plot.isMoving === true) {
      this.#redrawAtRest();
    }
  }

  #redrawAtRest(): void {
    this.#rest ??= setTimeout(() => {
      this.#rest = undefined;
      if (motion.isMoving) {
        this.#redrawAtRest();
      } else {
        drawQueue.add(this);
      }
    }, REST_MS);
  }
}
