import type { LineChart } from './lineChart.ts';
import { panned, type XRange, zoomed } from './xRange.ts';

/** CSS pixels that the pointer moves before a press becomes a drag. */
const DRAG_START = 4;
/** How much one pixel of the wheel zooms. */
const WHEEL_SPEED = 0.002;

type Drag =
  | { readonly kind: 'pressed'; readonly x: number }
  | { readonly kind: 'selecting'; readonly x: number }
  | { readonly kind: 'panning'; last: number };

/**
 * Zooms and pans with the pointer: dragging selects a range, with Shift it moves the charts, a double click shows everything,
 * and the wheel with Ctrl zooms about the pointer. What is shown is the range that all charts share.
 */
export class ChartGestures {
  readonly #canvas: HTMLCanvasElement;
  readonly #selection: HTMLElement;
  readonly #chart: () => LineChart | undefined;
  readonly #range: XRange;
  readonly #ended = new AbortController();
  #drag: Drag | undefined;
  #hasDragged = false;

  /** @param parts `selection` is the box that shows what is being selected */
  constructor(parts: {
    canvas: HTMLCanvasElement;
    selection: HTMLElement;
    chart: () => LineChart | undefined;
    range: XRange;
  }) {
    this.#canvas = parts.canvas;
    this.#selection = parts.selection;
    this.#chart = parts.chart;
    this.#range = parts.range;
    const { signal } = this.#ended;
    const listen = <K extends keyof HTMLElementEventMap>(name: K, listener: (event: HTMLElementEventMap[K]) => void) =>
      this.#canvas.addEventListener(name, listener, { signal, passive: false });
    listen('pointerdown', (event) => this.#press(event));
    listen('pointermove', (event) => this.#move(event));
    listen('pointerup', (event) => this.#release(event));
    listen('pointercancel', () => this.cancel());
    listen('dblclick', () => this.#range.set(undefined));
    listen('wheel', (event) => this.#wheel(event));
  }

  /** Whether the last press was a drag: the click that follows it means nothing. */
  get hasDragged(): boolean {
    return this.#hasDragged;
  }

  get isDragging(): boolean {
    return this.#drag !== undefined && this.#drag.kind !== 'pressed';
  }

  /** Lets go without a change. @returns whether there was something to let go */
  cancel(): boolean {
    const wasDragging = this.isDragging;
    this.#drag = undefined;
    this.#selection.hidden = true;
    return wasDragging;
  }

  dispose(): void {
    this.cancel();
    this.#ended.abort();
  }

  #press(event: PointerEvent): void {
    this.#hasDragged = false;
    if (event.button === 0 && this.#chart() !== undefined) {
      this.#canvas.setPointerCapture(event.pointerId);
      this.#drag = event.shiftKey ? { kind: 'panning', last: event.offsetX } : { kind: 'pressed', x: event.offsetX };
    }
  }

  #move(event: PointerEvent): void {
    const chart = this.#chart();
    const drag = this.#drag;
    if (chart === undefined || drag === undefined) {
      return;
    }
    if (drag.kind === 'panning') {
      this.#hasDragged = true;
      const { left, right } = chart.area;
      const share = (drag.last - event.offsetX) / Math.max(1, right - left);
      drag.last = event.offsetX;
      this.#range.set(panned(chart.bounds.x, chart.view.xScale, share));
      return;
    }
    if (drag.kind === 'pressed' && Math.abs(event.offsetX - drag.x) >= DRAG_START) {
      this.#drag = { kind: 'selecting', x: drag.x };
      this.#hasDragged = true;
    }
    if (this.#drag?.kind === 'selecting') {
      const [from, to] = this.#selected(chart, drag.x, event.offsetX);
      const { top, bottom } = chart.area;
      this.#selection.hidden = false;
      this.#selection.style.left = `${from}px`;
      this.#selection.style.width = `${to - from}px`;
      this.#selection.style.top = `${top}px`;
      this.#selection.style.height = `${bottom - top}px`;
    }
  }

  #release(event: PointerEvent): void {
    const chart = this.#chart();
    const drag = this.#drag;
    this.cancel();
    if (chart !== undefined && drag?.kind === 'selecting') {
      const [from, to] = this.#selected(chart, drag.x, event.offsetX);
      if (to - from >= DRAG_START) {
        this.#range.set({ min: chart.xAt(from), max: chart.xAt(to) });
      }
    }
  }

  #selected(chart: LineChart, start: number, end: number): [from: number, to: number] {
    const { left, right } = chart.area;
    const clamp = (x: number): number => Math.max(left, Math.min(right, x));
    return [clamp(Math.min(start, end)), clamp(Math.max(start, end))];
  }

  #wheel(event: WheelEvent): void {
    const chart = this.#chart();
    if (chart === undefined || !(event.ctrlKey || event.metaKey)) {
      return;
    }
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    const factor = Math.exp(Math.max(-300, Math.min(300, event.deltaY * lines)) * WHEEL_SPEED);
    this.#range.set(zoomed(chart.bounds.x, chart.view.xScale, factor, chart.xAt(event.offsetX)));
  }
}
