import { type CartesianScaleOptions, type ChartArea, Scale } from 'chart.js';
import type { AxisScale } from '../../src/protocol/series.ts';
import type { CanvasTheme } from '../shared/theme.ts';
import { type AxisTicks, type Bounds, type PixelScale, pixelScale } from './axes.ts';
import { textWidth } from './textWidths.ts';

declare module 'chart.js' {
  interface CartesianScaleTypeRegistry {
    curve: { options: CartesianScaleOptions };
  }
}

export type AxisName = 'x' | 'y';

/** What the axes of a chart show, and how. */
export interface AxisSource {
  bounds(axis: AxisName): Bounds;
  scale(axis: AxisName): AxisScale;
  /** @param length CSS pixels */
  ticks(axis: AxisName, length: number): AxisTicks;
  theme(): CanvasTheme;
}

/** All in CSS pixels. */
const NARROWEST_Y_AXIS = 34;
const Y_LABEL_GAP = 6;
const X_LABEL_GAP = 2;
const X_TICK_LENGTH = 8;
/** That the labels of an axis may be wider, or narrower, than the place that it has. */
const SLACK = 1.5;
/** Heights of the font. */
const LINE_HEIGHT = 1.2;

/** By canvas: an axis is made by Chart.js, which tells it only of its options. */
const sources = new WeakMap<HTMLCanvasElement, AxisSource>();

/** To be called before the chart of a canvas is made. */
export function setAxisSource(canvas: HTMLCanvasElement, source: AxisSource): void {
  sources.set(canvas, source);
}

/**
 * An axis of Chart.js, linear or logarithmic, which shows what its chart's {@link AxisSource} says, and looks at no data. It measures and
 * draws its labels itself: Chart.js resolves a dozen options for each of them, which takes more time than to draw a curve.
 */
export class CurveAxis extends Scale<CartesianScaleOptions> {
  static readonly id = 'curve';
  static readonly defaults = {};
  #labelled: AxisTicks = { values: [], labels: [] };
  #pixels: PixelScale | undefined;

  /** Takes the room that it needs of what there is. Called by Chart.js, more than once while it lays out a chart. */
  override update(maxWidth: number, maxHeight: number, margins?: ChartArea): void {
    this.maxWidth = maxWidth;
    this.maxHeight = maxHeight;
    if (this.isHorizontal()) {
      this.#fitBelow(maxWidth, margins);
    } else {
      this.#fitBeside(maxHeight, margins);
    }
  }

  /** Takes new bounds and ticks where it stands. @returns whether it needs no other room for them */
  refit(): boolean {
    const { left, right, top, bottom, width, height, chart } = this;
    const margins = { left, top, right: chart.width - right, bottom: chart.height - bottom, width: 0, height: 0 };
    this.update(this.maxWidth, this.maxHeight, margins);
    const fits = Math.abs(this.width - width) <= SLACK && Math.abs(this.height - height) <= SLACK;
    Object.assign(this, { left, right, top, bottom, width, height });
    this.configure();
    return fits;
  }

  override configure(): void {
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

  override draw(area: ChartArea): void {
    const { ctx } = this;
    ctx.save();
    ctx.font = this.#font;
    ctx.fillStyle = this.#source.theme().secondary;
    ctx.textBaseline = 'middle';
    ctx.lineWidth = 1;
    if (this.isHorizontal()) {
      this.#drawBelow();
    } else {
      this.#drawBeside(area);
    }
    ctx.restore();
  }

  get #source(): AxisSource {
    const source = sources.get(this.chart.canvas);
    if (source === undefined) {
      throw new Error('setAxisSource() comes before the chart.');
    }
    return source;
  }

  get #name(): AxisName {
    return this.isHorizontal() ? 'x' : 'y';
  }

  get #fontSize(): number {
    return (this.#source.theme().fontSize * 10) / 13;
  }

  get #font(): string {
    return `${this.#fontSize}px ${this.#source.theme().fontFamily}`;
  }

  #take(length: number): void {
    Object.assign(this, this.#source.bounds(this.#name));
    this.#labelled = this.#source.ticks(this.#name, length);
    this.configure();
  }

  #labelWidth(index: number): number {
    return textWidth(this.ctx, this.#font, this.#labelled.labels.at(index) ?? '');
  }

  /** The labels of both ends lie within the canvas. */
  #fitBelow(maxWidth: number, margins: ChartArea | undefined): void {
    Object.assign(this, { left: 0, right: maxWidth, width: maxWidth });
    this.#take(maxWidth);
    const { values } = this.#labelled;
    const before = this.getPixelForValue(values[0] ?? this.min);
    const after = maxWidth - this.getPixelForValue(values.at(-1) ?? this.max);
    this.paddingLeft = overhang(this.#labelWidth(0), before, maxWidth);
    this.paddingRight = overhang(this.#labelWidth(-1), after, maxWidth);
    const beside = Math.max(this.paddingLeft, margins?.left ?? 0) + Math.max(this.paddingRight, margins?.right ?? 0);
    this.width = this.chart.width - beside;
    this.height = X_TICK_LENGTH + LINE_HEIGHT * this.#fontSize + 2 * X_LABEL_GAP;
  }

  /** As wide as its widest label; half of a label may stand above and below. */
  #fitBeside(maxHeight: number, margins: ChartArea | undefined): void {
    Object.assign(this, { top: 0, bottom: maxHeight, height: maxHeight });
    this.#take(maxHeight);
    const widest = Math.max(0, ...this.#labelled.labels.map((_, index) => this.#labelWidth(index)));
    const half = (LINE_HEIGHT * this.#fontSize) / 2 + Y_LABEL_GAP;
    this.paddingTop = half;
    this.paddingBottom = half;
    this.width = Math.max(NARROWEST_Y_AXIS, Math.min(this.maxWidth, widest + 2 * Y_LABEL_GAP));
    this.height = this.chart.height - Math.max(half, margins?.top ?? 0) - Math.max(half, margins?.bottom ?? 0);
  }

  #drawBelow(): void {
    const { ctx, top, left, right } = this;
    this.#line(this.#source.theme().axis, left, right, top);
    ctx.textAlign = 'center';
    const y = top + X_TICK_LENGTH + X_LABEL_GAP + (LINE_HEIGHT * this.#fontSize) / 2;
    this.#eachLabel((label, x) => ctx.fillText(label, x, y));
  }

  #drawBeside(area: ChartArea): void {
    const { ctx } = this;
    const { grid } = this.#source.theme();
    ctx.textAlign = 'right';
    this.#eachLabel((label, y) => {
      this.#line(grid, area.left, area.right, y);
      ctx.fillText(label, this.right - Y_LABEL_GAP, y);
    });
  }

  #eachLabel(draw: (label: string, pixel: number) => void): void {
    const { values, labels } = this.#labelled;
    for (const [index, value] of values.entries()) {
      draw(labels[index] ?? '', this.getPixelForValue(value));
    }
  }

  /** One CSS pixel high, and sharp: on the pixels of the device. */
  #line(colour: string, left: number, right: number, y: number): void {
    const { ctx } = this;
    const ratio = this.chart.currentDevicePixelRatio;
    const sharp = Math.round((y - 0.5) * ratio) / ratio + 0.5;
    ctx.strokeStyle = colour;
    ctx.beginPath();
    ctx.moveTo(Math.round(left * ratio) / ratio, sharp);
    ctx.lineTo(Math.round(right * ratio) / ratio, sharp);
    ctx.stroke();
  }
}

/** How far a label at the end of an axis stands out over it, where the axis gives way as far. All in CSS pixels. */
function overhang(labelWidth: number, inside: number, length: number): number {
  const over = labelWidth / 2 - inside + X_LABEL_GAP;
  return over > 0 && length > inside ? (over * length) / (length - inside) : 0;
}
