import { Chart, LinearScale } from 'chart.js';
import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { directionOf } from '../../src/protocol/metricDirection.ts';
import { type Bounds, pixelScale, xTicks, yTicks } from '../charts/axes.ts';
import { chartFrameStyles } from '../charts/chartFrameStyles.ts';
import { baseStyles } from '../shared/baseStyles.ts';
import { splitName } from '../shared/best.ts';
import { formatMetric, formatMetricLong } from '../shared/formatNumbers.ts';
import { inlineStyle } from '../shared/inlineStyle.ts';
import type { CanvasTheme, ThemeWatcher } from '../shared/theme.ts';
import { runsChartStyles } from './runsChartStyles.ts';

Chart.register(LinearScale);

/** A run as a dot. */
export interface RunDot {
  readonly run: number;
  /** Its number in the experiment. */
  readonly x: number;
  readonly value: number;
}

/** How near the pointer has to be, in CSS pixels. */
const REACH = 14;

/**
 * One number of each run, in the order in which they were made, with the best so far as a line.
 *
 * Fires `run-hover` and `run-open` with the key of a run.
 */
export class RunsChart extends LitElement {
  static override properties = {
    metric: { type: String },
    shownPart: { type: String },
    dots: { attribute: false },
    slots: { attribute: false },
    theme: { attribute: false },
    lit: { attribute: false },
    label: { attribute: false },
    hovered: { state: true },
  };
  declare metric: string;
  /** `max`, `min` or `last`. */
  declare shownPart: string;
  declare dots: readonly RunDot[];
  /** Places in the series colours of runs that are drawn. */
  declare slots: ReadonlyMap<number, number>;
  declare theme: ThemeWatcher;
  declare lit: number | undefined;
  /** What a run is called, where that is known. */
  declare label: (run: number) => string;
  declare hovered: RunDot | undefined;

  #chart: Chart | undefined;
  #stopTheme: (() => void) | undefined;
  #best: readonly RunDot[] = [];
  #image: { readonly dots: readonly RunDot[]; readonly key: string; readonly canvas: HTMLCanvasElement } | undefined;

  static override styles = [baseStyles, chartFrameStyles, runsChartStyles];

  constructor() {
    super();
    this.dots = [];
    this.slots = new Map();
    this.hovered = undefined;
    this.lit = undefined;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stopTheme = this.theme.onChange(() => this.#draw());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stopTheme?.();
    this.#chart?.destroy();
    this.#chart = undefined;
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('dots')) {
      this.#best = bestSoFar(this.dots, directionOf(this.metric));
    }
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('dots')) {
      this.#draw();
    } else if (['slots', 'lit', 'hovered'].some((name) => changed.has(name))) {
      // The axes stay as they are.
      this.#chart?.draw();
    }
  }

  protected override render(): unknown {
    const { prefix, rest } = splitName(this.metric);
    const best = this.#best.at(-1);
    const words =
      best === undefined ? `${this.dots.length} runs` : `best ${formatMetric(best.value)} of ${this.dots.length} runs`;
    return html`<div class="head">
        <span class="clip" title=${this.metric}><span class="secondary">${prefix}</span>${rest}</span>
        <span class="secondary">${this.shownPart} by run</span>
      </div>
      <div class="plot" role="img" aria-label="${this.metric}, ${this.shownPart} by run: ${words}">
        <canvas
          aria-hidden="true"
          class=${this.dots.length === 0 ? 'unused' : ''}
          @pointermove=${this.#onPointer}
          @pointerleave=${() => this.#hover(undefined)}
          @click=${() => this.hovered !== undefined && this.#fire('run-open', this.hovered.run)}
        ></canvas>
        ${this.dots.length === 0 ? html`<p class="none">No run has a number of this metric.</p>` : nothing}
        ${this.#tip()}
      </div>`;
  }

  #tip(): unknown {
    const dot = this.hovered;
    const area = this.#chart?.chartArea;
    if (dot === undefined || area === undefined) {
      return nothing;
    }
    const { x, y } = this.#pixels(area);
    const isRight = x.toPixel(dot.x) > (area.left + area.right) / 2;
    const place = inlineStyle({
      transform: `translate(${x.toPixel(dot.x) + (isRight ? -10 : 10)}px, ${Math.max(0, y.toPixel(dot.value) - 24)}px) translateX(${isRight ? '-100%' : '0'})`,
    });
    return html`<div class="tip" ${place}>${this.label(dot.run)} <b>${formatMetricLong(dot.value)}</b></div>`;
  }

  #bounds(): { x: Bounds; y: Bounds } {
    let min = Infinity;
    let max = -Infinity;
    let first = Infinity;
    let last = 1;
    for (const { value, x } of this.dots) {
      min = Math.min(min, value);
      max = Math.max(max, value);
      first = Math.min(first, x);
      last = Math.max(last, x);
    }
    if (min > max) {
      return { x: { min: 0, max: 10 }, y: { min: 0, max: 1 } };
    }
    const air = (max - min) * 0.06 || Math.abs(max) * 0.1 || 1;
    return {
      x: { min: first, max: Math.max(first + 1, last + (last - first) * 0.02) },
      y: { min: min - air, max: max + air },
    };
  }

  #pixels(area: { left: number; right: number; top: number; bottom: number }) {
    const { x, y } = this.#bounds();
    return {
      x: pixelScale(x, 'linear', area.left, area.right),
      y: pixelScale(y, 'linear', area.bottom, area.top),
    };
  }

  #draw(): void {
    const canvas = this.renderRoot.querySelector('canvas');
    if (canvas === null) {
      return;
    }
    const theme = this.theme.current;
    if (this.#chart === undefined) {
      this.#chart = new Chart(canvas, this.#configuration(theme));
    } else {
      this.#chart.options = this.#configuration(theme).options;
      this.#chart.update('none');
    }
  }

  #configuration(theme: CanvasTheme) {
    const { x, y } = this.#bounds();
    const xAxis = xTicks('step', 'linear', x, 6);
    const yAxis = yTicks('linear', y, 5);
    const font = { family: theme.fontFamily, size: (theme.fontSize * 10) / 13 };
    const fixed = { font, color: theme.secondary, autoSkip: false, maxRotation: 0 };
    return {
      type: 'line' as const,
      data: { datasets: [] },
      options: {
        animation: false as const,
        responsive: true,
        maintainAspectRatio: false,
        events: [],
        layout: { padding: { top: 6, right: 10 } },
        scales: {
          x: {
            type: 'linear' as const,
            ...x,
            grid: { display: false },
            border: { color: theme.axis },
            afterBuildTicks: (scale: { ticks: { value: number }[] }) => {
              scale.ticks = xAxis.values.map((value) => ({ value }));
            },
            ticks: { ...fixed, padding: 2, callback: (_: unknown, index: number) => xAxis.labels[index] ?? '' },
          },
          y: {
            type: 'linear' as const,
            ...y,
            border: { display: false },
            grid: { color: theme.grid, drawTicks: false },
            afterFit: (scale: { width: number }) => {
              scale.width = Math.max(scale.width, 34);
            },
            afterBuildTicks: (scale: { ticks: { value: number }[] }) => {
              scale.ticks = yAxis.values.map((value) => ({ value }));
            },
            ticks: { ...fixed, padding: 6, callback: (_: unknown, index: number) => yAxis.labels[index] ?? '' },
          },
        },
      },
      plugins: [{ id: 'dots', afterDatasetsDraw: (chart: Chart) => this.#paint(chart) }],
    };
  }

  /** An element of Chart.js for each of ten thousand dots would take more time than all else. */
  #paint(chart: Chart): void {
    const { ctx, chartArea: area } = chart;
    const theme = this.theme.current;
    const { x, y } = this.#pixels(area);
    const at = (dot: RunDot): readonly [number, number] => [x.toPixel(dot.x), y.toPixel(dot.value)];
    ctx.save();
    ctx.drawImage(this.#dotsImage(chart, at), 0, 0, chart.width, chart.height);
    const best = this.theme.current.series[2] ?? theme.secondary;
    this.#paintBest(ctx, area.right, at, best);
    for (const dot of this.dots) {
      const slot = this.slots.get(dot.run);
      const isLit = dot.run === this.lit || dot === this.hovered;
      if (slot !== undefined || isLit) {
        const [left, top] = at(dot);
        ctx.fillStyle = slot === undefined ? theme.secondary : (theme.series[slot % theme.series.length] ?? '');
        ctx.beginPath();
        ctx.arc(left, top, isLit ? 5 : 3.5, 0, 2 * Math.PI);
        ctx.fill();
      }
    }
    ctx.restore();
  }

  /** All dots, drawn once for as long as nothing but what stands out changes: a pointer that moves over runs draws two or three. */
  #dotsImage(chart: Chart, at: (dot: RunDot) => readonly [number, number]): HTMLCanvasElement {
    const { secondary } = this.theme.current;
    const scale = chart.currentDevicePixelRatio;
    const key = [chart.width, chart.height, scale, secondary].join(' ');
    if (this.#image?.dots === this.dots && this.#image.key === key) {
      return this.#image.canvas;
    }
    const canvas = document.createElement('canvas');
    canvas.width = Math.max(1, chart.width * scale);
    canvas.height = Math.max(1, chart.height * scale);
    const context = canvas.getContext('2d');
    if (context !== null) {
      const isCrowded = this.dots.length > 2000;
      const size = isCrowded ? 2 : 3;
      context.scale(scale, scale);
      context.fillStyle = secondary;
      context.globalAlpha = isCrowded ? 0.45 : 0.75;
      for (const dot of this.dots) {
        const [left, top] = at(dot);
        context.fillRect(left - size / 2, top - size / 2, size, size);
      }
    }
    this.#image = { dots: this.dots, key, canvas };
    return canvas;
  }

  /** A step at each run that was better than all before it, and a hollow diamond at the last. */
  #paintBest(
    ctx: CanvasRenderingContext2D,
    right: number,
    at: (dot: RunDot) => readonly [number, number],
    colour: string,
  ): void {
    const last = this.#best.at(-1);
    if (last === undefined) {
      return;
    }
    ctx.strokeStyle = colour;
    ctx.lineWidth = 1;
    ctx.beginPath();
    let level: number | undefined;
    for (const dot of this.#best) {
      const [left, top] = at(dot);
      if (level === undefined) {
        ctx.moveTo(left, top);
      } else {
        ctx.lineTo(left, level);
        ctx.lineTo(left, top);
      }
      level = top;
    }
    ctx.lineTo(right, level ?? 0);
    ctx.stroke();
    const [left, top] = at(last);
    ctx.lineWidth = 1.5;
    ctx.fillStyle = this.theme.current.background;
    ctx.beginPath();
    ctx.moveTo(left, top - 5);
    ctx.lineTo(left + 5, top);
    ctx.lineTo(left, top + 5);
    ctx.lineTo(left - 5, top);
    ctx.closePath();
    ctx.fill();
    ctx.stroke();
  }

  #onPointer = (event: PointerEvent): void => {
    const area = this.#chart?.chartArea;
    if (area === undefined) {
      return;
    }
    const { x, y } = this.#pixels(area);
    let nearest: RunDot | undefined;
    let least = REACH * REACH;
    for (const dot of this.dots) {
      const [dx, dy] = [x.toPixel(dot.x) - event.offsetX, y.toPixel(dot.value) - event.offsetY];
      const distance = dx * dx + dy * dy;
      if (distance < least) {
        least = distance;
        nearest = dot;
      }
    }
    this.#hover(nearest);
  };

  #hover(dot: RunDot | undefined): void {
    if (dot !== this.hovered) {
      this.hovered = dot;
      this.#fire('run-hover', dot?.run);
    }
  }

  #fire(name: string, run: number | undefined): void {
    this.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true, detail: run }));
  }
}

/** The runs that were better than all before them. Which end is the good one, a name may not tell: then there are none. */
export function bestSoFar(dots: readonly RunDot[], direction: 'higher' | 'lower' | undefined): readonly RunDot[] {
  if (direction === undefined) {
    return [];
  }
  const best: RunDot[] = [];
  for (const dot of dots) {
    const last = best.at(-1);
    if (last === undefined || (direction === 'higher' ? dot.value > last.value : dot.value < last.value)) {
      best.push(dot);
    }
  }
  return best;
}

customElements.define('runledger-runs-chart', RunsChart);
