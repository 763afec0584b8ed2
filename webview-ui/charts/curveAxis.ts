import { type CartesianScaleOptions, Scale, type Tick } from 'chart.js';
import type { AxisScale } from '../../src/protocol/series.ts';
import { type AxisTicks, type Bounds, type PixelScale, pixelScale } from './axes.ts';

declare module 'chart.js' {
  interface CartesianScaleTypeRegistry {
    curve: { options: CartesianScaleOptions };
  }
}

export type AxisName = 'x' | 'y';

/** What the axes of a chart show. */
export interface AxisSource {
  bounds(axis: AxisName): Bounds;
  scale(axis: AxisName): AxisScale;
  /** @param length CSS pixels */
  ticks(axis: AxisName, length: number): AxisTicks;
}

const nothing: AxisSource = {
  bounds: () => ({ min: 0, max: 1 }),
  scale: () => 'linear',
  ticks: () => ({ values: [], labels: [] }),
};

/** By canvas: an axis is made by Chart.js, which tells it only of its options. */
const sources = new WeakMap<HTMLCanvasElement, AxisSource>();

/** To be called before the chart of a canvas is made. */
export function setAxisSource(canvas: HTMLCanvasElement, source: AxisSource): void {
  sources.set(canvas, source);
}

/** An axis of Chart.js, linear or logarithmic, which shows what its chart's {@link AxisSource} says, and looks at no data. */
export class CurveAxis extends Scale<CartesianScaleOptions> {
  static readonly id = 'curve';
  static readonly defaults = {};
  #pixels: PixelScale | undefined;

  get #source(): AxisSource {
    return sources.get(this.chart.canvas) ?? nothing;
  }

  get #name(): AxisName {
    return this.isHorizontal() ? 'x' : 'y';
  }

  override determineDataLimits(): void {
    Object.assign(this, this.#source.bounds(this.#name));
  }

  override buildTicks(): Tick[] {
    const { values, labels } = this.#source.ticks(this.#name, this.isHorizontal() ? this.width : this.height);
    return values.map((value, index) => ({ value, label: labels[index] ?? '' }));
  }

  /** They have theirs. */
  override generateTickLabels(): void {}

  override configure(): void {
    super.configure();
    const { min, max } = this;
    const [start, end] = this.isHorizontal() ? [this.left, this.right] : [this.bottom, this.top];
    this.#pixels = pixelScale({ min, max }, this.#source.scale(this.#name), start, end);
  }

  override getPixelForValue(value: number): number {
    return this.#pixels?.toPixel(value) ?? Number.NaN;
  }

  override getValueForPixel(pixel: number): number | undefined {
    return this.#pixels?.toValue(pixel);
  }
}
